"""The ledger in PostgreSQL has the rows and the answers of one in a file, whoever is killed meanwhile."""

import asyncio
import signal
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.ledger.address import LedgerAddress
from connectors.ledger.connection import LedgerAway, LedgerOld
from connectors.ledger.postgres.engine import PostgresAway
from connectors.ledger.queries.cases import Ledger
from connectors.ledger.queries.progress import wait_until_caught_up
from connectors.ledger.schema import TABLES as OURS
from connectors.ledger.write.files import LedgerBusyError
from connectors.ledger.write.place import place_of
from connectors.ledger.write.postgres_tables import TakenOver
from connectors.ledger.write.run import rebuild, run
from connectors.ledger.write.verify import TABLES, verify
from grid36.kafka.topics import create_topics
from schemas.errors import ServiceAway
from schemas.event import EventType
from streams.kafka.event_log import Position
from tests.contract.test_ledger import PROCESS
from tests.processes.postgres_server import PostgresServer
from tests.processes.waiting import wait_until
from tests.unit.connectors.ledger.write.test_store import CHANGES
from tests.worlds.builders import START, LogBuilder, logged, publish, take

EVERYTHING = {name: query for name, (_, _, query) in TABLES.items()}
EVERYTHING |= {
    "pictures": "SELECT text, digest, at_ms FROM pictures ORDER BY text, digest",
    "positions": "SELECT topic, partition, next_offset, next_n, digest FROM positions ORDER BY topic, partition",
}
COUNTS = ("SELECT count(*) FROM cases", "SELECT count(*) FROM docs")


def rows_of(address: LedgerAddress) -> dict[str, list[tuple[Any, ...]]]:
    """All that does not depend on the order in which partitions were read."""
    ledger = Ledger(address)
    found = {name: ledger.rows(query) for name, query in EVERYTHING.items()}
    ledger.close()
    return found


def filled(address: LedgerAddress, log: LogBuilder, batch: int = 1000) -> Ledger:
    """A new epoch with everything in `log`, in batches of so many events."""
    place, events = place_of(address), logged(log.records)
    with place.only_one("rebuild"):
        store = place.new()
        take(store, LogBuilder(log.partitions, [each for each in log.records if each.topic == "texts"]))
        for i in range(0, len(events), batch):
            at = Position(i, i, "d") if i else Position()
            store.take_events(events[i : i + batch], {0: at})
        store.finish()
        place.publish(store.name)
    return Ledger(address)


@pytest.fixture(scope="module")
def database(postgres: PostgresServer) -> str:
    return postgres.database()


@settings(max_examples=6, deadline=None)
@given(changes=st.lists(st.tuples(st.integers(0, 5), CHANGES), max_size=30), size=st.integers(1, 9))
def test_the_rows_are_those_of_a_file(database: str, changes: Sequence[tuple[int, dict[str, Any]]], size: int) -> None:
    """Any history of cases makes the same rows in both, in batches of any size."""
    log = LogBuilder(1)
    numbers = [log.open(t_ms=START + n * 10**7, reporter=f"p-{n}%") for n in range(6)]
    for at, now in changes:
        log.add(EventType.CORRECTED, numbers[at], now=now)
    log.write("t-1", numbers[0], "100 % \u4e2d \u0000")
    log.write("t-2", numbers[1])
    log.erase("t-2", numbers[1])
    with TemporaryDirectory() as folder:
        file = Path(folder) / "ledger.sqlite"
        one, other = filled(file, log), filled(database, log, size)
        mine, theirs = rows_of(file), rows_of(database)
        assert theirs == {**mine, "positions": theirs["positions"]}
        assert other.texts(numbers[0]) == one.texts(numbers[0])
        assert other.stats("month", zone="Asia/Shanghai") == one.stats("month", zone="Asia/Shanghai")
        one.close()
        other.close()


def test_one_that_is_not_there_is_away(postgres: PostgresServer) -> None:
    """A database without a ledger, one with the tables of another release, and a server that is down are said to be."""
    address = postgres.database()
    with pytest.raises(LedgerAway, match="no ledger file yet"):
        Ledger(address).last_seq()
    filled(address, LogBuilder(1).stories(3))
    ledger = Ledger(address)
    assert ledger.last_seq() == 10
    own = ledger.rows("SELECT count(*) FROM pg_indexes WHERE schemaname = ?", f"grid36_ledger_{ledger.epoch()}")[0][0]
    assert own > OURS.count("CREATE INDEX"), "those of the keys are more"
    postgres.tell_at(address, "UPDATE grid36_ledger.published SET version = '0'")
    with pytest.raises(LedgerOld):
        ledger.last_seq()
    nowhere = Ledger("postgresql://grid36@127.0.0.1:1/none")
    with pytest.raises(PostgresAway, match=r"127\.0\.0\.1:1/none"):
        nowhere.last_seq()
    with pytest.raises(PostgresAway), nowhere.snapshot():
        pass


def test_a_writer_that_was_taken_over_writes_nothing_more(postgres: PostgresServer) -> None:
    """Whoever opened the ledger last writes it; one that slept meanwhile is refused, and changes nothing."""
    address, log = postgres.database(), LogBuilder(1).stories(3)
    events = logged(log.records)
    place = place_of(address)
    with place.only_one("run"):
        with pytest.raises(LedgerBusyError), place_of(address).only_one("run", patience_s=0.2):
            pass
        sleepy = place.new()
        place.publish(sleepy.name)
        sleepy.take_events(events[:4], {0: Position(4, 4, "a")})
        awake = place.open()
        awake.take_events(events[4:7], {0: Position(7, 7, "b")})
        before = rows_of(address)
        with pytest.raises(TakenOver):
            sleepy.take_events(events[4:5], {0: Position(5, 5, "x")})
        sleepy.close()
        assert rows_of(address) == before
        awake.take_events(events[7:], {0: Position(10, 10, "c")})
        awake.close()
    again = place_of(address)
    with again.only_one("run"):
        store = again.open()
        assert store.positions("events") == {0: Position(10, 10, "c")}
        store.close()


def test_a_batch_that_fails_leaves_nothing(postgres: PostgresServer) -> None:
    """Rows and positions stand or fall together."""
    address, log = postgres.database(), LogBuilder(1).stories(3)
    events, place = logged(log.records), place_of(address)
    with place.only_one("run"):
        store = place.new()
        place.publish(store.name)
        store.take_events(events[:2], {0: Position(2, 2, "a")})
        before = rows_of(address)
        with pytest.raises(Exception, match="duplicate key"):
            store.take_events([*events[2:], events[0]], {0: Position(9, 9, "b")})
        store.close()
    assert rows_of(address) == before


def test_readers_see_whole_epochs_while_it_is_rebuilt(postgres: PostgresServer) -> None:
    """Each snapshot is of one epoch, and no query fails, while epochs come and go."""
    address, done, wrong = postgres.database(), threading.Event(), list[object]()
    few, many = LogBuilder(1).stories(3), LogBuilder(1).stories(9)
    ledger, epochs = filled(address, few), set[str]()

    def read() -> None:
        while not done.is_set():
            try:
                with ledger.snapshot() as rows:
                    counts = [rows.execute(query).fetchone()[0] for query in COUNTS]
                if counts not in ([3, 3], [9, 9]):
                    wrong.append(counts)
                epochs.add(ledger.epoch())
            except Exception as error:  # noqa: BLE001 - whatever it is, it is what this test looks for
                wrong.append(error)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    try:
        for log in (many, few, many):
            filled(address, log)
    finally:
        done.set()
        for reader in readers:
            reader.join()
    assert wrong == []
    assert len(epochs) >= 3


def size(address: str) -> int:
    with suppress(ServiceAway):
        return Ledger(address).last_seq()
    return 0


@pytest.mark.kafka
async def test_killed_with_its_server_it_goes_on(
    kafka: str, prefix: str, postgres: PostgresServer, tmp_path: Path
) -> None:
    """Writer and server are killed between batches, and the rows are those of a ledger that nobody disturbed."""
    await create_topics(kafka, 2, prefix=prefix)
    log = LogBuilder(2).stories(1500)
    log.erase("t-demo-G001-2609-00001", "demo-G001-2609-00001")
    await publish(kafka, log.records, prefix=prefix)
    address, count = postgres.database(), sum(log.next_n.values())
    child = await asyncio.create_subprocess_exec(sys.executable, "-c", PROCESS, kafka, address, prefix)
    try:
        await wait_until(lambda: size(address) > 0, "rows", look_s=0.02)
        postgres.kill()
        await asyncio.to_thread(postgres.start)  # the writer waits for it, and goes on by itself
        stopped = size(address)
        await wait_until(lambda: size(address) > min(stopped, count - 1), "more rows", look_s=0.02)
    finally:
        child.send_signal(signal.SIGKILL)
        assert await child.wait() == -signal.SIGKILL
    assert stopped < count, "killed too late to prove anything"
    stop, file = asyncio.Event(), tmp_path / "undisturbed.sqlite"
    tasks = [asyncio.create_task(run(kafka, each, stop, prefix=prefix)) for each in (address, file)]
    for each in (address, file):
        await wait_until_caught_up(kafka, each, prefix=prefix)
    assert rows_of(address) == rows_of(file)
    assert await verify(address, kafka, prefix=prefix) == []
    cases = f"grid36_ledger_{Ledger(address).epoch()}.cases"
    postgres.tell_at(address, f"UPDATE {cases} SET assignee = 'p-evil' WHERE id = 1")  # noqa: S608 - a name of ours
    assert [each.table for each in await verify(address, kafka, prefix=prefix)] == ["cases"]
    epoch = Ledger(address).epoch()
    assert await rebuild(kafka, address, prefix=prefix) == count
    assert Ledger(address).epoch() != epoch
    assert rows_of(address) == rows_of(file)
    await publish(kafka, late(log).records, prefix=prefix)
    await wait_until_caught_up(kafka, address, prefix=prefix)  # the running one went over to the new tables
    stop.set()
    await asyncio.gather(*tasks)
    assert await verify(address, kafka, prefix=prefix) == []


def late(log: LogBuilder) -> LogBuilder:
    """One more case."""
    later = LogBuilder(log.partitions, next_n=dict(log.next_n), last=dict(log.last), counts=dict(log.counts))
    later.open()
    return later
