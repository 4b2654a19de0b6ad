"""Writes our statement of each closed day, and the partner's when it comes, to the topic `proofs`.

What is to be written stands in the file until it is. A transactional producer is started first, which ends what an
earlier writer left open; then the topic is read, and only what is not there already is written. So a day's statement is
written once, whoever is killed when.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from datetime import date
from hashlib import sha256
from typing import Final
from zoneinfo import ZoneInfo

from aiokafka import AIOKafkaProducer

from connectors.proofs.accounts import Proofs
from connectors.proofs.book import DueStatement
from schemas.codec import Headers, UnreadableError, cloud_event, decode, encode
from schemas.days import end_ms
from schemas.proof import PROOF_KIND, PartnerStatement, ProofStatement
from schemas.topics import PROOFS, partition_of
from streams.kafka.clients import producer as kafka_producer
from streams.kafka.closing import stop_quietly
from streams.kafka.topic_reader import ANSWER_S, TopicReader

SOURCE: Final = "grid36/proofs"
AT_ONCE: Final = 1_000
TRANSACTION_MS: Final = 20_000

Ensure = Callable[[], Awaitable[None]]
"""Makes the topic if it is missing."""


class Statements:
    """The writer; several take turns, and the last one that starts is the only one that can commit."""

    def __init__(self, proofs: Proofs, zone: ZoneInfo, servers: str, ensure: Ensure, *, prefix: str = "") -> None:
        self._proofs, self._zone = proofs, zone
        self._servers, self._ensure, self._prefix = servers, ensure, prefix

    async def write(self) -> int:
        """Write what is due; how many records it took. Raises what Kafka's client does, `ProofsUnwritableError`."""
        written = 0
        while due := await asyncio.to_thread(self._proofs.book.due, AT_ONCE):
            written += await self._write(due)
        return written

    async def _write(self, due: list[DueStatement]) -> int:
        await self._ensure()
        async with AsyncExitStack() as stack:
            producer = kafka_producer(
                self._servers, transactional_id=f"{self._prefix}{PROOFS}", transaction_timeout_ms=TRANSACTION_MS
            )
            stack.push_async_callback(stop_quietly, producer)
            async with asyncio.timeout(3 * ANSWER_S):
                await producer.start()
            there = await self._there()
            fresh = await asyncio.to_thread(self._fresh, due, there)
            if fresh:
                async with asyncio.timeout(TRANSACTION_MS / 1000):
                    await self._send(producer, fresh)
        await asyncio.to_thread(self._proofs.book.written, due)
        return len(fresh)

    async def _send(self, producer: AIOKafkaProducer, fresh: Mapping[str, ProofStatement]) -> None:
        async with producer.transaction():
            for key, statement in fresh.items():
                value = encode(statement)
                topic, partition = self._prefix + PROOFS, partition_of(key, 1)
                headers = list(headers_of(statement, value, self._zone))
                await producer.send_and_wait(topic, value, key.encode(), partition, headers=headers)

    async def _there(self) -> dict[str, bytes]:
        found: dict[str, bytes] = {}
        async with TopicReader(self._servers, self._prefix + PROOFS, compacted=True) as topic:
            async for records in topic.to_end():
                found |= {record.key.decode(): record.value for record in records if record.value}
        return found

    def _fresh(self, due: list[DueStatement], there: Mapping[str, bytes]) -> dict[str, ProofStatement]:
        """What is not there as it is now, by key. What the partner said to another gateway is kept."""
        fresh = {}
        for each in due:
            key = key_of(each.partner, each.day)
            statement = self._proofs.day(each.partner, each.day).statement(self._zone.key)
            statement = statement.model_copy(update={"theirs": _joined(statement.theirs, there.get(key))})
            if encode(statement) != there.get(key):
                fresh[key] = statement
        return fresh


def key_of(partner: str, day: date) -> str:
    """The key of a record of the topic."""
    return f"{partner}|{day.isoformat()}"


def headers_of(statement: ProofStatement, value: bytes, zone: ZoneInfo) -> Headers:
    """CloudEvents headers; the id is made of partner, day and content."""
    event_id = f"{statement.partner}/{statement.day}/{sha256(value).hexdigest()[:16]}"
    t_ms = end_ms(statement.day, zone)
    return cloud_event(event_id=event_id, source=SOURCE, kind=PROOF_KIND, t_ms=t_ms, subject=statement.partner)


def _joined(theirs: PartnerStatement, there: bytes | None) -> PartnerStatement:
    try:
        before = decode(ProofStatement, there).theirs if there else PartnerStatement()
    except UnreadableError:  # written by hand, or by a newer release
        return theirs
    return PartnerStatement(
        to_partner=theirs.to_partner or before.to_partner, from_partner=theirs.from_partner or before.from_partner
    )
