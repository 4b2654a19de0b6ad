"""Reads the topics to which somebody subscribed, each from where it was read last, and stores what arrived."""

import asyncio
import logging
import sqlite3
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import suppress
from functools import partial
from time import monotonic
from typing import Final, TypeVar

from aiokafka import TopicPartition
from aiokafka.errors import KafkaError
from aiokafka.structs import ConsumerRecord

from connectors.subscriptions.arrivals import Arrivals, LogRecord, Texts, save_positions
from connectors.subscriptions.rows import SubscriptionRows
from connectors.subscriptions.store import SubscriptionStore
from connectors.subscriptions.subscription import StopReason, SubscriptionState
from schemas.errors import Retry, Stop
from schemas.topics import CASES
from streams.kafka.clients import consumer as kafka_consumer
from streams.kafka.clients import find_topics
from streams.kafka.closing import stop_quietly
from streams.kafka.topic_reader import ANSWER_S, TopicReader, partitions_of

LOOK_S: Final = 1.0
"""How often the file is asked for subscriptions that a command made, resumed or ended."""
SAVE_S: Final = 5.0
"""How often positions are saved while nothing is for anybody."""
PAUSE_S: Final = 1.0

T = TypeVar("T")
Wake = Callable[[Collection[int]], None]
TextsOf = Callable[[Sequence[LogRecord]], Awaitable[Texts]]
"""What was written for the cases in these records."""

log = logging.getLogger(__name__)


async def no_texts(_: Sequence[LogRecord]) -> Texts:
    """For whom nobody may read words."""
    return {}


class TopicFollower:
    """The reader of one file of subscriptions."""

    def __init__(
        self,
        store: SubscriptionStore,
        servers: str,
        wake: Wake,
        clock: Callable[[], int],
        *,
        prefix: str = "",
        texts_of: TextsOf = no_texts,
    ) -> None:
        """`wake` is told for whom something arrived; `clock`: ms UTC."""
        self._store, self._servers, self._prefix = store, servers, prefix
        self._wake, self._clock, self._texts_of = wake, clock, texts_of
        self._readers: dict[str, asyncio.Task[None]] = {}
        self._read_to: dict[str, Mapping[int, int]] = {}
        self._news = asyncio.Event()

    def look(self) -> None:
        """There may be a new subscription."""
        self._news.set()

    async def run(self) -> None:
        """Read until cancelled; waits while Kafka is away."""
        try:
            while True:
                self._news.clear()
                try:
                    await self._look()
                except (Retry, KafkaError, OSError, TimeoutError) as fault:
                    log.debug("subscriptions wait: %r", fault)
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._news.wait(), LOOK_S)
        finally:
            await self._end(list(self._readers))

    async def _look(self) -> None:
        """Give those that start their place, and read what is needed from where it is needed."""
        starting = await self._store.look(lambda db: SubscriptionRows(db).starting())
        for topic in {each.selection.topic for each in starting}:
            ends = await ends_of(self._servers, self._prefix + topic)
            await self._store.do(partial(_begin, topic=topic, ends=ends, now_ms=self._clock()))
        read_to = dict(self._read_to)  # before the question: meanwhile it only moves on
        wanted, behind = await self._store.look(_plan)
        back = {topic for topic, place, seq in behind if seq < read_to.get(topic, {}).get(place, 0)}
        ended = [
            topic for topic, reader in self._readers.items() if topic not in wanted or topic in back or reader.done()
        ]
        await self._end(ended)
        for topic in wanted - self._readers.keys():
            positions = await self._store.look(partial(_positions, topic=topic))
            self._readers[topic] = asyncio.create_task(self._read(topic, positions))

    async def _end(self, topics: Sequence[str]) -> None:
        tasks = [self._readers.pop(topic) for topic in topics]
        for task in tasks:
            task.cancel()
        for topic, fault in zip(topics, await asyncio.gather(*tasks, return_exceptions=True), strict=True):
            if isinstance(fault, Exception):
                log.error("subscriptions: reading %s ended", topic, exc_info=fault)

    async def _read(self, topic: str, positions: Mapping[int, int]) -> None:
        """Until cancelled, or until the topic is not the one before."""
        saved_s, self._read_to[topic] = monotonic(), positions
        reader = TopicReader(self._servers, self._prefix + topic, positions, compacted=True)
        try:
            async with reader:
                async for records in reader.follow():
                    if records or monotonic() - saved_s > SAVE_S:
                        saved_s = monotonic()
                        now = dict(reader.offsets)
                        await self._take(topic, records, self._read_to[topic], now)
                        self._read_to[topic] = now
        except Stop as fault:
            log.error("subscriptions of %s stop: %s", topic, fault)  # noqa: TRY400 - the message is for the operator
            await _patiently(partial(self._store.do, partial(_lose, topic=topic)))
        finally:
            self._read_to.pop(topic, None)

    async def _take(
        self, topic: str, records: Sequence[ConsumerRecord], before: Mapping[int, int], positions: Mapping[int, int]
    ) -> None:
        texts = await self._texts_of(records) if topic == CASES else {}
        work = partial(_take, topic=topic, records=records, before=before, positions=positions, texts=texts)
        news, erased = await _patiently(partial(self._store.do, work))
        self._wake(news)
        if erased:
            await _patiently(self._store.scrub)


def _take(
    db: sqlite3.Connection,
    topic: str,
    records: Sequence[ConsumerRecord],
    before: Mapping[int, int],
    positions: Mapping[int, int],
    texts: Texts,
) -> tuple[frozenset[int], int]:
    arrivals = Arrivals(db, topic)
    return arrivals.take(records, before, positions, texts), arrivals.erased


def _begin(db: sqlite3.Connection, topic: str, ends: Mapping[int, int], now_ms: int) -> None:
    """Whoever starts is sent what is behind the ends that the topic has now."""
    rows = SubscriptionRows(db)
    if not rows.active(topic):
        db.execute("DELETE FROM positions WHERE topic = ?", (topic,))
        save_positions(db, topic, ends)
    for each in rows.starting():
        if each.selection.topic == topic:
            own = [(each.n, place, seq) for place, seq in ends.items()]
            db.executemany("INSERT OR REPLACE INTO own_positions VALUES (?, ?, ?)", own)
            state = SubscriptionState.ACTIVE
            db.execute("UPDATE subscriptions SET state = ?, since_ms = ? WHERE n = ?", (state, now_ms, each.n))


def _plan(db: sqlite3.Connection) -> tuple[set[str], list[tuple[str, int, int]]]:
    """The topics that are to be read, and from where some need one of them: topic, partition, offset."""
    sql = (
        "SELECT s.topic, own.place, own.seq FROM own_positions AS own JOIN subscriptions AS s ON s.n = own.subscription"
        " JOIN positions AS p ON p.topic = s.topic AND p.place = own.place"
        " WHERE s.state = 'active' AND own.seq < p.seq"
    )
    wanted = {each.selection.topic for each in SubscriptionRows(db).active()}
    return wanted, db.execute(sql).fetchall()


def _positions(db: sqlite3.Connection, topic: str) -> dict[int, int]:
    """From where a topic has to be read, for everybody."""
    sql = (
        "SELECT place, min(seq) FROM (SELECT place, seq FROM positions WHERE topic = ?1 UNION ALL"
        " SELECT place, seq FROM own_positions JOIN subscriptions ON n = subscription"
        " WHERE topic = ?1 AND state = 'active') GROUP BY place"
    )
    return dict(db.execute(sql, (topic,)).fetchall())


def _lose(db: sqlite3.Connection, topic: str) -> None:
    """No position of this topic means anything any more."""
    rows = SubscriptionRows(db)
    db.execute("DELETE FROM positions WHERE topic = ?", (topic,))
    for each in rows.active(topic):
        rows.stop(each.n, StopReason.LOG_ANEW)
        db.execute("UPDATE subscriptions SET since_ms = NULL WHERE n = ?", (each.n,))
        db.execute("DELETE FROM own_positions WHERE subscription = ?", (each.n,))


async def ends_of(servers: str, topic: str) -> dict[int, int]:
    """The next offset of each partition. Raises `TopicMissing`, and the client's errors when Kafka is away."""
    async with asyncio.timeout(3 * ANSWER_S):
        places = [TopicPartition(topic, place) for place in await partitions_of(servers, topic)]
        consumer = kafka_consumer(servers)
        await consumer.start()
        try:
            await find_topics(consumer, [topic])
            ends = await consumer.end_offsets(places)
        finally:
            await stop_quietly(consumer)
    return {place.partition: end for place, end in ends.items()}


async def _patiently(work: Callable[[], Awaitable[T]]) -> T:
    """Done, however long the file cannot be written."""
    while True:
        try:
            return await work()
        except Retry as fault:
            log.warning("subscriptions wait: %s", fault)
            await asyncio.sleep(PAUSE_S)
