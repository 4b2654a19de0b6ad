"""How far readers are behind the log, and the ledger among them: for those who have to wait until all is read."""

import asyncio
from collections.abc import Iterable, Mapping
from pathlib import Path
from time import monotonic
from typing import Final, Self

from aiokafka import AIOKafkaConsumer, TopicPartition

from connectors.ledger.connection import LedgerAway
from connectors.ledger.queries.cases import Ledger
from schemas.errors import ServiceAway
from schemas.topics import EVENTS, TEXTS
from streams.kafka.clients import consumer as kafka_consumer
from streams.kafka.closing import stop_quietly
from streams.kafka.topic_reader import partitions_of

LOOK_S: Final = 0.1


class LedgerBehind(ServiceAway):
    """The ledger did not catch up with the log in time. Look at its process with `grid36 status`."""

    behind: int


class Progress:
    """Asks how many offsets a reader is behind; 0 is exact, other numbers include transaction markers.

    Use it in `async with`; the client's errors pass through.
    """

    def __init__(self, servers: str, partitions: Iterable[int], prefix: str = "") -> None:
        self._partitions = tuple(partitions)
        self._prefix = prefix
        self._looker = consumer_of(servers)
        # sees what a commit has not made visible yet: its markers are written after it has returned
        self._ends = consumer_of(servers, isolation="read_uncommitted")

    async def __aenter__(self) -> Self:
        try:
            await self._looker.start()
            await self._ends.start()
        except BaseException:
            await self.__aexit__()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        for consumer in (self._looker, self._ends):
            await stop_quietly(consumer)

    async def left(self, topic: str, positions: Mapping[int, int]) -> int:
        """What a reader has left of `topic` (without prefix); `positions`: next offset by partition, else 0."""
        parts = [TopicPartition(self._prefix + topic, p) for p in self._partitions]
        first, end = await self._ends.beginning_offsets(parts), await self._ends.end_offsets(parts)
        left = 0
        for part in parts:
            start = max(first[part], positions.get(part.partition, 0))
            if start < end[part] and not await self._only_markers(part, start, end[part]):
                left += end[part] - start
        return left

    async def left_to_ledger(self, ledger: Ledger, topic: str = EVENTS) -> int:
        """What the ledger has left of `events` or `texts`; all of it while there is no ledger."""
        try:
            positions = ledger.positions()
        except LedgerAway:
            positions = {}
        return await self.left(topic, {p: at.offset for (name, p), at in positions.items() if name == topic})

    async def _only_markers(self, part: TopicPartition, start: int, end: int) -> bool:
        """Whether nothing but transaction markers lies between two offsets."""
        self._looker.assign([part])
        self._looker.seek(part, start)
        while (position := await self._looker.position(part)) < end:
            found = await self._looker.getmany(part, timeout_ms=300, max_records=1)
            if found or await self._looker.position(part) == position:
                return False
        return True


async def wait_until_caught_up(servers: str, path: Path | str, *, prefix: str = "", limit_s: float = 60.0) -> None:
    """Return when the ledger has read all there is. Raises `LedgerBehind` after `limit_s` without progress."""
    ledger, last, moved = Ledger(path), -1, monotonic()
    try:
        async with Progress(servers, await partitions_of(servers, prefix + EVENTS), prefix) as progress:
            while left := sum([await progress.left_to_ledger(ledger, topic) for topic in (EVENTS, TEXTS)]):
                if left != last:
                    last, moved = left, monotonic()
                elif monotonic() - moved > limit_s:
                    raise LedgerBehind(behind=left)
                await asyncio.sleep(LOOK_S)
    finally:
        ledger.close()


def consumer_of(servers: str, isolation: str = "read_committed") -> AIOKafkaConsumer:
    """A reader without a group that answers soon."""
    return kafka_consumer(servers, isolation_level=isolation, auto_offset_reset="earliest", fetch_max_wait_ms=100)
