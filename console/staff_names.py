"""Who is behind a username, for chronologies."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from records.tables import Staff


def names_of(session: Session) -> Mapping[str, str]:
    """Username -> name, for everybody who has or had an account."""
    rows = session.execute(select(Staff.username, Staff.name)).tuples()
    return dict(rows.all())
