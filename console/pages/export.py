"""Taking figures and masked stories out of the house. Every export is written into the audit chain."""

import re

from starlette.responses import Response

from console.errors import NotThere
from console.visit import Visit, wording
from engagement.export import counts_csv, record_csv
from engagement.hearing import rounds
from records.tables import Round

KINDS = {"counts": counts_csv, "record": record_csv}


def page(visit: Visit) -> Response:
    """What can be exported, and what is left out of it."""
    with visit.house.database.read() as session:
        return visit.show("export.html", rounds=rounds(session))


def download(visit: Visit) -> Response:
    """One CSV file."""
    kind = visit.part("kind")
    if kind not in KINDS:
        raise NotThere("There is no such export.")
    names = wording()["audiences"] | wording()["channels"]
    with visit.house.database.read() as session:
        chosen = session.get(Round, visit.sent("round"))
        if chosen is None:
            raise NotThere("There is no such round.")
        text = KINDS[kind](session, chosen.id, names)
    with visit.house.database.write() as unit:
        unit.audit("exported", actor=visit.staff.username, subject=f"round:{chosen.id}", kind=kind)
    name = re.sub(r"[^a-z0-9-]+", "-", chosen.key.lower()).strip("-") or "round"
    headers = {"Content-Disposition": f'attachment; filename="blether-{name}-{kind}.csv"'}
    return Response(text.encode("utf-8"), media_type="text/csv; charset=utf-8", headers=headers)


PAGES = {("GET", "/export"): page, ("POST", "/export/{kind}"): download}
