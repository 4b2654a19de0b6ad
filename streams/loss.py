"""Finds records that were deleted before they were applied, and records the decision to go on without them."""

import asyncio
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from aiokafka.errors import ProducerFenced

from schemas.errors import Retry
from schemas.topics import CASES, COMMANDS, EVENTS, INTAKE, MEASURES, REPORTS
from streams.kafka.clients import transactional_producer
from streams.kafka.closing import stop_quietly
from streams.kafka.partition_reader import PartitionReader
from streams.kafka.settings import EngineSettings
from streams.parked import parked
from streams.partition.bookkeeping import KEY, Bookkeeping
from streams.partition.contract import ConsumedRecord, Output
from streams.partition.errors import SourceChangedError, SourceCutError, SourceShorterError
from streams.partition.partition import send_all
from streams.partition.takeover import check_source

STATES: Final = {REPORTS: INTAKE, COMMANDS: CASES, EVENTS: MEASURES}
"""The state topic that says how far each source is applied."""
WRITE_S: Final = 30.0
TRIES: Final = 5
PAUSE_S: Final = 1.0
FETCH_WAIT_MS: Final = 20
"""How long the broker holds a fetch: everything is there already, and the next question would wait behind it."""
LANES: Final = 8
"""How many partitions are looked at in parallel."""


class SourceBusyError(Retry):
    """A worker takes this partition over again and again. Stop the workers, then try again."""

    topic: str
    partition: int


@dataclass(frozen=True, slots=True)
class Loss:
    """Offsets `first` to `last` of a partition of `topic` (without prefix) are missing; `at` is where to go on.

    They were deleted before they were applied; some or all may have been transaction markers, nobody can know.
    Or they were `applied`, but the log was cut or recreated without them: what came to it since was not applied.
    """

    topic: str
    partition: int
    first: int
    last: int
    at: int
    applied: bool = False

    @property
    def offsets(self) -> int:
        """How many offsets: an upper bound of the records lost."""
        return max(0, self.last - self.first + 1)

    @property
    def summary(self) -> str:
        """What happened, for people."""
        if self.applied:
            return f"offsets {self.first} to {self.last} were applied, but the log was cut or made anew without them"
        return f"offsets {self.first} to {self.last} were deleted before they were applied"


async def losses(settings: EngineSettings, prefix: str = "", sources: Iterable[str] = tuple(STATES)) -> list[Loss]:
    """What is missing now in all sources, in order; empty when nothing is. The client's errors pass through."""
    places = [(topic, number) for topic in sources for number in range(settings.partitions)]
    lanes = await asyncio.gather(*(_lane(settings, places[lane::LANES], prefix) for lane in range(LANES)))
    found = {(loss.topic, loss.partition): loss for lane in lanes for loss in lane}
    return [found[place] for place in places if place in found]


async def _lane(settings: EngineSettings, places: Sequence[tuple[str, int]], prefix: str) -> list[Loss]:
    log = PartitionReader(settings)
    try:
        async with asyncio.timeout(WRITE_S):
            await log.start()
        log.patience(FETCH_WAIT_MS)
        looked = [await _look(log, settings, topic, number, prefix) for topic, number in places]
        return [loss for _, loss in looked if loss is not None]
    finally:
        await stop_quietly(log.consumer)


async def accept(settings: EngineSettings, loss: Loss, prefix: str = "") -> Loss | None:
    """Go on after the loss: one transaction moves the bookkeeping there and records the loss in `parked`.

    Fences whoever works on the partition, then looks again. Returns what was accepted, None when nothing is lost.
    Raises `SourceBusyError` when a worker fences us each time.
    """
    for _ in range(TRIES):
        try:
            return await _accept(settings, loss, prefix)
        except ProducerFenced:  # a worker that refuses is started again every ten seconds
            await asyncio.sleep(PAUSE_S)
    raise SourceBusyError(topic=loss.topic, partition=loss.partition)


async def _accept(settings: EngineSettings, loss: Loss, prefix: str) -> Loss | None:
    producer, log = transactional_producer(settings, prefix + loss.topic, loss.partition), PartitionReader(settings)
    try:
        async with asyncio.timeout(WRITE_S):
            await producer.start()
            await log.start()
        log.patience(FETCH_WAIT_MS)
        bookkeeping, found = await _look(log, settings, loss.topic, loss.partition, prefix)
        if found is not None:
            async with asyncio.timeout(WRITE_S):
                await producer.begin_transaction()
                await send_all(producer, written(found, bookkeeping, prefix))
                await producer.commit_transaction()
        return found
    finally:
        await stop_quietly(producer)
        await stop_quietly(log.consumer)


def written(loss: Loss, bookkeeping: Bookkeeping, prefix: str = "") -> Sequence[Output]:
    """The new bookkeeping and the record in `parked` that say what was accepted."""
    lost = bookkeeping.lost + (0 if loss.applied else loss.offsets)
    last = None if loss.applied else bookkeeping.last
    after = Bookkeeping(bookkeeping.partitions, loss.at, bookkeeping.clock, last, bookkeeping.step, lost)
    t_ms = time.time_ns() // 1_000_000
    aside = parked(
        ConsumedRecord(loss.first, t_ms, None, None),
        topic=prefix + loss.topic,
        partition=loss.partition,
        prefix=prefix,
        t_ms=t_ms,
        error="CutAfterApplied" if loss.applied else "DeletedBeforeApplied",
        reason=f"{loss.summary}; accepted as lost",
    )
    state = Output(prefix + STATES[loss.topic], loss.partition, KEY.encode(), after.encode())
    return [state, aside]


async def _look(
    log: PartitionReader, settings: EngineSettings, topic: str, number: int, prefix: str
) -> tuple[Bookkeeping, Loss | None]:
    bookkeeping, source = await _bookkeeping(log, settings, topic, number, prefix), prefix + topic
    (extent,) = await log.extents([(source, number)])
    try:
        await check_source(log, source, number, extent, bookkeeping)
    except SourceCutError:
        return bookkeeping, Loss(topic, number, bookkeeping.next, extent[0] - 1, extent[0])
    except (SourceShorterError, SourceChangedError):
        applied_ms = bookkeeping.last[1] if bookkeeping.last is not None else bookkeeping.clock
        since = await log.since(source, number, applied_ms + 1)
        at = extent[1] if since is None else since
        return bookkeeping, Loss(topic, number, min(at, bookkeeping.next), bookkeeping.next - 1, at, applied=True)
    return bookkeeping, None


async def _bookkeeping(
    log: PartitionReader, settings: EngineSettings, topic: str, number: int, prefix: str
) -> Bookkeeping:
    state, value = prefix + STATES[topic], None
    async for records in log.all(state, number):
        for record in records:
            if record.key == KEY.encode():
                value = record.value
    return Bookkeeping.decode(value, topic=state, partitions=settings.partitions)
