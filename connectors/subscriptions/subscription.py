"""A subscription: what is sent, to whom, and how it stands."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from connectors.standard_webhooks.signatures import key_of
from schemas.models import ChoiceEnum
from schemas.topics import CASES, department_topic

MOST_AT_ONCE: Final = 500
"""Events in one request to a subscriber that takes several."""


class SubscriptionState(ChoiceEnum):
    """Whether anything is sent."""

    STARTING = "starting"
    """It has no place in its topic yet: what happened before it is active is not sent."""
    ACTIVE = "active"
    STOPPED = "stopped"
    """Nothing is lost: its place in the topic is known, and it goes on from there when it is resumed."""


class StopReason(ChoiceEnum):
    """Why a subscription stopped."""

    GONE = "gone"
    """The subscriber answered 410."""
    GAVE_UP = "gave_up"
    """It took nothing for too long."""
    FULL = "full"
    """Too much waits for it."""
    KEY_REVOKED = "key_revoked"
    """The key that made it no longer works."""
    LOG_ANEW = "log_anew"
    """The topic is not the one that was read before, so there is no place to go on from."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which changes are sent; what is empty does not narrow it."""

    department: str = ""
    """The orders of this department, as in its topic; empty: facts of cases."""
    category: str = ""
    """A category or subcategory."""
    area: str = ""
    """A grid or a segment."""
    case: str = ""
    words: bool = False
    """Whether facts come with the reporter's words."""

    @property
    def topic(self) -> str:
        """Where they are read, without prefix."""
        return department_topic(self.department) if self.department else CASES

    @property
    def narrowed(self) -> bool:
        """Whether a case may leave it."""
        return bool(self.category or self.area or self.case or not self.department)


@dataclass(frozen=True, slots=True)
class Receiver:
    """Where it is sent, and how."""

    url: str
    batch: bool = False
    """Whether it takes several events in one request."""
    inside: bool = False
    """Whether its address may be in a private network: the operator said so."""

    @property
    def host(self) -> str:
        """The name or address in it."""
        return (urlsplit(self.url).hostname or "").lower()

    @property
    def shown(self) -> str:
        """Its address without what may be a secret."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.hostname}{f':{parts.port}' if parts.port else ''}{parts.path}"


@dataclass(frozen=True, slots=True)
class Subscription:
    """One of them, as its file has it. Times are ms UTC."""

    n: int
    id: str
    selection: Selection
    receiver: Receiver
    key: str
    """Id of the department's key that made it; empty: the operator did."""
    made_ms: int
    secret: str
    secret_before: str
    """Signs besides the secret until `before_until_ms`."""
    before_until_ms: int
    state: SubscriptionState
    why: str
    """Why it stopped, or what is wrong with the subscriber now."""
    since_ms: int | None
    """From when on changes are sent."""
    tries: int
    """How often in a row the subscriber failed."""
    next_ms: int
    trouble_ms: int | None
    """Since when it takes nothing."""
    last_ms: int | None
    """When it took something last."""
    sent: int
    flight: int | None
    """The last document of the request that is on its way, or was when the process ended."""
    single: int | None
    """Up to this document it gets one in a request, as it refused several."""

    def keys(self, now_ms: int) -> tuple[bytes, ...]:
        """What signs now."""
        before = (self.secret_before,) if self.secret_before and now_ms < self.before_until_ms else ()
        return tuple(key_of(each) for each in (self.secret, *before))
