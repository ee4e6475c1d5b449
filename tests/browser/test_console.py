"""The console in a real browser: every page at a desk and on a phone, light and dark, by keyboard, without scripts."""

import importlib.util
import sys
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright
from starlette.applications import Starlette
from starlette.routing import Mount

from console.accounts import create_staff
from console.house import ConsoleHouse
from console.pages import routes
from records.database import Database, open_engine
from records.types import Role

pytestmark = pytest.mark.browser

ARGUMENTS = ["--no-sandbox", "--disable-quic", "--disable-background-networking"]
SIZES = {"desk": (1280, 800), "phone": (360, 740), "zoomed in": (320, 480)}
SEEDS = Path(__file__).parents[1] / "integration" / "console" / "conftest.py"
CONTRAST = Path(__file__).with_name("test_console_contrast.js")


def _seeds():  # type: ignore[no-untyped-def]
    spec = importlib.util.spec_from_file_location("console_seeds", SEEDS)
    module = importlib.util.module_from_spec(spec)
    sys.modules["console_seeds"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def place(sqlite_url, box, clock) -> Iterator[tuple[str, dict[str, str]]]:
    """A console that is being served: its address, and the ids of what is in it."""
    seeds, database = _seeds(), Database(open_engine(sqlite_url), box, clock)
    with database.write() as unit:
        create_staff(unit, "all", "Catriona Fraser", list(Role), seeds.PASSWORD)
        ids = seeds.set_scene(unit, clock.now() - timedelta(minutes=5))
    app = Starlette(routes=[Mount("/console", routes=routes(ConsoleHouse(database, box, clock, seeds.remask)))])
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, ws="none", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 15
    while not server.started and thread.is_alive() and time.monotonic() < until:
        threading.Event().wait(0.02)
    assert server.started
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://localhost:{port}/console", ids | {"password": seeds.PASSWORD}
    server.should_exit = True
    thread.join(5)
    database.dispose()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        yield browser
        browser.close()


def signed_in(browser: Browser, place: tuple[str, dict[str, str]], **given: object) -> tuple[Page, list[str]]:
    page, faults = browser.new_context(**given).new_page(), []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{place[0]}/sign-in")
    page.get_by_label("Username").fill("all")
    page.get_by_label("Password").fill(place[1]["password"])
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="What waits for you").wait_for()
    return page, faults


def pages(ids: dict[str, str]) -> list[str]:
    asked = f"?round={ids['round']}&audience=person"
    return [
        "/",
        "/transcripts",
        f"/transcripts/{ids['talk']}",
        f"/statements{asked}",
        f"/statements/1{asked}",
        "/export",
        "/alerts",
        f"/alerts/{ids['alert']}",
        "/looks",
        f"/looks/{ids['look']}",
        "/requests",
    ]


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES.keys())
def test_every_page_fits_its_screen_has_one_heading_and_no_error(chromium, place, size):
    page, faults = signed_in(chromium, place, viewport={"width": size[0], "height": size[1]})
    for path in pages(place[1]):
        page.goto(place[0] + path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        assert page.locator("h1").count() == 1, path
        nameless = page.evaluate(
            """[...document.querySelectorAll("input:not([type=hidden]), select, textarea")]
               .filter((one) => one.labels.length === 0 && !one.ariaLabel).length"""
        )
        assert nameless == 0, path
    assert faults == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_letters_stand_out_from_their_ground(chromium, place, scheme):
    page, _ = signed_in(chromium, place, viewport={"width": 1280, "height": 800}, color_scheme=scheme)
    for path in pages(place[1]):
        page.goto(place[0] + path)
        assert page.evaluate(CONTRAST.read_text()) == [], path


def test_everything_to_press_is_large_enough_for_a_thumb(chromium, place):
    page, _ = signed_in(chromium, place, viewport={"width": 360, "height": 740})
    for path in pages(place[1]):
        page.goto(place[0] + path)
        small = page.evaluate(
            """[...document.querySelectorAll("button, select, textarea, summary, input:not([type=hidden]), .menu a")]
               .filter((one) => one.checkVisibility())
               .filter((one) => one.getBoundingClientRect().height < 24).map((one) => one.outerHTML)"""
        )
        assert small == [], path


def test_selected_words_are_put_into_the_field_and_masked(chromium, place):
    page, faults = signed_in(chromium, place, viewport={"width": 1280, "height": 800})
    page.goto(f"{place[0]}/transcripts/{place[1]['talk']}")
    line = page.locator(".line", has_text="The kirkmartin folk all know me.")
    line.locator(".text").evaluate(
        """(one) => { const range = document.createRange(); range.setStart(one.firstChild, 4);
           range.setEnd(one.firstChild, 14); getSelection().removeAllRanges(); getSelection().addRange(range); }"""
    )
    line.locator("summary", has_text="This still identifies someone").click()
    page.wait_for_function("document.activeElement.tagName === 'TEXTAREA'")
    assert line.get_by_label("Which words?").input_value() == "kirkmartin"
    line.get_by_role("button", name="Hide and mask").click()
    page.get_by_role("status").wait_for()
    assert "irkmartin" not in page.content()
    assert faults == []


def test_the_keyboard_alone_gets_from_the_first_page_to_the_words_of_an_alert(chromium, place):
    page, _ = signed_in(chromium, place, viewport={"width": 1280, "height": 800})
    page.goto(f"{place[0]}/alerts/{place[1]['alert']}")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    for _ in range(25):
        if page.evaluate("document.activeElement.id") == "reason":
            break
        page.keyboard.press("Tab")
    page.keyboard.type("I am on duty and read this now")
    page.keyboard.press("Enter")
    page.get_by_text("He pushed me again last night.").wait_for()
    assert page.title() == "Blether"
    assert page.evaluate("document.activeElement.id") == "opened-title"


def test_reading_works_without_scripts(chromium, place):
    page, _ = signed_in(chromium, place, java_script_enabled=False)
    page.goto(f"{place[0]}/transcripts/{place[1]['talk']}")
    page.get_by_role("button", name="Read, next").click()
    page.get_by_role("heading", name="Conversation").wait_for()
    assert place[1]["talk"] not in page.url


def test_the_printed_transcript_holds_the_words_and_no_buttons(chromium, place):
    page, _ = signed_in(chromium, place, viewport={"width": 1280, "height": 800})
    page.goto(f"{place[0]}/transcripts/{place[1]['talk']}")
    page.emulate_media(media="print")
    assert page.get_by_text("Mostly I ask").is_visible()
    assert not page.get_by_role("button", name="Read, next").is_visible()
    assert not page.locator("summary").first.is_visible()
