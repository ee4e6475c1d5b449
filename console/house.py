"""What the console is given: the database, the clock, and the two things it asks other rooms to do."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from protection.desk import RaiseConcern
from protection.raising import raise_by_staff
from records.clock import Clock
from records.database import Database
from records.sealed import SealedBox

Remask = Callable[[str, Sequence[str]], str]


@dataclass(frozen=True, slots=True)
class ConsoleHouse:
    """Everything the pages need. `remask` masks the words a person chose in a text that is masked already."""

    database: Database
    box: SealedBox
    clock: Clock
    remask: Remask
    raise_concern: RaiseConcern = raise_by_staff
