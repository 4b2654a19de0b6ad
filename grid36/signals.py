"""Stops on signals: they set an event, and no wait outlasts it."""

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Coroutine, Iterable
from typing import Any, Final, TypeVar

T = TypeVar("T")
LEFT_S: Final = 5.0

log = logging.getLogger(__name__)


def stop_on_signals(*more: signal.Signals) -> asyncio.Event:
    """An event of the running loop that SIGTERM and Ctrl-C set."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, *more):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


async def unless(stop: asyncio.Event, work: Coroutine[Any, Any, T]) -> T | None:
    """The result of `work`, or None if `stop` is set first; then `work` is cancelled."""
    working, stopping = asyncio.ensure_future(work), asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
        return working.result() if working.done() else None
    finally:
        await _end({working, stopping})


async def until(stop: asyncio.Event, *works: Coroutine[Any, Any, None]) -> None:
    """Run all of them until a signal asks to stop or one of them ends; raises what that one raised."""
    tasks = {asyncio.ensure_future(work) for work in works}
    stopping = asyncio.ensure_future(stop.wait())
    try:
        done, _ = await asyncio.wait({*tasks, stopping}, return_when=asyncio.FIRST_COMPLETED)
        for task in done & tasks:
            task.result()
    finally:
        await _end({*tasks, stopping})


async def leave(limit_s: float = LEFT_S) -> None:
    """The last thing a process does: cancel what is left of client libraries, and wait for it no longer than this.

    Faust waits for a commit that its broker, which is away, never confirms, and no cancellation reaches it.
    """
    left = asyncio.all_tasks() - {asyncio.current_task()}
    for task in left:
        task.cancel()
    if left and (await asyncio.wait(left, timeout=limit_s))[1]:
        log.warning("clients of Kafka do not end; this process ends without them")
        logging.shutdown()
        sys.stdout.flush()
        os._exit(0)


async def _end(tasks: Iterable[asyncio.Future[Any]]) -> None:
    while pending := {task for task in tasks if not task.done()}:
        for task in pending:
            task.cancel()
        await asyncio.wait(pending, timeout=1)  # a client library may swallow the first cancellation
