"""Finds out up to when the log is complete, so that a day can be closed.

An event has the time at which Kafka took its command, or that of its deadline, and a partition's time never goes back.
So a day is over in a partition when its clock is behind the day's end and the ledger has all events that it wrote. The
clock of a partition in which nothing happens stands still: a tick, which changes nothing, is sent through it.
"""

import asyncio
from collections.abc import Collection, Mapping
from contextlib import AsyncExitStack
from typing import Final, NamedTuple

from aiokafka import TopicPartition
from pydantic_core import from_json

from connectors.ledger.reader import LedgerReader
from schemas import topics
from schemas.codec import encode
from schemas.command import Tick
from streams.kafka.clients import consumer as kafka_consumer
from streams.kafka.clients import producer as kafka_producer
from streams.kafka.closing import stop_quietly
from streams.kafka.topic_reader import ANSWER_S, TopicReader

TAIL: Final = 3_000
"""How many records of a state topic are read from its end: each transaction writes how far it is, and is smaller."""
_POSITIONS: Final = "SELECT partition, next_n FROM positions WHERE topic = ?"


class PartitionClock(NamedTuple):
    """How far a partition is: its time (ms UTC), and how many events it has written."""

    clock: int = 0
    n: int = 0


class Closing:
    """Looks into the log of one system; `prefix` goes before topic names."""

    def __init__(self, servers: str, partitions: int, *, prefix: str = "") -> None:
        self._servers, self._partitions, self._prefix = servers, partitions, prefix

    async def through_ms(self, ledger: LedgerReader) -> int:
        """Up to when the ledger has everything; 0 while it is behind.

        Raises `LedgerAway`, and what Kafka's client does.
        """
        clocks = await self.clocks()
        taken = await asyncio.to_thread(lambda: dict(ledger.rows(_POSITIONS, topics.EVENTS)))
        every = [(clocks.get(part, PartitionClock()), taken.get(part, 0)) for part in range(self._partitions)]
        return min(at.clock for at, _ in every) if all(n >= at.n for at, n in every) else 0

    async def clocks(self) -> dict[int, PartitionClock]:
        """Of each partition that ever did something. Raises `ServiceAway`, `TopicMissing`."""
        ends = await self._ends()
        found = await self._read({partition: max(0, end - TAIL) for partition, end in ends.items()})
        unseen = {partition: 0 for partition, end in ends.items() if end > TAIL and partition not in found}
        return found | (await self._read(unseen) if unseen else {})

    async def tick(self, behind_ms: int) -> None:
        """Send a tick through each partition whose clock is before this time."""
        clocks = await self.clocks()
        late = [part for part in range(self._partitions) if clocks.get(part, PartitionClock()).clock < behind_ms]
        await self._send(late, behind_ms)

    async def _ends(self) -> dict[int, int]:
        topic = self._prefix + topics.CASES
        parts = [TopicPartition(topic, partition) for partition in range(self._partitions)]
        async with AsyncExitStack() as stack:
            consumer = kafka_consumer(self._servers)
            stack.push_async_callback(stop_quietly, consumer)
            async with asyncio.timeout(2 * ANSWER_S):
                await consumer.start()
                ends = await consumer.end_offsets(parts)
        return {part.partition: end for part, end in ends.items()}

    async def _read(self, offsets: Mapping[int, int]) -> dict[int, PartitionClock]:
        found: dict[int, PartitionClock] = {}
        key, topic = topics.PLACE_KEY.encode(), self._prefix + topics.CASES
        async with TopicReader(self._servers, topic, offsets, partitions=set(offsets), compacted=True) as states:
            async for records in states.to_end():
                for record in records:
                    if record.key == key and record.value:
                        fields = from_json(record.value)
                        found[record.partition] = PartitionClock(fields["clock"], fields.get("n", 0))
        return found

    async def _send(self, partitions: Collection[int], behind_ms: int) -> None:
        if not partitions:
            return
        async with AsyncExitStack() as stack:
            producer = kafka_producer(self._servers)
            stack.push_async_callback(stop_quietly, producer)
            async with asyncio.timeout(2 * ANSWER_S):
                await producer.start()
                for partition in partitions:
                    tick = Tick(id=f"close-{behind_ms}-{partition}", home=topics.EVERYWHERE)
                    topic, key = self._prefix + topics.COMMANDS, topics.EVERYWHERE.encode()
                    await producer.send_and_wait(topic, encode(tick), key, partition=partition)
