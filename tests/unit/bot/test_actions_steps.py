"""The small steps by themselves, without Rasa: where people are, what buttons mean, how times are said."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot import memory
from bot.actions import all_actions
from bot.actions.placing import last_answered, left, next_open, place
from bot.actions.times import by_when
from bot.buttons import pressed
from bot.contexts import context_of
from bot.take_turn import take_turn
from bot.turn.turn import NoTurn, Turn, running
from bot.understand import Context, Intent
from records.types import Asked, Audience, Rating, Stage, Tier

STEPS = {action.name(): action for action in all_actions()}


@pytest.fixture
def turn(talk):
    """`turn(stage, **facts)`: a turn in which nothing has been heard yet."""

    def begin(stage=Stage.RATING, **facts):
        conversation = talk(stage, **facts)
        return Turn(conversation.heard, conversation.tools)

    return begin


def do(turn, *names):
    with running(turn):
        for name in names:
            assert STEPS[name].run(None, None, None) == []
    return turn


def test_no_two_actions_share_a_name():
    assert len(STEPS) == len(all_actions())


def test_an_action_outside_a_turn_is_refused():
    with pytest.raises(NoTurn):
        STEPS["action_ask"].run(None, None, None)


@pytest.mark.parametrize(
    ("due", "said"),
    [
        (datetime(2026, 4, 17, 9, 0, tzinfo=UTC), "by 10am on Friday 17 April"),
        (datetime(2026, 4, 17, 9, 1, tzinfo=UTC), "by 11am on Friday 17 April"),
        (datetime(2026, 12, 2, 17, 0, tzinfo=UTC), "by 5pm on Wednesday 2 December"),
        (datetime(2026, 12, 2, 11, 59, tzinfo=UTC), "by noon on Wednesday 2 December"),
        (datetime(2026, 12, 2, 23, 30, tzinfo=UTC), "by midnight on Thursday 3 December"),
    ],
)
def test_a_due_time_is_said_to_the_full_hour_on_the_clock_in_scotland(due, said):
    assert by_when(due) == said


def test_the_next_statement_is_the_next_open_one_and_then_one_left_open_on_the_way(turn):
    progress = {1: Asked.ASKED, 2: Asked.ANSWERED, 3: Asked.SKIPPED}
    here = turn(progress=progress, plan=(1, 2, 3, 4), statement=2)
    assert next_open(here) == 4
    here.statement = 4
    assert next_open(here) == 1
    here.progress = dict.fromkeys((1, 2, 3, 4), Asked.SKIPPED)
    assert next_open(here) is None


def test_their_place_is_counted_among_what_they_picked(turn):
    assert place(turn(plan=(9, 2, 5), statement=2)) == (2, 3)


def test_skipped_and_answered_statements_are_not_left(turn):
    assert left(turn(plan=(1, 2, 3, 4), progress={1: Asked.ANSWERED, 2: Asked.ASKED, 3: Asked.SKIPPED})) == [2, 4]


def test_the_last_answer_is_looked_for_from_where_they_are_backwards(turn):
    here = turn(progress={1: Asked.ANSWERED, 3: Asked.ANSWERED, 4: Asked.SKIPPED}, statement=4)
    assert last_answered(here) == 3
    here.statement = 2
    assert last_answered(here) == 1


@pytest.mark.parametrize(
    ("stage", "context"),
    [
        (Stage.WELCOME, Context.ANY),
        (Stage.AGE, Context.AGE),
        (Stage.AUDIENCE, Context.ROLE),
        (Stage.AGREEMENT, Context.CONSENT),
        (Stage.CHOOSE, Context.ANY),
        (Stage.RATING, Context.RATING),
        (Stage.STORY, Context.STORY),
        (Stage.PAUSED, Context.ANY),
        (Stage.SAFETY, Context.ANY),
        (Stage.FINISHED, Context.ANY),
    ],
)
def test_each_stage_is_read_against_its_question(stage, context):
    assert context_of(stage) is context


@pytest.mark.parametrize(
    ("payload", "intent", "rating", "value"),
    [
        ("rate:4", "rate", Rating.AGREE, None),
        ("rate:dont_know", "rate", Rating.DONT_KNOW, None),
        ("rate:agree:2:person", "rate", Rating.AGREE, None),
        ("rate:agree:1:person", "rate_earlier", Rating.AGREE, "1"),
        ("rate:agree:9:person", "old_button", None, None),
        ("rate:agree:2:carer", "old_button", None, None),
        ("rate:0", "old_button", None, None),
        ("rate:", "old_button", None, None),
        ("rate:agree:²:person", "rate", Rating.AGREE, None),
        ("skip", "skip", None, None),
        ("go", "resume", None, None),
        ("agree", "old_button", None, None),
        ("role:carer", "old_button", None, None),
        ("/restart", "old_button", None, None),
        ("", "old_button", None, None),
    ],
)
def test_what_a_button_means_while_a_rating_is_asked_for(turn, payload, intent, rating, value):
    found, parsed = pressed(turn(), payload)
    assert (found, parsed.rating, parsed.value) == (intent, rating, value)


def test_a_button_for_an_unknown_age_means_nothing(turn):
    assert pressed(turn(Stage.AGE), "age:7")[0] == "old_button"
    assert pressed(turn(Stage.AGE), "age:12_15")[1].value == "12_15"


def test_only_so_many_messages_are_remembered_for_an_edit(turn):
    here = turn()
    for number in range(60):
        memory.remember_said(here, (f"m{number}",), 2, "story")
    assert memory.answered_by(here, "m10") is None
    assert memory.answered_by(here, "m59") == (2, "story")
    assert len(here.memory[memory.SAID]) == memory.KEPT_MESSAGES


def test_going_back_twice_still_returns_to_the_first_place(turn):
    here = turn(statement=3, progress=dict.fromkeys((1, 2), Asked.ANSWERED))
    do(here, "action_go_back", "action_go_back")
    assert here.statement == 1
    do(here, "action_next_statement")
    assert (here.stage, here.statement) == (Stage.RATING, 3)


def test_a_break_without_a_place_goes_to_what_is_still_unknown(turn):
    nobody = turn(Stage.PAUSED, resume_stage=None, age_band=None)
    assert do(nobody, "action_resume").stage is Stage.AGE
    unsure = turn(Stage.SAFETY, resume_stage=Stage.SAFETY, agreed=False)
    assert do(unsure, "action_carry_on_after_worry").stage is Stage.AGREEMENT
    talking = turn(Stage.PAUSED, resume_stage=None)
    assert do(talking, "action_resume").stage is Stage.RATING


def test_the_explanation_of_every_statement_of_every_set_fits_its_texts(turn):
    for audience in Audience:
        for number in range(1, 13):
            here = do(turn(audience=audience, statement=number), "action_explain")
            assert 1 <= len(here.replies) <= 2


def test_every_first_question_of_every_set_fits_two_texts(turn, septets):
    for audience in Audience:
        for number in range(1, 13):
            here = turn(audience=audience, statement=number, memory={"used": {"rating_question": 1}})
            do(here, "action_ask")
            assert septets(here.prompt.text) <= 306
            do(here, "action_ask_for_story")
            assert septets(here.prompt.text) <= 306


class Overheard:
    """A dialogue that decides nothing, and remembers what it was asked."""

    def __init__(self):
        self.heard = []

    def handle(self, sender_id, intent, confidence=1.0, entities=(), slots=None, tracker_state=None, channel="sms"):
        self.heard.append((intent, slots["stage"], tracker_state))
        return self

    @property
    def tracker_state(self):
        return {"turn": len(self.heard)}

    @property
    def action_names(self):
        return (f"action_{len(self.heard)}",)


def test_each_message_is_handled_with_the_state_the_one_before_left(talk):
    conversation, dialogue = talk(Stage.RATING), Overheard()
    said = (conversation.said("4"), conversation.said("who reads this"))
    turn = take_turn(replace(conversation.heard, said=said), conversation.tools, dialogue, parse_plainly)
    assert dialogue.heard == [("rate", "rating", None), ("who_reads_this", "rating", {"turn": 1})]
    assert (turn.tracker, turn.actions) == ({"turn": 2}, ["action_1", "action_2"])


def test_what_intake_answered_is_never_read(talk):
    def never(text, context):
        raise AssertionError("it was read")

    conversation, dialogue = talk(Stage.RATING), Overheard()
    said = (conversation.said("x", tier=Tier.IMMEDIATE), conversation.said("x", unreadable=True))
    take_turn(replace(conversation.heard, said=said), conversation.tools, dialogue, never)
    assert [intent for intent, *_ in dialogue.heard] == ["disclose", "unreadable"]


def test_words_can_never_name_what_only_the_program_knows(talk):
    conversation, dialogue = talk(Stage.RATING), Overheard()
    said = tuple(conversation.said(f"/{one}") for one in ("disclose", "use_edit", "rate_earlier", "start_link"))
    take_turn(replace(conversation.heard, said=said), conversation.tools, dialogue, parse_plainly)
    assert {intent for intent, *_ in dialogue.heard} <= {intent.value for intent in Intent}


def parse_plainly(text, context):
    from bot.understand.parse import parse

    return parse(text, context)
