"""The transactional partition: records in, state and outputs out, in one Kafka transaction, all or nothing.

Its memory is a cache of the compacted state topic; Kafka is the only store. `docs/adr/0004` says why each rule is here.
"""

import asyncio
import logging
import time
from collections.abc import Iterator, Mapping, Sequence

from aiokafka import AIOKafkaProducer
from aiokafka.errors import MessageSizeTooLargeError, ProducerFenced, RecordListTooLargeError
from aiokafka.structs import ConsumerRecord, RecordMetadata

from streams.kafka.clients import has_expired, transactional_producer
from streams.kafka.closing import hear
from streams.kafka.partition_reader import POLL_S, PartitionReader
from streams.kafka.quiet import Quiet
from streams.partition.apply import PartitionWork, Pause, PoisonIsolation
from streams.partition.batches import pack
from streams.partition.contract import ConsumedRecord, Output, StepFactory
from streams.partition.errors import Refusal, TooLargeError, UnwritableError
from streams.partition.takeover import check_source, look, read_state
from streams.partition.ticker import Ticker
from streams.partition.worker_context import Shared

FIRST_PAUSE_S = 0.2
LONGEST_PAUSE_S = 3.0
IDLE_S = 1.0
"""A producer used more recently than this cannot have expired."""

log = logging.getLogger(__name__)


class Partition:
    """One partition of one step, owned from construction until `close`; lives in the running event loop.

    Every recovery is the same: forget everything, start a new producer under the same transactional
    id (which fences and cleans up whoever held it), read the state, go on from the offset found there.
    """

    def __init__(self, topic: str, number: int, factory: StepFactory, shared: Shared) -> None:
        self.topic = topic
        self.number = number
        self.known = 0
        self.ready = False
        self.refusal: Refusal | None = None
        self._factory = factory
        self._shared = shared
        self._settings = shared.settings
        self._counters = shared.counters
        self._unhurried = topic in self._settings.unhurried
        self._busy_gather_s = self._settings.busy_gather_s.get(topic, 0.0)
        self._careful = PoisonIsolation()
        self._ticker = Ticker(self._settings.tick_pause_s)
        self._quiet = Quiet(self._settings.quiet_after_s)
        self._producer: AIOKafkaProducer | None = None
        self._log: PartitionReader | None = None
        self._state_log: PartitionReader | None = None
        self._work: PartitionWork | None = None
        self._wrote = time.monotonic()
        self._task = asyncio.create_task(self._run(), name=f"partition {topic}/{number}")

    @property
    def next(self) -> int:
        """The first offset not yet applied; 0 while the partition is being taken over."""
        return self._work.next if self._work else 0

    @property
    def bookkeeping(self) -> Mapping[str, object]:
        """What the step keeps of itself (counts); empty while the partition is being taken over."""
        return self._work.step.bookkeeping() if self._work else {}

    def ring(self, offset: int) -> None:
        """Somebody, who may be wrong or late, says that there is a committed record at `offset`."""
        self.known = max(self.known, offset + 1)

    async def close(self) -> None:
        """Release it at once: what is not committed is the next owner's work."""
        self._task.cancel()
        await asyncio.wait([self._task])
        self._forget()

    async def _run(self) -> None:
        pause_s = FIRST_PAUSE_S
        while True:
            wait_s = pause_s
            try:
                await self._own()
                pause_s = FIRST_PAUSE_S
                while True:
                    await self._go_on()
            except Refusal as refusal:
                log.error("%s/%d is refused: %s", self.topic, self.number, refusal)  # noqa: TRY400  # it says it all
                self.refusal = refusal
                self._shared.refused(refusal)
                return
            except Exception as error:  # noqa: BLE001  # rule 2: one way back, whatever it was
                wait_s = self._note(error, pause_s)
                pause_s = min(pause_s * 2, LONGEST_PAUSE_S)
            finally:
                self._forget()
            await asyncio.sleep(wait_s)

    def _note(self, error: Exception, pause_s: float) -> float:
        """Count and log what went wrong; the seconds to wait before owning it again."""
        fenced, idle_s = isinstance(error, ProducerFenced), time.monotonic() - self._wrote
        self._counters["resets"] += 1
        self._counters["fenced"] += fenced
        if idle_s > IDLE_S and has_expired(error):
            log.info(
                "%s/%d goes on: the producer had expired after %s without a transaction, as the broker is set",
                *(self.topic, self.number, in_words(idle_s)),
            )
            return 0.0
        log.warning("%s/%d starts over: %r", self.topic, self.number, error)
        return self._settings.fenced_pause_s if fenced else pause_s

    def _forget(self) -> None:
        self.ready = False
        logs = [reader.consumer for reader in (self._log, self._state_log) if reader]
        self._shared.leavings.leave([self._producer, *logs])
        self._producer = self._log = self._state_log = self._work = None

    async def _own(self) -> None:
        """Fence first, then read."""
        step = self._factory(self.number)
        started = time.monotonic()
        self._producer = transactional_producer(self._settings, self.topic, self.number)
        self._log, self._state_log = PartitionReader(self._settings), PartitionReader(self._settings)
        async with asyncio.timeout(self._settings.start_timeout_s):
            await self._producer.start()
            self._wrote = time.monotonic()
            await asyncio.gather(self._log.start(), self._state_log.start())
            topics = {topic: len(await self._producer.partitions_for(topic)) for topic in (step.source, step.state)}
        partitions = self._settings.partitions
        extent = await look(self._log, step, self.number, topics, partitions)
        async with self._shared.takeovers:  # a state that is being read takes three times its memory
            bookkeeping, restored = await read_state(self._state_log, step, self.number, extent.state, partitions)
        self._shared.leavings.leave([self._state_log.consumer])
        self._state_log = None
        await check_source(self._log, step.source, self.number, extent.source, bookkeeping)
        self._log.patience(self._settings.source_fetch_wait_ms)
        self.ring(extent.source[1] - 1)
        self._work = PartitionWork(step, bookkeeping, self._settings, self._careful)
        self._ticker = Ticker(self._settings.tick_pause_s)
        self._counters["owned"] += 1
        self._counters["restored"] += restored
        self.ready = True
        log.info(
            "%s/%d is ours after %.2f s: %d keys, next %d",
            *(self.topic, self.number, time.monotonic() - started, restored, bookkeeping.next),
        )

    async def _go_on(self) -> None:
        """Wait for records or for a tick to be due; apply what there is.

        The reader's own fetch waits at the broker and returns with the records, so that no record has to
        be announced and fetched a second time before it is applied.
        """
        assert self._work is not None
        assert self._log is not None
        work, reader = self._work, self._log
        wait_s, tick_s = POLL_S, None
        if self.known <= work.next:
            reader.rested()
            tick_s = self._ticker.delay_s(work.step.next_due(), work.next, work.fired)
            listen_s = self._quiet.either(self._settings.listen_s, self._settings.quiet_listen_s)
            wait_s = listen_s if tick_s is None else min(tick_s, listen_s)
        limit = self._settings.records_per_transaction
        records, position = await reader.more(self.topic, self.number, work.next, limit, wait_s)
        self.ring(reader.end() - 1)
        gather_s = self._gather_s() if 0 < len(records) < limit and self.known - position < limit else 0.0
        if gather_s:
            reader.hold()
        quiet = position == work.next >= self.known
        if records:
            self._quiet.moved()
            await self._apply(work, [_as_record(record) for record in records], position)
        work.skip_to(position)
        if gather_s:
            await asyncio.sleep(gather_s)  # a transaction costs more than the few commands in it
        elif quiet and work.unwritten:
            await self._commit(work)
        elif not records and tick_s is not None and tick_s <= wait_s:
            await self._tick(work)

    def _gather_s(self) -> float:
        """How long to let more records come after the ones at hand; 0.0 where the next one is to be taken at once."""
        if self._unhurried:
            return self._settings.gather_s
        return self._busy_gather_s if self._shared.gathering.is_busy() else 0.0

    async def _tick(self, work: PartitionWork) -> None:
        tick = work.step.tick()
        if tick is None:
            self._ticker.never()
            return
        offset = await self._shared.append(tick)
        self._ticker.sent(offset, work.fired)
        if offset is not None:
            self.ring(offset)

    async def _apply(self, work: PartitionWork, records: Sequence[ConsumedRecord], position: int) -> None:
        """Apply these and write how far the log is read: past the markers, whose deletion would look like a loss."""
        await work.step.prepare(records)
        pauses = work.through(records)
        more = True
        while more:
            async with self._shared.turns:
                more = await self._until_full(pauses)
            if not more:
                work.skip_to(position)
            if work.pending.effects:
                await self._commit(work)

    @staticmethod
    async def _until_full(pauses: Iterator[Pause]) -> bool:
        for pause in pauses:
            if pause is Pause.COMMIT:
                return True
            await asyncio.sleep(0)
        return False

    async def _commit(self, work: PartitionWork) -> None:
        """Write everything since the last commit and the bookkeeping, or nothing."""
        producer, faults = self._producer, self._shared.faults
        assert producer is not None
        pending, outputs = work.take_pending(self.number)
        await faults.before_transaction(self.topic, self.number)
        await self._shared.ensure_topics({output.topic for output in pending.outputs})
        await producer.begin_transaction()
        try:
            async with asyncio.timeout(self._settings.send_timeout_s):
                await send_all(producer, outputs)
        except (MessageSizeTooLargeError, RecordListTooLargeError, TooLargeError) as error:
            self._careful.blame(pending.effects)
            raise UnwritableError from error
        await faults.before_commit(self.topic, self.number)
        async with asyncio.timeout(self._settings.send_timeout_s):
            await producer.commit_transaction()
        self._wrote = time.monotonic()
        await faults.after_commit(self.topic, self.number)
        self._counters["transactions"] += 1
        self._counters["applied"] += pending.records
        self._shared.gathering.applied(pending.records)
        self._counters["fired"] += pending.deadlines
        self._counters["parked"] += pending.parked
        self._counters["written"] += len(outputs)


async def send_all(producer: AIOKafkaProducer, outputs: Sequence[Output]) -> list[RecordMetadata]:
    """Send everything and wait for every acknowledgement, one of each batch.

    Exactly-once depends on this: aiokafka commits a transaction even when one of its sends has failed.
    """
    sends: list[asyncio.Future[RecordMetadata]] = []
    for topic, number, batch in pack(producer, outputs):
        sends.append(await producer.send_batch(batch, topic, partition=number))
        sends[-1].add_done_callback(hear)  # nobody else reads its error when a later batch cannot be sent
    return await asyncio.gather(*sends)


def _as_record(consumed: ConsumerRecord) -> ConsumedRecord:
    """An aiokafka record in the engine's words."""
    return ConsumedRecord(consumed.offset, consumed.timestamp, consumed.key, consumed.value, consumed.headers)


def in_words(seconds: float) -> str:
    """A time as people say it: in days, hours, minutes or seconds."""
    for name, length_s in (("days", 86400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * length_s:
            return f"{seconds / length_s:.0f} {name}"
    return f"{seconds:.0f} seconds"
