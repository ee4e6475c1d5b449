"""Rounds: which one a door or an invitation leads to, and which framework editions it asks from."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from engagement.errors import EditionInUse
from engagement.framework import Framework, load_all
from engagement.stored import content_of, framework_of
from records.clock import local
from records.database import UnitOfWork
from records.tables import Door, FrameworkEdition, Invitation, Round, RoundFramework
from records.types import Audience, ChannelName

DEMO = "demo"


def round_behind(session: Session, channel: ChannelName, to: str) -> Round | None:
    """The round that a number, bot or page of ours leads to."""
    found = select(Round).join(Door, Door.round_id == Round.id).where(Door.channel == channel, Door.address == to)
    return session.scalars(found).first()


def round_invited(unit: UnitOfWork, code: str) -> Round | None:
    """The round of an invitation code; a personal code is used up by its first use."""
    invitation = unit.session.get(Invitation, code)
    if invitation is None or (invitation.used_at is not None and not invitation.reusable):
        return None
    invitation.used_at = unit.clock.now()
    return unit.session.get(Round, invitation.round_id)


def newest_round(session: Session) -> Round | None:
    """The round that was made last: where a message goes that must not be lost and fits nowhere else."""
    return session.scalars(select(Round).order_by(Round.created_at.desc()).limit(1)).first()


def frameworks_of(session: Session, round_id: str) -> Mapping[Audience, tuple[str, Framework]]:
    """The editions a round asks from: audience -> (edition id, its content as it was first used)."""
    found = (
        select(RoundFramework.audience, FrameworkEdition)
        .join(FrameworkEdition, FrameworkEdition.id == RoundFramework.edition_id)
        .where(RoundFramework.round_id == round_id)
    )
    return {audience: (edition.id, framework_of(edition.content)) for audience, edition in session.execute(found)}


def use_edition(unit: UnitOfWork, framework: Framework) -> FrameworkEdition:
    """The stored edition of a framework, stored now if it is new.

    Raises: EditionInUse when the file was changed after the edition was first used.
    """
    found = select(FrameworkEdition).where(
        FrameworkEdition.audience == framework.audience, FrameworkEdition.edition == framework.edition
    )
    edition = unit.session.scalars(found).first()
    if edition is None:
        edition = FrameworkEdition(
            audience=framework.audience,
            edition=framework.edition,
            digest=framework.digest,
            content=content_of(framework),
            created_at=unit.clock.now(),
        )
        unit.session.add(edition)
        unit.session.flush()
    elif edition.digest != framework.digest:
        raise EditionInUse(
            f"Edition {framework.edition} for {framework.audience.value} is in use and its file was changed. "
            "Undo the change, or save it as a new edition."
        )
    return edition


def open_demo_round(unit: UnitOfWork, doors: Iterable[tuple[ChannelName, str]]) -> Round:
    """The demo round, made if there is none, with these doors leading to it."""
    demo = unit.session.scalars(select(Round).where(Round.key == DEMO)).first()
    if demo is None:
        demo = _demo_round(unit)
        for framework in load_all().values():
            edition = use_edition(unit, framework)
            unit.session.add(RoundFramework(round_id=demo.id, audience=framework.audience, edition_id=edition.id))
    for channel, address in doors:
        add_door(unit, demo, channel, address)
    return demo


def add_door(unit: UnitOfWork, round_: Round, channel: ChannelName, address: str) -> None:
    """Let a number, bot or page lead to a round, unless it leads to one already."""
    if round_behind(unit.session, channel, address) is None:
        unit.session.add(Door(channel=channel, address=address, round_id=round_.id))
        unit.session.flush()


def close_past_rounds(unit: UnitOfWork) -> int:
    """Close every open round whose last day is over in Scotland. Returns how many."""
    today = local(unit.clock.now()).date()
    past = select(Round).where(Round.is_open, Round.closes_on < today)
    closed = 0
    for round_ in unit.session.scalars(past):
        round_.is_open = False
        unit.audit("round closed", actor="clock", subject=f"round:{round_.id}")
        closed += 1
    return closed


def _demo_round(unit: UnitOfWork) -> Round:
    now = unit.clock.now()
    today = local(now).date()
    demo = Round(
        key=DEMO,
        name="Demo: Strathglen",
        programme="Joint inspection of adult services (demo)",
        bodies="the Care Inspectorate and Healthcare Improvement Scotland",
        area="Strathglen",
        care_group="Adults who use health and social care services",
        opens_on=today,
        closes_on=today + timedelta(days=90),
        delete_until=today + timedelta(days=120),
        contact="0345 600 9527, Mon to Fri 9 to 4",
        is_open=True,
        is_demo=True,
        created_at=now,
    )
    unit.session.add(demo)
    unit.session.flush()
    unit.session.add(Invitation(code=DEMO, round_id=demo.id, reusable=True, created_at=now))
    unit.audit("round opened", actor="start-up", subject=f"round:{demo.id}")
    return demo
