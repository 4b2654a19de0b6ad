"""Metrics of drawn calls equal a count call by call, and every number of cases leads to exactly these cases."""

from collections import defaultdict
from collections.abc import Iterable
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
from connectors.ledger.queries.response_figures import report_ins
from connectors.ledger.queries.statistics.call_sets import CallSet, cases_with
from connectors.ledger.queries.statistics.grouping import DIMENSIONS, Dimension, Grouping
from connectors.ledger.queries.statistics.metrics import METRICS, of_calls
from connectors.ledger.queries.statistics.pairs import PairTable, pairs
from connectors.ledger.queries.statistics.periods import DayPeriod
from connectors.ledger.queries.statistics.tables import Cells, StatisticsQuestion, table
from schemas.days import begin_ms, day_of, end_ms
from schemas.names import Name
from schemas.remit import WHOLE, Remit
from tests.oracles.counted_calls import Fields, call_figures_of, call_sets_of
from tests.oracles.counted_cases import kind_of
from tests.strategies.drawn_cases import CASE, END, MORE
from tests.worlds.builders import HOMES, HOUR, START, LogBuilder, ledger_of

ZONE = ZoneInfo("Asia/Shanghai")
FIRST = date(2026, 9, 15)
NAMES = {"d1": Name(zh="一", en="One"), "g1": Name(zh="甲", en="A")}
REMITS = (WHOLE, WHOLE, Remit(grids=frozenset({"g1"})), Remit(departments=frozenset({"d1"})), Remit())
METRICS_OF_CALLS = of_calls(METRICS)
Counted = tuple[str, Fields, Fields]
"""A case number, its case and one of its calls by a whistle."""
STEPS = st.dictionaries(st.sampled_from(["sign", "attend"]), st.integers(START, END))
SCORES = st.fixed_dictionaries(dict.fromkeys(("cooperation", "professionalism", "responsibility"), st.integers(1, 5)))
CALL = st.fixed_dictionaries(
    {
        "department": st.sampled_from([("d1", "一"), ("d1", "Other"), ("d2", "Two")]).map(
            lambda body: {"code": body[0], "name": body[1]}
        ),
        "cause": st.sampled_from(["whistle", "whistle", "list"]),
        "called_ms": st.integers(START, END),
        "due": STEPS,
        "done": STEPS,
        "missed": st.sampled_from([[], ["attend"], ["sign"]]),
        "scores": st.none() | SCORES,
    }
)


def grouping(dimension: Dimension) -> Grouping:
    return Grouping(dimension, NAMES, {"g1": "east"})


def key_of(one: Counted, dimension: Dimension) -> str:
    """The group that a call is in."""
    _, case, call = one
    place, body = case.get("place") or {}, call["department"]
    if dimension == "department":
        return str(body["code"] if body == {"code": "d1", "name": "一"} else body["name"])
    if dimension == "community":
        return "east" if place.get("grid") == "g1" else ""
    return str((case if dimension == "category" else place).get(dimension) or "")


def within(one: Counted, remit: Remit) -> bool:
    """Whether a call concerns a part of the region."""
    grid = (one[1].get("place") or {}).get("grid")
    return remit.has_grid(grid) or one[2]["department"]["code"] in remit.departments


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.tuples(CASE, MORE, st.lists(CALL, min_size=1, max_size=3)), max_size=12), st.integers(0, 40),
    st.integers(0, 60), st.integers(START, END), st.sampled_from(["problem", "self_handled"]), st.sampled_from(REMITS),
    st.sampled_from(DIMENSIONS),
)  # fmt: skip
def test_every_metric_of_calls_is_that_of_its_calls(
    drawn: list[tuple[dict[str, Any], dict[str, Any], list[dict[str, Any]]]], begin: int, days: int, at_ms: int,
    kind: str, remit: Remit, dimension: Dimension,
) -> None:  # fmt: skip
    """By each dimension and by two, for the region and parts of it; and each set lists the cases of its calls."""
    log, every = LogBuilder(), list[Counted]()
    first = FIRST + timedelta(days=begin)
    period = DayPeriod(first, first + timedelta(days=days))
    for fields, more, calls in drawn:
        fields.pop("took_ms")
        place = {"place": {"grid": "G001", "segment": "S-G001"}} | more
        number = log.open(HOMES[0], **fields, **more, assists=calls)
        case = fields | place
        if case["state"] != "moved" and case.get("duty") is None and kind_of(case) == kind:
            every += [(number, case, call) for call in calls if call["cause"] == "whistle"]
    counted = [one for one in every if within(one, remit)]
    second: Dimension = "category" if dimension != "category" else "department"
    with TemporaryDirectory() as folder:
        ledger = ledger_of(log, Path(folder) / "l.sqlite")
        question = StatisticsQuestion(grouping(dimension), METRICS_OF_CALLS, kind, at_ms, ZONE, remit)
        found = table(ledger, question, period, period.months(), [period.before()])
        for column in [*found.parts, found.whole, *found.others]:
            inside = [one for one in counted if _in(one, column.period)]
            _same(column.whole, inside, at_ms)
            groups = {key_of(one, dimension) for one in inside}
            assert set(column.groups) == groups
            for key in groups:
                group = [one for one in inside if key_of(one, dimension) == key]
                _same(column.groups[key], group, at_ms)
                _listed(ledger, question, column.period, key, group)
        by_two = pairs(ledger, question, grouping(second), period)
        assert isinstance(by_two, PairTable)
        cells: defaultdict[tuple[str, str], list[Counted]] = defaultdict(list)
        for one in counted:
            if _in(one, period):
                cells[key_of(one, dimension), key_of(one, second)].append(one)
        assert set(by_two.cells) == set(cells)
        for pair, group in cells.items():
            _same(by_two.cells[pair], group, at_ms)
        assert (by_two.rows, by_two.whole) == (found.whole.groups, found.whole.whole)
        ledger.close()


def _in(one: Counted, period: DayPeriod) -> bool:
    return period.first <= day_of(one[2]["called_ms"], ZONE) <= period.last


def _same(cells: Cells, calls: Iterable[Counted], at_ms: int) -> None:
    wanted = call_figures_of([(number, call, call_sets_of(case, call, at_ms)) for number, case, call in calls])
    assert {key: (cell.value, cell.n, cell.cases) for key, cell in cells.items()} == {
        key: (None if value is None else pytest.approx(value, abs=0.0051), n, cases)
        for key, (value, n, cases) in wanted.items()
    }


def _listed(
    ledger: Ledger, question: StatisticsQuestion, period: DayPeriod, key: str, calls: Iterable[Counted]
) -> None:
    """The list of each set of a group has exactly the cases of its calls, each once, whoever asks."""
    span = period.span(ZONE, question.within)
    for name in get_args(CallSet):
        which, values = cases_with(name, span, question.kind, question.at_ms, [question.grouping.calls(key)])
        figure = FigureCases(which, tuple(values), "", own_part=True)
        query = case_query(
            CaseFilters(kind=question.kind, figure=figure, within=question.within), "newest", what="number"
        )
        found = [number for (number,) in ledger.rows(query.sql, *query.values)]
        wanted = {number for number, case, call in calls if name in call_sets_of(case, call, question.at_ms)}
        assert sorted(found) == sorted(wanted), name


def test_the_page_of_figures_says_the_same(tmp_path: Path) -> None:
    """The same calls, the same limits, the same rounding but for the digits of the mean."""
    log = LogBuilder()
    for n in range(6):
        due, done = {"attend": START + 5 * HOUR}, {"attend": START + n * 2 * HOUR} if n % 2 else {}
        scores = {"cooperation": 1 + n % 5, "professionalism": 4, "responsibility": 2} if n % 3 else None
        call = {"department": {"code": "d1", "name": "一"}, "cause": "whistle", "called_ms": START + n, "due": due}
        log.open(HOMES[n % 3], kind="problem", assists=[call | {"done": done, "scores": scores}])
    ledger, day = ledger_of(log, tmp_path / "l.sqlite"), day_of(START, ZONE)
    at_ms = START + 5 * HOUR + 1
    question = StatisticsQuestion(grouping("department"), METRICS_OF_CALLS, "problem", at_ms, ZONE)
    cells = table(ledger, question, DayPeriod(day, day), (), ()).whole.groups["d1"]
    (row,) = report_ins(ledger, begin_ms(day, ZONE), end_ms(day, ZONE), as_of_ms=at_ms)["rows"]
    assert (cells["called"].n, cells["report_in_rate"].n) == (row["called"], row["due"]) == (6, 6)
    assert (cells["report_in_rate"].part, cells["report_in_rate"].value) == (row["on_time"], row["rate"])
    assert [cells[name].value for name in ("cooperation", "professionalism", "responsibility")] == [
        row["cooperation"], row["professionalism"], row["responsibility"],
    ]  # fmt: skip
