"""The chat page in a real browser: with and without its script, on a phone, in the dark, and on the way out."""

import os
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from sqlalchemy import select
from starlette.applications import Starlette

from bot.words import Words
from channels.delivery import Delivery
from channels.intake import Intake
from channels.replies import FixedReplies
from channels.web.config import QUICK_EXIT, WebConfig
from channels.web.routes import routes
from channels.web.send import WebChannel
from channels.web.words import words
from engagement.rounds import open_demo_round
from records.clock import SystemClock
from records.database import Database, open_engine
from records.outbox import post
from records.tables import Conversation, Message, MessageState
from records.types import Button, ChannelName, Inbound, Lane, Outbound, Receipt, Tier, Verdict

pytestmark = pytest.mark.browser

CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), ""
)
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 800}
AGREE = Outbound("How much do you agree?", (Button("Agree", "rating:agree"), Button("Disagree", "rating:disagree")))


class _Server(uvicorn.Server):
    def __init__(self, app: Starlette) -> None:
        super().__init__(
            uvicorn.Config(app, host="127.0.0.1", port=0, log_config=None, access_log=False, lifespan="off", ws="none")
        )
        self.ready = threading.Event()

    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        self.ready.set()


@dataclass
class ChatHouse:
    """A running chat page, and the dialogue's voice behind it."""

    database: Database
    intake: Intake
    app: Starlette | None = None
    url: str = ""
    received: list[Inbound] = field(default_factory=list)
    failures: int = 0

    def receive(self, inbound: Inbound) -> Receipt:
        if self.failures:
            self.failures -= 1
            raise RuntimeError("not today")
        receipt = self.intake.receive(inbound)
        if not receipt.repeated:
            self.received.append(inbound)
        return receipt

    def say(self, *messages: Outbound) -> None:
        """Answer the newest conversation; what waited is done."""
        with self.database.write() as unit:
            newest = select(Conversation).order_by(Conversation.created_at.desc()).limit(1)
            conversation = unit.session.scalars(newest).one()
            for message in unit.session.scalars(select(Message).where(Message.state == MessageState.DUE)):
                message.state = MessageState.DONE
            post(unit, conversation, messages, Lane.REPLY)
        Delivery(self.database, {ChannelName.WEB: WebChannel()}, Random(1)).deliver_due(ChannelName.WEB)


@pytest.fixture
def house(sqlite_url, box) -> Iterator[ChatHouse]:
    clock = SystemClock()
    database = Database(open_engine(sqlite_url), box, clock)
    with database.write() as unit:
        open_demo_round(unit, [(ChannelName.WEB, "chat")])
    house = ChatHouse(database, Intake(database, lambda *_: Verdict(Tier.NONE, 0.0), FixedReplies(Words.load())))
    config = WebConfig("http://127.0.0.1", box.session_key)
    server = _Server(Starlette(routes=routes(config, database, house, clock)))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    assert server.ready.wait(10)
    house.url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    yield house
    server.should_exit = True
    thread.join(10)
    database.dispose()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    if not CHROMIUM:
        pytest.fail("Chromium is missing") if os.environ.get("CI") == "true" else pytest.skip("needs Chromium")
    arguments = ["--no-sandbox", "--disable-quic", "--disable-background-networking"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()


def context_of(chromium: Browser, **settings: Any) -> BrowserContext:
    """A browser of one person; the page on the way out is a stand-in, so that no test leaves this machine."""
    context = chromium.new_context(**({"viewport": PHONE} | settings))
    context.set_default_timeout(8000)
    away = "<!doctype html><title>Weather</title><h1>Sunny intervals</h1>"
    context.route(QUICK_EXIT + "**", lambda route: route.fulfill(body=away, content_type="text/html"))
    return context


@pytest.fixture
def context(chromium) -> Iterator[BrowserContext]:
    context = context_of(chromium)
    yield context
    context.close()


@pytest.fixture
def page(context) -> Page:
    return context.new_page()


@pytest.fixture
def plain_page(chromium) -> Iterator[Page]:
    """A page in a browser that runs no scripts."""
    context = context_of(chromium, java_script_enabled=False)
    yield context.new_page()
    context.close()


def begin(house: ChatHouse, page: Page, *first: Outbound) -> None:
    page.goto(f"{house.url}/chat")
    page.get_by_role("button", name=words()["start"]).click()
    expect(page.locator("#hello")).to_have_count(0)
    if first:
        house.say(*first)


def write(page: Page, text: str) -> None:
    page.get_by_label(words()["your_message"]).fill(text)
    page.get_by_role("button", name=words()["send"], exact=True).click()


def test_a_conversation_with_the_script(house, page) -> None:
    troubles: list[str] = []
    page.on("console", lambda message: troubles.append(message.text))
    page.on("pageerror", lambda error: troubles.append(str(error)))
    begin(house, page, Outbound("Hello."), AGREE)
    page.get_by_role("button", name="Agree", exact=True).click()
    expect(page.locator(".theirs .bubble")).to_contain_text("Agree")
    expect(page.locator(".choices")).to_have_count(0)
    write(page, "My carer\nlistens to <b>me</b>")
    expect(page.locator(".theirs .bubble").last).to_contain_text("listens to <b>me</b>")
    expect(page.locator(".state").last).to_have_text(words()["sent"])
    expect(page.locator("#waiting")).to_be_visible()
    house.say(Outbound("Thank you. Samaritans: 116 123."))
    expect(page.locator(".ours").last).to_contain_text("Thank you.")
    expect(page.locator('.ours a[href="tel:116123"]')).to_be_visible()
    expect(page.locator("#waiting")).to_be_hidden()
    assert [inbound.text for inbound in house.received] == ["", "Agree", "My carer\nlistens to <b>me</b>"]
    assert troubles == []


def test_a_conversation_without_any_script(house, plain_page) -> None:
    begin(house, plain_page, Outbound("Hello."), AGREE)
    plain_page.goto(f"{house.url}/chat")
    plain_page.get_by_role("button", name="Disagree").click()
    write(plain_page, "They rush me")
    house.say(Outbound("Thank you."))
    plain_page.goto(f"{house.url}/chat")
    assert [line.split(":")[-1].strip() for line in plain_page.locator(".bubble").all_inner_texts()] == [
        "Hello.", "How much do you agree?", "Disagree", "You wrote a message", "Thank you.",
    ]  # fmt: skip
    assert plain_page.locator(".bubble").last.bounding_box()["y"] < PHONE["height"], "the newest line is in sight"


def test_their_words_live_in_the_tab_and_are_gone_after_a_reload(house, page) -> None:
    begin(house, page)
    write(page, "between you and me")
    expect(page.locator(".state").last).to_have_text(words()["sent"])
    assert page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, history.state, location.href])") == (
        f'[{{}},{{}},null,"{house.url}/chat"]'
    )
    page.reload()
    expect(page.locator(".theirs .bubble")).to_have_text(words()["you_wrote"])
    assert "between you and me" not in page.content()
    assert page.get_by_label(words()["your_message"]).input_value() == ""


def test_the_invitations_code_leaves_the_address_bar(house, page) -> None:
    page.goto(f"{house.url}/chat/demo")
    page.get_by_role("button", name=words()["start"]).click()
    expect(page).to_have_url(f"{house.url}/chat")
    assert house.received[0].payload == "demo"


def test_what_did_not_get_through_is_kept_and_sent_again_once(house, page) -> None:
    begin(house, page)
    house.failures = 1
    write(page, "please hear this")
    expect(page.locator(".state.failed")).to_be_visible()
    page.get_by_role("button", name=words()["try_again"]).click()
    expect(page.locator(".state").last).to_have_text(words()["sent"])
    assert [inbound.text for inbound in house.received] == ["", "please hear this"]


def test_when_the_cookie_is_gone_the_words_come_back_on_a_new_page(house, page) -> None:
    begin(house, page)
    page.context.clear_cookies()
    write(page, "still here")
    expect(page.locator("#problem")).to_be_visible()
    expect(page.get_by_label(words()["your_message"])).to_have_value("still here")
    page.get_by_role("button", name=words()["send"], exact=True).click()
    expect(page.locator(".state").last).to_have_text(words()["sent"])


def test_words_in_the_box_outlive_a_cookie_that_is_gone(house, page) -> None:
    begin(house, page)
    page.get_by_label(words()["your_message"]).fill("half a thought")
    page.context.clear_cookies()
    with page.expect_response(lambda response: response.status == 403):
        pass
    expect(page.get_by_label(words()["your_message"])).to_have_value("half a thought")


def test_nothing_and_too_much_are_not_sent(house, page) -> None:
    begin(house, page)
    write(page, "   ")
    expect(page.get_by_role("alert")).to_contain_text(words()["problem_empty"])
    write(page, "x" * 4100)
    expect(page.locator("#count")).to_have_text(words()["letters_over"].format(count=4))
    assert len(house.received) == 1


def test_enter_sends_and_shift_enter_makes_a_line(house, page) -> None:
    begin(house, page)
    box = page.get_by_label(words()["your_message"])
    box.press_sequentially("one")
    box.press("Shift+Enter")
    box.press_sequentially("two")
    box.press("Enter")
    expect(page.locator(".state").last).to_have_text(words()["sent"])
    assert house.received[-1].text == "one\ntwo"


class TestLeaving:
    """Out in one move, and no way back to what was on the screen."""

    def left(self, page: Page, house: ChatHouse) -> None:
        expect(page).to_have_title("Weather")
        expect(page).to_have_url(QUICK_EXIT)
        page.go_back()
        page.goto(f"{house.url}/chat")
        expect(page.locator("#hello")).to_be_visible()
        assert "Private" not in page.content()

    def test_by_the_button(self, house, page) -> None:
        begin(house, page, Outbound("Private"))
        expect(page.locator(".ours")).to_be_visible()
        page.get_by_role("button", name=words()["leave"]).click()
        self.left(page, house)

    def test_by_the_escape_key(self, house, page) -> None:
        begin(house, page, Outbound("Private"))
        expect(page.locator(".ours")).to_be_visible()
        for _ in range(3):
            page.keyboard.press("Escape")
        self.left(page, house)

    def test_twice_escape_is_not_enough(self, house, page) -> None:
        begin(house, page)
        page.keyboard.press("Escape")
        page.keyboard.press("Escape")
        page.keyboard.press("a")
        page.keyboard.press("Escape")
        expect(page).to_have_title("Chat")

    def test_without_a_script(self, house, plain_page) -> None:
        begin(house, plain_page, Outbound("Private"))
        plain_page.get_by_role("button", name=words()["leave"]).click()
        plain_page.wait_for_url(QUICK_EXIT)
        self.left(plain_page, house)

    def test_it_is_in_sight_however_far_one_has_read(self, house, page) -> None:
        begin(house, page, *[Outbound(f"Line {number}") for number in range(30)])
        expect(page.locator(".ours")).to_have_count(30)
        page.locator(".ours").first.scroll_into_view_if_needed()
        expect(page.get_by_role("button", name=words()["leave"])).to_be_in_viewport()


CONTRAST = (Path(__file__).parent / "contrast.js").read_text()

SMALL_TARGETS = """() => [...document.querySelectorAll("button, textarea, header a, .help a")]
  .map((node) => [node.textContent.trim() || node.id, node.getBoundingClientRect()])
  .filter(([, box]) => box.width && (box.width < 24 || box.height < 24)).map(([name]) => name)"""


class TestForEverybody:
    """WCAG 2.2 AA, as far as a machine can see it."""

    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_every_text_stands_out_from_what_is_behind_it(self, house, chromium, scheme: str) -> None:
        context = context_of(chromium, color_scheme=scheme)
        page = context.new_page()
        page.goto(f"{house.url}/chat")
        assert page.evaluate(CONTRAST) == []
        begin(house, page, AGREE)
        expect(page.locator(".choice")).to_have_count(2)
        page.get_by_label(words()["your_message"]).fill("x" * 4100)
        assert page.evaluate(CONTRAST) == []
        house.failures = 1
        write(page, "some words")
        expect(page.locator(".state.failed")).to_be_visible()
        page.reload()
        write(page, " ")
        expect(page.get_by_role("alert")).to_be_visible()
        assert page.evaluate(CONTRAST) == []
        context.close()

    @pytest.mark.parametrize("width", [320, 360, 1280])
    def test_nothing_runs_off_the_side_and_every_target_can_be_hit(self, house, chromium, width: int) -> None:
        context = context_of(chromium, viewport={"width": width, "height": 640})
        page = context.new_page()
        begin(house, page, AGREE, Outbound("Averyveryveryveryveryveryveryveryverylongwordwithoutanybreakinit"))
        expect(page.locator(".ours")).to_have_count(2)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(SMALL_TARGETS) == []
        context.close()

    def test_the_box_can_be_reached_when_the_page_is_enlarged_four_times(self, house, chromium) -> None:
        context = context_of(chromium, viewport={"width": 320, "height": 256})
        page = context.new_page()
        begin(house, page, AGREE)
        expect(page.locator(".choice")).to_have_count(2)
        page.get_by_label(words()["your_message"]).scroll_into_view_if_needed()
        expect(page.get_by_label(words()["your_message"])).to_be_in_viewport()
        context.close()

    def test_all_of_it_can_be_done_with_the_keyboard(self, house, page) -> None:
        page.goto(f"{house.url}/chat")
        names = []
        for _ in range(6):
            page.keyboard.press("Tab")
            names.append(page.evaluate("document.activeElement.id || document.activeElement.textContent.trim()"))
        assert names == ["Call 999", "Leave now", "log", "Start the chat", "text", "Send"]
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Enter")
        expect(page.locator("#hello")).to_have_count(0)
        house.say(AGREE)
        expect(page.locator(".choice")).to_have_count(2)
        assert page.evaluate("document.activeElement.id") == "log"
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.locator(".theirs")).to_contain_text("Agree")

    def test_new_lines_are_read_out_and_fields_have_names(self, house, page) -> None:
        begin(house, page)
        log = page.get_by_role("log", name=words()["messages"])
        assert log.get_attribute("aria-live") == "polite"
        expect(page.get_by_role("textbox", name=words()["your_message"])).to_be_visible()
        assert page.get_attribute("html", "lang") == "en-GB"
        assert page.locator("h1").count() == 1

    def test_nothing_moves_for_those_who_asked_for_stillness(self, house, chromium) -> None:
        context = context_of(chromium, reduced_motion="reduce")
        page = context.new_page()
        begin(house, page)
        expect(page.locator("#waiting")).to_be_visible()
        assert page.evaluate("getComputedStyle(document.querySelector('.dots i')).animationName") == "none"
        context.close()
