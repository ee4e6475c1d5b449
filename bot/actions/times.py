"""Says a moment the way people do, on the clock in Scotland."""

from datetime import datetime, timedelta

from records.clock import LONDON


def by_when(due: datetime) -> str:
    """When to expect a person, with its little word in front: "by 5pm on Wednesday 30 September". To the full hour."""
    local = due.astimezone(LONDON)
    if (local.minute, local.second, local.microsecond) != (0, 0, 0):
        local = local.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    hour = {0: "midnight", 12: "noon"}.get(local.hour) or f"{local.hour % 12}{'am' if local.hour < 12 else 'pm'}"
    return f"by {hour} on {local:%A %-d %B}"
