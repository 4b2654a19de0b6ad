"""The port of a driver, and what every driver does around its own work: watch, wait for the stop, release."""

import asyncio
import logging
from collections.abc import Awaitable
from typing import Any, Protocol

from streams.partition.assignment import Assignment

log = logging.getLogger(__name__)


class Driver(Protocol):
    """Membership, assignment and delivery; `Assignment` does everything else."""

    async def run(self, assignment: Assignment, stop: asyncio.Event) -> None:
        """Work until `stop` is set, then release all partitions and leave the group; about 2 s when idle.

        Raises a `Refusal` when a partition must not be worked on, `StalledError` when one is stuck, and what the
        broker says when it is not there at the start. The process should end after `run`, with `os._exit` when
        that takes long: a client whose broker is away can hold a thread.
        """


async def serve(assignment: Assignment, stop: asyncio.Event, *others: asyncio.Future[Any]) -> None:
    """Watch until `stop` or an error, which is raised; then release all partitions."""
    watching = asyncio.create_task(assignment.watch())
    stopping = asyncio.create_task(stop.wait())
    try:
        done, _ = await asyncio.wait({watching, stopping, *others}, return_when=asyncio.FIRST_COMPLETED)
        if stopping not in done:
            for task in done:
                task.result()
    finally:
        for task in (watching, stopping):
            task.cancel()
        await asyncio.wait({watching, stopping})
        await within(assignment.settings.close_s, assignment.close(), "the partitions")


async def within(limit_s: float, closing: Awaitable[object], what: str) -> None:
    """Wait a limited time for something that may hang when the broker is away."""
    try:
        async with asyncio.timeout(limit_s):
            await closing
    except TimeoutError:
        log.warning("%s did not close within %.0f s", what, limit_s)
