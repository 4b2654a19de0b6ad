"""Events: what happened. Topic `events`, key = home: the record of the system, in one order per partition.

No free text, no photo address, no contact data: references with digests only.
"""

import hashlib
from typing import Any, Literal

from pydantic import Field, TypeAdapter

from schemas.models import ChoiceEnum, LogModel


class EventType(ChoiceEnum):
    """The type of an event, as a past participle."""

    OPENED = "opened"
    INFORMATION_NEEDED = "information_needed"
    SUPPLIED = "supplied"
    REMINDED = "reminded"
    MOVED = "moved"
    MERGED = "merged"
    MERGE_REQUESTED = "merge_requested"
    RELATED = "related"
    FOLLOWER_JOINED = "follower_joined"
    FOLLOWER_LEFT = "follower_left"
    SPLIT = "split"
    REFUSED = "refused"
    DISPATCHED = "dispatched"
    ACKNOWLEDGED = "acknowledged"
    CONTACTED = "contacted"
    RETURNED = "returned"
    HANDED_ON = "handed_on"
    TAKEN_OVER = "taken_over"
    PAUSE_REQUESTED = "pause_requested"
    EXTENSION_REQUESTED = "extension_requested"
    SUSPENDED = "suspended"
    EXTENDED = "extended"
    REQUEST_DENIED = "request_denied"
    RESUMED = "resumed"
    MILESTONE_REACHED = "milestone_reached"
    RESOLVED = "resolved"
    REWORK_ORDERED = "rework_ordered"
    CLOSED = "closed"
    REOPENED = "reopened"
    INSPECTED = "inspected"
    RATED = "rated"
    CORRECTED = "corrected"
    ASKED = "asked"
    ANSWERED = "answered"
    URGED = "urged"
    RAISED = "raised"
    LIST_CHANGE_AGREED = "list_change_agreed"
    LIST_CHANGE_APPROVED = "list_change_approved"
    LIST_CHANGE_DENIED = "list_change_denied"
    OFFERED = "offered"
    ADMISSION_REQUESTED = "admission_requested"
    ADMITTED = "admitted"
    WHISTLED = "whistled"
    REPORTED_IN = "reported_in"
    REPORT_IN_MISSED = "report_in_missed"
    REPORT_IN_RATED = "report_in_rated"
    DEADLINE_MISSED = "deadline_missed"
    ESCALATED = "escalated"
    NOTICE_WITHDRAWN = "notice_withdrawn"
    ARCHIVED = "archived"
    TEXT_ERASED = "text_erased"
    ACTION_REFUSED = "action_refused"
    COVER_SET = "cover_set"
    RULEBOOK_ACTIVATED = "rulebook_activated"
    COMMAND_PARKED = "command_parked"
    PARKED_RETRIED = "parked_retried"
    PARKED_DROPPED = "parked_dropped"


class Because(LogModel):
    """The reason: a code and a sentence for citizens in both languages; for a rule also the rows that won and lost."""

    code: str
    zh: str
    en: str
    version: str | None = None
    row: str | None = None
    row_number: int | None = None
    facts: dict[str, str | int] = Field(default_factory=dict)
    also: tuple[str, ...] = ()


class Event(LogModel):
    """One thing that happened. `now` holds the fields of the case that it sets (in JSON form)."""

    v: Literal[1] = 1
    n: int
    """Ordinal in its partition, without gaps."""
    prev: str
    """Digest of the previous event's value bytes; empty for n = 0."""
    t_ms: int
    """Its time on the log: that of the command, or of the deadline."""
    occurred_ms: int | None = None
    """When it really happened, if the act reached the log later."""
    type: EventType
    home: str
    grid: str
    case: str | None = None
    command: str
    """Id of the command that caused it, or `due:<deadline>`."""
    by: str
    """Person, `system`, or `source` (a replay)."""
    because: Because | None = None
    now: dict[str, Any] = Field(default_factory=dict)
    facts: dict[str, Any] = Field(default_factory=dict)
    """Facts for readers that are not fields of the case: figures to count, candidates, notices withdrawn."""


EVENT: TypeAdapter[Event] = TypeAdapter(Event)


def digest_of(value: bytes) -> str:
    """The digest that the next event carries: the first 32 hex digits of SHA-256 of the value bytes."""
    return hashlib.sha256(value).hexdigest()[:32]
