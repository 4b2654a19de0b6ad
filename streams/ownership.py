"""Taking a partition over: read what the last owner left, and refuse what does not fit together."""

import asyncio
from collections.abc import Mapping
from itertools import islice

from streams.bookkeeping import KEY, Bookkeeping
from streams.errors import SourceChangedError, SourceCutError, SourceShorterError, WrongPartitionsError
from streams.log import Log
from streams.settings import EngineSettings
from streams.step import Step

RESTORE_ITEMS = 1000


async def read_state(
    log: Log, step: Step, number: int, topics: Mapping[str, int], settings: EngineSettings
) -> tuple[Bookkeeping, int]:
    """Give `step` its state; hand back the bookkeeping and the number of keys.

    `topics` says how many partitions each topic has. Raises `WrongPartitionsError`, and what the step refuses.
    """
    for topic, partitions in topics.items():
        if partitions != settings.partitions:
            raise WrongPartitionsError(topic=topic, expected=settings.partitions, found=partitions)
    state: dict[str, bytes] = {}
    async for records in log.all(step.state, number):
        for record in records:
            key = record.key.decode()
            if record.value is None:
                state.pop(key, None)
            else:
                state[key] = record.value
        await asyncio.sleep(0)
    bookkeeping = Bookkeeping.decode(state.pop(KEY, None), topic=step.state, partitions=settings.partitions)
    restored = len(state)
    items = iter(state.items())
    while some := list(islice(items, RESTORE_ITEMS)):
        step.restore(some)
        await asyncio.sleep(0)
    step.resume(bookkeeping.step)
    return bookkeeping, restored


async def check_source(log: Log, topic: str, number: int, bookkeeping: Bookkeeping) -> int:
    """The end of the source; raises a `Refusal` when it is not the topic this bookkeeping was written for."""
    first, end = await log.ends(topic, number)
    if end < bookkeeping.next:
        raise SourceShorterError(topic=topic, partition=number, applied=bookkeeping.next, end=end)
    if first > bookkeeping.next:
        raise SourceCutError(topic=topic, partition=number, applied=bookkeeping.next, beginning=first)
    if bookkeeping.last is not None and first <= bookkeeping.last[0]:
        offset, t_ms = bookkeeping.last
        found = await log.at(topic, number, offset)
        if found is None or (found.offset, found.timestamp) != (offset, t_ms):
            raise SourceChangedError(topic=topic, partition=number, offset=offset)
    return end
