"""Kafka clients as the engine needs them: read_committed, short patience, and a stop that cannot hang."""

import asyncio
import contextlib
import logging
from collections.abc import Iterable, Iterator
from typing import Any, Protocol

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.errors import InvalidProducerIdMapping, KafkaError, UnknownProducerId

from schemas.servers import reach
from streams.kafka.settings import EngineSettings

STOP_S = 3.0

log = logging.getLogger(__name__)


class Client(Protocol):
    """An aiokafka producer or consumer, as far as stopping goes."""

    async def stop(self) -> None:
        """Flush and close."""


def transactional_producer(settings: EngineSettings, source: str, partition: int) -> AIOKafkaProducer:
    """The one producer that may write for this partition; starting it fences every other one."""
    return AIOKafkaProducer(
        **reach(settings.servers),
        transactional_id=f"{settings.system}-{source}-{partition}",
        transaction_timeout_ms=settings.transaction_timeout_ms,
        request_timeout_ms=settings.request_timeout_ms,
        linger_ms=0,
        max_batch_size=900_000,
        max_request_size=900_000,
    )


def plain_producer(settings: EngineSettings) -> AIOKafkaProducer:
    """An idempotent producer outside transactions, for ticks."""
    return AIOKafkaProducer(
        **reach(settings.servers),
        enable_idempotence=True,
        acks="all",
        linger_ms=0,
        request_timeout_ms=settings.request_timeout_ms,
    )


def committed_consumer(settings: EngineSettings) -> AIOKafkaConsumer:
    """A reader without a group that sees only what was committed, and never jumps over what it cannot find."""
    return AIOKafkaConsumer(
        **reach(settings.servers),
        auto_offset_reset="none",
        enable_auto_commit=False,
        isolation_level="read_committed",
        retry_backoff_ms=50,
        request_timeout_ms=settings.request_timeout_ms,
        fetch_max_wait_ms=500,
        max_partition_fetch_bytes=4 << 20,
    )


async def stop_quietly(client: Client) -> None:
    """Stop a client that may be broken, fenced, or cut off from its broker; within 3 s, and without an error."""
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
    """The batches of a producer that failed before they were sent; aiokafka overlooks each of their failures."""
    accumulator = getattr(client, "_message_accumulator", None)
    if accumulator is not None:
        yield from accumulator._pending_batches
        for batches in accumulator._batches.values():
            yield from batches


def hear(future: asyncio.Future[object]) -> None:
    """Take note of a failure that was dealt with elsewhere, so that asyncio does not report it as overlooked."""
    if future.done() and not future.cancelled():
        future.exception()


def has_expired(error: BaseException | None) -> bool:
    """Whether the broker has forgotten this producer, as it does after days without a transaction.

    aiokafka hides the reason behind an error of its own.
    """
    while error is not None:
        if isinstance(error, InvalidProducerIdMapping | UnknownProducerId):
            return True
        error = error.__cause__
    return False


def in_words(seconds: float) -> str:
    """A time as people say it: in days, hours, minutes or seconds."""
    for name, length_s in (("days", 86400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * length_s:
            return f"{seconds / length_s:.0f} {name}"
    return f"{seconds:.0f} seconds"


class ClosingClients:
    """Clients on their way out: stopped in the background, awaited when the worker ends."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def leave(self, clients: Iterable[Client | None]) -> None:
        """Stop these some time soon."""
        for client in clients:
            if client is not None:
                task = asyncio.create_task(stop_quietly(client))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    async def gone(self) -> None:
        """Wait until all are stopped."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))
