"""Where somebody is among the statements, and which one is next. Says nothing of what anybody answered."""

from bot import memory
from bot.actions.base import facts
from bot.turn.effects import SetProgress
from bot.turn.turn import Turn
from consent.lines import fill
from consent.notice import load_notices
from records.types import Asked, Stage

OPEN = (Asked.NOT_ASKED, Asked.ASKED)


def place(turn: Turn, statement: int | None = None) -> tuple[int, int]:
    """Which one this is, of how many; of the one that stands, or of another.

    A statement outside what they picked counts as the one before the next.
    """
    plan, number = plan_of(turn), statement or turn.current.number
    return plan.index(number) + 1 if number in plan else 1, len(plan)


def plan_of(turn: Turn) -> list[int]:
    """The statements they are asked about, in order: all, unless they picked some."""
    return turn.plan or [one.number for one in turn.framework.statements]


def left(turn: Turn) -> list[int]:
    """The statements that are still to come or still open, the one that stands included."""
    return [number for number in plan_of(turn) if turn.asked(number) in OPEN]


def can_go_on(turn: Turn) -> bool:
    """Would GO lead to something? Not at the end of all, nor for those who take no part."""
    at = turn.resume_stage if turn.stage is Stage.SAFETY else turn.stage
    if at is Stage.FINISHED:
        return bool(left(turn) or turn.memory.get(memory.OTHER_SET))
    return at is not Stage.DECLINED and not turn.is_too_young


def next_open(turn: Turn) -> int | None:
    """The next statement after the one that stands; after the last, one that was left open on the way."""
    plan, still = plan_of(turn), [number for number in left(turn) if number != turn.statement]
    here = plan.index(turn.statement) if turn.statement in plan else -1
    after = [number for number in still if plan.index(number) > here]
    return next(iter(after or still), None)


def before(turn: Turn) -> int | None:
    """The statement before the one that stands, if there is one."""
    plan = plan_of(turn)
    here = plan.index(turn.statement) if turn.statement in plan else 0
    return plan[here - 1] if here else None


def last_answered(turn: Turn) -> int | None:
    """The statement they answered last: the one that stands, if it has an answer, else the nearest before it."""
    plan = plan_of(turn)
    until = plan.index(turn.statement) + 1 if turn.statement in plan else len(plan)
    answered = [number for number in plan[:until] if turn.asked(number) is Asked.ANSWERED]
    return answered[-1] if answered else None


def open_statement(turn: Turn, number: int) -> None:
    """Go to a statement; it now counts as asked."""
    turn.move(first_stage(turn), number)
    if turn.asked(number) is Asked.NOT_ASKED:
        turn.do(SetProgress(number, Asked.ASKED))


def first_stage(turn: Turn) -> Stage:
    """What is asked first about a statement."""
    return Stage.RATING if turn.heard.round.ratings else Stage.STORY


def welcome(turn: Turn) -> None:
    """Say who this is, and go to the first question."""
    turn.say(*(fill(text, **facts(turn)) for text in load_notices().text("welcome", turn.heard.channel)))
    turn.stage = Stage.AGE
