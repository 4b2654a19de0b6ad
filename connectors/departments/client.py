"""A client for a department's programs: an async iterator over `department.<code>`, at least once.

    async with orders(servers, "police") as stream:
        async for delivery in stream:
            ...  # the next iteration, or a clean exit of the block, confirms this one and commits its offset

An order whose processing fails is delivered again and marked as repeated; with a `bookmark`, it is marked after a
restart, too.
"""

import asyncio
import logging
from collections import OrderedDict, deque
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Final, Self

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError
from aiokafka.structs import ConsumerRecord

from connectors.departments.bookmark import Bookmark
from connectors.departments.receipts import Receipt, Receipts, receipt_of
from schemas.codec import UnreadableError, decode
from schemas.order import Order
from schemas.topics import department_topic
from streams.kafka.clients import consumer as kafka_consumer
from streams.kafka.closing import stop_quietly
from streams.kafka.outage import Outage
from streams.kafka.topic_reader import ANSWER_S, LOOK_S, Stillness, TopicMissing, partitions_of

AT_ONCE: Final = 100
POLL_MS: Final = 500
COMMIT_S: Final = 0.2
"""How often offsets of finished orders are committed while orders come; they are always committed before a wait."""
ALONE_S: Final = 30.0
"""A member of the group that has no partitions for this long restarts its client."""
PAUSE_S: Final = (0.2, 3.0)
REMEMBERED: Final = 100_000
"""For how many cases the last sequence is remembered."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One record of the department's topic, its position, and whether it was delivered before.

    `order` is the complete current order. None means that the order of this case is finished or, with `fault`, that
    the record could not be read and a person has to check it.
    """

    case: str
    order: Order | None
    again: bool
    partition: int
    offset: int
    fault: str | None = None

    @property
    def finished(self) -> bool:
        """True if the case needs nothing more from this department."""
        return self.order is None and self.fault is None


class Orders:
    """The iterator; create it with `orders`. `waiting` is what it waits for, if anything."""

    def __init__(
        self, servers: str, topic: str, group: str, bookmark: Path | None = None, receipts: Path | None = None
    ) -> None:
        self.waiting: str | None = None
        self._servers, self._topic, self._group = servers, topic, group
        self._consumer: AIOKafkaConsumer | None = None
        self._fetched: deque[ConsumerRecord] = deque()
        self._current: ConsumerRecord | None = None
        self._done: dict[TopicPartition, int] = {}
        self._last_committed: dict[TopicPartition, int] = {}
        self._bookmark = Bookmark(bookmark, topic)
        self._next = self._bookmark.read()
        self._finished = dict(self._next)
        self.receipts = Receipts(receipts)
        self._received: list[Receipt] = []
        self._storing = asyncio.Lock()
        self._seqs: OrderedDict[str, int] = OrderedDict()
        self._pause = PAUSE_S[0]
        self._committed = self._had_part = self._looked = monotonic()
        self._still = Stillness()
        self._absence = Outage()

    def __aiter__(self) -> AsyncIterator[Delivery]:
        return self

    async def __anext__(self) -> Delivery:
        """The next delivery; asking for it confirms the previous one. Waits while Kafka is away."""
        self._is_done()
        while True:
            try:
                if not self._fetched or monotonic() - self._committed > COMMIT_S:
                    await self._commit()
                if self._fetched:
                    self._current = self._fetched.popleft()
                    return self._delivery(self._current)
                await self._fetch(self._consumer or await self._open())
            except (KafkaError, OSError, TimeoutError, TopicMissing) as fault:
                await self._start_over(fault)

    async def aclose(self) -> None:
        """Confirm the last delivery, commit and leave the group. If Kafka is away, it will come again."""
        self._is_done()
        with suppress(KafkaError, OSError, TimeoutError):
            await self._commit()
        await self._leave()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        if kind is not None and not issubclass(kind, GeneratorExit) and self._current is not None:
            self._fetched.appendleft(self._current)  # not confirmed: it will be delivered again
            self._current = None
        await self.aclose()

    def _is_done(self) -> None:
        if self._current is not None:
            self._done[TopicPartition(self._topic, self._current.partition)] = self._current.offset + 1
            if (receipt := receipt_of(self._current)) is not None:
                self._received.append(receipt)
            self._current = None

    async def _commit(self) -> None:
        """Commit finished orders and, after the last one, the markers, so that the group's lag reaches 0."""
        self._committed = monotonic()
        await self.keep_receipts()
        consumer = self._consumer
        if consumer is None:
            return
        at_hand = {record.partition for record in self._fetched}
        async with asyncio.timeout(ANSWER_S):
            read = {tp: await consumer.position(tp) for tp in consumer.assignment() if tp.partition not in at_hand}
            moved = {tp: offset for tp, offset in (self._done | read).items() if self._last_committed.get(tp) != offset}
            if moved:
                for tp, offset in moved.items():  # an expired group starts anew; finished orders stay finished
                    self._finished[tp.partition] = max(offset, self._finished.get(tp.partition, 0))
                self._bookmark.write(
                    self._finished
                )  # before Kafka: repetitions from positions that only Kafka has would not be marked
                await consumer.commit(moved)
        self._last_committed |= moved
        self._done = {}

    async def keep_receipts(self) -> None:
        """Store what was confirmed; before its offset is committed, so that no order lacks its receipt."""
        async with self._storing:  # a statement may be made while orders go on being read
            stored = list(self._received)
            await asyncio.to_thread(self.receipts.add, stored)
            del self._received[: len(stored)]

    async def _open(self) -> AIOKafkaConsumer:
        async with asyncio.timeout(2 * ANSWER_S):
            await partitions_of(self._servers, self._topic)
        consumer = self._consumer = kafka_consumer(
            self._servers,
            self._topic,
            group_id=self._group,
            auto_offset_reset="earliest",
            session_timeout_ms=10_000,
            heartbeat_interval_ms=2_000,
        )
        async with asyncio.timeout(3 * ANSWER_S):
            await consumer.start()
            await self._check_bookmark(consumer)
        self._had_part = self._looked = monotonic()
        self._still = Stillness()
        return consumer

    async def _check_bookmark(self, consumer: AIOKafkaConsumer) -> None:
        """A topic shorter than the bookmark was recreated: nothing in it was delivered before."""
        positions = {TopicPartition(self._topic, partition): offset for partition, offset in self._next.items()}
        ends = await consumer.end_offsets(sorted(positions)) if positions else {}
        if any(end < positions[tp] for tp, end in ends.items()):
            self._next, self._finished = {}, {}

    async def _fetch(self, consumer: AIOKafkaConsumer) -> None:
        fetched = await consumer.getmany(timeout_ms=POLL_MS, max_records=AT_ONCE)
        self._fetched.extend(record for records in fetched.values() for record in records)
        if self._fetched:
            self._had_part = self._looked = monotonic()
            self._still.moved()
            self._pause = PAUSE_S[0]
            self._say(None)
        elif monotonic() - self._looked > LOOK_S:
            self._looked = monotonic()
            await self._look(consumer)

    async def _look(self, consumer: AIOKafkaConsumer) -> None:
        # a consumer that lost its broker may not raise, so ask the broker
        assigned = sorted(consumer.assignment())
        if not assigned:
            if monotonic() - self._had_part > ALONE_S:
                raise TimeoutError("no partitions are assigned to this reader; are there more readers than partitions?")
            return
        self._had_part = monotonic()
        async with asyncio.timeout(ANSWER_S):
            ends = await consumer.end_offsets(assigned)
            behind = [tp.partition for tp in assigned if await consumer.position(tp) < ends[tp]]
        if self._still.stuck(behind=bool(behind), now=monotonic()):
            raise TimeoutError(f"no progress in partitions {behind}")
        self._say(None)

    async def _start_over(self, fault: Exception) -> None:
        """Drop the client; a new one starts at the committed offsets: later deliveries come again, marked."""
        what = str(fault) or type(fault).__name__
        away = not isinstance(fault, TopicMissing)
        self._say(f"Kafka at {self._servers} does not answer: {what}" if away else what)
        self._fetched.clear()
        self._done, self._last_committed = {}, {}
        await self._leave()
        await asyncio.sleep(self._pause)
        self._pause = min(self._pause * 2, PAUSE_S[1])

    async def _leave(self) -> None:
        consumer, self._consumer = self._consumer, None
        if consumer is not None:
            await stop_quietly(consumer)

    def _say(self, waiting: str | None) -> None:
        if waiting is None:
            if self.waiting is not None:
                log.info("reading %s again", self._topic)
            self._absence.over()
        elif level := self._absence.level():
            log.log(level, "%s waits: %s", self._topic, waiting)
        self.waiting = waiting

    def _delivery(self, record: ConsumerRecord) -> Delivery:
        again = record.offset < self._next.get(record.partition, 0)
        self._next[record.partition] = max(record.offset + 1, self._next.get(record.partition, 0))
        case = (record.key or b"").decode(errors="replace")
        order, fault = None, None
        if record.value is not None:
            try:
                order = decode(Order, record.value)
            except UnreadableError as error:
                fault = str(error)
        if order is not None:
            again |= not self._grows(case, order.seq)
        return Delivery(case, order, again, record.partition, record.offset, fault)

    def _grows(self, case: str, seq: int) -> bool:
        """True if the sequence is higher than the case's last one."""
        last = self._seqs.pop(case, -1)
        self._seqs[case] = max(seq, last)
        if len(self._seqs) > REMEMBERED:
            self._seqs.popitem(last=False)
        return seq > last


def orders(
    servers: str,
    department: str,
    *,
    group: str | None = None,
    prefix: str = "",
    bookmark: Path | None = None,
    receipts: Path | None = None,
) -> Orders:
    """The orders of a department (its code), from the last position of `group`, or from the earliest one retained.

    `group` defaults to the department's own; readers in the same group share the orders. `bookmark` is a file for
    this reader alone: with it, confirmed orders are marked as repeated even after a restart, for instance if the reader
    was away for longer than Kafka retains the offsets of a group (7 days by default). `receipts` is a file of what was
    confirmed, to prove each day that nothing was lost. Close it, or use it in `async with`.
    """
    topic = department_topic(department)
    return Orders(servers, prefix + topic, prefix + (group or topic), bookmark, receipts)
