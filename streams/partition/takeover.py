"""Takes a partition over: reads what the last owner left, and refuses state and source that do not match."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from streams.kafka.partition_reader import PartitionReader
from streams.partition.bookkeeping import KEY, Bookkeeping
from streams.partition.contract import Step
from streams.partition.errors import SourceChangedError, SourceCutError, SourceShorterError, WrongPartitionsError

RESTORE_ITEMS = 1000


@dataclass(frozen=True, slots=True)
class Extent:
    """First offset, and the offset after the last committed record, of the source and of the state."""

    source: tuple[int, int]
    state: tuple[int, int]


async def look(log: PartitionReader, step: Step, number: int, topics: Mapping[str, int], partitions: int) -> Extent:
    """How long both topics are; `topics` says how many partitions each has, else `WrongPartitionsError`.

    Ask before any fetch: a broker answers a connection in order, so this would wait behind the fetch.
    """
    for topic, found in topics.items():
        if found != partitions:
            raise WrongPartitionsError(topic=topic, expected=partitions, found=found)
    source, state = await log.extents([(step.source, number), (step.state, number)])
    return Extent(source, state)


async def read_state(
    log: PartitionReader, step: Step, number: int, extent: tuple[int, int], partitions: int
) -> tuple[Bookkeeping, int]:
    """Give `step` its state; hand back the bookkeeping and the number of keys. Raises what the step refuses."""
    state: dict[str, bytes] = {}
    async for records in log.between(step.state, number, extent):
        for record in records:
            key = record.key.decode()
            if record.value is None:
                state.pop(key, None)
            else:
                state[key] = record.value
        await asyncio.sleep(0)
    bookkeeping = Bookkeeping.decode(state.pop(KEY, None), topic=step.state, partitions=partitions)
    restored = len(state)
    while state:  # emptied on the way, so that it and the step's memory never exist in full at the same time
        step.restore([state.popitem() for _ in range(min(RESTORE_ITEMS, len(state)))])
        await asyncio.sleep(0)
    step.resume(bookkeeping.step)
    return bookkeeping, restored


async def check_source(
    log: PartitionReader, topic: str, number: int, extent: tuple[int, int], bookkeeping: Bookkeeping
) -> None:
    """Raise a `Refusal` when the source is not the topic this bookkeeping was written for."""
    first, end = extent
    if end < bookkeeping.next:
        raise SourceShorterError(topic=topic, partition=number, applied=bookkeeping.next, end=end)
    if first > bookkeeping.next:
        raise SourceCutError(topic=topic, partition=number, applied=bookkeeping.next, beginning=first)
    if bookkeeping.last is not None and first <= bookkeeping.last[0]:
        offset, t_ms = bookkeeping.last
        found = await log.at(topic, number, offset)
        if found is None or (found.offset, found.timestamp) != (offset, t_ms):
            raise SourceChangedError(topic=topic, partition=number, offset=offset)
