"""What `blether serve` does: prepares the house, starts its parts, says when it is ready, stops them in good order.

The web server and the loops that carry safety messages live here; the dialogue, which may break, in its own process.
"""

import importlib
import logging
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import uvicorn
from rich.console import Console

from app import heartbeat, welcome
from app.settings import Settings
from app.start_up import prepare_database, prepare_demo, prepare_dialogue
from app.supervisor import ProcessPart, Supervisor, ThreadPart
from records.database import Database
from records.errors import ConfigurationError

if TYPE_CHECKING:
    from app.house import House

_log = logging.getLogger("blether.web")

PATIENCE_SECONDS = 120.0
_BACKLOG = 512
_LOOK_EVERY = 0.2


def serve_all(settings: Settings, screen: Console) -> None:
    """Run everything until Ctrl-C or SIGTERM."""
    stop = stopping()
    with listening_socket(settings) as listener:
        welcome.greet(screen)
        database = prepare_database(settings, screen)
        prepare_dialogue(settings, screen)
        if stop.is_set():
            return
        accounts = prepare_demo(settings, database, screen)
        welcome.tell_channels(settings, screen)
        supervisor, since = Supervisor(time.monotonic), database.clock.now()
        try:
            supervisor.start(_turns())  # first, because loading the dialogue takes longest
            web = _start_web_and_loops(supervisor, settings, listener)
            with screen.status("[dim]Starting[/]"):
                is_ready = _wait_until_ready(supervisor, web, database, since, stop)
            if not stop.is_set():
                welcome.welcome(settings, accounts, screen, is_ready)
            while not stop.wait(_LOOK_EVERY):
                supervisor.look()
        finally:
            welcome.part(screen)
            supervisor.stop()
            database.dispose()


def run_web(house: "House", listener: socket.socket) -> None:
    """Run the web server alone, on this thread, until Ctrl-C or SIGTERM."""
    _server(house).run(sockets=[listener])


def loop_called(name: str) -> Callable[["House", threading.Event], None]:
    """One of the three loops. Imported only now, because turns brings Rasa with it."""
    run: Callable[[House, threading.Event], None] = importlib.import_module(f"app.loops.{name}").run
    return run


def listening_socket(settings: Settings) -> socket.socket:
    """Listen, before anything that takes time.

    Raises: ConfigurationError when the port is taken or the host is not this machine's.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
        listener.listen(_BACKLOG)
    except OSError:
        listener.close()
        raise ConfigurationError(
            f"Port {settings.port} on {settings.host} cannot be used: something else listens there, perhaps another "
            f"Blether. Stop it, or take another port: --port {settings.port % 65535 + 1}"
        ) from None
    return listener


def stopping() -> threading.Event:
    """An event that Ctrl-C or SIGTERM sets. A second Ctrl-C breaks off at once."""
    stop = threading.Event()

    def ask(*_: Any) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, ask)
    return stop


@dataclass(slots=True)
class WebPart:
    """The web server, on a thread of this process."""

    house: "House"
    listener: socket.socket
    name: str = "web"
    _server: uvicorn.Server | None = None
    _thread: threading.Thread | None = None

    @property
    def has_started(self) -> bool:
        """Does it answer?"""
        return self._server is not None and self._server.started

    def start(self) -> None:
        self._server = server = _server(self.house)
        # uvicorn closes the socket it was given; ours stays open, so that it can start again
        self._thread = threading.Thread(
            target=_guarded, args=(server, self.listener.dup()), name=self.name, daemon=True
        )
        self._thread.start()

    def is_alive(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def ask_to_stop(self) -> None:
        if self._server is not None:
            self._server.should_exit = True

    def stop(self, seconds: float) -> None:
        self.ask_to_stop()
        if self._thread is not None:
            self._thread.join(seconds)


def _server(house: "House") -> uvicorn.Server:
    from app.web import web_app

    config = uvicorn.Config(
        web_app(house),
        log_config=None,
        ws="none",  # nothing here uses web sockets, and Rasa holds their library back
        access_log=False,
        server_header=False,
        proxy_headers=False,  # where we are reached is configured, never forwarded
        timeout_graceful_shutdown=3,
        lifespan="auto",
    )
    return uvicorn.Server(config)


def _guarded(server: uvicorn.Server, listener: socket.socket) -> None:
    try:
        server.run(sockets=[listener])
    except (Exception, SystemExit):  # uvicorn leaves by the second when it cannot start
        _log.exception("the web server broke off")


def _turns() -> ProcessPart:
    return ProcessPart("turns", (sys.executable, "-m", "app", "worker", "turns", "--with-parent"))


def _start_web_and_loops(supervisor: Supervisor, settings: Settings, listener: socket.socket) -> WebPart:
    from app.house import build_house

    house = build_house(settings)

    def loop(name: str) -> ThreadPart:
        return ThreadPart(name, lambda stop: loop_called(name)(house, stop))

    web = WebPart(house, listener)
    supervisor.start(web, loop("delivery"), loop("clocks"))
    return web


def _wait_until_ready(
    supervisor: Supervisor, web: WebPart, database: Database, since: datetime, stop: threading.Event
) -> bool:
    """Wait until the web answers and the dialogue says that it is loaded. False when that takes too long."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and not stop.wait(_LOOK_EVERY):
        supervisor.look()
        if web.has_started and _beats(database, heartbeat.TURNS, since):
            return True
    return False


def _beats(database: Database, name: str, since: datetime) -> bool:
    with database.read() as session:
        beat = heartbeat.last_beat(session, name)
    return beat is not None and beat >= since
