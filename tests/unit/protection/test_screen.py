"""The screen on whole messages, from tables of our own: they hold what works and measure nothing that was not seen."""

from pathlib import Path

import pytest
import yaml

from protection.screen import default_screen, describe
from records.types import Category, Kind, Tier

HERE = Path(__file__).parent
RISKY = yaml.safe_load((HERE / "screen_risky.yml").read_text(encoding="utf-8"))
HARMLESS = yaml.safe_load((HERE / "screen_harmless.yml").read_text(encoding="utf-8"))
TIERS = ("immediate", "concern", "look")
MUST_REACH = [(tier, text) for tier in TIERS for texts in RISKY[tier].values() for text in texts] + [
    (tier, text) for tier in TIERS for text in RISKY["written_later"][tier]
]
NONE_AT_ALL = [text for texts in HARMLESS["none"].values() for text in texts]

screen = default_screen()


@pytest.mark.parametrize(("tier", "text"), MUST_REACH)
def test_a_risky_message_reaches_its_tier(tier, text):
    assert screen(text).tier >= Tier(tier), screen(text)


@pytest.mark.parametrize("text", NONE_AT_ALL)
def test_a_harmless_message_troubles_nobody(text):
    assert screen(text).tier is Tier.NONE, screen(text)


@pytest.mark.parametrize("text", HARMLESS["at_most_look"])
def test_what_might_be_either_is_at_most_a_look(text):
    assert screen(text).tier <= Tier.LOOK, screen(text)


def test_the_tables_are_long_enough_to_mean_something():
    assert len(MUST_REACH) >= 300
    assert len(NONE_AT_ALL) + len(HARMLESS["at_most_look"]) >= 150


@pytest.mark.parametrize("text", RISKY["foreign"]["danger"])
def test_danger_words_of_other_languages_do_not_wait_for_a_translator(text):
    verdict = screen(text)

    assert verdict.tier >= Tier.CONCERN
    assert Category.UNREADABLE in verdict.categories


@pytest.mark.parametrize("text", RISKY["foreign"]["unreadable"])
def test_a_language_the_screen_does_not_know_is_a_look(text):
    verdict = screen(text)

    assert verdict.tier is Tier.LOOK
    assert Category.UNREADABLE in verdict.categories


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("my husband beat me", Category.DOMESTIC_ABUSE),
        ("i want to die", Category.SUICIDE),
        ("i cant stop cutting", Category.SELF_HARM),
        ("he raped me", Category.SEXUAL),
        ("my dad hits me", Category.CHILD),
        ("they left mum in a wet bed all night", Category.NEGLECT),
        ("the carer slapped my gran", Category.INSTITUTIONAL),
        ("my nephew has ma bank card", Category.FINANCIAL),
        ("they've taken over my flat", Category.EXPLOITATION),
        ("boss keep my passport", Category.EXPLOITATION),
        ("they want me to marry my cousin", Category.FORCED_MARRIAGE),
        ("they took my sister to be circumcised", Category.FGM),
        ("they shout racist abuse at me", Category.HATE),
        ("he says hell post my nudes if i dont pay", Category.ONLINE),
        ("ive not washed or eaten for weeks, i dont look after myself", Category.SELF_NEGLECT),
        ("the house is on fire", Category.DANGER),
        ("help me", Category.HELP),
    ],
)
def test_a_message_is_filed_under_its_harm(text, category):
    assert category in screen(text).categories


@pytest.mark.parametrize(
    "text",
    [
        "I would never kill myself",
        "he doesn't hit me",
        "nobody hurts me",
        "I was never abused",
        "he has not got a knife",
    ],
)
def test_negation_lowers_to_a_look_and_no_further(text):
    verdict = screen(text)

    assert verdict.tier is Tier.LOOK
    assert "negated" in verdict.reason


@pytest.mark.parametrize(
    "text",
    [
        "he won't let me out",
        "I can't stop cutting",
        "they don't feed me",
        "I don't want to be here any more",
        "I dont know what to do he hits me",
        "he won't stop hitting me",
        "he not only shouts he hits me",
        "nobody believes he raped me",
        "I don't care if I die",
    ],
)
def test_a_negation_can_be_the_disclosure(text):
    assert screen(text).tier >= Tier.CONCERN


@pytest.mark.parametrize("text", ["I took an overdose years ago", "he strangled me when I was a child"])
def test_long_ago_lowers_what_is_immediate_to_a_concern(text):
    assert screen(text).tier is Tier.CONCERN


@pytest.mark.parametrize(
    ("calm", "now"), [("he hits me", "he is hitting me right now"), ("I want to die", "I want to die tonight")]
)
def test_this_moment_makes_it_immediate(calm, now):
    assert (screen(calm).tier, screen(now).tier) == (Tier.CONCERN, Tier.IMMEDIATE)


@pytest.mark.parametrize(
    "text",
    [
        "the stairs are killing me and my son hits me",
        "I was dying for a cup of tea but he locked me in my room",
        "could murder a curry. I want to die",
        "he hit the roof then he hit me",
        "hit me up when he hits me again",
    ],
)
def test_an_idiom_hides_nothing_but_itself(text):
    assert screen(text).tier >= Tier.CONCERN


@pytest.mark.parametrize(
    ("hard", "idiom"),
    [
        ("he hit me with a belt", "hit me up later"),
        ("he pushed me out of my chair", "he pushed me in my chair to the shops"),
        ("he hurts me when he is drunk", "the jag hurt for a second"),
        ("he took money off me", "take cash out"),
        ("attacked by a man", "attacked by midges"),
    ],
)
def test_an_idiom_is_narrow(hard, idiom):
    assert screen(hard).tier >= Tier.LOOK
    assert screen(idiom).tier is Tier.NONE


@pytest.mark.parametrize("text", ["", " ", "\n", ".", "\u200b", "\U0001f600", "5", "ok"])
def test_nothing_much_is_nothing(text):
    assert screen(text).tier is Tier.NONE


def test_a_picture_is_a_look_that_says_nobody_can_see_it():
    verdict = screen("", kind=Kind.MEDIA)

    assert (verdict.tier, verdict.categories) == (Tier.LOOK, (Category.UNREADABLE,))
    assert "cannot be seen here" in verdict.reason


def test_words_under_a_picture_are_read_too():
    verdict = screen("he hit me", kind=Kind.MEDIA)

    assert verdict.tier is Tier.CONCERN
    assert Category.UNREADABLE in verdict.categories


def test_a_bare_no_to_a_question_about_safety_is_a_look():
    assert screen("no", asked="I feel safe where I live").tier is Tier.LOOK
    assert screen("no", asked="Staff listen to me").tier is Tier.NONE
    assert screen("yes", asked="I feel safe where I live").tier is Tier.NONE


def test_a_disclosure_split_over_two_messages_is_seen():
    assert screen("hit me with his belt", before="last night my stepdad").tier >= Tier.CONCERN
    assert screen("me with it", before="he hit").tier >= Tier.CONCERN
    assert screen("me with it").tier is Tier.NONE


def test_what_was_said_before_is_not_held_against_this_message():
    assert screen("thanks", before="he hit me").tier is Tier.NONE


def test_two_things_are_worse_together():
    assert screen("I want to die. I have the pills.").tier is Tier.IMMEDIATE
    assert screen("my husband hits me and he is outside").tier is Tier.IMMEDIATE


def test_the_reason_names_rules_and_never_words():
    reason = screen("Zebedee Quibble raped me at Larkfield").reason

    assert "sexual.rape" in reason
    assert not {"zebedee", "quibble", "larkfield"} & set(reason.lower().split())


def test_the_score_follows_the_tier():
    scores = [
        screen(text).score for text in ("the bus was late", "I'm scared", "he hits me", "I am going to kill myself")
    ]

    assert scores == sorted(scores)
    assert scores[0] == 0.0
    assert scores[-1] <= 1.0


def test_describe_gives_exactly_what_the_command_line_prints():
    assert set(describe("he hit me")) == {"tier", "score", "categories", "reason"}
    assert describe("")["tier"] == "none"
    assert describe("he hit me")["categories"] == ["physical"]
