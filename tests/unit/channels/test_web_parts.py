"""The parts of the chat page: who a browser is, what forms say, how often they may come, and the page's own words."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from channels.errors import Forged, Malformed
from channels.web.config import WebConfig
from channels.web.limits import Limit, Limiter
from channels.web.page import as_json, live_buttons, parts_of
from channels.web.parse import EmptyMessage, TooLong, button_press, form_of, start, text_message
from channels.web.reading import Line, View
from channels.web.routes import new_token, routes
from channels.web.send import WebChannel
from channels.web.visitor import Visitor, check_form_key, form_key, visitor_of
from channels.web.words import words
from channels.web_security import check_origin
from records.errors import ConfigurationError
from records.tables.outbox import OutboxState
from records.types import Button, Kind, Outbound

CONFIG = WebConfig("https://chat.example.org", b"k" * 32)
MORAG, ISLA = Visitor("m" * 43, is_new=False), Visitor("i" * 43, is_new=False)
NOW = datetime(2026, 4, 15, 10, 0, tzinfo=UTC)
FORM = {"form": "f1", "text": "I like my carer"}


def request(**headers: str) -> Request:
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "method": "POST", "path": "/chat/send", "headers": raw, "query_string": b""})


class TestVisitor:
    """A browser is its cookie."""

    def test_a_browser_without_a_cookie_is_new_and_gets_a_token(self) -> None:
        assert visitor_of(request(), CONFIG, lambda: "n" * 43) == Visitor("n" * 43, is_new=True)

    @pytest.mark.parametrize("given", ["", "short", "x" * 44, "<script>" + "x" * 35, "ü" * 43])
    def test_a_cookie_that_we_did_not_make_counts_for_nothing(self, given: str) -> None:
        assert visitor_of(request(cookie=f"__Host-chat={given}"), CONFIG, lambda: "n" * 43).is_new

    def test_a_known_browser_keeps_its_token(self) -> None:
        token = new_token()
        assert visitor_of(request(cookie=f"__Host-chat={token}"), CONFIG, new_token) == Visitor(token, is_new=False)

    def test_a_form_key_fits_one_browser_and_one_installation_and_says_nothing_about_the_token(self) -> None:
        key = form_key(CONFIG, MORAG)
        check_form_key(CONFIG, MORAG, key)
        assert MORAG.token not in key
        for visitor, config in ((ISLA, CONFIG), (MORAG, WebConfig(CONFIG.public_url, b"j" * 32))):
            with pytest.raises(Forged):
                check_form_key(config, visitor, key)

    def test_a_browser_that_just_came_has_no_form_of_ours(self) -> None:
        new = Visitor("m" * 43, is_new=True)
        with pytest.raises(Forged):
            check_form_key(CONFIG, new, form_key(CONFIG, new))

    def test_the_token_is_not_printed(self) -> None:
        assert "mmmm" not in repr(MORAG)
        assert "kkkk" not in repr(CONFIG)


class TestOrigin:
    """Forms come from our own page."""

    @pytest.mark.parametrize(
        "headers",
        [
            {},
            {"origin": "https://chat.example.org"},
            {"origin": "https://chat.example.org", "sec_fetch_site": "same-origin"},
        ],
    )
    def test_our_own_page_may_send(self, headers: dict[str, str]) -> None:
        check_origin(request(**headers), CONFIG.public_url)

    @pytest.mark.parametrize(
        "headers",
        [
            {"origin": "https://evil.example"},
            {"origin": "null"},
            {"origin": "http://chat.example.org", "host": "chat.example.org"},
            {"origin": "http://localhost:8000", "host": "localhost:8000"},
            {"origin": "https://chat.example.org.evil.example", "host": "chat.example.org"},
            {"sec_fetch_site": "cross-site"},
        ],
    )
    def test_another_page_may_not(self, headers: dict[str, str]) -> None:
        with pytest.raises(Forged):
            check_origin(request(**headers), CONFIG.public_url)

    def test_on_this_very_machine_any_of_its_names_will_do(self) -> None:
        check_origin(request(origin="http://localhost:8000", host="localhost:8000"), "http://127.0.0.1:8000")
        with pytest.raises(Forged):
            check_origin(request(origin="http://evil.example", host="localhost:8000"), "http://127.0.0.1:8000")


class TestForms:
    """What a form says becomes a message."""

    def test_words_arrive_as_they_were_typed(self) -> None:
        inbound = text_message(MORAG, {"form": "f", "text": "Line one\r\nline two\r  "}, NOW)
        assert (inbound.kind, inbound.text) == (Kind.TEXT, "Line one\nline two\n  ")
        assert (inbound.channel, inbound.to, inbound.address) == ("web", "chat", MORAG.token)

    @pytest.mark.parametrize("text", ["/restart", '/agree{"a": 1}', "<script>alert(1)</script>"])
    def test_what_is_typed_is_words(self, text: str) -> None:
        inbound = text_message(MORAG, {"form": "f", "text": text}, NOW)
        assert (inbound.kind, inbound.text, inbound.payload) == (Kind.TEXT, text, None)

    @pytest.mark.parametrize("text", ["", " ", "\r\n\t"])
    def test_nothing_is_not_a_message(self, text: str) -> None:
        with pytest.raises(EmptyMessage):
            text_message(MORAG, FORM | {"text": text}, NOW)

    def test_4096_letters_fit_and_one_more_does_not(self) -> None:
        assert len(text_message(MORAG, FORM | {"text": "👍" * 4096}, NOW).text) == 4096
        with pytest.raises(TooLong) as caught:
            text_message(MORAG, FORM | {"text": "x" * 4106}, NOW)
        assert caught.value.over == 10

    def test_a_form_without_an_id_is_refused(self) -> None:
        with pytest.raises(Malformed):
            text_message(MORAG, {"text": "hi"}, NOW)

    def test_the_same_form_twice_is_one_message(self) -> None:
        assert text_message(MORAG, FORM, NOW).external_id == text_message(MORAG, FORM, NOW).external_id

    @pytest.mark.parametrize(
        ("visitor", "form"),
        [(ISLA, FORM), (MORAG, FORM | {"form": "f2"}), (MORAG, FORM | {"text": "I changed my words"})],
    )
    def test_another_browser_form_or_content_is_another_message(self, visitor: Visitor, form: dict[str, str]) -> None:
        assert text_message(visitor, form, NOW).external_id != text_message(MORAG, FORM, NOW).external_id

    def test_the_id_gives_away_neither_token_nor_words(self) -> None:
        assert re.fullmatch(r"[0-9a-f]{64}", text_message(MORAG, FORM, NOW).external_id)

    def test_a_press_carries_its_label_and_its_prompt(self) -> None:
        inbound = button_press(MORAG, FORM | {"prompt": "p1"}, Button("Agree", "rating:agree"), NOW)
        assert (inbound.kind, inbound.text, inbound.payload, inbound.prompt_id) == (
            Kind.BUTTON,
            "Agree",
            "rating:agree",
            "p1",
        )

    @pytest.mark.parametrize(("code", "payload"), [("spring-26", "spring-26"), ("", None), ("<b>", None)])
    def test_a_start_carries_its_code_if_it_is_one(self, code: str, payload: str | None) -> None:
        inbound = start(MORAG, FORM | {"code": code}, NOW)
        assert (inbound.kind, inbound.payload, inbound.text) == (Kind.START, payload, "")

    @pytest.mark.parametrize("body", [b"\xff", "é=1".encode(), b"&".join(b"a=1" for _ in range(30))])
    def test_a_body_that_is_no_form_is_refused(self, body: bytes) -> None:
        with pytest.raises(Malformed):
            form_of(body)

    @given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=60))
    def test_any_words_survive_the_form(self, text: str) -> None:
        form = form_of(urlencode({"form": "f", "text": text}).encode())
        expected = text.replace("\r\n", "\n").replace("\r", "\n")
        if expected.strip():
            assert text_message(MORAG, form, NOW).text == expected


class TestLimits:
    """A burst, then a steady trickle."""

    def test_a_burst_passes_and_then_it_says_how_long_to_wait(self) -> None:
        limiter = Limiter(Limit(burst=3, per_second=0.5))
        assert [limiter.wait("m", NOW) for _ in range(4)] == [0, 0, 0, 2.0]

    def test_waiting_that_long_is_enough(self) -> None:
        limiter = Limiter(Limit(burst=1, per_second=0.5))
        limiter.wait("m", NOW)
        assert limiter.wait("m", NOW + timedelta(seconds=limiter.wait("m", NOW))) == 0

    def test_one_browser_does_not_use_up_anothers_turns(self) -> None:
        limiter = Limiter(Limit(burst=1, per_second=0.5))
        limiter.wait("m", NOW)
        assert limiter.wait("i", NOW) == 0

    def test_a_clock_that_goes_back_does_no_harm(self) -> None:
        limiter = Limiter(Limit(burst=1, per_second=1))
        limiter.wait("m", NOW)
        assert limiter.wait("m", NOW - timedelta(hours=1)) == 1.0

    def test_memory_stays_bounded(self) -> None:
        limiter = Limiter(Limit(burst=1, per_second=0.001))
        for number in range(20_050):
            limiter.wait(str(number), NOW)
        assert len(limiter._buckets) == 20_000

    @given(st.lists(st.floats(min_value=0, max_value=5), max_size=60))
    def test_never_more_than_burst_and_trickle(self, gaps: list[float]) -> None:
        limiter, at, passed = Limiter(Limit(burst=4, per_second=1)), NOW, 0
        for gap in gaps:
            at += timedelta(seconds=gap)
            passed += limiter.wait("m", at) == 0
        assert passed <= 4 + (at - NOW).total_seconds() + 0.001


class TestDrawing:
    """Lines as the page shows them."""

    LINE = Line("k1", True, "Hello", NOW, (Button("Go", "go"),))

    @pytest.mark.parametrize(
        ("text", "calls"),
        [
            ("In danger now? Call 999.", ["999"]),
            ("Samaritans 116 123, Childline 0800 1111", ["116123", "08001111"]),
            ("0345 600 9527 or text 07870 981 785", ["03456009527", "07870981785"]),
            ("Rape Crisis Scotland: 08088 01 03 02", ["08088010302"]),
            ("Breathing Space 0800 83 85 87", ["0800838587"]),
            ("Text GO. 3 of 12 done. 1 to 5. In 2026. £999. 19990", []),
        ],
    )
    def test_numbers_that_help_can_be_tapped(self, text: str, calls: list[str]) -> None:
        parts = parts_of(replace(self.LINE, text=text))
        assert [part["tel"] for part in parts if "tel" in part] == calls
        assert "".join(part["text"] for part in parts) == text

    def test_buttons_stand_until_somebody_answers(self) -> None:
        after = Line("k2", True, "And?", NOW)
        mine = Line("k3", False, None, NOW)
        assert live_buttons(View((self.LINE,))) == "k1"
        assert live_buttons(View((self.LINE, after))) == "k1"
        assert live_buttons(View((self.LINE, mine))) is None
        assert live_buttons(View((self.LINE, mine, after))) is None
        assert live_buttons(View()) is None

    def test_the_script_is_given_our_lines_only(self) -> None:
        view = View((self.LINE, Line("k3", False, None, NOW)), cursor=4, waiting=True)
        assert as_json(view) == {
            "messages": [
                {"id": "k1", "parts": [{"text": "Hello"}], "buttons": [{"title": "Go", "payload": "go"}]},
            ],
            "cursor": 4,
            "waiting": True,
        }


def test_sending_to_the_page_is_leaving_it_in_the_outbox() -> None:
    channel = WebChannel()
    sent = channel.send("token", Outbound("hello"), door="chat", attempt_id="a")
    assert (sent.provider_id, sent.state) == (None, OutboxState.SENT)
    assert channel.find_sent("token", "a", "hello", NOW) is None
    assert not channel.capabilities.push


@pytest.mark.parametrize(
    "url", ["http://chat.example.org", "ftp://x", "chat.example.org", "https://", "https://x/?a=1"]
)
def test_only_https_will_do_outside_this_machine(url: str) -> None:
    with pytest.raises(ConfigurationError):
        WebConfig(url, b"k" * 32)


@pytest.mark.parametrize(
    ("url", "name", "secure"),
    [
        ("https://chat.example.org", "__Host-chat", True),
        ("https://localhost:8000", "__Host-chat", True),
        ("http://127.0.0.1:8000", "chat", False),
        ("http://localhost:8000", "chat", False),
    ],
)
def test_the_cookie_is_bound_to_the_host_wherever_browsers_allow_it(url: str, name: str, secure: bool) -> None:
    config = WebConfig(url, b"k" * 32)
    assert (config.cookie_name, config.cookie_secure) == (name, secure)


def test_a_closed_channel_has_no_routes() -> None:
    assert routes(None, None, None, None) == []  # type: ignore[arg-type]


class TestWords:
    """The page speaks plainly."""

    @pytest.mark.parametrize("name", sorted(words()))
    def test_every_sentence_is_plain_and_kind(self, name: str, wording_faults: Callable[..., list[str]]) -> None:
        filled = words()[name].format(count=12, over=12, seconds=12, choice="Agree")
        faults = [fault for fault in wording_faults(filled, limit=200) if fault != "shouts NHS"]
        assert faults == []

    @pytest.mark.parametrize("name", sorted(name for name, text in words().items() if len(text.split()) > 6))
    def test_every_sentence_can_be_read_at_ten(self, name: str, reading_grade: Callable[[str], float]) -> None:
        filled = words()[name].format(count=12, over=12, seconds=12, choice="Agree")
        assert reading_grade(filled) <= 6

    def test_the_title_gives_nothing_away(self) -> None:
        assert (words()["title"], words()["left_title"]) == ("Chat", "Weather")
