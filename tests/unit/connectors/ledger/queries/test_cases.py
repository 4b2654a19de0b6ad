import sqlite3
import threading
from pathlib import Path

import pytest

from connectors.ledger.connection import LedgerAway, LedgerOld
from connectors.ledger.queries.cases import EpochChanged, Ledger
from connectors.ledger.write import files
from schemas.case import Count, State
from schemas.chain import Position
from schemas.event import EventType
from tests.worlds.builders import HOMES, HOUR, START, LogBuilder, ledger_of, take


@pytest.fixture
def log() -> LogBuilder:
    return LogBuilder()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.sqlite"


def _numbers(ledger: Ledger, **wanted: object) -> list[str]:
    return [case.number for case in ledger.cases(**wanted)]  # type: ignore[arg-type]  # any filter by name


def test_a_case_is_there_with_its_timeline_and_words(log: LogBuilder, path: Path) -> None:
    number = log.open(reporter="p-anna")
    log.dispatch(number, START + 1000)
    other = log.open()
    log.write("t-1", number, "Greasy")
    ledger = ledger_of(log, path)
    case = ledger.case(number)
    assert case is not None
    assert (case.state, case.assignee, case.seq) == (State.DISPATCHED, "p-owner", 2)
    assert [event.type for event in ledger.timeline(number)] == [EventType.OPENED, EventType.DISPATCHED]
    assert [text.text for text in ledger.texts(number)] == ["Greasy"]
    assert ledger.texts(other) == []
    assert ledger.case("demo-G009-2609-00001") is None
    assert ledger.last_ms() == START + 1000
    assert ledger.positions()[("events", 3)].n == log.next_n.get(3)


def test_lists_by_everything_people_ask_for(log: LogBuilder, path: Path) -> None:
    a = log.open(HOMES[0], START, reporter="p-anna")
    b = log.open(HOMES[1], START + 1, category="pothole")
    c = log.open(HOMES[2], START + 2, reporter="p-anna")
    log.dispatch(b, START + 3, executor="p-crew")
    log.dispatch(c, START + 4, assignee="p-other", due_ms=START + 5)
    log.resolve(c, START + 9)
    log.close(c, START + 10)
    ledger = ledger_of(log, path)
    assert _numbers(ledger) == [c, b, a]
    assert _numbers(ledger, state=State.CLOSED) == [c]
    assert _numbers(ledger, state=[State.SUBMITTED, State.DISPATCHED]) == [b, a]
    assert _numbers(ledger, assignee="p-owner") == [b]
    assert _numbers(ledger, executor="p-crew") == [b]
    assert _numbers(ledger, reporter="p-anna") == [c, a]
    assert _numbers(ledger, department="sanitation") == [c, b]
    assert _numbers(ledger, category="pothole") == [b]
    assert _numbers(ledger, grid="G003", segment="S-G003") == [c]
    assert _numbers(ledger, open_only=True) == [b, a]
    assert _numbers(ledger, numbers=[a, c]) == [c, a]
    assert _numbers(ledger, numbers=[]) == []
    assert _numbers(ledger, from_ms=START + 1, to_ms=START + 2) == [b]
    assert _numbers(ledger, order="due") == [c, b, a]
    assert _numbers(ledger, limit=1, before=ledger.case(c)) == [b]
    assert _numbers(ledger, before=(START + 1, b)) == [a]


def test_a_moved_report_is_found_where_it_went(log: LogBuilder, path: Path) -> None:
    """The stub it leaves behind is in no list and counts once, as moved."""
    stub = log.open(HOMES[3], report="r-1", state="needs_information", place=None)
    log.add(EventType.MOVED, stub, now={"state": "moved"})
    ledger = ledger_of(log, path)
    found = ledger.case_of_report("r-1")
    assert found is not None
    assert found.number == stub
    moved = log.open(HOMES[0], report="r-1", moved_from=stub)
    ledger = ledger_of(log, path)
    found = ledger.case_of_report("r-1")
    assert found is not None
    assert found.number == moved
    assert _numbers(ledger) == [moved]
    assert _numbers(ledger, state=State.MOVED) == [stub]
    counts = ledger.counts()
    assert (counts.shares[Count.MOVED_OUT], counts.shares[Count.MOVED_IN], counts.shares[Count.WAITING]) == (1, 1, 1)


def test_changes_go_on_after_a_sequence(log: LogBuilder, path: Path) -> None:
    number = log.open()
    log.dispatch(number, START)
    log.add(EventType.COVER_SET, None, partition=2)
    ledger = ledger_of(log, path)
    first, second, third = ledger.changes(0)
    assert [first.seq, second.seq, third.seq] == [1, 2, 3]
    assert third.event.type is EventType.COVER_SET
    assert third.case is None
    assert first.case == second.case == ledger.case(number)
    assert ledger.changes(1, limit=1) == [second]
    assert ledger.changes(ledger.last_seq()) == []


@pytest.mark.of_files
def test_a_rebuilt_file_is_noticed(log: LogBuilder, path: Path) -> None:
    """Sequences of the old file are refused by name, and every read sees the new file."""
    log.open()
    ledger = ledger_of(log, path)
    epoch = ledger.epoch()
    assert len(ledger.changes(0, epoch=epoch)) == 1
    log.open()
    ledger_of(log, path)
    assert ledger.epoch() != epoch
    assert ledger.last_seq() == 2
    with pytest.raises(EpochChanged):
        ledger.changes(1, epoch=epoch)
    assert len(list(path.parent.glob("ledger-*.sqlite"))) == 1


def test_without_a_file_the_reader_says_what_to_do(path: Path) -> None:
    with pytest.raises(LedgerAway, match="grid36 up"):
        Ledger(path).epoch()


@pytest.mark.of_files
def test_tables_of_another_release_are_not_misread(log: LogBuilder, path: Path) -> None:
    log.open()
    ledger_of(log, path)
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE meta SET value = '9' WHERE key = 'version'")
    ledger = Ledger(path)
    for _ in range(2):
        with pytest.raises(LedgerOld, match="another release"):
            ledger.counts()
    ledger_of(log, path)
    assert len(ledger.cases()) == 1


@pytest.mark.of_files
def test_the_reader_cannot_write(log: LogBuilder, path: Path) -> None:
    ledger = ledger_of(log, path)
    with ledger.snapshot() as rows, pytest.raises(sqlite3.OperationalError, match="readonly"):
        rows.execute("DELETE FROM timeline")


def test_threads_share_one_ledger_beside_the_writer(log: LogBuilder, path: Path) -> None:
    """Readers in threads see whole transactions only, while batches are written."""
    log.stories(60)
    store = files.new(path)
    files.publish(path, store.file)
    ledger, wrong, done = Ledger(path), list[object](), threading.Event()

    def read() -> None:
        while not done.is_set():
            for change in ledger.changes(0, limit=1000):
                if change.case is None or change.case.seq < 1:
                    wrong.append(change)
            ledger.counts()
        ledger.close()

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    take(store, log)
    done.set()
    for reader in readers:
        reader.join()
    assert wrong == []
    assert ledger.last_seq() == sum(log.next_n.values())
    ledger.close()
    store.close()


def test_counts_by_share_state_and_lateness(log: LogBuilder, path: Path) -> None:
    master = log.open()
    log.dispatch(master, START)
    follower = log.open()
    log.add(EventType.MERGED, follower, now={"state": "merged", "master": master})
    refused = log.open()
    log.add(EventType.REFUSED, refused, now={"state": "refused"})
    paused = log.open()
    log.dispatch(paused, START)
    log.add(EventType.SUSPENDED, paused, t_ms=START + HOUR, now={"state": "suspended", "suspended_ms": START + HOUR})
    solved = log.open()
    log.dispatch(solved, START)
    log.resolve(solved, START + HOUR)
    log.open(HOMES[3], place=None, state="needs_information")
    counts = ledger_of(log, path).counts(at_ms=START + 10 * HOUR)
    assert {share.value: n for share, n in counts.shares.items() if n} == {
        "routed": 3,
        "merged": 1,
        "refused": 1,
        "waiting": 1,
    }
    assert counts.states[State.SUSPENDED] == 1
    assert counts.late == 1  # the master; the paused one's clock stood still in time, the solved one's has ended
    assert ledger_of(log, path).counts().late == 0  # at the log's own last time nothing is due yet


def test_positions_are_those_of_the_last_commit(log: LogBuilder, path: Path) -> None:
    log.open()
    partition = next(iter(log.next_n))
    assert ledger_of(log, path).positions() == {("events", partition): Position(1, 1, log.last[partition])}
