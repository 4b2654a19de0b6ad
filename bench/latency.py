"""From a record in `reports` to the order visible in `department.*`, at 100 reports per second.

The floor is the time from producing a record to reading it from a plain topic: one beside each report, on the same
clients' terms, so that what disturbs the machine disturbs both. `python -m bench.latency [REPORTS]`.
"""

import asyncio
import sys
import time
from collections.abc import Callable, Sequence

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from pydantic_core import from_json

from bench.lab import PARTITIONS, kafka, system, until
from bench.mix import Mix, street
from bench.product import child
from bench.table import Row, markdown
from schemas.codec import encode
from schemas.topics import DEPARTMENT_PREFIX, PARKED, REPORTS, partition_of
from streams.rulebooks.topic import create

PER_S = 100
WARM = 200
P50_MS, FLOORS = 60.0, 20.0
PATIENCE_S = 60.0


class Watch:
    """When each report, and each record of the floor, was sent and seen; seconds."""

    def __init__(self) -> None:
        self.sent: dict[str, float] = {}
        self.seen: dict[str, float] = {}

    def ms(self) -> list[float]:
        """What they took, in order, without the first ones."""
        return sorted(1e3 * (self.seen[id] - at) for id, at in list(self.sent.items())[WARM:])


def percentile(ordered: Sequence[float], share: float) -> float:
    """Of ordered figures."""
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


async def read(servers: str, topics: Sequence[str], watch: Watch, id_of: Callable[[bytes], str | None]) -> None:
    """Note when each record is seen, until cancelled."""
    consumer = AIOKafkaConsumer(bootstrap_servers=servers, isolation_level="read_committed", auto_offset_reset="latest")
    await consumer.start()
    try:
        tps = [TopicPartition(topic, number) for topic in topics for number in range(PARTITIONS)]
        consumer.assign(tps)
        await consumer.seek_to_end()
        async for record in consumer:
            if record.value is not None and (found := id_of(record.value)) is not None:
                watch.seen.setdefault(found, time.monotonic())
    finally:
        await consumer.stop()


def _report_of(order: bytes) -> str | None:
    written = from_json(order).get("written")
    return str(written[0]["id"]) if written else None


async def send(servers: str, prefix: str, reports: int, orders: Watch, floor: Watch) -> None:
    """Reports at a steady rate, and a record for the floor half-way between two of them."""
    mix = Mix(PARTITIONS, prefix=prefix)
    made = [mix.report()[0] for _ in range(reports)]
    producer = AIOKafkaProducer(bootstrap_servers=servers, linger_ms=0)
    await producer.start()
    started = time.monotonic()
    for i, report in enumerate(made):
        await asyncio.sleep(max(0.0, started + i / PER_S - time.monotonic()))
        place = partition_of(report.id, PARTITIONS)
        value = encode(report.model_copy(update={"received_ms": time.time_ns() // 1_000_000}))
        orders.sent[report.id] = time.monotonic()
        await producer.send(prefix + REPORTS, value, partition=place)
        await asyncio.sleep(max(0.0, started + (i + 0.5) / PER_S - time.monotonic()))
        floor.sent[report.id] = time.monotonic()
        await producer.send(prefix + PARKED, value, report.id.encode(), partition=place)
    await producer.stop()


async def measure(servers: str, reports: int) -> list[Row]:
    """The rows of the table."""
    region, rulebook = street()
    prefix = await system(servers, region)
    await create(servers, region, rulebook, PARTITIONS, prefix=prefix)
    orders, floor = Watch(), Watch()
    departments = [prefix + DEPARTMENT_PREFIX + each.code for each in region.organisations]
    async with child(servers, prefix) as worker:
        await until(lambda: worker.ready == 3 * PARTITIONS)
        readers = [
            *(asyncio.create_task(read(servers, [each], orders, _report_of)) for each in departments),
            asyncio.create_task(read(servers, [prefix + PARKED], floor, lambda value: str(from_json(value)["id"]))),
        ]
        await asyncio.sleep(2)
        cpu_s = worker.cpu_s()
        await send(servers, prefix, reports, orders, floor)
        await until(lambda: len(orders.seen) == len(floor.seen) == reports, PATIENCE_S)
        cpu_s = worker.cpu_s() - cpu_s
        for reader in readers:
            reader.cancel()
        await asyncio.wait(readers)
    found, least = orders.ms(), floor.ms()
    return [
        Row.at_most("report to order at 100 per s, p50", percentile(found, 0.5), P50_MS, "ms"),
        Row.plain("report to order at 100 per s, p99", percentile(found, 0.99), "ms"),
        Row.plain("produce → consume beside it, p50", percentile(least, 0.5), "ms"),
        Row.plain("produce → consume beside it, p99", percentile(least, 0.99), "ms"),
        Row.at_most("p99 / p99 of produce → consume", percentile(found, 0.99) / percentile(least, 0.99), FLOORS, "×"),
        Row.plain("all three steps, CPU per 1,000 reports at 100 per s", cpu_s * 1e6 / reports, "ms", 0),
    ]


async def main(reports: int) -> None:
    """Print the table."""
    async with kafka() as (servers, _):
        print(markdown(await measure(servers, reports)))


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_200))
