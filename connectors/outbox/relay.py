"""The relay sends the outbox to Kafka, in order of arrival, at least once. Receivers recognise messages by id.

One batch is in flight per partition. After any error it starts again from the outbox with a new producer, so a row
leaves the outbox only after Kafka has confirmed it.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from time import monotonic
from typing import Any, Final, Literal

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from connectors.outbox.store import Outbox, OutboxUnwritableError, Stored
from schemas.errors import Retry
from streams.kafka.clients import BATCH_BYTES, REQUEST_MS
from streams.kafka.clients import producer as kafka_producer
from streams.kafka.closing import stop_quietly
from streams.kafka.listening import accepts, addresses
from streams.kafka.outage import Outage
from streams.kafka.quiet import Quiet

AT_ONCE: Final = 1000
LOOK_S: Final = 0.5
QUIET_LOOK_S: Final = 3.0
"""How often the outbox is polled for rows of other processes: normally, and after a minute without any."""
PAUSE_S: Final = (0.2, 5.0)
GATHER_S: Final = 0.02
"""Rows that arrive within this time of the last batch are sent together; a single report does not wait."""
ASK_S: Final = 3.0
"""How often an idle relay checks that Kafka is reachable."""
SAY_EVERY_S: Final = 30.0
SLOW_S: Final = 2.0
"""Kafka counts as away if it does not confirm a batch for this long."""
REACH_S: Final = 2.0
AWAY: Final = (KafkaError, OSError, TimeoutError)

log = logging.getLogger(__name__)

Admit = Callable[[], Awaitable[None]]
"""Awaited before the first row is sent; raises `HeldBack` if nothing may be sent."""


class HeldBack(Retry):
    """This system is a replayed history: what it accepted before is not sent. Use the outbox with a live system."""


async def anything() -> None:
    """Allow everything."""


class Relay:
    """Runs beside the doors; `state` says whether Kafka accepts their messages. `prefix` goes before topic names."""

    def __init__(self, outbox: Outbox, servers: str, *, prefix: str = "", admit: Admit = anything) -> None:
        self._admit: Admit | None = admit
        self.state: Literal["starting", "connected", "waiting"] = "starting"
        self._outbox = outbox
        self._servers = servers
        self._prefix = prefix
        self._said = -SAY_EVERY_S
        self._absence = Outage()

    async def run(self) -> None:
        """Relay until cancelled. While Kafka is away, everything waits in the outbox, and the log says so."""
        pause = PAUSE_S[0]
        while True:
            try:
                await _reach(self._servers)
                async with _producer(self._servers) as producer:
                    pause = PAUSE_S[0]
                    await self._relay_all(producer)
            except (*AWAY, OutboxUnwritableError, HeldBack) as fault:
                await self._say(fault)
            except Exception:
                log.exception("the relay failed; restarting from the outbox")
            await asyncio.sleep(pause)
            pause = min(pause * 2, PAUSE_S[1])

    async def _relay_all(self, producer: AIOKafkaProducer) -> None:
        asked, quiet = monotonic(), Quiet()
        while True:
            self._outbox.arrived.clear()
            rows = await self._outbox.pending(limit=AT_ONCE)
            if rows:
                if self._admit is not None:
                    await self._admit()
                    self._admit = None
                await self._send(producer, rows)
                quiet.moved()
                asked = monotonic()
            elif monotonic() - asked > ASK_S:  # an empty outbox says nothing about Kafka
                await _reach(self._servers)
                asked = monotonic()
            self._connected()
            sent_s = monotonic()
            if len(rows) < AT_ONCE:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._outbox.arrived.wait(), quiet.either(LOOK_S, QUIET_LOOK_S))
            if rows:
                await asyncio.sleep(sent_s + GATHER_S - monotonic())

    async def _send(self, producer: AIOKafkaProducer, rows: Sequence[Stored]) -> None:
        """Send all rows, partitions in parallel, and remove the confirmed ones. Raises the first error."""
        lanes: dict[tuple[str, int], list[Stored]] = {}
        for stored in rows:
            lanes.setdefault((stored.row.topic, stored.row.partition), []).append(stored)
        confirmed: list[int] = []
        sent = [self._send_lane(producer, lane, confirmed) for lane in lanes.values()]
        sending = asyncio.gather(*sent, return_exceptions=True)
        try:
            if not (await asyncio.wait([sending], timeout=SLOW_S))[0]:
                await self._say(TimeoutError("no answer yet"))
            ended = await sending
        finally:
            sending.cancel()
            await asyncio.shield(self._outbox.relayed(confirmed))
        for fault in ended:
            if fault is not None:
                raise fault

    async def _send_lane(self, producer: AIOKafkaProducer, lane: Sequence[Stored], confirmed: list[int]) -> None:
        """Send one partition's rows in order, waiting for each batch to be confirmed."""
        at = 0
        while at < len(lane):
            batch, begin = producer.create_batch(), at
            while at < len(lane) and _append(batch, lane[at]):
                at += 1
            row = lane[begin].row
            async with asyncio.timeout(2 * REQUEST_MS / 1000):
                await (await producer.send_batch(batch, self._prefix + row.topic, partition=row.partition))
            confirmed.extend(stored.seq for stored in lane[begin:at])

    def _connected(self) -> None:
        if self.state == "waiting":
            log.info("Kafka accepts reports again; sending what waited in the outbox")
        self.state = "connected"
        self._said = -SAY_EVERY_S
        self._absence.over()

    async def _say(self, fault: Exception) -> None:
        self.state = "waiting"
        if isinstance(fault, AWAY):
            level = self._absence.level()
        else:
            level = logging.NOTSET if monotonic() - self._said < SAY_EVERY_S else logging.WARNING
        if level == logging.NOTSET:
            return
        self._said = monotonic()
        waits = await self._outbox.waiting()
        log.log(
            level,
            "Kafka at %s does not accept records (%s: %s); %d reports and %d records wait safely in the outbox",
            self._servers, type(fault).__name__, fault, waits.reports, waits.rows,
        )  # fmt: skip


def _append(batch: Any, stored: Stored) -> bool:
    row = stored.row
    added = batch.append(key=row.key.encode(), value=row.value, timestamp=None, headers=list(row.headers))
    return added is not None


async def _reach(servers: str) -> None:
    """Try a plain connection: a Kafka client without a broker floods the log. Raises `OSError` or `TimeoutError`."""
    for host, port in addresses(servers):
        if await accepts(host, port, REACH_S):
            return
    raise ConnectionRefusedError("nobody listens there")


@asynccontextmanager
async def _producer(servers: str) -> AsyncIterator[AIOKafkaProducer]:
    """A started producer that stops within 3 s even if its broker is away."""
    producer = kafka_producer(
        servers, retry_backoff_ms=250, max_batch_size=BATCH_BYTES, max_request_size=2 * BATCH_BYTES
    )
    try:
        await producer.start()
        yield producer
    finally:
        await stop_quietly(producer)
