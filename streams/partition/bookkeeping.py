"""The record per partition that says how far it is; in its state topic under the key `__partition`."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Self

from schemas.topics import PLACE_KEY
from streams.partition.errors import BookkeepingTooLargeError, WrongPartitionsError

KEY: Final = PLACE_KEY
LIMIT_BYTES: Final = 2048
ENGINE_FIELDS: Final = frozenset({"next", "clock", "partitions", "last", "lost"})


@dataclass(frozen=True, slots=True)
class Bookkeeping:
    """How far a partition is.

    `next` is the first offset not yet applied, `clock` the partition's time (ms), `last` offset and Kafka time (ms)
    of the last applied record, `step` what the step itself wants back. `lost` counts the offsets that were deleted
    before they were applied and accepted as lost (`streams/loss.py`).
    """

    partitions: int
    next: int = 0
    clock: int = 0
    last: tuple[int, int] | None = None
    step: Mapping[str, object] = field(default_factory=dict)
    lost: int = 0

    def encode(self) -> bytes:
        """As JSON; raises `BookkeepingTooLargeError` above 2 kB."""
        fields: dict[str, object] = {"next": self.next, "clock": self.clock, "partitions": self.partitions}
        fields |= {"last": self.last} | ({"lost": self.lost} if self.lost else {})
        value = json.dumps({**self.step, **fields}, ensure_ascii=False, separators=(",", ":")).encode()
        if len(value) > LIMIT_BYTES:
            raise BookkeepingTooLargeError(bytes=len(value))
        return value

    @classmethod
    def decode(cls, value: bytes | None, *, topic: str, partitions: int) -> Self:
        """What `encode` made, or a fresh start; raises `WrongPartitionsError` when written for another number."""
        if value is None:
            return cls(partitions)
        fields = json.loads(value)
        if fields["partitions"] != partitions:
            raise WrongPartitionsError(topic=topic, expected=fields["partitions"], found=partitions)
        last = fields.get("last")
        step = {name: content for name, content in fields.items() if name not in ENGINE_FIELDS}
        place = (last[0], last[1]) if last else None
        return cls(partitions, fields["next"], fields["clock"], place, step, fields.get("lost", 0))
