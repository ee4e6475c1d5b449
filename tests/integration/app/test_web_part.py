"""The web server as a part of `serve`: it answers, it can start again on the same port, and knows nothing of Rasa."""

import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from app.house import House, build_house
from app.serving import WebPart, listening_socket
from app.settings import load_settings
from app.start_up import open_records
from records.clock import ManualClock


@pytest.fixture
def house(tmp_path: Path, sqlite_url: str, clock: ManualClock) -> Iterator[House]:
    settings = load_settings({"BLETHER_HOME": str(tmp_path / "home"), "BLETHER_DATABASE_URL": sqlite_url})
    open_records(settings, clock).dispose()
    house = build_house(settings, clock)
    yield house
    house.close()


@pytest.fixture
def web(house: House) -> Iterator[WebPart]:
    anywhere = house.settings.model_copy(update={"port": 0})
    with listening_socket(anywhere) as listener:
        part = WebPart(house, listener)
        yield part
        part.stop(20)


def ask(web: WebPart, path: str) -> httpx.Response:
    port = web.listener.getsockname()[1]
    return httpx.get(f"http://127.0.0.1:{port}{path}", timeout=20, trust_env=False)


def test_it_answers_and_says_honestly_that_no_loop_runs(web: WebPart) -> None:
    web.start()
    answer = ask(web, "/healthz")
    assert answer.status_code == 503
    assert answer.json() == {"healthy": False, "database": True, "turns": False, "delivery": False, "clocks": False}
    assert "server" not in answer.headers


def test_after_it_was_stopped_it_starts_again_on_the_same_port(web: WebPart) -> None:
    web.start()
    ask(web, "/healthz")
    web.stop(20)
    assert not web.is_alive()
    web.start()
    assert ask(web, "/healthz").status_code == 503
    assert web.is_alive()


def test_it_leaves_no_thread_behind(web: WebPart) -> None:
    web.start()
    ask(web, "/healthz")
    web.stop(20)
    assert "web" not in {thread.name for thread in threading.enumerate()}
