"""Records that were deleted before they were applied: which they are, and going on without them, written down."""

import asyncio
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from aiokafka.errors import ProducerFenced

from schemas.errors import Retry
from schemas.topics import CASES, COMMANDS, EVENTS, INTAKE, MEASURES, REPORTS
from streams.bookkeeping import KEY, Bookkeeping
from streams.clients import stop_quietly, transactional_producer
from streams.log import Log
from streams.parked import parked
from streams.partition import send_all
from streams.settings import EngineSettings
from streams.step import Output, Record

STATES: Final = {REPORTS: INTAKE, COMMANDS: CASES, EVENTS: MEASURES}
"""The state topic that says how far each source is applied."""
WRITE_S: Final = 30.0
TRIES: Final = 5
PAUSE_S: Final = 1.0


class BusyError(Retry):
    """A worker takes this partition over again and again. Stop the workers, then try again."""

    topic: str
    partition: int


@dataclass(frozen=True, slots=True)
class Loss:
    """Offsets `first` to `last` of a partition of `topic` (without prefix): deleted, and never applied.

    Some or all of them may have been transaction markers: of what is gone nobody can tell.
    """

    topic: str
    partition: int
    first: int
    last: int

    @property
    def offsets(self) -> int:
        """How many there were: at most so many records."""
        return self.last - self.first + 1


async def losses(settings: EngineSettings, prefix: str = "", sources: Iterable[str] = tuple(STATES)) -> list[Loss]:
    """What is missing now in all sources, in order; nothing when all is well. The client's errors pass through."""
    log = Log(settings)
    try:
        async with asyncio.timeout(WRITE_S):
            await log.start()
        places = [(topic, number) for topic in sources for number in range(settings.partitions)]
        extents = await log.extents([(prefix + topic, number) for topic, number in places])
        cut = [(place, first) for place, (first, _) in zip(places, extents, strict=True) if first > 0]
        kept = [await _bookkeeping(log, settings, *place, prefix) for place, _ in cut]
        gaps = zip(cut, kept, strict=True)
        return [Loss(*place, at.next, first - 1) for (place, first), at in gaps if first > at.next]
    finally:
        await stop_quietly(log.consumer)


async def accept(settings: EngineSettings, loss: Loss, prefix: str = "") -> Loss | None:
    """Go on behind what was lost: one transaction moves the bookkeeping there and puts the loss into `parked`.

    Fences whoever works on the partition, then looks again: hands back what was accepted, None when nothing is lost.
    Raises `BusyError` when a worker fences us each time.
    """
    for _ in range(TRIES):
        try:
            return await _accept(settings, loss, prefix)
        except ProducerFenced:  # a worker that refuses is started again every ten seconds
            await asyncio.sleep(PAUSE_S)
    raise BusyError(topic=loss.topic, partition=loss.partition)


async def _accept(settings: EngineSettings, loss: Loss, prefix: str) -> Loss | None:
    producer, log = transactional_producer(settings, prefix + loss.topic, loss.partition), Log(settings)
    try:
        async with asyncio.timeout(WRITE_S):
            await producer.start()
            await log.start()
        kept = await _bookkeeping(log, settings, loss.topic, loss.partition, prefix)
        found = await _loss_of(log, kept, loss.topic, loss.partition, prefix)
        if found is not None:
            async with asyncio.timeout(WRITE_S):
                await producer.begin_transaction()
                await send_all(producer, written(found, kept, prefix))
                await producer.commit_transaction()
        return found
    finally:
        await stop_quietly(producer)
        await stop_quietly(log.consumer)


def written(loss: Loss, kept: Bookkeeping, prefix: str = "") -> Sequence[Output]:
    """The new bookkeeping and the record in `parked` that say what was accepted."""
    after = Bookkeeping(kept.partitions, loss.last + 1, kept.clock, kept.last, kept.step, kept.lost + loss.offsets)
    t_ms = time.time_ns() // 1_000_000
    aside = parked(
        Record(loss.first, t_ms, None, None),
        topic=prefix + loss.topic,
        partition=loss.partition,
        prefix=prefix,
        t_ms=t_ms,
        error="DeletedBeforeApplied",
        reason=f"offsets {loss.first} to {loss.last} were deleted before they were applied, and accepted as lost",
    )
    state = Output(prefix + STATES[loss.topic], loss.partition, KEY.encode(), after.encode())
    return [state, aside]


async def _loss_of(log: Log, kept: Bookkeeping, topic: str, number: int, prefix: str) -> Loss | None:
    ((first, _),) = await log.extents([(prefix + topic, number)])
    return Loss(topic, number, kept.next, first - 1) if first > kept.next else None


async def _bookkeeping(log: Log, settings: EngineSettings, topic: str, number: int, prefix: str) -> Bookkeeping:
    state, value = prefix + STATES[topic], None
    async for records in log.all(state, number):
        for record in records:
            if record.key == KEY.encode():
                value = record.value
    return Bookkeeping.decode(value, topic=state, partitions=settings.partitions)
