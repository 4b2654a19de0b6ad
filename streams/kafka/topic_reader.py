"""Follows a whole topic from given offsets: read_committed, without a consumer group, and survives broker outages."""

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Collection, Mapping
from contextlib import suppress
from time import monotonic
from types import TracebackType
from typing import Final, Self

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError, OffsetOutOfRangeError
from aiokafka.structs import ConsumerRecord

from schemas.errors import Retry, ServiceAway, Stop
from streams.kafka.clients import READ_BYTES, admin, find_topics
from streams.kafka.clients import consumer as kafka_consumer
from streams.kafka.closing import stop_quietly
from streams.kafka.outage import Outage
from streams.kafka.quiet import Quiet

MOST_RECORDS: Final = 1500
"""In one batch. What Python makes of more no longer fits the caches of a processor: each takes twice as long."""
POLL_S: Final = 0.2
QUIET_POLL_S: Final = 2.0
"""How long a reader waits for records before it looks at its positions: while it is busy, and in a quiet topic."""
LOOK_S: Final = 2.0
QUIET_LOOK_S: Final = 10.0
"""How long nothing comes before the reader looks up the end of the topic: while it is busy, and in a quiet topic."""
FETCH_WAIT_MS: Final = 2_000
"""How long the broker holds a fetch that finds nothing. Requests for the end of the topic wait behind it."""
STILL_S: Final = 12.0
ANSWER_S: Final = 8.0
PATIENCE_S: Final = 30.0
FIRST_PAUSE_S: Final = 0.2
LONGEST_PAUSE_S: Final = 3.0

log = logging.getLogger(__name__)


class TopicMissing(Retry):
    """This topic is not there yet. It is made when the system starts: run `grid36 up` or create the system."""

    topic: str


class LogCutError(Stop):
    """Records were deleted before they were read. Restore the topic, or rebuild what reads it from a backup."""

    topic: str
    partition: int
    expected: int
    found: int


class LogShorterError(Stop):
    """The topic ends before what was already read: it was made anew. Run `grid36 ledger rebuild`."""

    topic: str
    partition: int
    expected: int
    found: int


class Stillness:
    """Since when a reader has been behind without progress; at the end of the topic it may wait however long.

    A record that comes after a quiet hour is read half a second later; a check in between must not conclude that the
    reader has been stuck for an hour.
    """

    def __init__(self) -> None:
        self._since: float | None = None

    def moved(self) -> None:
        """Note that something was read."""
        self._since = None

    def stuck(self, *, behind: bool, now: float) -> bool:
        """Whether it was behind all the time for 12 s, as seen by who looks at `now` (monotonic seconds)."""
        if not behind:
            self._since = None
        elif self._since is None:
            self._since = now
        return self._since is not None and now - self._since > STILL_S


class TopicReader:
    """One topic, read in order within each partition; use it in `async with`.

    `offsets` is the next offset of each partition, up to date whenever a batch is handed out; it steps over the
    transaction markers behind the last record, so it reaches the end offset. `waiting` says what is waited for, if
    anything is: after any error of the client a new one is made, with growing pauses, for ever.
    """

    def __init__(
        self,
        servers: str,
        topic: str,
        offsets: Mapping[int, int] | None = None,
        *,
        partitions: Collection[int] | None = None,
        compacted: bool = False,
    ) -> None:
        """`partitions` None means all; a `compacted` topic may begin anywhere, any other only where we left it.

        Where it began later than we were, `later` says so: by partition, where we were and where it begins.
        """
        self.servers = servers
        self.topic = topic
        self.offsets: dict[int, int] = dict(offsets or {})
        self.waiting: str | None = None
        self.later: dict[int, tuple[int, int]] = {}
        self._only = partitions
        self._compacted = compacted
        self._consumer: AIOKafkaConsumer | None = None
        self._ends: dict[int, int] = {}
        self._absence = Outage()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        await self._leave()

    async def follow(self, stop: asyncio.Event | None = None) -> AsyncIterator[list[ConsumerRecord]]:
        """Batches without end, or until `stop`. In an empty one only `offsets` moved."""
        async for batch in self._read(stop, patience_s=None):
            yield batch

    async def to_end(self, patience_s: float = PATIENCE_S) -> AsyncGenerator[list[ConsumerRecord], None]:
        """Batches up to the end offsets at the time of the call; then it is over.

        Raises `ServiceAway` when the broker does not answer for `patience_s`, `TopicMissing` when there is no such
        topic then.
        """
        self._ends = {}
        async for batch in self._read(None, patience_s=patience_s):
            yield batch

    async def _read(
        self, stop: asyncio.Event | None, *, patience_s: float | None
    ) -> AsyncIterator[list[ConsumerRecord]]:
        """Without end when `patience_s` is None, else up to the end."""
        pause, stop, answered = FIRST_PAUSE_S, stop or asyncio.Event(), monotonic()
        while not stop.is_set():
            try:
                consumer = await self._open()
                async for batch in self._batches(consumer, stop, until_end=patience_s is not None):
                    pause, answered = FIRST_PAUSE_S, monotonic()
                    yield batch
            except OffsetOutOfRangeError:
                log.info("%s begins later than it was read", self.topic)  # checked when it is opened again
            except (KafkaError, OSError, TimeoutError, TopicMissing) as error:
                self._wait_for(error)
                if patience_s is not None and monotonic() - answered > patience_s:
                    raise error if isinstance(error, TopicMissing) else ServiceAway(servers=self.servers) from error
            else:
                return
            finally:
                await self._leave()
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), pause)
            pause = min(pause * 2, LONGEST_PAUSE_S)

    async def _batches(
        self, consumer: AIOKafkaConsumer, stop: asyncio.Event, *, until_end: bool
    ) -> AsyncIterator[list[ConsumerRecord]]:
        looked, still, quiet = monotonic(), Stillness(), Quiet()
        while not stop.is_set() and not (until_end and self._at_end()):
            records = await _fetched(consumer, stop, quiet.either(POLL_S, QUIET_POLL_S))
            if await self._advance(consumer) or records:
                looked = monotonic()
                still.moved()
                quiet.moved()
                yield records
            elif monotonic() - looked > quiet.either(LOOK_S, QUIET_LOOK_S):
                looked = monotonic()
                if await self._look(consumer, still):
                    quiet.moved()

    async def _open(self) -> AIOKafkaConsumer:
        consumer = self._consumer = kafka_consumer(
            self.servers,
            fetch_max_wait_ms=FETCH_WAIT_MS,
            consumer_timeout_ms=FETCH_WAIT_MS,  # only how often an idle fetch task wakes up
            max_partition_fetch_bytes=READ_BYTES,
        )
        async with asyncio.timeout(2 * ANSWER_S):
            known = await partitions_of(self.servers, self.topic)
            await consumer.start()
            await find_topics(consumer, [self.topic])
            wanted = [TopicPartition(self.topic, p) for p in known if self._only is None or p in self._only]
            first = await consumer.beginning_offsets(wanted)
            end = await consumer.end_offsets(wanted)
        for tp in wanted:
            await self._check(tp.partition, first[tp], end[tp])
        consumer.assign(wanted)
        for tp in wanted:
            consumer.seek(tp, self.offsets[tp.partition])
        if not self._ends:
            self._ends = {tp.partition: end[tp] for tp in wanted}
        if self.waiting:
            log.info("reading %s again", self.topic)
        self.waiting = None
        self._absence.over()
        return consumer

    async def _check(self, partition: int, first: int, end: int) -> None:
        expected = self.offsets.setdefault(partition, 0)
        if expected > end:
            raise LogShorterError(topic=self.topic, partition=partition, expected=expected, found=end)
        if expected < first:
            if not await self._may_begin(partition, first):
                raise LogCutError(topic=self.topic, partition=partition, expected=expected, found=first)
            self.later[partition] = expected, first
            self.offsets[partition] = first

    async def _may_begin(self, partition: int, first: int) -> bool:
        """Whether a partition that begins behind where we were has lost nothing for us; may look at Kafka."""
        return self._compacted

    async def _advance(self, consumer: AIOKafkaConsumer) -> bool:
        """Take over the consumer's positions, which step over control records; whether any moved."""
        moved = False
        for tp in consumer.assignment():
            position = await consumer.position(tp)
            moved |= position != self.offsets[tp.partition]
            self.offsets[tp.partition] = position
        return moved

    async def _look(self, consumer: AIOKafkaConsumer, still: Stillness) -> bool:
        """Ask for the ends: whether we are behind one. Raises when we do not move although we are."""
        # a consumer cut off from its broker stays silent, so ask the broker
        async with asyncio.timeout(ANSWER_S):
            ends = await consumer.end_offsets(sorted(consumer.assignment()))
        for tp, end in ends.items():
            at = self.offsets[tp.partition]
            if end < at:
                raise LogShorterError(topic=self.topic, partition=tp.partition, expected=at, found=end)
        behind = [tp.partition for tp, end in ends.items() if end > self.offsets[tp.partition]]
        if still.stuck(behind=bool(behind), now=monotonic()):
            raise TimeoutError(f"{self.topic}: partitions {behind} stand still")
        return bool(behind)

    def _at_end(self) -> bool:
        return all(self.offsets[partition] >= end for partition, end in self._ends.items())

    def _wait_for(self, error: Exception) -> None:
        what = str(error) or type(error).__name__
        waiting = what if isinstance(error, TopicMissing) else f"Kafka at {self.servers} does not answer: {what}"
        if level := self._absence.level():
            log.log(level, "%s waits: %s", self.topic, waiting)
        self.waiting = waiting

    async def _leave(self) -> None:
        consumer, self._consumer = self._consumer, None
        if consumer is not None:
            await stop_quietly(consumer)


async def _fetched(consumer: AIOKafkaConsumer, stop: asyncio.Event, wait_s: float) -> list[ConsumerRecord]:
    """What has come, as soon as something has; nothing when `wait_s` are over, or at `stop`."""
    fetching = asyncio.ensure_future(consumer.getmany(timeout_ms=round(wait_s * 1000), max_records=MOST_RECORDS))
    stopping = asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait({fetching, stopping}, return_when=asyncio.FIRST_COMPLETED)
        return [record for part in fetching.result().values() for record in part] if fetching.done() else []
    finally:
        fetching.cancel()
        stopping.cancel()


async def partitions_of(servers: str, topic: str) -> list[int]:
    """The partitions of a topic. Raises `TopicMissing`, and the client's errors when the broker is away."""
    async with admin(servers) as client:
        described = await client.describe_topics([topic])
    found = [part["partition"] for each in described if not each["error_code"] for part in each["partitions"]]
    if not found:
        raise TopicMissing(topic=topic)
    return sorted(found)
