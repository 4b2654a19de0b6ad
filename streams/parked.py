"""Dead letters: one record in `parked` for everything that could not be processed, with its reason."""

import hashlib
from base64 import b64encode
from typing import Final, Literal

from schemas.codec import encode
from schemas.errors import Grid36Error
from schemas.models import LogModel
from schemas.topics import PARKED
from streams.partition.contract import ConsumedRecord, Output

KEPT_BYTES: Final = 64_000


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


def parked(
    record: ConsumedRecord | None,
    *,
    topic: str,
    partition: int,
    prefix: str,
    t_ms: int,
    error: str,
    reason: str,
    id: str | None = None,
    case: str | None = None,
) -> Output:
    """The record to write for `record` (None: a deadline) of a topic partition."""
    value = (record.value or b"") if record else b""
    entry = ParkedRecord(
        topic=topic,
        partition=partition,
        offset=record.offset if record else None,
        t_ms=t_ms,
        id=id,
        case=case,
        reason=reason,
        error=error,
        sha256=hashlib.sha256(value).hexdigest(),
        size=len(value),
        value_b64=b64encode(value[:KEPT_BYTES]).decode(),
    )
    return Output(prefix + PARKED, partition, f"{topic}-{partition}".encode(), encode(entry), t_ms=t_ms)


def reason_of(error: Exception) -> str:
    """The reason for people: the message of our own errors, only the class of any other."""
    return str(error) if isinstance(error, Grid36Error) else f"a fault of the program: {type(error).__name__}"
