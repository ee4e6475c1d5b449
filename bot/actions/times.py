"""Says a moment the way people do, on the clock in Scotland."""

from datetime import datetime

from records.clock import LONDON


def by_when(due: datetime) -> str:
    """When to expect a person, with its little word in front: "by 5pm on Wednesday 30 September"."""
    local = due.astimezone(LONDON)
    minutes = f".{local:%M}" if local.minute else ""
    return f"by {local:%-I}{minutes}{local:%p} on {local:%A %-d %B}".replace("AM", "am").replace("PM", "pm")
