"""The product's worker in a process of its own, as `grid36` runs it, that says when its partitions are ready.

`python -m bench.product HOST:PORT PREFIX`: one JSON line whenever the number of ready partitions changes.
"""

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psutil

from bench.lab import apart
from streams.drivers.faust import FaustDriver
from streams.partition.assignment import Assignment
from streams.worker import run_worker

STOP_LIMIT_S = 30.0


class ReadinessReports:
    """The Faust driver; beside it, somebody prints how many partitions are ready."""

    async def run(self, assignment: Assignment, stop: asyncio.Event) -> None:
        """Work until `stop` is set."""
        reporting = asyncio.create_task(self._report(assignment))
        try:
            await FaustDriver().run(assignment, stop)
        finally:
            reporting.cancel()

    async def _report(self, assignment: Assignment) -> None:
        reported = -1
        while True:
            ready = assignment.ready_count
            if ready != reported:
                print(json.dumps({"ready": ready, "at_s": time.monotonic()}), flush=True)
                reported = ready
            await asyncio.sleep(0.02)


class Child:
    """A worker that runs apart."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.ready = 0
        self.at_s = 0.0
        """When `ready` changed last, by the monotonic clock that all processes of a machine share."""
        self._reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        assert self.process.stdout is not None
        async for line in self.process.stdout:
            message = json.loads(line)
            self.ready, self.at_s = message["ready"], message["at_s"]

    def memory(self) -> tuple[int, int]:
        """Resident bytes of the worker, and of its matcher's process."""
        worker = psutil.Process(self.process.pid)
        return worker.memory_info().rss, sum(child.memory_info().rss for child in worker.children())

    def cpu_s(self) -> float:
        """CPU of the worker and its matcher so far."""
        worker = psutil.Process(self.process.pid)
        times = [each.cpu_times() for each in (worker, *worker.children())]
        return float(sum(each.user + each.system for each in times))

    async def end(self, how: int) -> float:
        """Send a signal and wait for the end; seconds that took."""
        began = time.monotonic()
        if self.process.returncode is None:
            self.process.send_signal(how)
        async with asyncio.timeout(STOP_LIMIT_S):
            await self.process.wait()
        self._reading.cancel()
        return time.monotonic() - began


@asynccontextmanager
async def child(servers: str, prefix: str) -> AsyncIterator[Child]:
    """A worker until the block ends."""
    worker = Child(await apart("bench.product", servers, prefix))
    try:
        yield worker
    finally:
        await worker.end(signal.SIGKILL)


async def main(servers: str, prefix: str) -> None:
    """Work until SIGTERM."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await run_worker(servers, stop, prefix=prefix, driver=ReadinessReports())


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
    os._exit(0)  # as the command does: a client whose broker is away can hold a thread
