"""Every list and figure of a ledger of many cases, by the queries alone: p50, p95 and CPU of each, beside the promise.

`python -m bench.read_model [CASES] [FILE]` fills FILE (or a database, `postgresql://…`) through the ledger's own store,
or takes it as it is if it is there already: filling 1,000,000 cases takes about ten minutes and 6 GB. With `--city`
they are spread as in a city, else they are those of one street, many times over. `bench.pages` asks for the pages
around them.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from bench.filled_ledger import DAY_MS, Spread, fill
from bench.lab import machine
from bench.mix import street
from bench.table import Row, markdown
from connectors.ledger.address import LedgerAddress, is_postgres
from connectors.ledger.changed_cases import changed_cases
from connectors.ledger.department_today import department_today
from connectors.ledger.queries.board import Area, board, latest, open_cases
from connectors.ledger.queries.case_lists import FigureCases
from connectors.ledger.queries.cases import Ledger
from connectors.ledger.queries.categories_in_use import category_counts
from connectors.ledger.queries.counters import Counters
from connectors.ledger.queries.duplicates import possible_duplicates
from connectors.ledger.queries.duty_figures import duties
from connectors.ledger.queries.past_cases import past_case
from connectors.ledger.queries.recurrence.reported import reported_beside
from connectors.ledger.queries.recurrence.spots import hot_spots
from connectors.ledger.queries.response_figures import report_ins
from connectors.ledger.queries.reused_photos import reused
from connectors.ledger.queries.statistics.call_sets import cases_with
from connectors.ledger.queries.statistics.counted import SELDOM, condition
from connectors.ledger.queries.statistics.grouping import DIMENSIONS, PERSON, Dimension, Grouping
from connectors.ledger.queries.statistics.metrics import METRICS, of_calls, of_cases
from connectors.ledger.queries.statistics.open_data import open_cases as open_data
from connectors.ledger.queries.statistics.pairs import pairs
from connectors.ledger.queries.statistics.periods import recent
from connectors.ledger.queries.statistics.tables import StatisticsQuestion, table
from connectors.ledger.queries.stats_totals import By
from connectors.ledger.service_requests import RequestFilter, request_heads
from connectors.ledger.span import Span
from connectors.ledger.state_changes import state_changes
from connectors.ledger.write.place import place_of
from connectors.pages.statistics.pairs_table import MOST_COLUMNS
from connectors.pages.statistics.rows import MOST_ROWS
from schemas.case import WITH_ORDER, State
from schemas.names import Name
from schemas.remit import WHOLE, Remit

TIMES = 20
MOST_S = 2.0
"""How long one query is asked."""
PROMISED_MS = 200.0
ZONE = ZoneInfo("Asia/Shanghai")
PROBLEMS = "problem"
YEAR_MS = 365 * DAY_MS
GROUPS: Final[tuple[By, ...]] = ("category", "department", "segment", "grid", "month", "raised", "kind")
GROUPS_OF_A_PART: Final[tuple[By, ...]] = ("kind", "department", "category")
LIST = 50
OF_EACH_PATH = frozenset({"mean_s", "p90_s", "on_time_rate", "open_late", "mean_days", "report_in_rate"})
"""Metrics that are computed in different ways; the others take as long as one of these."""


class Asked(NamedTuple):
    """A list or figure, and how it is asked for."""

    what: str
    ask: Callable[[], object]


def everything(ledger: Ledger, now_ms: int) -> Iterator[Asked]:
    """All lists and figures, for the department, person and category that have most."""
    yield from lists(ledger, now_ms)
    yield from today(ledger, now_ms)
    yield from success(ledger, now_ms)
    yield from statistics(ledger, now_ms)


def lists(ledger: Ledger, now_ms: int) -> Iterator[Asked]:
    """Lists of cases, their first page and one in the middle, what is read for one case, and lists for others."""
    column = {name: most(ledger, name) for name in ("department", "assignee", "category", "segment", "grid")}
    filters: dict[str, dict[str, Any]] = {
        "all": {},
        "open": {"open_only": True},
        **{f"one {name}": {name: value} for name, value in column.items()},
        **{f"one {name}, open": {name: value, "open_only": True} for name, value in column.items()},
        **{f"state {state}": {"state": state} for state in State},
        "category, dispatched": {"category": column["category"], "state": State.DISPATCHED},
        "category, refused": {"category": column["category"], "state": State.REFUSED},
        "department, merged": {"department": column["department"], "state": State.MERGED},
        "department and called": {"ordered_from": column["department"]},
        "called": {"called": column["department"]},
        "raised": {"raised": "1"},
        "proposals": {"proposals": True},
        "proposals approved": {"proposals": True, "approved": True},
        "to inspect": {"to_inspect": True},
        "offered": {"state": State.SUBMITTED, "open_only": True, "offered": True},
        "part of the region": {"within": part(ledger)},
        "part of the region, closed": {"within": part(ledger), "state": State.CLOSED},
    }
    middle = now_ms - 180 * DAY_MS, ""
    for name, chosen in filters.items():
        yield Asked(f"cases: {name}", partial(ledger.cases, **chosen, limit=LIST))
        yield Asked(
            f"cases: {name}, from the middle",
            partial(ledger.cases, **chosen, before=middle, limit=LIST),
        )
    for name in ("open", "one department, open", "one assignee, open"):
        chosen = filters[name]
        yield Asked(f"cases: {name}, by deadline", partial(ledger.cases, **chosen, order="due", limit=LIST))
    newest = ledger.cases(limit=LIST)
    numbers, case = [each.number for each in newest], newest[0]
    event, rulebook = ledger.timeline(case.number)[-1], street()[1]
    yield Asked("one case with timeline and texts", lambda: (ledger.timeline(case.number), ledger.texts(case.number)))
    yield Asked("one case as it was", lambda: past_case(ledger, event))
    yield Asked("possible duplicates of a case", lambda: possible_duplicates(ledger, case, rulebook))
    yield Asked("photos used before, of a list", lambda: reused(ledger, numbers))
    yield Asked("jobs of a person", lambda: ledger.open_jobs([column["assignee"]], column["assignee"]))
    yield Asked("jobs of a department", lambda: ledger.department_jobs(column["department"], 500))
    yield Asked("calls to a department", lambda: ledger.calls(column["department"], WITH_ORDER, 100))
    yield Asked("calls not answered", lambda: ledger.still_called(column["department"], now_ms - 90 * DAY_MS, 100))
    yield Asked("changes, last 200", lambda: ledger.changes(ledger.last_seq() - 200))
    yield Asked("cases changed, last 2,000 events", lambda: changed_cases(ledger, ledger.last_seq() - 2000))
    yield Asked("events of a command", lambda: ledger.caused("o999000", now_ms - DAY_MS))
    yield Asked("Open311: 1,000 requests", lambda: request_heads(ledger, RequestFilter()))
    yield Asked("Open311: a category, open", lambda: request_heads(
        ledger, RequestFilter(services=(column["category"],), categories=(column["category"],), open=True)
    ))  # fmt: skip
    yield Asked("Open311: changed in an hour", lambda: request_heads(
        ledger, RequestFilter(changed_from_ms=now_ms - 3_600_000, changed_to_ms=now_ms)
    ))  # fmt: skip
    yield Asked("changes of state in a day", lambda: state_changes(ledger, now_ms - DAY_MS, now_ms, 500))
    yield Asked("open data: a page of a year", lambda: open_data(ledger, Span(now_ms - 365 * DAY_MS, now_ms), PROBLEMS))


def today(ledger: Ledger, now_ms: int) -> Iterator[Asked]:
    """What is watched during the day."""
    department, within = most(ledger, "department"), part(ledger)
    area = Area(department)
    yield Asked("board", lambda: board(ledger, Area(), now_ms))
    yield Asked("board of a department", lambda: board(ledger, area, now_ms))
    yield Asked("board of a part of the region", lambda: board(ledger, Area(within=within), now_ms))
    yield Asked("last events of a department", lambda: latest(ledger, area, 0, 20))
    yield Asked("map of open cases", lambda: open_cases(ledger, Area()))
    yield Asked("a department today", lambda: department_today(ledger, area, now_ms, now_ms - DAY_MS))
    yield Asked("counts", lambda: ledger.counts(now_ms))
    yield Asked("counters", lambda: Counters().ask(ledger, WHOLE, now_ms, now_ms - DAY_MS))
    yield Asked("counters of a part of the region", lambda: Counters().ask(ledger, within, now_ms, now_ms - DAY_MS))
    yield Asked("categories lately", lambda: category_counts(ledger))


def success(ledger: Ledger, now_ms: int) -> Iterator[Asked]:
    """The figures of success, of report-ins and of duties."""
    within = part(ledger)
    segments = ledger.rows("SELECT DISTINCT segment FROM cases WHERE segment IS NOT NULL")
    sizes = {segment: 100.0 for (segment,) in segments}
    for days in (30, 365):
        begin = now_ms - days * DAY_MS
        for by in GROUPS:
            yield Asked(f"stats by {by}, {days} days", partial(ledger.stats, by, begin, now_ms))
        for by in GROUPS_OF_A_PART:
            what = f"stats by {by}, {days} days, a part of the region"
            yield Asked(what, partial(ledger.stats, by, begin, now_ms, within=within))
        yield Asked(f"report-ins, {days} days", partial(report_ins, ledger, begin, now_ms, cause="any"))
        yield Asked(f"duties, {days} days", partial(duties, ledger, begin, now_ms))
        for where, inside in (("", WHOLE), (", a part of the region", within)):
            span = Span(begin, now_ms, within=inside)
            what = f"hot spots, {days} days and a year before{where}"
            yield Asked(what, partial(spots, ledger, sizes, span))


def spots(ledger: Ledger, sizes: dict[str, float], span: Span) -> object:
    """Hot spots of a span: every segment as long as the next."""
    assert span.from_ms is not None
    assert span.to_ms is not None
    year_ago = span._replace(from_ms=span.from_ms - YEAR_MS, to_ms=span.to_ms - YEAR_MS)
    with ledger.snapshot() as connection:
        now, then = reported_beside(connection, span, year_ago, PROBLEMS, "segment", sizes)
    return hot_spots(now, then, sizes)


def statistics(ledger: Ledger, now_ms: int) -> Iterator[Asked]:
    """The page of statistics: each metric by each dimension and month, two dimensions, and the cases of figures."""
    day = datetime.fromtimestamp(now_ms / 1000, ZONE).date()
    dimensions = (*DIMENSIONS, PERSON)
    grouping = {dimension: grouping_of(dimension) for dimension in dimensions}
    for months in (6, 12):
        period = recent(day, months)
        others = [period.before(), period.year_ago()]
        for dimension in dimensions:
            every = of_cases(METRICS) if dimension == PERSON else METRICS
            for metric in every:
                if metric.key in OF_EACH_PATH:
                    question = StatisticsQuestion(grouping[dimension], [metric], PROBLEMS, now_ms, ZONE, most=MOST_ROWS)
                    yield Asked(
                        f"{metric.key} by {dimension} and month, {months} months",
                        partial(table, ledger, question, period, period.months(), others),
                    )
            question = StatisticsQuestion(grouping[dimension], every, PROBLEMS, now_ms, ZONE, most=MOST_ROWS)
            yield Asked(
                f"all metrics by {dimension}, {months} months",
                partial(table, ledger, question, period, [], others),
            )
    period = recent(day, 6)
    span = period.span(ZONE)
    by_two: tuple[tuple[Dimension, Dimension], ...] = (
        ("department", "category"), ("grid", "category"), ("segment", "category"), (PERSON, "category"),
    )  # fmt: skip
    for one, other in by_two:
        for metric in of_cases(METRICS) if one == PERSON else METRICS:
            if metric.key in {"mean_s", "on_time_rate", "p90_s", "report_in_rate"}:
                question = StatisticsQuestion(grouping[one], [metric], PROBLEMS, now_ms, ZONE, most=MOST_ROWS)
                yield Asked(
                    f"{metric.key} by {one} and {other}, 6 months",
                    partial(pairs, ledger, question, grouping[other], period, most_columns=MOST_COLUMNS),
                )
    for metric in of_cases(METRICS):
        for dimension in ("department", "category"):
            which = grouping[dimension].cases(most(ledger, dimension))
            found = {
                "condition": f"{condition(metric.of, now_ms)} AND kind = ? AND {which.condition}",
                "values": (PROBLEMS, *which.values),
                "by": SELDOM.get(metric.of, which.by),
            }
            yield Asked(f"cases of {metric.key} of one {dimension}", partial(drilled, ledger, span, found))
    for each in of_calls(METRICS)[:2]:
        which_calls = [grouping["category"].calls(most(ledger, "category"))]
        having, values = cases_with(each.of, span, PROBLEMS, now_ms, which_calls)
        figure = FigureCases(having, tuple(values), "", own_part=True)
        yield Asked(f"cases of {each.key} of one category", partial(ledger.cases, figure=figure, limit=LIST))


def drilled(ledger: Ledger, span: Span, found: dict[str, Any]) -> object:
    """A page of the cases of a figure."""
    return ledger.cases(figure=FigureCases(**found), from_ms=span.from_ms, to_ms=span.to_ms, limit=LIST)


def most(ledger: Ledger, column: str) -> str:
    """The value that most of the newest cases have."""
    query = f"SELECT {column} FROM (SELECT {column} FROM cases ORDER BY id DESC LIMIT 20000) GROUP BY 1 ORDER BY count(*) DESC"  # noqa: S608, E501 - names of ours
    return next(str(value) for (value,) in ledger.rows(query) if value is not None)


def part(ledger: Ledger) -> Remit:
    """What somebody sees who has one of the grids."""
    return Remit(grids=frozenset({most(ledger, "grid")}))


def measured(asked: Asked) -> tuple[float, float, float]:
    """p50, p95 and CPU of one, in ms, warm."""
    asked.ask()
    taken, cpu, end = list[float](), time.process_time(), time.monotonic() + MOST_S
    while len(taken) < 3 or (len(taken) < TIMES and time.monotonic() < end):
        began = time.perf_counter()
        asked.ask()
        taken.append(1000 * (time.perf_counter() - began))
    used = 1000 * (time.process_time() - cpu) / len(taken)
    return median(taken), quantiles(taken, n=20, method="inclusive")[18], used


def grouping_of(dimension: Any) -> Grouping:
    """As the pages ask for it."""
    region = street()[0]
    if dimension == "community":
        known = {grid.id: grid.community for grid in region.grids if grid.community is not None}
        return Grouping(dimension, {name.zh: name for name in known.values()}, {id: known[id].zh for id in known})
    names: dict[str, Name] = {}
    if dimension == "department":
        names = {each.code: each.name for each in region.organisations}
    return Grouping(dimension, names)


def main() -> None:
    """Print the table: first what is over the promise, slowest first, then the others."""
    parser = argparse.ArgumentParser(prog="python -m bench.read_model", description=__doc__)
    parser.add_argument("cases", nargs="?", type=int, default=1_000_000)
    parser.add_argument("file", nargs="?", type=_address, help="a file, or postgresql://…")
    parser.add_argument("--only", default="", metavar="WORDS", help="what has these words in its name")
    parser.add_argument("--city", action="store_true", help="spread over 6,000 segments, 400 grids, 120 categories")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="grid36-bench-") as name:
        path: LedgerAddress = given.file or Path(name) / "ledger.sqlite"
        load, began = os.getloadavg()[0], time.perf_counter()
        if place_of(path).present() is None:
            fill(path, given.cases, time.time_ns() // 1_000_000, spread=Spread() if given.city else None)
            print(f"{given.cases:,} cases written in {time.perf_counter() - began:,.0f} s.")
        ledger = Ledger(path)
        with closing(ledger):
            now_ms = int(ledger.rows("SELECT max(submitted_ms) FROM cases")[0][0]) + 1
            every = [each for each in everything(ledger, now_ms) if given.only in each.what]
            found = [(each.what, *measured(each)) for each in every]
        rows = [_row(*each) for each in sorted(found, key=lambda each: -each[2])]
        print(f"Machine: {machine()}. Load {load:.1f} at the start, {os.getloadavg()[0]:.1f} at the end.\n")
        print(markdown(rows))
        print(json.dumps({what: [round(each, 1) for each in values] for what, *values in found}), file=sys.stderr)


def _row(what: str, p50: float, p95: float, cpu: float) -> Row:
    found = f"{p50:,.1f} / {p95:,.1f} / {cpu:,.1f} ms"
    return Row(what, found, f"p95 ≤ {PROMISED_MS:.0f} ms", p95 <= PROMISED_MS)


def _address(given: str) -> LedgerAddress:
    return given if is_postgres(given) else Path(given)


if __name__ == "__main__":
    main()
