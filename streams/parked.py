"""Dead letters: one record in `parked` for everything that could not be processed, with its reason."""

import hashlib
import logging
from base64 import b64encode

from schemas.codec import encode
from schemas.errors import Grid36Error
from schemas.parked import KEPT_BYTES, ParkedOutcome, ParkedRecord, SettleOutcome
from schemas.settling import Settle, Settling
from schemas.topics import PARKED
from streams.partition.contract import ConsumedRecord, Output

log = logging.getLogger(__name__)


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
    log.warning(
        "%s/%d@%s is parked", topic, partition, record.offset if record else "deadline",
        extra={"report": id, "case": case, "error": error},
    )  # fmt: skip
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


def settled(
    asked: Settling,
    *,
    topic: str,
    partition: int,
    prefix: str,
    t_ms: int,
    report: str | None = None,
    error: Exception | None = None,
) -> Output:
    """The record that says what became of a person's word on a parked record; with an `error`, that it failed.

    `report` is parked no longer.
    """
    done = SettleOutcome.RETRIED if asked.settle is Settle.RETRY else SettleOutcome.DROPPED
    entry = ParkedOutcome(
        outcome=done if error is None else SettleOutcome.FAILED,
        of=asked.parked,
        by=asked.by,
        why=asked.why,
        t_ms=t_ms,
        report=report,
        reason="" if error is None else reason_of(error),
        error="" if error is None else type(error).__name__,
    )
    return Output(prefix + PARKED, partition, f"{topic}-{partition}".encode(), encode(entry), t_ms=t_ms)


def reason_of(error: Exception) -> str:
    """The reason for people: the message of our own errors, only the class of any other."""
    return str(error) if isinstance(error, Grid36Error) else f"a fault of the program: {type(error).__name__}"
