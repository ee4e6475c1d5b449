"""Who may open what: every page and every form of the console, in one table. What is not in it does not open."""

from collections.abc import Mapping

from records.types import Role

ANYBODY: frozenset[Role] | None = None  # signed out as well

ALL = frozenset(Role)
READERS = frozenset({Role.INSPECTOR, Role.ENGAGEMENT})
SAFEGUARDING = frozenset({Role.SAFEGUARDING})
ENGAGEMENT = frozenset({Role.ENGAGEMENT})

WHO: Mapping[tuple[str, str], frozenset[Role] | None] = {
    ("GET", "/static/{file}"): ANYBODY,
    ("GET", "/sign-in"): ANYBODY,
    ("POST", "/sign-in"): ANYBODY,
    ("POST", "/sign-out"): ALL,
    ("GET", "/"): ALL,
    ("POST", "/notifications/{id}/seen"): ALL,
    # what people said: masked, and read by everybody who decides with it
    ("GET", "/transcripts"): ALL,
    ("GET", "/transcripts/{id}"): ALL,
    ("POST", "/transcripts/{id}/read"): ALL,
    ("POST", "/transcripts/{id}/turns/{turn}/mask"): ALL,
    ("POST", "/transcripts/{id}/turns/{turn}/concern"): ALL,
    ("GET", "/statements"): READERS,
    ("GET", "/statements/{number:int}"): READERS,
    ("GET", "/export"): READERS,
    ("POST", "/export/{kind}"): READERS,
    # somebody's own words: only those who keep people safe
    ("GET", "/alerts"): SAFEGUARDING,
    ("GET", "/alerts/{id}"): SAFEGUARDING,
    ("POST", "/alerts/{id}/open"): SAFEGUARDING,
    ("POST", "/alerts/{id}/acknowledge"): SAFEGUARDING,
    ("POST", "/alerts/{id}/close"): SAFEGUARDING,
    ("GET", "/looks"): SAFEGUARDING,
    ("GET", "/looks/{id}"): SAFEGUARDING,
    ("POST", "/looks/{id}/open"): SAFEGUARDING,
    ("POST", "/looks/{id}/clear"): SAFEGUARDING,
    ("POST", "/looks/{id}/alert"): SAFEGUARDING,
    ("GET", "/requests"): ENGAGEMENT,
    ("POST", "/requests/{id}/done"): ENGAGEMENT,
}


def may_open(roles: frozenset[Role], method: str, path: str) -> bool:
    """May somebody with these roles open this route? Raises: KeyError for a route that is not in the table."""
    allowed = WHO[(method, path)]
    return allowed is None or bool(roles & allowed)
