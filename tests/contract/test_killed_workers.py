"""Whole worker processes are killed, paused, and cut off from their broker."""

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest

from grid36.machine.broker import Broker
from tests.processes.kafka_lab import Lab, lab
from tests.processes.waiting import wait_until

pytestmark = [pytest.mark.kafka, pytest.mark.slow]


class Worker:
    """A toy worker in a process of its own, and what it said last."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._listening = asyncio.create_task(self._listen())
        self.status: dict[str, Any] = {"partitions": [], "counters": {}}

    @property
    def owned(self) -> int:
        return sum(one["ready"] for one in self.status["partitions"])

    def counted(self, what: str) -> int:
        return int(self.status["counters"].get(what, 0))

    def signal(self, number: int) -> None:
        os.kill(self._process.pid, number)

    async def until_owned(self, number: int, limit_s: float) -> float:
        """Seconds until this worker has taken over so many partitions."""
        started = time.monotonic()
        await wait_until(lambda: self.owned == number, f"{number} partitions", limit_s)
        return time.monotonic() - started

    async def ended(self) -> int:
        return await self._process.wait()

    async def end(self) -> None:
        for number in (signal.SIGCONT, signal.SIGTERM):
            with suppress(ProcessLookupError):
                self.signal(number)
        await self._process.wait()
        await self._listening

    async def _listen(self) -> None:
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            self.status = json.loads(line)


@asynccontextmanager
async def worker(toy: Lab, driver: str) -> AsyncIterator[Worker]:
    arguments = (toy.servers, toy.name, str(toy.partitions), driver)
    started = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.processes.toy_worker", *arguments, stdout=asyncio.subprocess.PIPE
    )
    made = Worker(started)
    try:
        yield made
    finally:
        await made.end()


def additions(n: int) -> list[dict[str, object]]:
    return [{"do": "add", "key": f"k{i % 7}", "by": i, "alarm_ms": 700} for i in range(n)]


@pytest.mark.parametrize("driver", ["FaustDriver", "PlainDriver"])
async def test_one_of_two_is_killed(kafka: str, driver: str) -> None:
    """The other worker owns everything within the session timeout and 3 s, and nothing is lost or doubled."""
    async with lab(kafka, partitions=4) as toy, worker(toy, driver) as first, worker(toy, driver) as second:
        await first.until_owned(2, limit_s=20)
        await second.until_owned(2, limit_s=20)
        feeding = asyncio.create_task(toy.feed_slowly(additions(300), per_s=100))
        await wait_until(lambda: first.counted("applied"), "work of the one to be killed")
        first.signal(signal.SIGKILL)
        took_s = await second.until_owned(4, limit_s=20)
        await feeding
        await toy.settled()
        await toy.assert_exact()
        assert took_s < toy.settings().session_timeout_s + 3


async def test_one_of_two_sleeps_longer_than_its_session(kafka: str) -> None:
    """A worker that slept through its session writes nothing, and then joins again."""
    async with (
        lab(kafka, partitions=4) as toy,
        worker(toy, "FaustDriver") as first,
        worker(toy, "FaustDriver") as second,
    ):
        await first.until_owned(2, limit_s=20)
        await second.until_owned(2, limit_s=20)
        feeding = asyncio.create_task(toy.feed_slowly(additions(700), per_s=100))
        first.signal(signal.SIGSTOP)
        await second.until_owned(4, limit_s=20)
        first.signal(signal.SIGCONT)
        await second.until_owned(2, limit_s=20)
        await feeding
        await toy.settled()
        await toy.assert_exact()


async def test_the_broker_is_killed_under_a_worker(broker: Broker) -> None:
    """A worker waits for its broker, goes on without loss, and can be stopped while the broker is away."""
    async with lab(broker.servers, partitions=2) as toy, worker(toy, "FaustDriver") as alone:
        await alone.until_owned(2, limit_s=20)
        await toy.feed(additions(100))
        await asyncio.to_thread(lambda: asyncio.run(broker.kill()))
        await wait_until(lambda: alone.counted("broker_away"), "the worker notices")
        await asyncio.to_thread(lambda: asyncio.run(broker.start()))
        await toy.feed(additions(100))
        await toy.settled(limit_s=60)
        await toy.assert_exact()
        await asyncio.to_thread(lambda: asyncio.run(broker.kill()))
        alone.signal(signal.SIGTERM)
        async with asyncio.timeout(15):
            assert await alone.ended() == 0
