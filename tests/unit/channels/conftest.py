"""A fake intake and a fake status recorder for the channels' own tests."""

from dataclasses import dataclass, field

import pytest

from records.tables.outbox import OutboxState
from records.types import Inbound, Receipt


@dataclass
class FakeIntake:
    """Keeps what it is given, knows repeats, and fails when told to."""

    received: list[Inbound] = field(default_factory=list)
    failure: Exception | None = None
    fails_on: str | None = None  # only for messages with this text

    def receive(self, inbound: Inbound) -> Receipt:
        if self.failure and self.fails_on in (None, inbound.text):
            raise self.failure
        key = (inbound.channel, inbound.to, inbound.external_id)
        repeated = any((seen.channel, seen.to, seen.external_id) == key for seen in self.received)
        if not repeated:
            self.received.append(inbound)
        return Receipt(message_id=str(len(self.received)), repeated=repeated)


@dataclass
class FakeRecorder:
    """Keeps the status reports it is given."""

    reports: list[tuple[str | None, str | None, OutboxState, str | None]] = field(default_factory=list)

    def __call__(
        self, *, attempt_id: str | None, provider_id: str | None, state: OutboxState, error: str | None
    ) -> bool:
        self.reports.append((attempt_id, provider_id, state, error))
        return True


@pytest.fixture
def intake() -> FakeIntake:
    return FakeIntake()


@pytest.fixture
def recorder() -> FakeRecorder:
    return FakeRecorder()
