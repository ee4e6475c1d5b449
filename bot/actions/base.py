"""What every action of the dialogue is: one small step on the turn. It never touches the database or a channel."""

from abc import abstractmethod
from typing import Any, ClassVar

from rasa_sdk.interfaces import Action

from bot.turn.turn import Turn, current_turn


class Step(Action):  # type: ignore[misc]  # rasa-sdk is published without types
    """An action with a name that the rules use, and one thing that it does to the turn.

    It returns no events: what it changes is on the turn, and the slots are set from the turn before the next message.
    """

    step: ClassVar[str]

    def name(self) -> str:
        """The name in the rules."""
        return self.step

    def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[dict[str, Any]]:
        """Do it. Raises: NoTurn outside a turn."""
        self.act(current_turn())
        return []

    @abstractmethod
    def act(self, turn: Turn) -> None:
        """What this step does."""


class Answer(Step):
    """Answers with one wording and changes nothing: for the questions that people ask us."""

    def __init__(self, step: str, key: str) -> None:
        self._step = step
        self._key = key

    def name(self) -> str:
        """The name in the rules."""
        return self._step

    def act(self, turn: Turn) -> None:
        """Say it."""
        turn.tell(self._key, **facts(turn))


def facts(turn: Turn) -> dict[str, object]:
    """What wordings and notices may be filled with."""
    about = turn.heard.round
    return {
        "area": about.area,
        "bodies": about.bodies,
        "contact": about.contact,
        "delete_until": f"{about.delete_until:%-d %B %Y}",
    }
