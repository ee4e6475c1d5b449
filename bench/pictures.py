"""Makes the pictures of the README from the real thing: a chat on a phone, then the console an inspector sees.

Run: python bench/pictures.py [folder]. Needs Chromium. Starts a Blether of its own on a throw-away database.
"""

import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-quic", "--disable-background-networking"]
PHONE = {"width": 390, "height": 780}
DESK = {"width": 1240, "height": 900}
SAID = [
    "hello",
    "26 or over",
    "I use services",
    "GO",
    "Agree",
    "Agnieszka from the team phones me every Friday, so I always know what comes next.",
    "Disagree",
    "I told them mornings are too early for me. Nothing changed until my daughter Morag rang Dr Farquhar.",
]
_PATIENCE_SECONDS = 180


def main(folder: Path) -> None:
    """Write the pictures into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    with running() as (site, password), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        phone = browser.new_page(viewport=PHONE, device_scale_factor=2)
        converse(phone, site)
        phone.screenshot(path=folder / "chat-phone.png")
        desk = browser.new_page(viewport=DESK, device_scale_factor=1.5)
        read(desk, site, password)
        desk.screenshot(path=folder / "console-transcript.png")
        browser.close()


@contextmanager
def running() -> Iterator[tuple[str, str]]:
    """A Blether that is ready: its address, and the demo inspector's password."""
    with tempfile.TemporaryDirectory() as home:
        log = Path(home) / "log.txt"
        trained = ROOT / "var" / "models"
        if trained.is_dir():
            (Path(home) / "models").symlink_to(trained)
        port = free_port()
        settings = {"BLETHER_HOME": home, "BLETHER_PORT": str(port), "BLETHER_SETTLE_SECONDS": "0.5"}
        command = [sys.executable, "-m", "app", "serve"]
        with log.open("w") as out:
            process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **settings}, stdout=out)  # noqa: S603
        try:
            wait_for(f"http://127.0.0.1:{port}/healthz", log)
            (password,) = re.findall(r"demo-inspector\s+(\S+)", log.read_text())
            yield f"http://127.0.0.1:{port}", password
        finally:
            process.terminate()
            process.wait(30)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def wait_for(address: str, log: Path) -> None:
    """Wait until the house is ready. Raises: SystemExit when it does not become so."""
    for _ in range(_PATIENCE_SECONDS):
        time.sleep(1)
        if "Ready" in log.read_text() or "demo-inspector" in log.read_text():
            with urlopen(address):  # noqa: S310 - our own loopback address
                return
    raise SystemExit(f"Blether did not start: {log.read_text()}")


def converse(page: Page, site: str) -> None:
    """Say what is said, each once the answer to the one before has come."""
    page.goto(f"{site}/chat")
    ours = page.locator("#lines .ours")
    for words in SAID:
        before = ours.count()
        page.get_by_label("Your message").fill(words)
        page.get_by_role("button", name="Send", exact=True).click()
        ours.nth(before).wait_for(timeout=20_000)
        page.wait_for_timeout(2_500)  # what follows the first reply


def read(page: Page, site: str, password: str) -> None:
    """Sign in as the inspector and open the conversation."""
    page.goto(f"{site}/console/")
    page.get_by_label("Username").fill("demo-inspector")
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.goto(f"{site}/console/transcripts")
    page.locator("table a").first.click()
    page.wait_for_load_state()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "images")
