"""An idempotent sender that survives broker outages: one batch in flight, repeated after any error."""

import asyncio
from collections.abc import Callable, Sequence
from time import monotonic
from typing import Final, NamedTuple, Self

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from schemas.errors import ServiceAway
from schemas.names import Name
from streams.kafka.clients import bulk_producer
from streams.kafka.closing import stop_quietly

PATIENCE_S: Final = 180.0
"""How long a broker may be away."""

TRY_S: Final = 12.0
"""An idempotent producer tries for ever while its broker is away and may hang after that: a new one then."""


class ReplayMessage(NamedTuple):
    """One record to send; `topic` without prefix."""

    topic: str
    partition: int
    key: str
    value: bytes


class Sender:
    """Sends batches in order. What is sent must be harmless to send again: after an error nobody knows what arrived."""

    def __init__(self, servers: str, prefix: str, waiting: Callable[[], None], try_s: float = TRY_S) -> None:
        self._servers, self._prefix, self._waiting, self._try_s = servers, prefix, waiting, try_s
        self._producer: AIOKafkaProducer | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._drop()

    async def send(self, messages: Sequence[ReplayMessage]) -> None:
        """Return when all of them are on the log. Raises `ServiceAway` after three minutes of trying."""
        began = monotonic()
        arrived = not messages
        while not arrived:
            try:
                async with asyncio.timeout(self._try_s):
                    await self._try(messages)
                arrived = True
            except (KafkaError, OSError, TimeoutError) as error:
                await self._drop()
                if monotonic() - began > PATIENCE_S:
                    raise ServiceAway(Name.of("replay.run.takes_nothing"), last=repr(error)) from error
                self._waiting()
                await asyncio.sleep(1)

    async def _try(self, messages: Sequence[ReplayMessage]) -> None:
        if self._producer is None:
            self._producer = bulk_producer(self._servers)
            await self._producer.start()
        waits = [
            await self._producer.send(self._prefix + topic, value, key.encode(), partition=partition)
            for topic, partition, key, value in messages
        ]
        await asyncio.gather(*waits)

    async def _drop(self) -> None:
        """Stop the producer, which may be broken."""
        producer, self._producer = self._producer, None
        if producer is not None:
            await stop_quietly(producer)
