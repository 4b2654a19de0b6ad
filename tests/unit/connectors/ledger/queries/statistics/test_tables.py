"""Statistics of drawn cases equal a count case by case, and every number of cases leads to exactly these cases."""

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.ledger.queries.case_lists import CaseFilters, FigureCases, case_query
from connectors.ledger.queries.cases import Ledger
from connectors.ledger.queries.statistics.counted import SELDOM, CaseSet, condition
from connectors.ledger.queries.statistics.grouping import (
    DIMENSIONS,
    OTHERS,
    PERSON,
    Dimension,
    Grouping,
    PeopleShown,
)
from connectors.ledger.queries.statistics.metrics import METRICS, MetricValue, of_cases
from connectors.ledger.queries.statistics.pairs import PairTable, TooManyCases, pairs
from connectors.ledger.queries.statistics.periods import DayPeriod
from connectors.ledger.queries.statistics.tables import Cells, StatisticsQuestion, table
from schemas.days import day_of
from schemas.names import Name
from schemas.remit import WHOLE, Remit
from tests.oracles.counted_cases import Fields, figures_of, kind_of, sets_of
from tests.strategies.drawn_cases import CASE, END, MORE
from tests.worlds.builders import HOMES, START, LogBuilder, ledger_of

METRICS_OF_CASES = of_cases(METRICS)
ZONES = ("UTC", "Asia/Shanghai", "America/Sao_Paulo", "Pacific/Apia")
REMITS = (WHOLE, WHOLE, Remit(grids=frozenset({"g1"})), Remit(departments=frozenset({"d1"})))
NAMES = {"d1": Name(zh="一", en="One"), "g1": Name(zh="甲", en="A")}
PEOPLE = PeopleShown(only=frozenset({"p1"}))
EVERY = (*DIMENSIONS, PERSON)
FIRST = date(2026, 9, 15)
"""Before the earliest drawn case; the last is 60 days after the first."""


def grouping(dimension: Dimension) -> Grouping:
    return Grouping(dimension, NAMES, {"g1": "east"}, PEOPLE)


def key_of(case: Fields, dimension: Dimension) -> str:
    """The group that a case is in."""
    place, department = case.get("place") or {}, case.get("department") or {}
    if dimension == "department":
        ours = department.get("code") == "d1" and department["name"] == "一"
        return str((not ours and department.get("name")) or department.get("code") or "")
    if dimension == PERSON:
        return {None: "", "p1": "p1"}.get(case.get("assignee"), OTHERS)
    if dimension == "community":
        return "east" if place.get("grid") == "g1" else ""
    return str((case if dimension == "category" else place).get(dimension) or "")


def within(case: Fields, remit: Remit) -> bool:
    place, department = case.get("place") or {}, case.get("department") or {}
    return remit.has_grid(place.get("grid")) or department.get("code") in remit.departments


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(CASE, MORE), max_size=20), st.integers(0, 40), st.integers(0, 60), st.integers(START, END),
    st.sampled_from(["problem", "self_handled"]), st.sampled_from(ZONES), st.sampled_from(REMITS),
    st.sampled_from(EVERY), st.integers(1, 3),
)  # fmt: skip
def test_every_metric_of_every_month_is_that_of_its_cases(
    drawn: list[tuple[dict[str, Any], dict[str, Any]]], begin: int, days: int, at_ms: int, kind: str, zone_name: str,
    remit: Remit, dimension: Dimension, most: int,
) -> None:  # fmt: skip
    """By each dimension, for the region and parts of it, months and whole periods; and each set lists its cases.

    The same figures are found where only the groups with the most cases are asked for.
    """
    log, zone, cases = LogBuilder(), ZoneInfo(zone_name), dict[str, Fields]()
    first = FIRST + timedelta(days=begin)
    period = DayPeriod(first, first + timedelta(days=days))
    for fields, more in drawn:
        took = fields.pop("took_ms")
        fields["resolved_ms"] = None if took is None else fields["submitted_ms"] + took
        place = {"place": {"grid": "G001", "segment": "S-G001"}} | more
        cases[log.open(HOMES[0], **fields, **more)] = fields | place
    counted = {
        number: case
        for number, case in cases.items()
        if case["state"] != "moved" and case.get("duty") is None and kind_of(case) == kind and within(case, remit)
    }
    with TemporaryDirectory() as folder:
        ledger = ledger_of(log, Path(folder) / "l.sqlite")
        question = StatisticsQuestion(grouping(dimension), METRICS_OF_CASES, kind, at_ms, zone, remit)
        found = table(ledger, question, period, period.months(), [period.before(), period.year_ago()])
        again = table(ledger, question, period, (), [period.before()], groups_of_others=False)
        assert (again.whole, again.others[0].whole) == (found.whole, found.others[0].whole)
        assert again.others[0].groups == {}
        for column in [*found.parts, found.whole, *found.others]:
            inside = {
                number: case
                for number, case in counted.items()
                if column.period.first <= day_of(case["submitted_ms"], zone) <= column.period.last
            }
            groups: defaultdict[str, dict[str, Fields]] = defaultdict(dict)
            for number, case in inside.items():
                groups[key_of(case, dimension)][number] = case
            assert {key for key, cells in column.groups.items() if cells["opened"].n} == set(groups)
            _same(column.whole, inside, at_ms, zone)
            for key, group in groups.items():
                _same(column.groups[key], group, at_ms, zone)
                _listed(ledger, question, column.period, key, group)
        few = table(ledger, question._replace(most=most), period, period.months(), [period.before()])
        shown = set(_largest(_with_cases(found.whole.groups), most))
        assert few.left == max(0, len(_with_cases(found.whole.groups)) - most)
        for all_of_them, column in zip(
            [*found.parts, found.whole, found.others[0]], [*few.parts, few.whole, *few.others], strict=True
        ):
            assert column.whole == all_of_them.whole
            assert _with_cases(column.groups) == {
                key: cells for key, cells in _with_cases(all_of_them.groups).items() if not few.left or key in shown
            }
        _by_two(ledger, question, period, counted, dimension, most)
        ledger.close()


def _largest(groups: Mapping[str, Cells], most: int) -> list[str]:
    return sorted(groups, key=lambda key: (-groups[key]["opened"].n, key))[:most]


def _with_cases(groups: Mapping[str, Cells]) -> dict[str, Cells]:
    return {key: cells for key, cells in groups.items() if cells["opened"].n}


def _same(cells: Cells, cases: Mapping[str, Fields], at_ms: int, zone: ZoneInfo) -> None:
    """All metrics, exactly but for rounding, and of how many cases they are."""
    wanted = figures_of(cases.values(), at_ms, zone)
    assert {key: cell.value for key, cell in cells.items()} == {
        key: None if value is None else pytest.approx(value, abs=0.0011) for key, value in wanted.items()
    }
    sets = Counter(name for case in cases.values() for name in sets_of(case, at_ms))
    for metric in METRICS_OF_CASES:
        part = None if metric.part is None else sets[metric.part]
        assert cells[metric.key] == MetricValue(cells[metric.key].value, sets[metric.of], part), metric.key


def _by_two(
    ledger: Ledger, question: StatisticsQuestion, period: DayPeriod, counted: Mapping[str, Fields], first: Dimension,
    most: int,
) -> None:  # fmt: skip
    """The same by a second dimension, with the sums of rows and columns; too many cases are not read at all."""
    second: Dimension = "category" if first != "category" else PERSON
    found = pairs(ledger, question, grouping(second), period)
    assert isinstance(found, PairTable)
    cells: defaultdict[tuple[str, str], dict[str, Fields]] = defaultdict(dict)
    rows: defaultdict[str, dict[str, Fields]] = defaultdict(dict)
    columns: defaultdict[str, dict[str, Fields]] = defaultdict(dict)
    whole = dict[str, Fields]()
    for number, case in counted.items():
        if period.first <= day_of(case["submitted_ms"], question.zone) <= period.last:
            row, column = key_of(case, first), key_of(case, second)
            for group in (cells[row, column], rows[row], columns[column], whole):
                group[number] = case
    assert (set(found.cells), set(found.rows), set(found.columns)) == (set(cells), set(rows), set(columns))
    for pair, cases in cells.items():
        _same(found.cells[pair], cases, question.at_ms, question.zone)
    for row, cases in rows.items():
        _same(found.rows[row], cases, question.at_ms, question.zone)
    for column, cases in columns.items():
        _same(found.columns[column], cases, question.at_ms, question.zone)
    _same(found.whole, whole, question.at_ms, question.zone)
    few = pairs(ledger, question._replace(most=most), grouping(second), period, most_columns=most + 1)
    assert isinstance(few, PairTable)
    lines, across = _largest(found.rows, most), _largest(found.columns, most + 1)
    assert few == PairTable(
        {pair: cells for pair, cells in found.cells.items() if pair[0] in lines and pair[1] in across},
        {key: found.rows[key] for key in lines},
        {key: found.columns[key] for key in across},
        found.whole,
        len(found.rows) - len(lines) + len(found.columns) - len(across),
    )
    timed = sum("timed" in sets_of(case, question.at_ms) for case in whole.values())
    if timed:
        assert pairs(ledger, question, grouping(second), period, most=timed - 1) == TooManyCases(timed - 1)
    assert isinstance(pairs(ledger, question, grouping(second), period, most=timed), PairTable)


def _listed(
    ledger: Ledger, question: StatisticsQuestion, period: DayPeriod, key: str, cases: Mapping[str, Fields]
) -> None:
    """The list of each set of a group has exactly its cases."""
    span, where = period.span(question.zone), question.grouping.cases(key)
    for name in get_args(CaseSet):
        figure = FigureCases(
            f"{condition(name, question.at_ms)} AND {where.condition}", tuple(where.values), SELDOM.get(name, where.by)
        )
        filters = CaseFilters(kind=question.kind, figure=figure, within=question.within)
        filters |= CaseFilters(from_ms=span.from_ms, to_ms=span.to_ms)
        query = case_query(filters, "newest", what="number")
        found = [number for (number,) in ledger.rows(query.sql, *query.values)]
        wanted = {number for number, case in cases.items() if name in sets_of(case, question.at_ms)}
        assert sorted(found) == sorted(wanted), name


@pytest.mark.of_files
def test_without_percentiles_no_single_time_is_read(tmp_path: Path) -> None:
    """Means, shares and counts come from the sums alone."""
    log = LogBuilder().stories(6)
    ledger, asked = ledger_of(log, tmp_path / "l.sqlite"), list[str]()
    metrics = [metric for metric in METRICS_OF_CASES if not metric.reads_times]
    with ledger.snapshot() as connection:
        assert isinstance(connection, sqlite3.Connection)
        connection.set_trace_callback(asked.append)
    period = DayPeriod(FIRST, FIRST + timedelta(days=30))
    question = StatisticsQuestion(grouping("category"), metrics, "problem", END, ZoneInfo("UTC"))
    found = table(ledger, question, period, period.months(), ())
    assert found.whole.whole["mean_s"].n == 6
    assert asked
    assert not any("cases_took" in query for query in asked)


@pytest.mark.of_files
def test_single_times_are_found_by_kind_and_half_hour(tmp_path: Path) -> None:
    """By the index, which SQLite takes only where the half hour that is asked for has no type of its own."""
    ledger, asked = ledger_of(LogBuilder().stories(6), tmp_path / "l.sqlite"), list[str]()
    with ledger.snapshot() as connection:
        assert isinstance(connection, sqlite3.Connection)
        connection.set_trace_callback(asked.append)
        metrics = [metric for metric in METRICS_OF_CASES if metric.reads_times]
        question = StatisticsQuestion(grouping("category"), metrics, "problem", END, ZoneInfo("UTC"))
    table(ledger, question, DayPeriod(FIRST, FIRST + timedelta(days=30)), (), ())
    (query,) = (each for each in asked if "INDEXED BY cases_took" in each)
    with ledger.snapshot() as connection:
        plan = " ".join(str(row[3]) for row in connection.execute(f"EXPLAIN QUERY PLAN {query}"))
    assert "cases_took (kind=? AND <expr>=? AND submitted_ms>" in plan
