"""Parked records: what could not be processed and why, and what became of it when a person asked for something.

A parked record is named by its place in the topic `parked`, `partition-offset`, such as `3-17`.
"""

from base64 import b64decode
from typing import Annotated, Final, Literal

from pydantic import Field

from schemas.models import ChoiceEnum, LogModel

KEPT_BYTES: Final = 64_000
ParkedId = Annotated[str, Field(pattern=r"^\d{1,9}-\d{1,18}$")]
"""Partition and offset in `parked`."""


class ParkedRecord(LogModel):
    """Topic `parked`, key = source topic and partition: where a record was, why it was parked, and what it was."""

    v: Literal[1] = 1
    topic: str
    partition: int
    offset: int | None = None
    """None: a deadline, not a record."""
    t_ms: int
    id: str | None = None
    """Of the report or command, where it could be read."""
    case: str | None = None
    reason: str
    """For people: what is wrong and what to do."""
    error: str
    """Class of the error, or a code."""
    sha256: str = ""
    """Of the whole value, in hex."""
    size: int = 0
    value_b64: str = ""
    """The first 64 kB of the value, base64."""

    @property
    def value(self) -> bytes:
        """What is kept of the value."""
        return b64decode(self.value_b64)

    @property
    def is_whole(self) -> bool:
        """Whether all of the value is kept."""
        return 0 < self.size <= KEPT_BYTES


class SettleOutcome(ChoiceEnum):
    """What became of a person's word."""

    RETRIED = "retried"
    DROPPED = "dropped"
    FAILED = "failed"
    """It was tried and cannot be processed still: it stays parked."""


class ParkedOutcome(LogModel):
    """Topic `parked`, with the key of the parked record: what became of a person's word on it."""

    v: Literal[1] = 1
    outcome: SettleOutcome
    of: ParkedId
    by: str
    why: str = ""
    t_ms: int
    report: str | None = None
    """The report that is no longer parked."""
    reason: str = ""
    """Why it failed again, for people."""
    error: str = ""
