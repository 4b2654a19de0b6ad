"""Values of signing in: a session of one browser, and the link that begins one."""

from dataclasses import dataclass
from typing import Final

from schemas.models import ChoiceEnum

ADMINISTRATOR: Final = ""
"""Instead of a person's id: whoever looks after the accounts. They are nobody of the region and see no case."""


class Way(ChoiceEnum):
    """How somebody signed in."""

    LINK = "link"
    """By a link that works once."""
    PASSWORD = "password"  # noqa: S105 - a word for it
    OIDC = "oidc"
    """By the organisation's own log-in (OpenID Connect)."""


@dataclass(frozen=True, slots=True)
class SessionLimits:
    """How long sessions and the links that begin them last (ms)."""

    idle_ms: int = 12 * 3_600_000
    """Without any request."""
    whole_ms: int = 7 * 86_400_000
    """In any case."""
    link_ms: int = 15 * 60_000
    """A link that works once."""


@dataclass(frozen=True, slots=True)
class Session:
    """One browser that is signed in. What its cookie holds is known to the browser alone."""

    id: str
    """Names the session to those who end it; it opens nothing."""
    person: str
    """Id of a person of the region, or `ADMINISTRATOR`."""
    way: Way
    made_ms: int
    seen_ms: int
    """When it was last used, to the minute."""
    ends_ms: int
    """When it ends in any case."""
