"""A Kafka of its own for a bench, topics of a whole system, and sending to them in one burst or at a steady rate."""

import asyncio
import os
import platform
import sys
import tempfile
import time
import uuid
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from pathlib import Path

import psutil
from aiokafka import AIOKafkaProducer

from grid36.kafka.topics import create_topics
from grid36.machine.broker import Broker
from schemas.region import Region

PARTITIONS = 8
Item = tuple[int, bytes, bytes | None]
"""Partition, key, value."""


@asynccontextmanager
async def kafka() -> AsyncIterator[tuple[str, Path]]:
    """`host:port` of a fresh broker, and a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="grid36-bench-") as folder:
        broker = Broker(Path(folder))
        try:
            yield await broker.start(), Path(folder)
        finally:
            await broker.kill()


async def system(servers: str, region: Region, partitions: int = PARTITIONS) -> str:
    """Topics of a new system; its prefix."""
    prefix = f"b{uuid.uuid4().hex[:8]}."
    departments = {organisation.code for organisation in region.organisations} | {region.fallback_department}
    await create_topics(servers, partitions, sorted(departments), prefix=prefix)
    return prefix


@asynccontextmanager
async def burst(servers: str, topic: str, items: Iterable[Item]) -> AsyncIterator[None]:
    """Append all of them so that they are seen at one moment: when the block begins."""
    producer = AIOKafkaProducer(
        bootstrap_servers=servers, transactional_id=f"burst-{topic}", max_batch_size=400_000, linger_ms=20
    )
    await producer.start()
    try:
        await producer.begin_transaction()
        sends = [await producer.send(topic, value, key, partition) for partition, key, value in items]
        await asyncio.gather(*sends)
        await producer.commit_transaction()
        yield
    finally:
        await producer.stop()


async def steady(servers: str, topic: str, items: Iterable[Item], per_s: float) -> None:
    """Append one after the other, `per_s` each second."""
    producer = AIOKafkaProducer(bootstrap_servers=servers, linger_ms=0)
    await producer.start()
    started, sends = time.monotonic(), []
    for count, (partition, key, value) in enumerate(items):
        sends.append(await producer.send(topic, value, key, partition))
        await asyncio.sleep(max(0.0, started + count / per_s - time.monotonic()))
    await asyncio.gather(*sends)
    await producer.stop()


async def until(true: Callable[[], bool], limit_s: float = 300.0) -> None:
    """Wait for a counter. Raises `TimeoutError`."""
    async with asyncio.timeout(limit_s):
        while not true():  # noqa: ASYNC110  # counters have no event to wait for
            await asyncio.sleep(0.02)


async def apart(*arguments: str) -> asyncio.subprocess.Process:
    """A module of ours in a process of its own, so that its cost is not counted; its output can be read."""
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", *arguments, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )


def machine() -> str:
    """The machine in words."""
    memory = psutil.virtual_memory().total / 2**30
    return (
        f"{os.cpu_count()} cores ({platform.machine()}), {memory:.0f} GiB, {platform.system()}, "
        f"Python {platform.python_version()}; Kafka on the same machine"
    )
