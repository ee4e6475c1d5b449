"""How long `blether serve` takes until it is ready, the first time (with training) and the second, and what it weighs.

Run it: `.venv/bin/python -m bench.start`. It starts on an empty home folder of its own and on a free port.
"""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

PATIENCE_SECONDS = 300.0


def main() -> None:
    """Start twice, and print one table."""
    table = Table("start", "web answers (s)", "ready (s)", "memory, all processes (MB)", title="blether serve")
    with tempfile.TemporaryDirectory() as home:
        for name in ("first, with training", "second"):
            table.add_row(name, *_start(Path(home)))
    Console().print(table)


def _start(home: Path) -> tuple[str, str, str]:
    port = _free_port()
    environment = {key: value for key, value in os.environ.items() if not key.startswith("BLETHER_")}
    environment |= {"BLETHER_HOME": str(home), "BLETHER_PORT": str(port)}
    began, moment = time.monotonic(), datetime.now(UTC)
    serving = subprocess.Popen(
        [sys.executable, "-m", "app", "serve"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        answers = _wait(serving, began, lambda: _answers(port))
        ready = _wait(serving, began, lambda: _beat_since(home, moment))
        weight = sum(_memory(process) for process in _family(serving.pid))
    finally:
        serving.send_signal(signal.SIGTERM)
        serving.wait(30)
    return f"{answers:.1f}", f"{ready:.1f}", f"{weight:.0f}"


def _wait(serving: "subprocess.Popen[bytes]", began: float, is_so: Callable[[], bool]) -> float:
    """Seconds until it is so."""
    while time.monotonic() - began < PATIENCE_SECONDS:
        if serving.poll() is not None:
            raise SystemExit(f"serve ended by itself ({serving.returncode}); `blether doctor` says more")
        if is_so():
            return time.monotonic() - began
        time.sleep(0.05)
    raise SystemExit("not ready in time")


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/chat", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def _beat_since(home: Path, moment: datetime) -> bool:
    """Has the dialogue said that it is loaded? An older heartbeat is of the start before."""
    file = home / "blether.db"
    if not file.exists():
        return False
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
            rows = database.execute("SELECT at FROM bookmarks WHERE name = 'worker:turns'").fetchall()
    except sqlite3.OperationalError:  # no tables yet
        return False
    return any(datetime.fromisoformat(at).replace(tzinfo=UTC) >= moment for (at,) in rows)


def _family(pid: int) -> list[int]:
    """A process and all it started (Linux)."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    threads = [path for path in Path(f"/proc/{pid}/task").iterdir() if path.name != str(pid)]
    children += [child for path in threads for child in (path / "children").read_text().split()]
    return [pid, *(one for child in children for one in _family(int(child)))]


def _memory(pid: int) -> float:
    """What a process alone holds, with its share of what it has in common with others, in MB (Linux)."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return 0.0


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


if __name__ == "__main__":
    main()
