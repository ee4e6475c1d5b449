"""What leaves the house as CSV: counts made safe at 10, and the record of engagement with masked stories.

No ids, no exact times, and no detail that fewer than 10 people of a cell share. A cell never starts a formula.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engagement.hearing import CELLS, Heard, Set, heard, sets_of, story_words
from engagement.reading import readable
from engagement.suppression import IN_EXPORT
from records.clock import local
from records.tables import Conversation, Participant, Response
from records.types import ChannelName

BASIS = "Self-selected: what people chose to tell us"
HIDDEN = "hidden"
NOT_SHOWN = "not shown"
BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"
FORMULA = ("=", "+", "-", "@", "|", "%")
ABOUT = ("round", "programme", "area", "care_group")
STATEMENT = ("audience", "statements_from", "edition", "number", "theme", "statement", "quality_indicators")
DETAILS = ("month", "channel", "with_supporter")  # dropped from the last, until 10 people share what is left
COUNTS_HEADER = (*ABOUT, *STATEMENT, "people", *CELLS, "basis")
RECORD_HEADER = (*ABOUT, *STATEMENT, *DETAILS, "words", "basis")


@dataclass(frozen=True, slots=True)
class _Answer:
    response_id: str
    participant_id: str
    details: tuple[str, ...]


def counts_csv(session: Session, round_id: str, names: Mapping[str, str]) -> str:
    """How many people said what, by statement; what would show fewer than 10 people reads "hidden".

    Args: names: what audiences are called, by their value.
    """
    return _csv(COUNTS_HEADER, _count_rows(session, round_id, names))


def record_csv(session: Session, round_id: str, names: Mapping[str, str]) -> str:
    """The record of engagement: one line per masked story, where at least 10 people were heard on the statement.

    Args: names: what audiences and channels are called, by their value.
    """
    return _csv(RECORD_HEADER, _record_rows(session, round_id, names))


def safe_cell(value: object) -> str:
    """A cell that a spreadsheet takes as text, whatever it starts with; control characters are left out."""
    text = "".join(letter for letter in str(value) if letter.isprintable() or letter == "\n")
    text = text.strip().replace("\n", " / ")
    return f"'{text}" if text.startswith(FORMULA) else text


def _csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([safe_cell(value) for value in row] for row in rows)
    return BOM + out.getvalue()


def _count_rows(session: Session, round_id: str, names: Mapping[str, str]) -> Iterator[list[object]]:
    for chosen in sets_of(session, round_id).values():
        for one in heard(session, chosen, IN_EXPORT):
            cells = [HIDDEN if (count := one.counts.cells[cell]) is None else count for cell in CELLS]
            people = HIDDEN if one.counts.total is None else one.counts.total
            yield [*_about(chosen, one, names), people, *cells, BASIS]


def _record_rows(session: Session, round_id: str, names: Mapping[str, str]) -> Iterator[list[object]]:
    for chosen in sets_of(session, round_id).values():
        for one in heard(session, chosen, IN_EXPORT):
            if one.counts.total is not None:
                yield from _stories_of(session, chosen, one, names)


def _stories_of(session: Session, chosen: Set, one: Heard, names: Mapping[str, str]) -> Iterator[list[object]]:
    answers = _shared_details(_answers(session, chosen, one.statement.number, names))
    words = story_words(session, [answer.response_id for answer in answers])
    told = [(words[answer.response_id], answer.details) for answer in answers if answer.response_id in words]
    for text, details in sorted(told):  # by their words: the order says nothing about who or when
        yield [*_about(chosen, one, names), *details, text, BASIS]


def _about(chosen: Set, one: Heard, names: Mapping[str, str]) -> list[object]:
    from_round, statement = chosen.round, one.statement
    return [
        from_round.name,
        from_round.programme,
        from_round.area,
        from_round.care_group,
        names[chosen.audience.value],
        chosen.framework.label,
        chosen.framework.edition,
        statement.number,
        statement.theme,
        statement.statement,
        "; ".join(statement.quality_indicators),
    ]


def _answers(session: Session, chosen: Set, number: int, names: Mapping[str, str]) -> list[_Answer]:
    query = (
        select(Response.id, Participant.id, Response.created_at, Conversation.channel, Participant.has_supporter)
        .join(Conversation, Conversation.id == Response.conversation_id)
        .join(Participant, Participant.id == Response.participant_id)
        .where(Response.round_id == chosen.round.id, Response.edition_id == chosen.edition_id)
        .where(Response.statement == number, Response.superseded_at.is_(None))
        .where(Participant.audience == chosen.audience, readable())
    )
    return [_Answer(one, who, _details(at, channel, supporter, names)) for one, who, at, channel, supporter in
            session.execute(query)]  # fmt: skip


def _details(at: datetime, channel: ChannelName, supporter: bool, names: Mapping[str, str]) -> tuple[str, ...]:
    return f"{local(at):%Y-%m}", names[channel.value], "yes" if supporter else "no"


def _shared_details(answers: list[_Answer]) -> list[_Answer]:
    """The same answers with as many details as at least 10 people share, in every group that the details make."""
    for kept in range(len(DETAILS), 0, -1):
        groups = Counter(details for _, details in {(one.participant_id, one.details[:kept]) for one in answers})
        if groups and min(groups.values()) >= IN_EXPORT:
            return [_with(one, kept) for one in answers]
    return [_with(one, 0) for one in answers]


def _with(one: _Answer, kept: int) -> _Answer:
    details = one.details[:kept] + (NOT_SHOWN,) * (len(DETAILS) - kept)
    return _Answer(one.response_id, one.participant_id, details)
