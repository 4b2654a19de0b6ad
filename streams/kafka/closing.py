"""Stops Kafka clients that may be broken, fenced or cut off from their broker, without hanging or raising."""

import asyncio
import contextlib
import logging
from collections.abc import Iterable, Iterator
from typing import Any, Protocol

from aiokafka.errors import KafkaError

STOP_S = 3.0

log = logging.getLogger(__name__)


class Client(Protocol):
    """An aiokafka producer or consumer, as far as stopping goes."""

    async def stop(self) -> None:
        """Flush and close."""


async def stop_quietly(client: Client) -> None:
    """Stop a client within 3 s, whatever state it is in; raises nothing."""
    # in a task of its own: a consumer's stop() passes on the cancellation of its own fetches as if it were ours
    stopping = asyncio.ensure_future(client.stop())
    try:
        async with asyncio.timeout(STOP_S):
            await asyncio.wait([stopping])
        if not stopping.cancelled():
            stopping.result()
    except (TimeoutError, KafkaError, OSError) as error:
        log.debug("a client did not stop cleanly: %r", error)
        stopping.cancel()
        inner = getattr(client, "client", None) or getattr(client, "_client", None)
        if inner is not None:
            with contextlib.suppress(Exception):
                await inner.close()
    finally:
        transactions = getattr(client, "_txn_manager", None)
        if transactions is not None and (waiter := transactions.wait_for_transaction_end()) is not None:
            hear(waiter)
        for batch in _unsent(client):
            hear(batch._drain_waiter)


def _unsent(client: Client) -> Iterator[Any]:
    """Batches of a producer that failed before they were sent; aiokafka never reads their errors."""
    accumulator = getattr(client, "_message_accumulator", None)
    if accumulator is not None:
        yield from accumulator._pending_batches
        for batches in accumulator._batches.values():
            yield from batches


def hear(future: asyncio.Future[object]) -> None:
    """Read the error of a future that is handled elsewhere, so that asyncio does not report it as never retrieved."""
    if future.done() and not future.cancelled():
        future.exception()


class ClosingClients:
    """Clients that are being stopped in the background; a worker waits for them when it ends."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def leave(self, clients: Iterable[Client | None]) -> None:
        """Start to stop these."""
        for client in clients:
            if client is not None:
                task = asyncio.create_task(stop_quietly(client))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    async def gone(self) -> None:
        """Wait until all are stopped."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))
