"""Writing to and watching the log of a system under test, from outside."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from time import monotonic

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.structs import ConsumerRecord

from schemas.topics import DEPARTMENT_PREFIX

Line = tuple[str, int, int | None, bytes | None, bytes | None]
"""Topic, partition, time in ms (None: the broker's), key, value."""


@asynccontextmanager
async def producing(servers: str) -> AsyncIterator[AIOKafkaProducer]:
    """An idempotent producer."""
    producer = AIOKafkaProducer(
        bootstrap_servers=servers, enable_idempotence=True, acks="all", max_request_size=8 << 20
    )
    await producer.start()
    try:
        yield producer
    finally:
        await let_go(producer)


async def write(producer: AIOKafkaProducer, prefix: str, lines: Iterable[Line]) -> int:
    """Write records and wait for all acknowledgements; how many."""
    sends = [
        await producer.send(prefix + topic, value, key, partition=partition, timestamp_ms=t_ms)
        for topic, partition, t_ms, key, value in lines
    ]
    await asyncio.gather(*sends)
    return len(sends)


@asynccontextmanager
async def reading(
    servers: str, topics: Iterable[str], partitions: int, isolation: str = "read_committed"
) -> AsyncIterator[AIOKafkaConsumer]:
    """A consumer of its own, at the beginning of all partitions of `topics`."""
    consumer = AIOKafkaConsumer(
        bootstrap_servers=servers, isolation_level=isolation, enable_auto_commit=False, fetch_max_wait_ms=50,
        auto_offset_reset="earliest", max_partition_fetch_bytes=8 << 20,
    )  # fmt: skip
    await consumer.start()
    try:
        consumer.assign([TopicPartition(topic, number) for topic in topics for number in range(partitions)])
        await consumer.seek_to_beginning()
        yield consumer
    finally:
        await let_go(consumer)


class Counter:
    """Counts the committed records of a topic as they appear."""

    def __init__(self, consumer: AIOKafkaConsumer) -> None:
        self._consumer = consumer
        self.seen = 0

    async def reach(self, wanted: int, limit_s: float = 40.0) -> None:
        """Return when so many have been seen; raises `AssertionError` after `limit_s`."""
        end = monotonic() + limit_s
        while self.seen < wanted:
            got = await self._consumer.getmany(timeout_ms=200)
            self.seen += sum(map(len, got.values()))
            assert monotonic() < end, f"{self.seen} records of {wanted} within {limit_s:.0f} s"
        assert self.seen == wanted, f"{self.seen} records, {wanted} expected"


async def everything(
    servers: str, topic: str, partitions: int, isolation: str = "read_committed"
) -> list[list[ConsumerRecord]]:
    """Every record of a topic up to its present end, by partition."""
    async with reading(servers, [topic], partitions, isolation) as consumer:
        parts = sorted(consumer.assignment(), key=lambda part: part.partition)
        ends = await consumer.end_offsets(parts)
        found: list[list[ConsumerRecord]] = [[] for _ in parts]
        while any([await consumer.position(part) < ends[part] for part in parts]):
            for part, records in (await consumer.getmany(timeout_ms=200)).items():
                found[part.partition] += records
        return found


async def department_topics(servers: str, prefix: str = "") -> list[str]:
    """Topics of departments that there are, without the prefix."""
    consumer = AIOKafkaConsumer(bootstrap_servers=servers)
    await consumer.start()
    try:
        named = await consumer.topics()
    finally:
        await let_go(consumer)
    return sorted(name.removeprefix(prefix) for name in named if name.startswith(prefix + DEPARTMENT_PREFIX))


async def let_go(client: AIOKafkaProducer | AIOKafkaConsumer) -> None:
    """Stop a client that may have lost its broker: in a task of its own, because its `stop` can end in any way."""
    stopping = asyncio.create_task(client.stop())
    await asyncio.wait({stopping}, timeout=3)
    stopping.cancel()
    await asyncio.gather(stopping, return_exceptions=True)
