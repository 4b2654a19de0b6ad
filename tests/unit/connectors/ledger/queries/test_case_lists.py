"""Which index answers which list, and pages of lists whose cases change."""

import sqlite3
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.ledger.fold import COLUMNS, FIXED, INDEXED, NEVER
from connectors.ledger.queries.case_lists import Order, case_query, place_of
from connectors.ledger.queries.cases import Ledger
from connectors.ledger.schema import TABLES
from connectors.ledger.write import files
from schemas.case import Case, State
from schemas.event import EventType
from schemas.remit import WHOLE, Remit
from streams.kafka.event_log import Logged
from tests.worlds.builders import HOMES, START, LogBuilder, ledger_of, logged

NEWEST: Final[list[tuple[str, dict[str, Any]]]] = [
    ("cases_submitted", {}),
    ("cases_submitted", {"from_ms": 1, "to_ms": 4, "before": (3, "x")}),
    ("cases_submitted", {"to_ms": 4, "before": (3, "x"), "back": True}),
    ("cases_open", {"open_only": True}),
    ("cases_open", {"open_only": True, "department": "d"}),
    ("cases_state", {"category": "c", "state": State.DISPATCHED}),
    ("cases_open", {"segment": "s", "state": [State.DISPATCHED, State.RESOLVED], "before": (3, "x")}),
    ("cases_open_reporter", {"open_only": True, "reporter": "p"}),
    ("cases_reporter", {"reporter": "p"}),
    ("cases_assignee", {"assignee": "p", "state": State.CLOSED}),
    ("cases_department", {"department": "d", "before": (3, "x")}),
    ("cases_category", {"category": "c", "state": State.CLOSED}),
    ("cases_segment", {"segment": "s", "grid": "g"}),
    ("cases_grid", {"grid": "g"}),
    ("cases_state", {"state": State.CLOSED, "before": (3, "x")}),
    ("cases_state", {"state": State.REFUSED, "category": "c"}),
    ("cases_raised", {"raised": "2"}),
    ("cases_submitted", {"raised": "0"}),
    ("cases_sampled", {"to_inspect": True}),
    ("cases_joined", {"joined": True, "reporter": "p", "state": State.MERGED}),
    ("cases_proposes", {"proposals": True}),
]
DUE: Final[list[tuple[str, dict[str, Any]]]] = [
    ("cases_open_due", {"open_only": True}),
    ("cases_open_due", {"open_only": True, "due_before_ms": 5, "before": (3, "x"), "category": "c"}),
    ("cases_open_due", {"open_only": True, "before": (3, "x"), "back": True}),
    ("cases_open_assignee", {"open_only": True, "assignee": "p", "before": (3, "x")}),
    ("cases_open_executor", {"open_only": True, "executor": "p"}),
    ("cases_open_department", {"state": State.REWORK, "department": "d"}),
]


@pytest.fixture(scope="module")
def tables() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    connection.executescript(TABLES)
    return connection


@pytest.mark.parametrize(
    ("order", "index", "wanted"), [*(("newest", *each) for each in NEWEST), *(("due", *each) for each in DUE)]
)
def test_every_list_is_read_in_its_order_from_one_index(
    tables: sqlite3.Connection, order: Order, index: str, wanted: dict[str, Any]
) -> None:
    """Nothing is sorted but the page itself, whose cases are read last."""
    filters = dict(wanted)
    before, back = filters.pop("before", None), filters.pop("back", False)
    query = case_query(filters, order, before, back=back)  # type: ignore[arg-type]  # by name
    plan = [row[3] for row in tables.execute(f"EXPLAIN QUERY PLAN {query.sql}", query.values)]
    first = next(line for line in plan if " cases " in line)
    assert f"INDEX {index} " in f"{first} "
    assert sum(line == "USE TEMP B-TREE FOR ORDER BY" for line in plan) == 1
    assert plan[-1] == "USE TEMP B-TREE FOR ORDER BY"
    if "before" in wanted:
        later = {"newest": "(submitted_ms,number)<(?,?)", "due": "(due_order,number)>(?,?)"}
        earlier = {"newest": "(submitted_ms,number)>(?,?)", "due": "(due_order,number)<(?,?)"}
        assert (earlier if back else later)[order] in first


PARTS: Final[list[tuple[set[str], dict[str, Any]]]] = [
    ({"cases_grid"}, {}),
    ({"cases_grid"}, {"before": (3, "x")}),
    ({"cases_grid"}, {"state": State.CLOSED, "before": (3, "x")}),
    ({"cases_grid"}, {"department": "d"}),
    ({"cases_open"}, {"open_only": True}),
    ({"cases_state"}, {"state": State.REFUSED}),
    ({"cases_assignee"}, {"assignee": "p"}),
    ({"cases_raised"}, {"raised": "1"}),
]
MIXED: Final = Remit(grids=frozenset({"a", "b"}), departments=frozenset({"d"}), lists=frozenset({"c"}))


@pytest.mark.parametrize("remit", [Remit(grids=frozenset({"a", "b", "c"})), Remit(grids=frozenset({"a"})), MIXED])
@pytest.mark.parametrize(("indexes", "wanted"), PARTS)
def test_a_part_of_the_region_is_read_in_order_from_its_own_indexes(
    tables: sqlite3.Connection, indexes: set[str], wanted: dict[str, Any], remit: Remit
) -> None:
    """Grid by grid and department by department, merged; nothing passes over the cases of all the others."""
    filters = dict(wanted)
    query = case_query({**filters, "within": remit}, "newest", filters.pop("before", None))  # type: ignore[typeddict-item]
    plan = [row[3] for row in tables.execute(f"EXPLAIN QUERY PLAN {query.sql}", query.values)]
    reads = [line for line in plan if " cases " in line]
    more = {"cases_department", "cases_proposes"} if remit is MIXED and indexes == {"cases_grid"} else set()
    assert {line.partition("INDEX ")[2].partition(" ")[0] for line in reads} == indexes | more
    small = ("cases_open", "cases_proposes", "cases_raised")  # have few of all cases
    assert all(line.startswith("SEARCH cases") for line in reads if not any(index in line for index in small))
    assert [line for line in plan if line == "USE TEMP B-TREE FOR ORDER BY"] == plan[-1:]


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "within": st.sampled_from((WHOLE, Remit(), MIXED, Remit(departments=frozenset({"d"})))),
            **dict.fromkeys(
                ("assignee", "reporter", "department", "category", "grid", "master", "called"), st.just("x")
            ),
            **dict.fromkeys(("about", "proof", "kind"), st.just("x")),
            **dict.fromkeys(("joined", "proposals", "to_inspect", "open_only"), st.booleans()),
            **dict.fromkeys(("from_ms", "to_ms", "due_before_ms"), st.just(5)),
            "raised": st.sampled_from(("0", "1")),
            "numbers": st.lists(st.just("x"), max_size=2),
            "state": st.none() | st.sampled_from(State) | st.lists(st.sampled_from(State), max_size=3),
        },
    ),
    st.sampled_from(("newest", "due")),
    st.none() | st.just((3, "x")),
)
def test_every_combination_of_filters_can_be_answered(
    tables: sqlite3.Connection, wanted: Any, order: Order, before: tuple[int, str] | None
) -> None:
    """The index chosen holds all cases that match, or SQLite would refuse to use it."""
    query = case_query(wanted, order, before)
    assert tables.execute(query.sql, query.values).fetchall() == []


def test_every_column_with_an_index_is_written_when_it_changes(tables: sqlite3.Connection) -> None:
    """What an update leaves out unless it changed: all columns with an index, and no others."""
    names = [
        row[0] for row in tables.execute("SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL")
    ]
    columns = {
        str(row[2])
        for name in names
        if name.startswith("cases_")
        for row in tables.execute(f"PRAGMA index_info({name})")
        if row[2] is not None  # an expression; the index has its column, too
    }
    conditions = " ".join(
        row[0].partition("WHERE")[2] for row in tables.execute("SELECT coalesce(sql, '') FROM sqlite_schema")
    )
    columns |= {name for name in COLUMNS if f" {name} " in conditions}
    assert columns - FIXED == {*INDEXED}


STATES: Final = (State.DISPATCHED, State.RESOLVED, State.CLOSED)
DUES: Final = st.none() | st.integers(START, START + 3)
LISTS: Final = st.fixed_dictionaries(
    {},
    optional={
        "within": st.sampled_from(
            (
                WHOLE,
                Remit(),
                Remit(grids=frozenset({"G001"})),
                Remit(grids=frozenset({"G002"}), departments=frozenset({"sanitation"})),
            )
        ),
        "open_only": st.booleans(),
        "state": st.sampled_from(STATES) | st.lists(st.sampled_from(STATES), min_size=1, unique=True),
        "category": st.sampled_from(("a", "b")),
        "department": st.just("sanitation"),
        "due_before_ms": st.integers(START, START + 4),
    },
)


class Street:
    """A ledger that goes on while somebody turns pages."""

    def __init__(self, folder: Path) -> None:
        self.log = LogBuilder(1)
        self._store = files.new(folder / "ledger.sqlite")
        files.publish(folder / "ledger.sqlite", self._store.file)
        self.ledger = Ledger(folder / "ledger.sqlite")
        self._taken = 0

    def open(self, t_ms: int, due_ms: int | None, category: str) -> str:
        number = self.log.open(HOMES[0], t_ms, category=category)
        self.log.dispatch(number, t_ms, due_ms=due_ms)
        self.take()
        return number

    def take(self) -> None:
        new: list[Logged] = logged(self.log.records[self._taken :])
        self._store.take_events(new, {})
        self._taken = len(self.log.records)

    def close(self) -> None:
        self.ledger.close()
        self._store.close()


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(START, START + 2), DUES, st.sampled_from("ab"), st.sampled_from(STATES)), max_size=14
    ),
    LISTS,
    st.sampled_from(("newest", "due")),
    st.integers(1, 4),
    st.data(),
)
def test_pages_joined_are_the_whole_list_while_cases_change(
    drawn: list[tuple[int, int | None, str, State]],
    wanted: dict[str, Any],
    order: Order,
    size: int,
    data: st.DataObject,
) -> None:
    """No hole and no double among the cases that stay where they are, whatever happens to the others meanwhile."""
    with TemporaryDirectory() as folder:
        street = Street(Path(folder))
        try:
            numbers = [street.open(*each[:3]) for each in drawn]
            for number, (*_, state) in zip(numbers, drawn, strict=True):
                street.log.add(EventType.CORRECTED, number, now={"state": state})
            street.take()
            whole = street.ledger.cases(**wanted, order=order, limit=1000)
            every = street.ledger.cases(**wanted | {"within": WHOLE}, order=order, limit=1000)
            assert whole == [case for case in every if wanted.get("within", WHOLE).has(case)]
            assert [place_of(case, order) for case in whole] == sorted(
                (place_of(case, order) for case in whole), reverse=order == "newest"
            )
            for n, case in enumerate(whole):
                before = street.ledger.cases(**wanted, order=order, limit=size, before=case, back=True)
                assert before == whole[max(0, n - size) : n]
            changed, pages = set[str](), list[Case]()
            while page := street.ledger.cases(**wanted, order=order, limit=size, before=pages[-1] if pages else None):
                assert len(page) <= size
                pages += page
                for number in data.draw(st.lists(st.sampled_from(numbers), max_size=2, unique=True)):
                    due_ms, state = data.draw(DUES), data.draw(st.sampled_from(STATES))
                    street.log.add(EventType.CORRECTED, number, now={"due_ms": due_ms, "state": state})
                    changed.add(number)
                if data.draw(st.booleans()):
                    changed.add(street.open(START + 1, data.draw(DUES), "a"))
                street.take()
            assert [case.number for case in pages if case.number not in changed] == [
                case.number for case in whole if case.number not in changed
            ]
            still = [case.number for case in street.ledger.cases(**wanted, order=order, limit=1000)]
            assert {case.number for case in whole} - changed <= set(still)
        finally:
            street.close()


def test_cases_without_a_deadline_are_paged_by_number(tmp_path: Path) -> None:
    log = LogBuilder()
    numbers = [log.open() for _ in range(3)]
    ledger = ledger_of(log, tmp_path / "ledger.sqlite")
    first = ledger.cases(order="due", limit=1)
    assert place_of(first[0], "due") == (NEVER, numbers[0])
    assert [case.number for case in ledger.cases(order="due", before=(NEVER, numbers[0]))] == numbers[1:]
