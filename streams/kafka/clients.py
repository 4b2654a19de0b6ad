"""The one place that makes Kafka clients: where they log in, how long they wait for an answer, what they may read.

No other module names aiokafka's classes to make one; `options` are aiokafka's own and go before these defaults.
"""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any, Final

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import InvalidProducerIdMapping, UnknownProducerId

from schemas.servers import reach
from streams.kafka.settings import EngineSettings

REQUEST_MS: Final = 8_000
"""How long a client waits for an answer."""
BATCH_BYTES: Final = 900_000
"""Largest batch of a producer that sends much at once; the broker takes 1 MiB."""
READ_BYTES: Final = 4 << 20
"""Largest part of a partition that a reader of whole topics fetches at once."""


def consumer(servers: str, *topics: str, **options: Any) -> AIOKafkaConsumer:
    """A consumer, not yet started, that sees only committed records, commits no offset and never skips a gap."""
    defaults = {
        "isolation_level": "read_committed",
        "enable_auto_commit": False,
        "auto_offset_reset": "none",
        "request_timeout_ms": REQUEST_MS,
    }
    return AIOKafkaConsumer(*topics, **reach(servers), **(defaults | options))


def producer(servers: str, **options: Any) -> AIOKafkaProducer:
    """An idempotent producer, not yet started, that waits for all replicas; transactional with a `transactional_id`."""
    defaults = {"enable_idempotence": True, "acks": "all", "linger_ms": 0, "request_timeout_ms": REQUEST_MS}
    return AIOKafkaProducer(**reach(servers), **(defaults | options))


def bulk_producer(servers: str, **options: Any) -> AIOKafkaProducer:
    """A producer, as above, of large batches."""
    return producer(servers, **({"max_batch_size": BATCH_BYTES, "max_request_size": BATCH_BYTES} | options))


@asynccontextmanager
async def admin(servers: str, request_ms: int = REQUEST_MS) -> AsyncIterator[AIOKafkaAdminClient]:
    """A started admin client, closed at the end. The client's errors pass through."""
    client = AIOKafkaAdminClient(**reach(servers), request_timeout_ms=request_ms)
    try:
        await client.start()
        yield client
    finally:
        await client.close()


def transactional_producer(settings: EngineSettings, source: str, partition: int) -> AIOKafkaProducer:
    """The one producer that may write for this partition; starting it fences every other one."""
    return bulk_producer(
        settings.servers,
        transactional_id=f"{settings.system}-{source}-{partition}",
        transaction_timeout_ms=settings.transaction_timeout_ms,
        request_timeout_ms=settings.request_timeout_ms,
    )


def tick_producer(settings: EngineSettings) -> AIOKafkaProducer:
    """The producer of ticks, which are sent outside transactions."""
    return producer(settings.servers, request_timeout_ms=settings.request_timeout_ms)


def partition_consumer(settings: EngineSettings) -> AIOKafkaConsumer:
    """The consumer by which a partition reads its source and its state; it has no group."""
    return consumer(
        settings.servers,
        retry_backoff_ms=50,
        request_timeout_ms=settings.request_timeout_ms,
        fetch_max_wait_ms=settings.fetch_wait_ms,
        consumer_timeout_ms=settings.source_fetch_wait_ms,  # only how often its task wakes up for nothing
        max_partition_fetch_bytes=READ_BYTES,
    )


async def find_topics(consumer: AIOKafkaConsumer, topics: Iterable[str]) -> None:
    """Let a started consumer find out who leads these topics, before it is asked for their offsets.

    aiokafka would find out by itself, but only asks again after `retry_backoff_ms`.
    """
    for topic in topics:
        await consumer._client.add_topic(topic)


def has_expired(error: BaseException | None) -> bool:
    """Whether the broker has forgotten this producer, as it does after days without a transaction.

    aiokafka hides the reason behind an error of its own.
    """
    while error is not None:
        if isinstance(error, InvalidProducerIdMapping | UnknownProducerId):
            return True
        error = error.__cause__
    return False
