"""Before the statements: how old they are, who they are, the information, and what they say to it.

Nothing anybody writes is kept here but their answers to these questions. No is always a good answer.
"""

from bot import memory
from bot.actions.base import Step, facts
from bot.actions.placing import plan_of
from bot.actions.times import by_when
from bot.turn.effects import Agree, KnowPerson, Refuse, SetProgress, ShowNotice
from bot.turn.turn import NoTurn, Turn
from consent.lines import fill
from consent.notice import Notice, load_notices
from protection.due import request_due
from records.types import AgeBand, Asked, Audience, Button, RequestKind, Stage


class NoteAge(Step):
    """They said how old they are."""

    step = "action_note_age"

    def act(self, turn: Turn) -> None:
        """Keep the band, and go on to who they are."""
        turn.do(KnowPerson(age_band=AgeBand(_value(turn))))
        turn.stage = Stage.AUDIENCE


class TurnAwayKindly(Step):
    """They are under 12: nothing is taken but that, so that a worry of theirs is known to be a child's."""

    step = "action_turn_away_kindly"

    def act(self, turn: Turn) -> None:
        """Point to people who can listen."""
        turn.do(KnowPerson(age_band=AgeBand.UNDER_12))
        _say_text(turn, "under_12")
        turn.stage = Stage.DECLINED


class OfferPersonInstead(Step):
    """This round has its under-18s talk with a person."""

    step = "action_offer_person_instead"

    def act(self, turn: Turn) -> None:
        """Say so, with when to expect one."""
        turn.do(KnowPerson(age_band=AgeBand(_value(turn))))
        _say_text(turn, "offer_person_under_18", when=by_when(request_due(RequestKind.PERSON, turn.heard.now)))
        turn.stage = Stage.DECLINED


class NoteAudience(Step):
    """They said whose set fits them."""

    step = "action_note_audience"

    def act(self, turn: Turn) -> None:
        """Keep it, and go on to the information; or, if that is agreed to already, to a set from its start."""
        turn.do(KnowPerson(audience=Audience(_value(turn))))
        turn.stage = Stage.AGREEMENT
        if turn.agreed:
            turn.plan, turn.statement, turn.answers = [], None, {}
            for number in plan_of(turn):
                turn.do(SetProgress(number, Asked.NOT_ASKED))


class ShowInformation(Step):
    """The participation information for them, before the question."""

    step = "action_show_information"

    def act(self, turn: Turn) -> None:
        """Say it, and record that it was shown."""
        notice = _notice(turn)
        turn.say(*(fill(text, **facts(turn)) for text in notice.messages))
        turn.do(ShowNotice(notice))
        turn.memory[memory.MORE_SHOWN] = 0


class TellMore(Step):
    """They want to know more before they choose: one text each time, and the question after it."""

    step = "action_tell_more_about_this"

    def act(self, turn: Turn) -> None:
        """When everything is told, say so; that asks again itself."""
        if turn.audience is None or turn.age_band is None:
            turn.tell("what_this_is", **facts(turn))
            return
        more, shown = _notice(turn).more, int(turn.memory.get(memory.MORE_SHOWN, 0))
        if shown < len(more):
            turn.say(fill(more[shown], **facts(turn)))
        turn.memory[memory.MORE_SHOWN] = min(shown + 1, len(more) + 1)


class AgreeToTakePart(Step):
    """They said yes."""

    step = "action_agree"

    def act(self, turn: Turn) -> None:
        """Record it for each purpose of the notice."""
        notice = _notice(turn)
        for purpose in notice.purposes:
            turn.do(Agree(notice, purpose))
        turn.agreed = True
        turn.plan = plan_of(turn)


class Decline(Step):
    """They said no."""

    step = "action_decline"

    def act(self, turn: Turn) -> None:
        """Thank them; nothing more is asked."""
        turn.do(Refuse(_notice(turn) if turn.stage is Stage.AGREEMENT else None))
        if turn.stage is Stage.DECLINED:
            turn.tell("declined_already")
        else:
            _say_text(turn, "declined")
        turn.stage = Stage.DECLINED


class StartAgain(Step):
    """They had said no, or were not the right person, and now would like to begin."""

    step = "action_start_again"

    def act(self, turn: Turn) -> None:
        """Begin where nothing is known yet; a young age is asked again, as they may have pressed the wrong one.

        Whoever is under 12 is not invited again: a child must not be able to press on until they count as grown up.
        """
        if turn.is_too_young:
            say_nothing_is_asked(turn)
        elif turn.age_band is None or _by_person(turn, turn.age_band):
            turn.stage = Stage.AGE
        else:
            turn.stage = Stage.AUDIENCE if turn.audience is None else Stage.AGREEMENT


class SayDeclined(Step):
    """They are still not taking part."""

    step = "action_say_declined"

    def act(self, turn: Turn) -> None:
        """Say what they can do."""
        say_nothing_is_asked(turn)


class BackToAge(Step):
    """Back from the second question to the first."""

    step = "action_back_to_age"

    def act(self, turn: Turn) -> None:
        """It is asked again."""
        turn.stage = Stage.AGE


class BackToAudience(Step):
    """Back from the information to who they are."""

    step = "action_back_to_audience"

    def act(self, turn: Turn) -> None:
        """It is asked again."""
        turn.stage = Stage.AUDIENCE


def say_nothing_is_asked(turn: Turn) -> None:
    """They take no part. Only somebody old enough hears how they could; a child hears who listens."""
    if not turn.is_too_young:
        turn.tell("declined_already")
    else:
        turn.tell("under_12_unsafe" if turn.is_unsafe else "under_12_again")


def ask_agreement(turn: Turn) -> None:
    """Would they like to take part? Asked in the notice's wordings by turns: two, and a third when all is told."""
    notice = _notice(turn)
    buttons = tuple(Button(option.title, option.value) for option in notice.question.options)
    told_all = int(turn.memory.get(memory.MORE_SHOWN, 0)) > len(notice.more)
    wordings: tuple[str, ...] = (notice.question.text, notice.question.again)
    if told_all:
        wordings, times = (notice.more_done, *wordings), memory.times_asked(turn, "when all is told")
    else:
        times = memory.times_asked(turn, "agreement")
    turn.ask(fill(wordings[times % len(wordings)], **facts(turn)), buttons)


def age_leads_to(turn: Turn, age: AgeBand) -> str:
    """What an age leads to in this round: too_young, by_person or by_bot."""
    if age is AgeBand.UNDER_12:
        return "too_young"
    return "by_person" if _by_person(turn, age) else "by_bot"


def _by_person(turn: Turn, age: AgeBand) -> bool:
    return age in (AgeBand.AGE_12_15, AgeBand.AGE_16_17) and not turn.heard.round.under_18_by_bot


def _notice(turn: Turn) -> Notice:
    if turn.age_band is None or turn.audience is None:
        raise NoTurn("A notice was asked for before it was known for whom.")
    return load_notices().notice(turn.age_band, turn.audience, turn.heard.channel)


def _value(turn: Turn) -> str:
    return turn.parsed.value or ""


def _say_text(turn: Turn, key: str, **values: object) -> None:
    turn.say(*(fill(text, **facts(turn), **values) for text in load_notices().text(key, turn.heard.channel)))
