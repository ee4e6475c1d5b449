"""What the chat page refuses, what it says when it is closed, and that it leaves no trace."""

import logging
import re
from typing import Any

import pytest
from sqlalchemy import select

from channels.errors import NotOurs
from channels.web.words import words
from records.tables import Base
from records.types import Button, Outbound

SITE = "https://chat.example.org"
GO = Button("Go", "go")


class TestForgery:
    """Only forms from our page, for this browser, are taken."""

    @pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}])
    @pytest.mark.parametrize("path", ["/chat/send", "/chat/press", "/chat/start"])
    def test_another_site_sends_nothing(self, house, browser, headers: dict[str, str], path: str) -> None:
        browser.open()
        form = {"key": browser.hidden("key"), "form": "f", "text": "not theirs"}
        response = browser.client.post(path, data=form, headers=headers)
        assert response.status_code == 403
        assert "not theirs" not in response.text
        assert house.intake.received == []

    def test_a_key_of_another_browser_does_not_fit(self, house, browser) -> None:
        browser.open()
        other = house.browser()
        other.open()
        assert browser.send(text="hi", key=other.hidden("key")).status_code == 403
        assert (browser.problem, browser.box) == (words()["problem_stale"], "hi")
        assert browser.send(text=browser.box).status_code == 303

    def test_a_browser_that_keeps_no_cookies_is_told(self, house, browser) -> None:
        browser.open()
        browser.client.cookies.clear()
        assert browser.send(text="hi").status_code == 403
        assert (browser.problem, browser.box) == (words()["problem_cookies"], "hi")
        assert house.intake.received == []

    def test_another_site_cannot_end_the_chat(self, browser) -> None:
        browser.open()
        response = browser.client.post("/chat/leave", headers={"Origin": "https://evil.example"})
        assert (response.status_code, response.headers.get("set-cookie")) == (303, None)


class TestLeaving:
    """Out at once, and nothing stays."""

    def test_the_cookie_goes_and_the_weather_comes(self, browser) -> None:
        browser.start()
        response = browser.send("/chat/leave")
        assert 'content="0; url=https://www.bbc.co.uk/weather"' in response.text
        assert "<title>Weather</title>" in response.text
        assert "__Host-chat" not in browser.client.cookies
        assert "Secure" in response.headers["set-cookie"]

    def test_it_works_without_a_key_or_a_cookie(self, house) -> None:
        assert house.browser().client.post("/chat/leave").status_code == 200

    def test_afterwards_the_page_is_as_new(self, house, browser) -> None:
        browser.start()
        house.say(Outbound("Something private"))
        browser.open()
        browser.send("/chat/leave")
        browser.open()
        assert browser.lines == []
        assert words()["hello"] in browser.page


class TestClosed:
    """No round is open."""

    def test_a_stranger_reads_that_it_is_closed_and_where_help_is(self, house, browser) -> None:
        house.close_round()
        response = browser.open()
        assert response.status_code == 200
        assert words()["closed_title"] in browser.page
        assert 'href="tel:999"' in browser.page
        assert "<textarea" not in browser.page

    def test_who_has_written_before_can_still_write(self, house, browser) -> None:
        browser.start()
        house.close_round()
        browser.open()
        assert browser.send(text="I am not safe").status_code == 303
        assert house.intake.received[-1].text == "I am not safe"

    def test_a_message_that_leads_nowhere_is_answered_kindly(self, house, browser) -> None:
        browser.open()
        house.intake.failure = NotOurs("closed meanwhile")
        response = browser.send(text="hello?")
        assert response.status_code == 200
        assert words()["closed_title"] in response.text


class TestHeaders:
    """The page lets nothing in and gives nothing away."""

    @pytest.mark.parametrize("path", ["/chat", "/chat/demo", "/chat/" + "a" * 65, "/chat/messages"])
    def test_every_page_is_strict(self, browser, path: str) -> None:
        headers = browser.open(path).headers
        assert headers["content-security-policy"] == (
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
            "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        )
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"

    def test_the_cookie_is_for_this_host_alone_and_goes_with_the_browser(self, browser) -> None:
        cookie = browser.open().headers["set-cookie"]
        assert cookie.startswith("__Host-chat=")
        assert {part.strip().lower() for part in cookie.split(";")[1:]} == {
            "httponly",
            "path=/",
            "samesite=lax",
            "secure",
        }
        assert "set-cookie" not in browser.open().headers

    def test_the_token_is_never_in_the_page(self, house, browser) -> None:
        browser.start()
        house.say(Outbound("Hello", (GO,)))
        browser.open()
        assert browser.client.cookies["__Host-chat"] not in browser.page

    def test_nothing_stands_in_the_page_that_the_policy_would_stop(self, house, browser) -> None:
        browser.start()
        house.say(Outbound("Hello", (GO,)))
        browser.open()
        assert re.findall(r"<script(?! src)|style=|\bon\w+=|javascript:", browser.page) == []
        sources = re.findall(r'(?:src|href)="([^"]+)"', browser.page)
        assert [s for s in sources if not s.startswith(("/chat", "tel:"))] == []

    def test_the_title_says_nothing(self, browser) -> None:
        assert "<title>Chat</title>" in browser.open().text

    @pytest.mark.parametrize("file", ["chat.css", "chat.js", "icon.svg"])
    def test_styles_and_script_are_there(self, browser, file: str) -> None:
        response = browser.client.get(f"/chat/static/{file}")
        assert response.status_code == 200
        assert response.headers["x-content-type-options"] == "nosniff"

    def test_our_own_texts_are_escaped_too(self, house, browser) -> None:
        browser.start()
        house.say(Outbound("<b>bold</b> & more", (Button('"><script>', "go"),)))
        browser.open()
        assert "<b>bold" not in browser.page
        assert "<script>" not in browser.page

    def test_kept_words_are_escaped(self, house, browser) -> None:
        browser.open()
        house.intake.failure = RuntimeError()
        browser.send(text="</textarea><script>alert(1)</script>")
        assert "<script>alert" not in browser.page
        assert browser.box == "</textarea><script>alert(1)</script>"


def test_nothing_that_was_written_can_be_read_back(house, browser) -> None:
    """Neither from the pages nor from the tables: what somebody wrote exists only as ciphertext."""
    browser.start()
    browser.send(text="Morag at 12 Invented Street")
    token = browser.client.cookies["__Host-chat"]
    pages = browser.open().text + browser.json("/chat/messages").text
    assert "Invented" not in pages
    with house.database.engine.connect() as connection:
        dump = _everything(connection)
    assert "Invented" not in dump
    assert token not in dump


def _everything(connection: Any) -> str:
    found: list[str] = []
    for table in Base.metadata.sorted_tables:
        for row in connection.execute(select(table)):
            found += [value.decode("latin-1") if isinstance(value, bytes) else str(value) for value in row]
    return "\n".join(found)


def test_logs_say_nothing_about_anybody(house, browser, caplog: Any) -> None:
    with caplog.at_level(logging.DEBUG):
        browser.start()
        browser.send(text="a private matter")
        browser.send(text="forged", key="x")
    assert "private" not in caplog.text
    assert browser.client.cookies["__Host-chat"] not in caplog.text
