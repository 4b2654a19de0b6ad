"""How far readers (such as the ledger) are behind the log, for callers that wait until everything is read."""

import asyncio
from collections.abc import Iterable, Mapping
from time import monotonic
from typing import Any, Final, Self

from aiokafka import AIOKafkaConsumer, TopicPartition

from connectors.ledger.address import LedgerAddress
from connectors.ledger.connection import LedgerAway
from connectors.ledger.queries.cases import Ledger
from schemas.errors import ServiceAway
from schemas.topics import EVENTS, TEXTS
from streams.kafka.clients import consumer as kafka_consumer
from streams.kafka.closing import stop_quietly
from streams.kafka.topic_reader import partitions_of

LOOK_S: Final = 0.1
STILL_S: Final = 0.3
"""How long a partition may return nothing before it counts as holding records that are not visible yet."""


LITTLE: Final = 4 << 10
"""Bytes fetched from a partition to look for unread records; the broker sends at least one whole batch."""


class LedgerBehind(ServiceAway):
    """The ledger did not catch up with the log in time. Look at its process with `grid36 status`."""

    behind: int


class Progress:
    """Finds how many offsets a reader is behind; 0 is exact, other numbers include transaction markers.

    Use it in `async with`; the client's errors pass through.
    """

    def __init__(self, servers: str, partitions: Iterable[int], prefix: str = "") -> None:
        self._partitions = tuple(partitions)
        self._prefix = prefix
        self._looker = consumer_of(servers, max_partition_fetch_bytes=LITTLE)
        # counts records that are not visible yet: a commit returns before its markers are written
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
        """How many offsets of `topic` (without prefix) a reader has left; `positions`: next offsets, else 0."""
        parts = [TopicPartition(self._prefix + topic, p) for p in self._partitions]
        first, end = await self._ends.beginning_offsets(parts), await self._ends.end_offsets(parts)
        starts = {part: max(first[part], positions.get(part.partition, 0)) for part in parts}
        unread = {part: start for part, start in starts.items() if start < end[part]}
        return sum(end[part] - unread[part] for part in await self._with_records(unread, end))

    async def left_to_ledger(self, ledger: Ledger, topic: str = EVENTS) -> int:
        """How many offsets of `events` or `texts` the ledger has left; all of them if there is no ledger."""
        try:
            positions = ledger.positions()
        except LedgerAway:
            positions = {}
        return await self.left(topic, {p: at.offset for (name, p), at in positions.items() if name == topic})

    async def _with_records(
        self, starts: Mapping[TopicPartition, int], end: Mapping[TopicPartition, int]
    ) -> set[TopicPartition]:
        """The partitions that hold more than transaction markers between the two offsets.

        They are read together: a fetch that finds only markers returns nothing, and waiting for each partition in
        turn took seconds. A partition that cannot be read further counts as holding records.
        """
        found, open_, moved_s = set(), dict(starts), monotonic()
        if open_:
            self._looker.assign(list(open_))
        for part, start in open_.items():
            self._looker.seek(part, start)
        while open_:
            for part, before in list(open_.items()):
                records = await self._looker.getmany(part, timeout_ms=0, max_records=1)
                open_[part] = await self._looker.position(part)
                if open_[part] != before:
                    moved_s = monotonic()
                if records:
                    found.add(part)
                if records or open_[part] >= end[part]:
                    del open_[part]
            if monotonic() - moved_s > STILL_S:
                return found | open_.keys()
            await asyncio.sleep(0.01)
        return found


async def wait_until_caught_up(servers: str, path: LedgerAddress, *, prefix: str = "", limit_s: float = 60.0) -> None:
    """Return once the ledger has read everything. Raises `LedgerBehind` after `limit_s` without progress."""
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


def consumer_of(servers: str, isolation: str = "read_committed", **options: Any) -> AIOKafkaConsumer:
    """A consumer without a group, with short waits."""
    options = {"auto_offset_reset": "earliest", "fetch_max_wait_ms": 100} | options
    return kafka_consumer(servers, isolation_level=isolation, **options)
