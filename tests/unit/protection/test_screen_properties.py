"""What must hold for any message, however long, odd or hostile."""

from hypothesis import given, settings
from hypothesis import strategies as st

from protection.screen import default_screen
from records.types import Kind, Tier

screen = default_screen()

DISCLOSURES = (
    "he hit me",
    "I want to die",
    "my uncle touches me",
    "they left mum in a wet bed all night",
    "he won't let me out",
    "boss keep my passport",
    "I took all my tablets",
    "he choked me",
    "ma son takes ma pension",
    "am no safe",
    "help me",
    "my neighbour's wean has bruises",
    "I'm going to kill myself tonight",
)
HARMLESS = (
    "The bus was late.",
    "Staff are friendly and the food is good.",
    "I was dying for a cup of tea.",
    "Nobody phoned me back.",
    "When I was wee we went to Millport!",
    "He never comes on a Tuesday.",
    "The stairs are killing me.",
    "Two sugars please?",
    "My daughter visits on Sundays.",
    "I used to work on the railway.",
    "lol",
    "Cannae fault them.",
    "The physio is dead good.",
    "I do not like the soup.",
)
told = st.sampled_from(DISCLOSURES)
around = st.lists(st.sampled_from(HARMLESS), max_size=12)


@given(st.text(max_size=600))
def test_it_never_raises(text):
    assert 0.0 <= screen(text).score <= 1.0


@given(st.text(alphabet="heitmsakldo '.,!?*1340@\u0430\u0456\u200b", max_size=300), st.sampled_from(Kind))
def test_it_never_raises_on_near_words(text, kind):
    assert screen(text, kind=kind, asked=text, before=text).tier in Tier


@settings(deadline=None)
@given(told, around, around)
def test_a_disclosure_fires_wherever_it_stands_among_harmless_sentences(disclosure, before, after):
    alone = screen(disclosure).tier

    assert screen(" ".join([*before, f"{disclosure}.", *after])).tier >= alone > Tier.NONE


@settings(deadline=None)
@given(told, around, st.sampled_from([" ", ", ", "\n", " and ", "... "]))
def test_a_disclosure_at_the_end_of_breathless_text_is_at_least_seen(disclosure, before, joint):
    assert screen(joint.join([*(part.rstrip(".!?") for part in before), disclosure])).tier > Tier.NONE


@settings(deadline=None)
@given(told, st.sampled_from([str.upper, str.title, str.lower, lambda text: text.replace("i", "\u0456")]))
def test_how_it_is_typed_does_not_matter(disclosure, typed):
    assert screen(typed(disclosure)).tier >= min(Tier.LOOK, screen(disclosure).tier)


@given(st.lists(st.sampled_from(HARMLESS), max_size=10))
def test_harmless_sentences_stay_harmless_together(sentences):
    assert screen(" ".join(sentences)).tier is Tier.NONE


@given(st.sampled_from(DISCLOSURES + HARMLESS))
def test_the_same_message_always_gets_the_same_verdict(text):
    assert screen(text) == screen(text)
