"""Runs our actions inside Rasa's turn, in this process, and lets no failure of theirs be swallowed.

Rasa catches every exception of an action, logs it and saves the turn as if nothing had happened. So a failure travels
as a BaseException until it is out of Rasa's hands, and must never be turned into a saved turn.
"""

# ruff: noqa: E402 - Rasa can only be imported once the process is prepared for it

from collections.abc import Iterable, Mapping
from typing import Any

from bot.runtime import standin

standin.prepare()

from rasa.core.actions.action import Action, ActionExecutionRejection, RemoteAction
from rasa.core.channels.channel import OutputChannel
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, deserialise_events
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity
from rasa_sdk import Action as OurAction
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection as OurRejection

from records.errors import BletherError


class TurnAborted(BaseException):
    """An action failed. Carries the failure as its cause, past Rasa's `except Exception`."""


class TooManyActions(BletherError):
    """The dialogue went round in circles: its rules named more actions for one message than is allowed."""


class Executor:
    """Our actions by name. Instances are registered: registering a package would exit the process on an ImportError."""

    def __init__(self, actions: Iterable[OurAction]) -> None:
        self._executor = ActionExecutor()
        for action in actions:
            self._executor.register_action(action)
        self._domains: dict[int, dict[str, Any]] = {}

    @property
    def names(self) -> frozenset[str]:
        """The names of all actions that can be run."""
        return frozenset(self._executor.actions)

    async def run(self, name: str, tracker: DialogueStateTracker, domain: Domain) -> Mapping[str, Any]:
        """The events and responses of one action, as rasa-sdk gives them. Raises: ActionExecutionRejection."""
        call = {
            "next_action": name,
            "sender_id": tracker.sender_id,
            "tracker": tracker.current_state(EventVerbosity.ALL),
            "domain": self._domain(domain),
        }
        try:
            return await self._executor.run(call) or {}
        except OurRejection as rejection:
            raise ActionExecutionRejection(rejection.action_name, rejection.message) from rejection

    def _domain(self, domain: Domain) -> dict[str, Any]:
        """The domain as actions see it. Writing it out takes longer than most actions, so it is done once."""
        if id(domain) not in self._domains:
            self._domains[id(domain)] = domain.as_dict()
        return self._domains[id(domain)]


class GuardedAction(Action):  # type: ignore[misc]
    """Any action of the dialogue, run by us if it is ours, by Rasa if it is Rasa's."""

    def __init__(self, action: Action, executor: Executor) -> None:
        self._action = action
        self._executor = executor

    def name(self) -> str:
        """The name of the action inside."""
        return str(self._action.name())

    def event_for_successful_execution(self, prediction: PolicyPrediction) -> Event:
        """Whatever the action inside records of itself."""
        return self._action.event_for_successful_execution(prediction)

    async def run(
        self,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        tracker: DialogueStateTracker,
        domain: Domain,
    ) -> list[Event]:
        """The action's events. Raises: ActionExecutionRejection as Rasa expects it; TurnAborted for any failure."""
        try:
            if not isinstance(self._action, RemoteAction):
                return list(await self._action.run(output_channel, nlg, tracker, domain))
            result = await self._executor.run(self.name(), tracker, domain)
            said = await RemoteAction._utter_responses(result.get("responses", []), output_channel, nlg, tracker)
            return [*said, *deserialise_events(result.get("events", []))]
        except ActionExecutionRejection:
            raise
        except Exception as failure:
            raise TurnAborted from failure


class TurnProcessor(MessageProcessor):  # type: ignore[misc]
    """Rasa's processor, with every action guarded and no way to stop half-way unnoticed."""

    def __init__(self, *args: Any, executor: Executor, **kwargs: Any) -> None:
        super().__init__(*args, on_circuit_break=_refuse_to_go_on, **kwargs)
        self._executor = executor

    async def _run_action(self, action: Action, *args: Any, **kwargs: Any) -> bool:
        return bool(await super()._run_action(GuardedAction(action, self._executor), *args, **kwargs))


def _refuse_to_go_on(*_: object) -> None:
    raise TurnAborted from TooManyActions("The dialogue kept naming actions for one message. The turn was not saved.")
