"""The ledger on a real Kafka: killed, rebuilt, verified, and faced with a log that is not whole."""

import asyncio
import json
import signal
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path

import pytest
from pydantic_core import from_json

from connectors.ledger.connection import LedgerOld
from connectors.ledger.fold import COLUMNS
from connectors.ledger.queries.cases import Ledger
from connectors.ledger.queries.progress import LedgerBehind, Progress, wait_until_caught_up
from connectors.ledger.write.files import events_in
from connectors.ledger.write.run import rebuild, run
from connectors.ledger.write.verify import verify
from grid36.kafka.topics import create_topics
from schemas import topics
from schemas.chain import HoleError
from schemas.errors import ServiceAway
from streams.kafka.topic_reader import LogCutError
from tests.contract.test_event_log import abort
from tests.processes.kafka_lab import empty
from tests.processes.waiting import wait_until
from tests.worlds.builders import Built, LogBuilder, publish

pytestmark = pytest.mark.kafka

PROCESS = """
import asyncio, sys
from connectors.ledger.write.run import run
asyncio.run(run(sys.argv[1], sys.argv[2], asyncio.Event(), prefix=sys.argv[3]))
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.sqlite"


def rows(path: Path) -> list[tuple[object, ...]]:
    """Everything in a ledger that does not depend on the order in which partitions were read."""
    names = ", ".join(name for name in COLUMNS if name != "last_seq")
    with sqlite3.connect(path.resolve()) as connection:
        return [
            row
            for query in (
                f"SELECT {names}, doc FROM cases JOIN docs USING (id) ORDER BY number",  # noqa: S608 - only names of ours
                "SELECT partition, n, number, t_ms, event FROM timeline ORDER BY partition, n",
                "SELECT * FROM texts ORDER BY id",
                "SELECT * FROM positions ORDER BY topic, partition",
            )
            for row in connection.execute(query)
        ]


def timeline(path: Path) -> list[tuple[object, ...]]:
    """The events in a ledger, by partition and ordinal."""
    query = "SELECT partition, n, number, t_ms, event FROM timeline ORDER BY partition, n"
    with sqlite3.connect(path.resolve()) as connection:
        return connection.execute(query).fetchall()


def plant(path: Path, change: str) -> None:
    """Change the file behind the ledger's back."""
    with sqlite3.connect(path.resolve()) as connection:
        connection.execute(change)


def expected(log: LogBuilder) -> list[tuple[object, ...]]:
    """The timeline rows that the log has to give, without any code of the ledger."""
    events = [each for each in log.records if each.topic == topics.EVENTS]
    fields = [(each.partition, from_json(each.value or b""), each.value) for each in events]
    return sorted((p, f["n"], f["case"], f["t_ms"], value) for p, f, value in fields)


@asynccontextmanager
async def running(servers: str, path: Path, prefix: str) -> AsyncIterator[asyncio.Task[None]]:
    """The ledger in this process."""
    stop = asyncio.Event()
    task = asyncio.create_task(run(servers, path, stop, prefix=prefix))
    try:
        yield task
    finally:
        stop.set()
        await task


def size(path: Path) -> int:
    with suppress(ServiceAway):
        return Ledger(path).last_seq()
    return 0


def epoch_of(path: Path) -> str | None:
    with suppress(LedgerOld):
        return Ledger(path).epoch()
    return None


def has_rows(path: Path, number: int) -> bool:
    return size(path) >= number


@pytest.mark.slow
async def test_killed_at_any_moment_the_rows_are_the_same(kafka: str, prefix: str, path: Path, tmp_path: Path) -> None:
    """A ledger that is killed again and again holds the same rows as one that is not."""
    await create_topics(kafka, 4, prefix=prefix)
    log = LogBuilder().stories(4000)
    log.erase("t-demo-G001-2609-00001", "demo-G001-2609-00001")
    await publish(kafka, log.records, prefix=prefix)
    count, kills = sum(log.next_n.values()), 0
    for goal in (0, 2000, 5000, 8000):
        child = await asyncio.create_subprocess_exec(sys.executable, "-c", PROCESS, kafka, str(path), prefix)
        before = size(path)
        try:
            await wait_until(partial(has_rows, path, min(max(goal, before) + 1, count)), "more rows", look_s=0.02)
        finally:
            child.send_signal(signal.SIGKILL)
            assert await child.wait() == -signal.SIGKILL
        kills += size(path) < count
    assert kills >= 2, "killed too late to prove anything"
    async with running(kafka, path, prefix):
        await wait_until_caught_up(kafka, path, prefix=prefix)
    undisturbed = tmp_path / "undisturbed.sqlite"
    async with running(kafka, undisturbed, prefix):
        await wait_until_caught_up(kafka, undisturbed, prefix=prefix)
    assert rows(path) == rows(undisturbed)
    assert timeline(path) == expected(log)
    assert Ledger(path).last_seq() == count
    assert len(Ledger(path).cases(limit=1000)) == 1000
    assert Ledger(path).text("t-demo-G001-2609-00001") is None
    assert Ledger(path).text("t-demo-G002-2609-00001") is not None


async def test_a_rebuild_gives_the_same_rows_and_the_running_process_goes_over(
    kafka: str, prefix: str, path: Path
) -> None:
    """A rebuild gives the same rows, and the running ledger changes to them by itself."""
    await create_topics(kafka, 2, prefix=prefix)
    log = LogBuilder(2).stories(60)
    half = len(log.records) // 2
    await publish(kafka, log.records[:half], prefix=prefix)
    async with running(kafka, path, prefix):
        await wait_until_caught_up(kafka, path, prefix=prefix)
        ledger, before = Ledger(path), rows(path)
        epoch = ledger.epoch()
        told = list[int]()
        assert await rebuild(kafka, path, prefix=prefix, progress=told.append) == ledger.last_seq()
        assert told == sorted(told)
        assert told[-1] == ledger.last_seq() == events_in(path)
        assert ledger.epoch() != epoch
        assert rows(path) == before
        await publish(kafka, log.records[half:], prefix=prefix)
        await wait_until_caught_up(kafka, path, prefix=prefix)
    assert timeline(path) == expected(log)
    assert await verify(path, kafka, prefix=prefix) == []


async def test_tables_of_another_release_are_rebuilt(kafka: str, prefix: str, path: Path) -> None:
    """A ledger file of another release is rebuilt when the ledger starts."""
    await create_topics(kafka, 2, prefix=prefix)
    await publish(kafka, LogBuilder(2).stories(6).records, prefix=prefix)
    await rebuild(kafka, path, prefix=prefix)
    before, epoch = rows(path), Ledger(path).epoch()
    plant(path, "UPDATE meta SET value = '0' WHERE key = 'version'")
    plant(path, "DROP TABLE positions")
    plant(path, "DROP TABLE docs")
    with pytest.raises(LedgerOld):
        Ledger(path).cases()
    async with running(kafka, path, prefix):
        await wait_until(lambda: epoch_of(path) not in {None, epoch}, "another epoch")
        await wait_until_caught_up(kafka, path, prefix=prefix)
    assert rows(path) == before


PLANTED = {
    "UPDATE cases SET assignee = 'p-evil' WHERE number = 'demo-G001-2609-00001'": ("cases", "demo-G001-2609-00001"),
    "UPDATE docs SET doc = replace(doc, 'greasy', 'cleanly') WHERE id = (SELECT id FROM cases ORDER BY number)": (
        "cases",
        "demo-G001-2609-00001",
    ),
    "DELETE FROM cases WHERE number = 'demo-G002-2609-00001'": ("cases", "demo-G002-2609-00001"),
    "UPDATE timeline SET event = replace(event, 'p-test', 'p-evil') WHERE partition = 0 AND n = 2": ("timeline", "0-2"),
    "DELETE FROM timeline WHERE partition = 0 AND n = 1": ("timeline", "0-1"),
    "INSERT INTO timeline SELECT 999, partition, n, number, t_ms, type, event FROM timeline WHERE seq = 1": (
        "timeline",
        "0-0",
    ),
    "UPDATE counts SET cases = cases + 1 WHERE state = 'resolved'": ("counts", "resolved-0-1-0"),
    "UPDATE figures SET closed = closed + 1 WHERE dimension = 'raised' AND grain = 'day'": (
        "figures",
        "raised-day-20260921-problem-0-",
    ),
    "UPDATE times SET cases = cases + 1 WHERE dimension = 'raised' AND grain = 'month'": (
        "times",
        "raised-month-202609-problem-0--1",
    ),
    "UPDATE crossed_by_segment SET closed = closed + 1 WHERE segment = 'S-G001' AND category = 'greasy'": (
        "crossed_by_segment",
        "day-20260921-S-G001-G001-p-owner-problem-greasy-sanitation-Test sanitation-0-0",
    ),
    "UPDATE texts SET written = 'x' WHERE id = 't-demo-G001-2609-00001'": ("texts", "t-demo-G001-2609-00001"),
    "UPDATE positions SET digest = 'x' WHERE topic = 'events'": ("positions", "events-0"),
}


@pytest.mark.parametrize(("change", "found"), PLANTED.items())
async def test_verify_finds_what_was_planted(
    kafka: str, prefix: str, path: Path, change: str, found: tuple[str, str]
) -> None:
    """`ledger verify` finds each planted change; events that came since are no difference."""
    await create_topics(kafka, 1, prefix=prefix)
    log = LogBuilder(1).stories(9)
    await publish(kafka, log.records, prefix=prefix)
    await rebuild(kafka, path, prefix=prefix)
    later = LogBuilder(1, next_n=dict(log.next_n), last=dict(log.last), counts=dict(log.counts))
    later.open()
    later.erase("t-demo-G003-2609-00001", "demo-G003-2609-00001")
    await publish(kafka, later.records, prefix=prefix)
    assert await verify(path, kafka, prefix=prefix) == []
    plant(path, change)
    differences = await verify(path, kafka, prefix=prefix)
    assert found in {(each.table, each.key) for each in differences}
    assert len(differences) <= 2
    assert all(each.what for each in differences)


async def test_a_hole_stops_the_ledger_loudly(kafka: str, prefix: str, path: Path) -> None:
    """A hole in the log stops the ledger before it, with an error that names the place."""
    await create_topics(kafka, 1, prefix=prefix)
    events = [each for each in LogBuilder(1).stories(6).records if each.topic == topics.EVENTS]
    await publish(kafka, events[:5], prefix=prefix)
    async with running(kafka, path, prefix):
        await wait_until_caught_up(kafka, path, prefix=prefix)
    await publish(kafka, events[6:], prefix=prefix)
    with pytest.raises(HoleError, match=r"partition: 0, offset: 6, expected: 5, found: 6"):
        await run(kafka, path, asyncio.Event(), prefix=prefix)
    assert Ledger(path).last_seq() == 5


async def test_how_far_behind_it_is(kafka: str, prefix: str, path: Path) -> None:
    """How far the ledger is behind is known, and waiting for it has a limit."""
    await create_topics(kafka, 2, prefix=prefix)
    await publish(kafka, LogBuilder(2).stories(6).records, prefix=prefix)
    ledger = Ledger(path)
    async with Progress(kafka, range(2), prefix) as progress:
        assert await progress.left_to_ledger(ledger) > 6 * 3
        async with running(kafka, path, prefix):
            await wait_until_caught_up(kafka, path, prefix=prefix, limit_s=20)
            assert await progress.left_to_ledger(ledger) == 0
    with pytest.raises(LedgerBehind):
        await wait_until_caught_up(kafka, path.with_name("none.sqlite"), prefix=prefix, limit_s=0.3)
    async with running(kafka, path, prefix):
        extra = LogBuilder(2)
        extra.write("t-x", "demo-G001-2609-00001", "late words")
        await publish(kafka, extra.records, prefix=prefix)
        await wait_until_caught_up(kafka, path, prefix=prefix, limit_s=20)
        assert Ledger(path).text("t-x") is not None


def test_builders_make_a_whole_chain() -> None:
    """The logs that these tests build have every ordinal once."""
    log = LogBuilder(3).stories(9)
    seen: dict[int, list[Built]] = {}
    for each in log.records:
        if each.topic == topics.EVENTS:
            seen.setdefault(each.partition, []).append(each)
    assert {p: [from_json(r.value or b"")["n"] for r in records] for p, records in seen.items()} == {
        p: list(range(n)) for p, n in log.next_n.items()
    }


async def test_what_it_has_read_may_be_deleted(kafka: str, prefix: str, path: Path) -> None:
    """Events that the ledger has read may be deleted; a loss that it has not read stops it.

    (`texts`, like every topic that is only compacted, cannot be emptied: Kafka refuses that.)
    """
    await create_topics(kafka, 1, prefix=prefix)
    log = LogBuilder(1).stories(6)
    texts = [each for each in log.records if each.topic == topics.TEXTS]
    events = [each for each in log.records if each.topic == topics.EVENTS]
    parts = [events[:4], events[4:8], events[8:12], events[12:]]
    async with running(kafka, path, prefix):
        await publish(kafka, [*parts[0], *texts], prefix=prefix)
        await wait_until_caught_up(kafka, path, prefix=prefix)
        await empty(kafka, prefix + topics.EVENTS, 1)
        await publish(kafka, parts[1], prefix=prefix)
        await wait_until(lambda: size(path) == 8, "eight rows")
    await publish(kafka, [written(8)], prefix=prefix)
    with pytest.raises(RuntimeError, match="abort"):
        await abort(kafka, prefix, parts[2][0])
    await empty(kafka, prefix + topics.EVENTS, 1)
    async with running(kafka, path, prefix):
        await publish(kafka, parts[2], prefix=prefix)
        await wait_until(lambda: size(path) == 12, "twelve rows")
    await publish(kafka, [*parts[3], written(len(events))], prefix=prefix)
    await empty(kafka, prefix + topics.EVENTS, 1)
    with pytest.raises(LogCutError):
        await run(kafka, path, asyncio.Event(), prefix=prefix)


def written(events: int) -> Built:
    """What `cases` says of its partition after so many events."""
    return Built(topics.CASES, 0, topics.PLACE_KEY, json.dumps({"n": events}).encode())
