"""Reads one topic partition at a time, read_committed, from a given offset."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.structs import ConsumerRecord

from streams.kafka.clients import find_topics, partition_consumer
from streams.kafka.settings import EngineSettings

POLL_S = 0.05
STILL_S = 12.0
LOOK_S = 10.0


class PartitionReader:
    """Reads topic partitions in order; holds no state but its position, which it checks before every read."""

    def __init__(self, settings: EngineSettings) -> None:
        self.consumer: AIOKafkaConsumer = partition_consumer(settings)
        self._tp: TopicPartition | None = None
        self._moved = 0.0
        self._held = False

    async def start(self) -> None:
        """Connect to the broker."""
        await self.consumer.start()

    async def extents(self, places: Sequence[tuple[str, int]]) -> list[tuple[int, int]]:
        """(first offset, offset after the last committed record) of each topic partition, in one go."""
        tps = [TopicPartition(*place) for place in places]
        async with asyncio.timeout(LOOK_S):
            await find_topics(self.consumer, {topic for topic, _ in places})
            first = await self.consumer.beginning_offsets(tps)
            end = await self.consumer.end_offsets(tps)
        return [(first[tp], end[tp]) for tp in tps]

    async def more(
        self, topic: str, partition: int, start: int, limit: int, wait_s: float = POLL_S
    ) -> tuple[list[ConsumerRecord], int]:
        """At most `limit` records from `start` on, and the offset to go on from.

        That offset steps over control records and compacted holes, so it may move although no record came. Waits up
        to `wait_s` for records; raises `TimeoutError` when 12 s of asking moved nothing.
        """
        tp = TopicPartition(topic, partition)
        if tp != self._tp:
            self.consumer.assign([tp])
            self._tp, self._moved = tp, time.monotonic()
            self.consumer.seek(tp, start)
        elif await self.consumer.position(tp) != start:
            self.consumer.seek(tp, start)
        if self._held:
            self._held = False
            self.consumer.resume(tp)
        batch = await self.consumer.getmany(tp, timeout_ms=round(wait_s * 1000), max_records=limit)
        position: int = await self.consumer.position(tp)
        if position != start:
            self._moved = time.monotonic()
        elif time.monotonic() - self._moved > STILL_S:
            raise TimeoutError(f"no progress reading {topic}/{partition} at offset {position}")
        return batch.get(tp, []), position

    def end(self) -> int:
        """The offset after the last committed record, known from the latest fetch."""
        return int(self.consumer.last_stable_offset(self._tp) or 0)

    def patience(self, fetch_wait_ms: int) -> None:
        """Set how long the broker may hold the next fetches while it has no records for them."""
        self.consumer._fetcher._fetch_max_wait_ms = fetch_wait_ms

    def hold(self) -> None:
        """Stop fetching ahead until the next read, which then gets everything that came meanwhile in one go."""
        self._held = True
        self.consumer.pause(self._tp)

    def rested(self) -> None:
        """Forget how long nothing moved: there was nothing to read."""
        self._moved = time.monotonic()

    async def at(self, topic: str, partition: int, offset: int) -> ConsumerRecord | None:
        """The record at `offset` or the next one after it; None when there is none before the end."""
        position = offset
        while position == offset:
            records, position = await self.more(topic, partition, offset, 1)
            if records:
                return records[0]
        return None

    async def since(self, topic: str, partition: int, t_ms: int) -> int | None:
        """The first offset that was written at `t_ms` or later; None when nothing was."""
        tp = TopicPartition(topic, partition)
        async with asyncio.timeout(LOOK_S):
            found = (await self.consumer.offsets_for_times({tp: t_ms}))[tp]
        return None if found is None else int(found.offset)

    async def all(self, topic: str, partition: int) -> AsyncIterator[list[ConsumerRecord]]:
        """Everything committed in a topic partition up to its end when asked."""
        extent = (await self.extents([(topic, partition)]))[0]
        async for records in self.between(topic, partition, extent):
            yield records

    async def between(
        self, topic: str, partition: int, extent: tuple[int, int], limit: int = 2000
    ) -> AsyncIterator[list[ConsumerRecord]]:
        """Everything committed in this extent of a topic partition."""
        start, end = extent
        while start < end:
            records, start = await self.more(topic, partition, start, limit)
            yield records
