"""What people said to each of the 12 statements: how many, how they rated it, and their stories. Never a grade."""

from starlette.responses import Response

from console.errors import NotThere
from console.visit import Visit
from engagement.hearing import CELLS, Set, heard, rounds, sets_of, stories
from records.types import Audience, ChannelName


def listed(visit: Visit) -> Response:
    """The 12 statements of one audience's set."""
    with visit.house.database.read() as session:
        all_rounds = rounds(session)
        round_id = visit.asked("round") or (all_rounds[0].id if all_rounds else "")
        sets = sets_of(session, round_id)
        chosen = _chosen(visit, list(sets.values()))
        found = heard(session, chosen) if chosen is not None else []
    return visit.show("statements.html", rounds=all_rounds, sets=list(sets.values()), chosen=chosen, found=found)


def one(visit: Visit) -> Response:
    """One statement: ratings with n, by channel where that is safe, and stories."""
    number, channel = int(visit.part("number")), _channel(visit)
    with visit.house.database.read() as session:
        chosen = sets_of(session, visit.asked("round") or "").get(_audience(visit))
        if chosen is None or not 1 <= number <= len(chosen.framework.statements):
            raise NotThere("There is no such statement.")
        found = heard(session, chosen)[number - 1]
        shown = found.counts if channel is None else found.counts.slices[channel]
        told = None if shown.total is None else stories(session, chosen, number, visit.page, channel)
    return visit.show(
        "statement.html", chosen=chosen, found=found, shown=shown, told=told, channel=channel, cells=CELLS
    )


def _chosen(visit: Visit, sets: list[Set]) -> Set | None:
    wanted = visit.asked("audience")
    return next((one for one in sets if one.audience.value == wanted), sets[0] if sets else None)


def _audience(visit: Visit) -> Audience:
    try:
        return Audience(visit.asked("audience") or "")
    except ValueError:
        raise NotThere("There is no such set of statements.") from None


def _channel(visit: Visit) -> ChannelName | None:
    wanted = visit.asked("channel")
    return next((one for one in ChannelName if one.value == wanted), None)


PAGES = {("GET", "/statements"): listed, ("GET", "/statements/{number:int}"): one}
