"""The loop that takes turns: the only process that loads the dialogue."""

import threading
from functools import partial
from pathlib import Path

from anonymise.anonymiser import default_anonymiser
from app.heartbeat import TURNS
from app.house import House
from app.loops.keep_going import keep_going
from bot.actions import all_actions
from bot.runtime.loading import Dialogue
from bot.runtime.training import train
from bot.take_turn import take_turn
from bot.turn.heard import Heard
from bot.turn.turn import Tools, Turn
from bot.understand import Context, Parsed, parse
from bot.words import Words
from bot.worker import Worker
from protection.texts import parked_reply

_PATIENCE_SECONDS = 0.25  # on SQLite another process's bell is not heard


def run(house: House, stop: threading.Event) -> None:
    """Take turns until `stop` is set."""
    worker = worker_with(house, load_dialogue(house.settings.home))
    keep_going(house.database, stop, name=TURNS, topic="turns", patience=_PATIENCE_SECONDS, work=worker.take_all)


def load_dialogue(home: Path) -> Dialogue:
    """The trained dialogue; trained first if its files have changed."""
    return Dialogue.load(train(home, lambda step, done: None), all_actions())


def worker_with(house: House, dialogue: Dialogue) -> Worker:
    """A worker that thinks with this dialogue."""
    tools = Tools(
        mask=default_anonymiser().response,
        words=Words.load(),
        placeholder_key=house.database.box.placeholder_key,
    )
    think = partial(_think, tools, dialogue)
    capabilities = {name: channel.capabilities for name, channel in house.channels.items()}
    return Worker(house.database, capabilities, think, lambda channel: parked_reply())


def _think(tools: Tools, dialogue: Dialogue, heard: Heard) -> Turn:
    return take_turn(heard, tools, dialogue, partial(_read, dialogue))


def _read(dialogue: Dialogue, text: str, context: Context) -> Parsed:
    return parse(text, context, dialogue.classify)
