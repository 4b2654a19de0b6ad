"""The record in `parked` for an unusable row of a history."""

from base64 import b64encode
from hashlib import sha256
from typing import Final

from grid36.replay.file.rows import RowFault
from schemas.codec import encode
from schemas.parked import KEPT_BYTES, ParkedRecord

TOPIC: Final = "replay"
"""Stands where records from Kafka name the topic they came from; the offset is the row number."""


def parked_value(fault: RowFault, raw: bytes, id: str, t_ms: int) -> bytes:
    """The record in `parked`: the reason, the row number, and the row as it stands in the file."""
    kept = ParkedRecord(
        topic=TOPIC,
        partition=0,
        offset=fault.number,
        t_ms=t_ms,
        id=id,
        reason=str(fault),
        error="UnusableRow",
        sha256=sha256(raw).hexdigest(),
        size=len(raw),
        value_b64=b64encode(raw[:KEPT_BYTES]).decode(),
    )
    return encode(kept)
