from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grid36.replay.file.columns import TimeColumn
from grid36.replay.file.mapping import Mapping
from grid36.replay.file.mapping_file import read_mapping
from grid36.replay.file.reasons import WrongFile, WrongMapping
from grid36.replay.file.rows import PastRow, RowFault
from grid36.replay.file.source import SourceFile
from grid36.replay.plan import Fact, ReplayPlan, make_plan
from tests.generators.city_cases import make_city
from tests.unit.grid36.replay.reading import rows_of

MAPPING = Mapping(
    id="id",
    reported_at=TimeColumn(column="from"),
    acknowledged_at=TimeColumn(column="ack"),
    closed_at=TimeColumn(column="to"),
    merged_into="master",
    text=("text",),
)
HEADER = "id,from,ack,to,master,text"
BEGIN = datetime(2020, 1, 1, tzinfo=UTC)


def at(minute: int | None) -> str:
    return "" if minute is None else (BEGIN + timedelta(minutes=minute)).isoformat()


def line(id: str, opened: int, ack: int | None = None, closed: int | None = None, master: str = "") -> str:
    return f"{id},{at(opened)},{at(ack)},{at(closed)},{master},words"


@contextmanager
def plan_of(folder: Path, *lines: str, limit: int | None = None, header: str = HEADER) -> Iterator[ReplayPlan]:
    path = folder / "f.csv"
    path.write_bytes(("\ufeff" + "\n".join((header, *lines)) + "\n").encode())
    with SourceFile(path, MAPPING) as source:
        yield make_plan(source, limit)


def told(plan: ReplayPlan) -> list[tuple[str, str]]:
    """(id, what) in the order of the plan; what is parked shows as the column at fault."""
    shown = []
    for place in range(len(plan)):
        match plan[place]:
            case Fact(what=what, row=row):
                shown.append((row.report, what.value))
            case RowFault() as fault:
                shown.append((fault.column, "parked"))
    return shown


def test_facts_come_in_time_order_and_parked_rows_first(tmp_path: Path) -> None:
    with plan_of(tmp_path, line("b", 5, 6, 9), line("a", 0, None, 5), "c,never,,,,", line("d", 0)) as plan:
        assert told(plan) == [
            ("from", "parked"), ("a", "opened"), ("d", "opened"), ("b", "opened"), ("a", "closed"),
            ("b", "acknowledged"), ("b", "closed"),
        ]  # fmt: skip
        assert plan.first_ms == BEGIN.timestamp() * 1000


def test_a_life_of_no_length_keeps_its_order(tmp_path: Path) -> None:
    """Opened, acknowledged and closed in the same second must not arrive as closed before opened."""
    with plan_of(tmp_path, line("x", 3, 3, 3)) as plan:
        assert told(plan) == [("x", "opened"), ("x", "acknowledged"), ("x", "closed")]


def test_a_merge_waits_until_both_are_open(tmp_path: Path) -> None:
    """A master that is in no row merges nothing; a follower's own closing is left to its case to judge."""
    lines = (line("late", 0, None, 50, "master"), line("master", 10, None, 60), line("lost", 1, None, 2, "nobody"))
    with plan_of(tmp_path, *lines) as plan:
        assert told(plan) == [
            ("late", "opened"), ("lost", "opened"), ("lost", "closed"), ("master", "opened"), ("late", "merged"),
            ("late", "closed"), ("master", "closed"),
        ]  # fmt: skip


def test_a_merge_at_the_same_time_comes_after_a_master_further_down(tmp_path: Path) -> None:
    with plan_of(tmp_path, line("a", 0, master="b"), line("b", 0)) as plan:
        assert told(plan) == [("a", "opened"), ("b", "opened"), ("a", "merged")]


def test_an_id_that_stands_twice_opens_one_case_and_the_other_row_is_parked(tmp_path: Path) -> None:
    with plan_of(tmp_path, line("a", 0), line("a", 1), "a,bad,,,,") as plan:
        faults = [plan[0], plan[1]]
        assert all(isinstance(fault, RowFault) and "already used in row 1" in fault.what for fault in faults)
        assert all(fault.report is None for fault in faults if isinstance(fault, RowFault))
        assert told(plan)[2:] == [("a", "opened")]


def test_rows_with_cells_missing_or_to_spare_are_parked(tmp_path: Path) -> None:
    with plan_of(tmp_path, "a,b", line("c", 0) + ",more", "", line("d", 0)) as plan:
        assert told(plan) == [("-", "parked"), ("-", "parked"), ("d", "opened")]
        assert plan.rows == 3


def test_texts_over_several_lines_are_found_again(tmp_path: Path) -> None:
    rows = (f'a,{at(0)},,,,"two\nlines, 三"', f'b,{at(1)},,,,"say ""x"""')
    with plan_of(tmp_path, *rows) as plan:
        facts = [plan[0], plan[1]]
        assert [fact.row.text for fact in facts if isinstance(fact, Fact)] == ["two\nlines, 三", 'say "x"']
        assert plan.raw(1).decode().strip() == rows[0]
        assert plan.raw(2).decode().strip() == rows[1]


@pytest.mark.parametrize("stray", ['"words', 'wo"rds', 'words"', '"wo"rds'])
def test_a_stray_quotation_mark_never_swallows_other_rows(tmp_path: Path, stray: str) -> None:
    """It would take all lines up to the next mark for one cell, and nobody would miss them."""
    rows = [line(id, minute) for minute, id in enumerate("abcd")]
    rows[1] = rows[1].replace("words", stray)
    for ends in (rows, [*rows, line("e", 9).replace("words", '"said ""x"""')]):
        with plan_of(tmp_path, *ends) as plan:
            assert [id for id, _ in told(plan)] == ["a", "b", "c", "d", "e"][: len(ends)]


def test_limit_and_until_cut_the_plan(tmp_path: Path) -> None:
    lines = (line("a", 0, None, 10), line("b", 5), line("c", 7))
    with plan_of(tmp_path, *lines, limit=2) as plan:
        assert plan.rows == 2
        assert len(plan) == 3
        begin = round(BEGIN.timestamp() * 1000)
        assert [plan.until(begin + minute * 60_000) for minute in (-1, 0, 5, 9, 10)] == [0, 1, 2, 2, 3]
        assert plan.until(None) == 3


def test_a_file_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty.csv").write_text("")
    (tmp_path / "other.csv").write_text("x,y\n1,2\n")
    with pytest.raises(WrongFile):
        SourceFile(tmp_path / "empty.csv", MAPPING)
    with pytest.raises(WrongFile):
        SourceFile(tmp_path / "missing.csv", MAPPING)
    with pytest.raises(WrongMapping, match="id: no column"):
        SourceFile(tmp_path / "other.csv", MAPPING)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 5) | st.none()), max_size=30))
def test_the_order_is_that_of_a_plain_sort(
    tmp_path_factory: pytest.TempPathFactory, lives: list[tuple[int, int | None]]
) -> None:
    """Packed keys order facts as (time, row, what) tuples would."""
    lines = [line(str(i), start, None, None if rest is None else start + rest) for i, (start, rest) in enumerate(lives)]
    plain = [(start, i, 0) for i, (start, _) in enumerate(lives)]
    plain += [(start + rest, i, 3) for i, (start, rest) in enumerate(lives) if rest is not None]
    with plan_of(tmp_path_factory.mktemp("law"), *lines) as plan:
        names = {0: "opened", 3: "closed"}
        assert told(plan) == [(str(i), names[what]) for _, i, what in sorted(plain)]


def test_the_generated_city_is_read_as_its_generator_says(tmp_path: Path) -> None:
    """The generator knows instants; the file shows clocks, over the end of summer time."""
    city = make_city(tmp_path)
    with SourceFile(city.csv, read_mapping(city.mapping)) as source:
        rows = [row for _, row in source.rows()]
    assert len(rows) == len(city.rows)
    for row, expected in zip(rows, city.rows, strict=True):
        assert isinstance(row, RowFault) == (expected.fate == "parked")
        if isinstance(row, PastRow) and expected.seconds is not None:
            assert row.closed_ms is not None
            assert row.closed_ms - row.reported_ms == expected.seconds * 1000
            assert row.department is not None
            assert row.department.code == expected.department


@pytest.mark.parametrize(
    "above",
    ["\n\n", "Export of 12 March,\n", ",,,\n", "Title\n\nfrom,to\n1,2\n"],
    ids=["blank", "title", "cells", "several"],
)
def test_a_header_below_titles_and_empty_lines_is_found(tmp_path: Path, above: str) -> None:
    (row,) = rows_of(tmp_path, f"{above}id,created\n1,2016-01-04T09:30:00\n")
    assert isinstance(row, PastRow)
    assert (row.report, row.number) == ("1", 1)


def test_separators_at_the_end_of_rows_are_no_cells(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, "id,created\n1,2016-01-04T09:30:00,\n2,2016-01-04T09:30:00, ,\n3,2016-01-04T09:30:00,x\n")
    assert [isinstance(row, PastRow) for row in rows] == [True, True, False]


@pytest.mark.parametrize(("content", "kind"), [('[{"id": 1}]', "JSON"), ('{"id": 1}\n', "JSON"), ("<kml>", "XML")])
def test_another_kind_of_file_is_named(tmp_path: Path, content: str, kind: str) -> None:
    with pytest.raises(WrongFile, match=f"This is {kind}"):
        rows_of(tmp_path, content)


@pytest.mark.parametrize("rounded", ["1.01E+17", "1.23456789012346E+016", "1E+12"])
def test_ids_that_a_spreadsheet_changed(tmp_path: Path, rounded: str) -> None:
    """Rounded ones are lost, and two rows would be one; a formula that keeps zeros is the text in it."""
    told = f'id,created\n{rounded},2016-01-04T09:30:00\n{rounded},2016-01-04T09:30:00\n"=""007""",2016-01-04T09:30:00\n'
    first, second, third = rows_of(tmp_path, told)
    assert [each.reason.code for each in (first, second) if isinstance(each, RowFault)] == ["rounded_id"] * 2
    assert third.report == "007"


def test_nothing_happened_in_a_later_year_and_due_dates_may_lie_ahead(tmp_path: Path) -> None:
    """Time would go on until then, and every open case would be late."""
    later = datetime.now(UTC).year + 2
    told = f"id,created,due,closed\n1,2016-01-04,{later}-01-04,{later}-01-04\n2,{later}-01-04,,\n"
    zone = {"zone": "UTC"}
    row, fault = rows_of(tmp_path, told, due_at={"column": "due", **zone}, closed_at={"column": "closed", **zone})
    assert isinstance(row, PastRow)
    assert (row.due_ms is None, row.closed_ms, [each.field for each in row.left_out]) == (False, None, ["closed_at"])
    assert isinstance(fault, RowFault)
    assert fault.reason.code == "year"
