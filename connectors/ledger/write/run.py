"""The ledger process: follows `events` and `texts` and stores them; `rebuild` makes a new file meanwhile."""

import asyncio
import logging
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from time import monotonic
from typing import Final, ParamSpec, Self

from aiokafka.structs import ConsumerRecord

from connectors.ledger.address import LedgerAddress
from connectors.ledger.schema import VERSION
from connectors.ledger.write.batch import BatchRows
from connectors.ledger.write.place import LedgerPlace, place_of
from connectors.ledger.write.store import UTC, Store, TextRecord
from schemas import topics
from schemas.errors import Stop
from streams.kafka.event_log import EventLog, Logged
from streams.kafka.gc_tuning import rarely_collected
from streams.kafka.topic_reader import TopicReader

WATCH_S: Final = 0.5
PAUSE_S: Final = 2.0
NEARLY_S: Final = 5.0
SAY_S: Final = 10.0

HAND_OVER_S: Final = 0.0005
"""SQLite writes without Python's lock, and asks for it back after every statement. With Python's own 5 ms it waited for
it as long as it wrote."""

P = ParamSpec("P")
Took = Callable[[Sequence[Logged], BatchRows], None]
"""Told of events, and of the rows that were made of them."""
log = logging.getLogger(__name__)


class LedgerBrokenError(Stop):
    """SQLite says that the ledger file is damaged. Run `grid36 ledger rebuild`: all of it is in the log."""

    file: LedgerAddress


@contextmanager
def at_full_speed() -> Iterator[None]:
    """Reading and writing at the same time keep each other waiting as little as possible."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(HAND_OVER_S)
    try:
        with rarely_collected():
            yield
    finally:
        sys.setswitchinterval(before)


async def run(
    servers: str,
    path: LedgerAddress,
    stop: asyncio.Event,
    *,
    zone: str = UTC,
    prefix: str = "",
    took: Took = lambda *_: None,
) -> None:
    """Keep the ledger at `path` up to date with the log until `stop` is set; one process per ledger.

    Creates a missing one, rebuilds one whose tables are of another release or whose sums are by the days of another
    zone, and switches to a rebuilt one when
    `rebuild` replaces it. May be killed at any moment. It waits while the broker is away or the disk is full; a broken
    chain of events, a recreated topic and a damaged file raise the matching `Stop` error. `took` is told of each batch
    that it follows, not of a rebuild.
    """
    place = place_of(path, zone)
    with at_full_speed():
        while not stop.is_set():
            try:
                with place.only_one("run"):  # each time anew: a connection that was lost has lost the lock of a server
                    await _keep_up(servers, place, stop, prefix, took)
            except Exception as error:
                if place.damaged(error) and not place.waits(error):
                    raise LedgerBrokenError(file=path) from error
                if not place.waits(error):
                    raise
                # what the driver says, without the statement, which has thousands of values
                log.warning("the ledger cannot be written and waits: %s", getattr(error, "orig", error))
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), PAUSE_S)


async def rebuild(
    servers: str,
    path: LedgerAddress,
    *,
    zone: str = UTC,
    prefix: str = "",
    progress: Callable[[int], None] = lambda _: None,
) -> int:
    """Fold the whole log into a new ledger of a new epoch and replace the old one; returns the number of events.

    A running ledger process switches to it automatically; readers see another `epoch()`. `progress` is told after each
    batch how many events were folded so far.
    """
    return await _rebuild(servers, place_of(path, zone), prefix, progress)


async def _rebuild(servers: str, place: LedgerPlace, prefix: str, progress: Callable[[int], None]) -> int:
    with place.only_one("rebuild"), at_full_speed():
        await asyncio.to_thread(place.clean)
        store = await asyncio.to_thread(place.new)
        try:
            count = await read_all(store, servers, prefix, progress)
        except BaseException:
            await asyncio.to_thread(store.close)
            raise
        await asyncio.to_thread(store.finish)
        await asyncio.to_thread(place.publish, store.name)
    return count


async def read_all(store: Store, servers: str, prefix: str, progress: Callable[[int], None] = lambda _: None) -> int:
    """Read both topics to their ends, repeatedly, until a pass is short enough that little is new."""
    count, took = 0, NEARLY_S
    events = EventLog(servers, store.positions(topics.EVENTS), prefix=prefix)
    async with events, text_log(store, servers, prefix) as texts:
        while took >= NEARLY_S:
            begun = monotonic()
            async with Behind() as write:
                async for batch in events.read_to_end():
                    await write.start(store.write, store.folded(batch), events.positions)
                    count += len(batch)
                    progress(count)
                async for records in texts.to_end():
                    await write.start(store.take_texts, as_texts(records), dict(texts.offsets))
            took = monotonic() - begun
    return count


class Behind:
    """Runs one write at a time in a thread, while the next batch is fetched, checked and folded."""

    def __init__(self) -> None:
        self._writing: asyncio.Task[None] | None = None

    async def start(self, write: Callable[P, None], *args: P.args, **kwargs: P.kwargs) -> None:
        """Start `write` once the previous one is done; raises what that one raised."""
        await self._done()
        self._writing = asyncio.create_task(asyncio.to_thread(write, *args, **kwargs))

    async def _done(self) -> None:
        writing, self._writing = self._writing, None
        if writing is not None:
            await writing

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._done()


def text_log(store: Store, servers: str, prefix: str) -> TopicReader:
    """A reader of `texts` that starts at the position of `store`."""
    offsets = {partition: position.offset for partition, position in store.positions(topics.TEXTS).items()}
    return TopicReader(servers, prefix + topics.TEXTS, offsets, compacted=True)


def as_texts(records: list[ConsumerRecord]) -> list[TextRecord]:
    """Convert Kafka records of `texts` for the store."""
    return [TextRecord(record.key.decode(), record.value or None) for record in records]


async def _keep_up(servers: str, place: LedgerPlace, stop: asyncio.Event, prefix: str, took: Took) -> None:
    """Follow both topics until `stop`, or until another epoch is there."""
    store = await _open(servers, place, prefix)
    over = asyncio.Event()
    work = (
        _follow_events(store, servers, prefix, over, took),
        _follow_texts(store, servers, prefix, over),
        _watch(place, store.name, stop, over),
    )
    tasks = [asyncio.create_task(each) for each in work]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        over.set()
        _, hanging = await asyncio.wait(tasks, timeout=2)
        for task in hanging:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.to_thread(store.close)


async def _open(servers: str, place: LedgerPlace, prefix: str) -> Store:
    if await asyncio.to_thread(place.present) is None:
        with place.only_one("rebuild"):
            store = await asyncio.to_thread(place.new)
            await asyncio.to_thread(store.finish)
            await asyncio.to_thread(place.publish, store.name)
    if await asyncio.to_thread(place.version) != VERSION or await asyncio.to_thread(place.present_zone) != place.zone:
        log.warning("the ledger's tables are from another release or another zone; rebuilding it from the log")
        await _rebuild(servers, place, prefix, _now_and_then())
        return await _open(servers, place, prefix)
    return await asyncio.to_thread(place.open)


def _now_and_then() -> Callable[[int], None]:
    """Says in the log how far a rebuild is, at most every `SAY_S`."""
    said = monotonic()

    def progress(count: int) -> None:
        nonlocal said
        if monotonic() - said >= SAY_S:
            said = monotonic()
            log.info("rebuilding the ledger: %d events so far", count)

    return progress


async def _follow_events(store: Store, servers: str, prefix: str, over: asyncio.Event, took: Took) -> None:
    async with EventLog(servers, store.positions(topics.EVENTS), prefix=prefix) as events, Behind() as write:
        async for batch in events.follow(over):
            rows = store.folded(batch)
            await write.start(store.write, rows, events.positions)
            took(batch, rows)


async def _follow_texts(store: Store, servers: str, prefix: str, over: asyncio.Event) -> None:
    async with text_log(store, servers, prefix) as texts, Behind() as write:
        async for records in texts.follow(over):
            await write.start(store.take_texts, as_texts(records), dict(texts.offsets))


async def _watch(place: LedgerPlace, name: str, stop: asyncio.Event, over: asyncio.Event) -> None:
    while not over.is_set() and await asyncio.to_thread(place.present) == name:
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), WATCH_S)
            return
