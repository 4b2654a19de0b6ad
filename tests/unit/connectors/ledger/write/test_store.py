import json
import sqlite3
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.ledger.calls import CALL_COLUMNS, call_rows
from connectors.ledger.kept.crossed import CROSSED
from connectors.ledger.kept.grains import GRAINS
from connectors.ledger.kept.sums import COUNTED, KEPT, SUMS, code_of, label
from connectors.ledger.queries.cases import Ledger
from connectors.ledger.write.batch import FixedChangedError
from connectors.ledger.write.store import Store, TextRecord
from connectors.ledger.write.verify import TABLES as COMPARED_TABLES
from schemas.event import EventType
from streams.kafka.event_log import Position
from tests.worlds.builders import START, LogBuilder, ledger_of, logged, take

CALL: dict[str, Any] = {
    "department": {"code": "water", "name": "Water"}, "cause": "whistle", "called_ms": START,
    "due": {"sign": START + 9},
}  # fmt: skip
CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "state": st.sampled_from(["dispatched", "resolved", "closed", "merged", "refused", "moved"]),
        "assignee": st.none() | st.just("p-1"),
        "category": st.sampled_from(["greasy", "pothole"]),
        "place": st.none() | st.just({"grid": "G002", "segment": "S-2", "lat": 24.5, "lon": 118.1}),
        "department": st.none() | st.just({"code": "parks", "name": "Parks"}),
        "master": st.none() | st.just("x"),
        "due_ms": st.none() | st.integers(START, START + 3),
        "dispatched_ms": st.none() | st.just(START),
        "raised": st.integers(0, 2),
        "self_handled": st.booleans(),
        "sampled": st.booleans(),
        "acted_ms": st.integers(START, START + 3),
        "kind": st.sampled_from(["problem", "question"]),
        "resolved_ms": st.none() | st.integers(START, START + 10**7),
        "by_day": st.booleans(),
        "on_time": st.none() | st.booleans(),
        "outcome": st.none() | st.sampled_from(["fixed", "withdrawn"]),
        "reworks": st.integers(0, 1),
        "verifying_ms": st.integers(0, 5),
        "rating": st.none() | st.sampled_from(["satisfied", "dissatisfied"]),
        "duty": st.none() | st.just("d"),
        "assists": st.sampled_from([[], [CALL], [CALL | {"done": {"sign": 2}, "scores": {"cooperation": 5}}, CALL]]),
    },
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "x.sqlite"


def _rows(file: Path) -> list[tuple[object, ...]]:
    with sqlite3.connect(file) as connection:
        return list(connection.execute("SELECT number, doc FROM cases JOIN docs USING (id) ORDER BY number")) + list(
            connection.execute("SELECT partition, n, event FROM timeline ORDER BY partition, n")
        )


def test_batches_of_any_size_give_the_same_rows(tmp_path: Path) -> None:
    log = LogBuilder().stories(90)
    events = logged(log.records)
    for size in (1, 7, 1000):
        store = Store.create(tmp_path / f"{size}.sqlite", "e")
        for i in range(0, len(events), size):
            store.take_events(events[i : i + size], {})
        store.finish()
    first = _rows(tmp_path / "1.sqlite")
    assert len(first) == 90 + len(events)
    assert first == _rows(tmp_path / "7.sqlite") == _rows(tmp_path / "1000.sqlite")


def test_rows_and_positions_stand_or_fall_together(file: Path) -> None:
    """A batch that cannot be stored leaves neither its rows nor its positions."""
    log = LogBuilder(1).stories(3)
    store = Store.create(file, "e")
    events = logged(log.records)
    store.take_events(events[:2], {0: Position(2, 2, "a")})
    before = _rows(file)
    doubled = [*events[2:], events[0]]  # the case is opened a second time: the last row of all cannot be inserted
    with pytest.raises(sqlite3.IntegrityError):
        store.take_events(doubled, {0: Position(9, 9, "b")})
    store.close()
    again = Store(file)
    assert again.positions("events") == {0: Position(2, 2, "a")}
    assert _rows(file) == before
    again.close()


def test_a_reopened_store_goes_on(file: Path) -> None:
    """What was cached is read again from the file, and sequences go on."""
    log = LogBuilder(1).stories(6)
    events = logged(log.records)
    store = Store.create(file, "e")
    store.take_events(events[:5], {0: Position(5, 5, "a")})
    store.close()
    store = Store(file)
    store.take_events(events[5:], {0: Position(30, len(events), "b")})
    assert store.positions("events")[0].n == len(events)
    store.finish()
    whole = Store.create(file.with_name("whole.sqlite"), "e")
    take(whole, log)
    whole.finish()
    assert _rows(file) == _rows(whole.file)


def test_an_event_may_not_change_what_only_the_opening_sets(file: Path) -> None:
    log = LogBuilder(1)
    number = log.open()
    log.add(EventType.CORRECTED, number, now={"reporter": "p-other"})
    store = Store.create(file, "e")
    with pytest.raises(FixedChangedError, match=number):
        store.take_events(logged(log.records), {})
    store.close()


def test_a_refused_act_belongs_to_an_archived_case_and_to_none_that_never_was(file: Path) -> None:
    """Else whoever sent it would wait for ever, and whoever mistypes a number would make a case."""
    log = LogBuilder(1)
    number = log.open()
    log.add(EventType.ARCHIVED, number)
    for case in (number, "demo-G001-2609-09999"):
        log.add(EventType.ACTION_REFUSED, case, command="too-late")
    store = Store.create(file, "e")
    take(store, log)
    store.finish()
    ledger = Ledger(file)
    assert [each.number for each in ledger.cases()] == [number]
    assert ledger.timeline(number)[-1].command == "too-late"
    assert ledger.timeline("demo-G001-2609-09999") == []
    ledger.close()


@pytest.mark.parametrize("by_event", [False, True])
def test_an_erased_text_leaves_no_byte(file: Path, by_event: bool) -> None:
    """Neither in the file nor in its write-ahead log; by its tombstone, or by the event if that is long gone."""
    log = LogBuilder(1)
    number = log.open()
    log.write("t-1", number, "unforgettable words")
    log.write("t-2", number, "other words")
    store = Store.create(file, "e")
    take(store, log)
    assert b"unforgettable" in file.read_bytes() + Path(f"{file}-wal").read_bytes()
    if by_event:
        erased = LogBuilder(1, next_n={0: 1})
        erased.add(EventType.TEXT_ERASED, number, facts={"texts": ["t-1"]})
        store.take_events(logged(erased.records), {})
    else:
        store.take_texts([TextRecord("t-1", None)], {0: 9})
    wal = Path(f"{file}-wal")
    assert b"unforgettable" not in file.read_bytes() + (wal.read_bytes() if wal.exists() else b"")
    assert b"other words" in file.read_bytes()
    store.close()


def test_the_last_version_of_a_text_wins(tmp_path: Path) -> None:
    log = LogBuilder(1)
    number = log.open()
    log.write("t-1", number, "first", at_ms=START)
    log.write("t-1", number, "second", at_ms=START)
    log.write("t-0", number, "later", at_ms=START + 1)
    assert [text.text for text in ledger_of(log, tmp_path / "l.sqlite").texts(number)] == ["second", "later"]


def _counted(store: Store, columns: str, more: str, those: str) -> list[tuple[object, ...]]:
    """What a table of sums must have, by everything, counted case by case."""
    return [
        row
        for by in KEPT
        for grain, per in GRAINS.items()
        for row in store.query(
            f"SELECT '{by}', '{grain}', day / {per}, kind, ifnull({code_of(by)}, ''),"  # noqa: S608 - only our own names
            f" {label(by, 'department_name')}, {columns} FROM cases WHERE {COUNTED} {those} GROUP BY 3, 4, 5, 6{more}"
        )
    ]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5), CHANGES), max_size=30), st.integers(1, 6))
def test_cases_changed_in_any_way_are_those_of_one_batch(changes: list[tuple[int, dict[str, Any]]], size: int) -> None:
    """Rows that were updated column by column, their indexes, counts and sums equal those written at once."""
    log = LogBuilder(1)
    numbers = [log.open(t_ms=START + n * 10**7) for n in range(6)]
    for at, now in changes:
        log.add(EventType.CORRECTED, numbers[at], now=now)
    events = logged(log.records)
    with TemporaryDirectory() as folder:
        whole, parts = (Store.create(Path(folder) / name, "e", "Asia/Kathmandu") for name in ("whole", "parts"))
        whole.take_events(events, {})
        before = None
        for i in range(0, len(events), size):  # each is folded while the one before is not yet written
            after = parts.folded(events[i : i + size])
            if before is not None:
                parts.write(before, {})
            before = after
        parts.write(before or parts.folded([]), {})
        for table, (_, names, query) in COMPARED_TABLES.items():
            assert list(parts.query(query)) == list(whole.query(query)), (table, names)
        assert list(parts.query("PRAGMA integrity_check")) == [("ok",)]
        counts = (
            "SELECT state, master IS NOT NULL, dispatched_ms IS NOT NULL, moved_from IS NOT NULL, count(*) FROM cases"
        )
        assert list(parts.query(COMPARED_TABLES["counts"][2])) == list(parts.query(f"{counts} GROUP BY 1, 2, 3, 4"))
        for table, columns, more, those in (
            ("figures", ", ".join(SUMS.values()), "", ""),
            ("times", "took_ms >> 21, count(*)", ", 7", "AND took_ms IS NOT NULL"),
        ):
            found = list(parts.query(COMPARED_TABLES[table][2]))
            assert sorted(found, key=repr) == sorted(_counted(parts, columns, more, those), key=repr)
        for crossed in CROSSED:
            of_case = {"label": "ifnull(department_name, '')", "raised": "raised", "proposed": "proposes IS NOT NULL"}
            group = ", ".join(of_case.get(name, f"ifnull({name}, '')") for name in crossed.key[2:])
            order = ", ".join(map(str, range(1, len(crossed.key) + 1)))
            assert list(parts.query(COMPARED_TABLES[crossed.name][2])) == [
                row
                for grain in crossed.grains
                for row in parts.query(
                    f"SELECT '{grain}', day / {GRAINS[grain]}, {group}, {', '.join(SUMS.values())} FROM cases"  # noqa: S608 - only our own names
                    f" WHERE {COUNTED} GROUP BY {order} ORDER BY {order}"
                )
            ], crossed.name
        docs = parts.query("SELECT id, doc FROM docs ORDER BY id")
        calls = [row for id, doc in docs for row in call_rows(id, json.loads(doc))]
        assert list(parts.query(f"SELECT {', '.join(CALL_COLUMNS)} FROM calls ORDER BY id, n")) == calls  # noqa: S608
        whole.close()
        parts.close()
