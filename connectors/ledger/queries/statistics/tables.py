"""Metrics of groups over periods: what the page of statistics, its files and the command show."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple
from zoneinfo import ZoneInfo

from connectors.ledger.queries.statistics.call_figures import CallReading
from connectors.ledger.queries.statistics.group import Cohort, FigureGroup, add_up, read_times
from connectors.ledger.queries.statistics.grouping import Grouping
from connectors.ledger.queries.statistics.metrics import CaseMetric, Metric, MetricValue, of_calls, of_cases
from connectors.ledger.queries.statistics.periods import DayPeriod
from connectors.ledger.queries.stats_totals import Of
from connectors.ledger.reader import LedgerReader
from connectors.ledger.sql import LedgerRows
from schemas.remit import WHOLE, Remit

Cells = Mapping[str, MetricValue]
"""By the keys of metrics."""


class StatisticsQuestion(NamedTuple):
    """Which metrics of which cases and calls, how grouped, and as of when (ms) open ones are late."""

    grouping: Grouping
    metrics: Sequence[Metric]
    kind: str
    """Kinds are never added up."""
    at_ms: int
    zone: ZoneInfo
    within: Remit = WHOLE


class StatisticsColumn(NamedTuple):
    """The cases submitted and the calls made in a period: each group by its key, and all of them together."""

    period: DayPeriod
    groups: dict[str, Cells]
    whole: Cells


class StatisticsTable(NamedTuple):
    """The parts of a period, all of it, and the periods that it is compared with."""

    parts: list[StatisticsColumn]
    whole: StatisticsColumn
    others: list[StatisticsColumn]


def table(
    ledger: LedgerReader,
    question: StatisticsQuestion,
    period: DayPeriod,
    parts: Sequence[DayPeriod],
    others: Sequence[DayPeriod],
    *,
    groups_of_others: bool = True,
) -> StatisticsTable:
    """One column for each, all of one state of the ledger; `parts` are none, or make up the whole period."""
    with ledger.snapshot() as connection:
        shown, compared = _of_cases(connection, question, period, parts, others, groups_of_others=groups_of_others)
        if of_calls(question.metrics):
            shown = [_with_calls(connection, question, each) for each in shown]
            compared = [_with_calls(connection, question, each, groups=groups_of_others) for each in compared]
    return StatisticsTable(shown[:-1], shown[-1], compared)


def _of_cases(
    connection: LedgerRows,
    question: StatisticsQuestion,
    period: DayPeriod,
    parts: Sequence[DayPeriod],
    others: Sequence[DayPeriod],
    *,
    groups_of_others: bool,
) -> tuple[list[StatisticsColumn], list[StatisticsColumn]]:
    """The parts and the whole of a period, and the others; empty columns where nothing is asked of cases."""
    if not of_cases(question.metrics):
        return [StatisticsColumn(each, {}, {}) for each in (*parts, period)], [
            StatisticsColumn(each, {}, {}) for each in others
        ]
    counted = [_counted(connection, question, part) for part in parts]
    if counted:
        whole = _Counted(question, period)
        for part in counted:
            whole.add(part)
    else:
        whole = _counted(connection, question, period)
    before = [_counted(connection, question, each) for each in others]
    shown = [_column(connection, each) for each in (*counted, whole)]
    return shown, [_column(connection, each, groups=groups_of_others) for each in before]


def _with_calls(
    connection: LedgerRows, question: StatisticsQuestion, column: StatisticsColumn, *, groups: bool = True
) -> StatisticsColumn:
    """The same column with the metrics of calls; a group has both, whichever of them it was found by."""
    span = column.period.span(question.zone, question.within)
    read = CallReading(connection, of_calls(question.metrics), span, question.kind, question.at_ms)
    found = read.groups(question.grouping) if groups else {}
    no_cases, no_calls = _cells(FigureGroup(), of_cases(question.metrics)), read.cells(Counter())
    keys = dict.fromkeys([*column.groups, *found])
    both: dict[str, Cells] = {key: {**column.groups.get(key, no_cases), **found.get(key, no_calls)} for key in keys}
    return StatisticsColumn(column.period, both, {**column.whole, **read.whole()})


class _Counted:
    """The groups of a period while they are added up."""

    def __init__(self, question: StatisticsQuestion, period: DayPeriod) -> None:
        self.question, self.period = question, period
        self.groups: dict[str, FigureGroup] = {}
        self.whole = FigureGroup()
        _, every, kind, at_ms, zone, within = question
        metrics = of_cases(every)
        late, names = any(each.reads_late for each in metrics), [name for each in metrics for name in each.names]
        shares = {each.share for each in metrics if each.share is not None and each.reads_times}
        self.cohort = Cohort(question.grouping.by, period.span(zone, within), kind, at_ms, zone, shares, late, names)

    def of(self, of: Of) -> tuple[FigureGroup, FigureGroup]:
        """The group of cases, and all of them."""
        return self.group(self.question.grouping.key(of)), self.whole

    def group(self, key: str) -> FigureGroup:
        """The group with a key, which may be new."""
        found = self.groups.get(key)
        if found is None:
            found = self.groups[key] = FigureGroup()
        return found

    def add(self, part: "_Counted") -> None:
        """Count the cases of a part of the period, too."""
        self.whole.add_group(part.whole)
        for key, group in part.groups.items():
            self.group(key).add_group(group)


def _counted(connection: LedgerRows, question: StatisticsQuestion, period: DayPeriod) -> _Counted:
    found = _Counted(question, period)
    add_up(connection, found.cohort, lambda of: (found.group(question.grouping.key(of)),))
    for group in found.groups.values():
        found.whole.add_group(group)
    return found


def _column(connection: LedgerRows, counted: _Counted, *, groups: bool = True) -> StatisticsColumn:
    metrics, named = of_cases(counted.question.metrics), counted.groups if groups else {}
    read_times(connection, counted.cohort, counted.of, [*named.values(), counted.whole])
    cells = {key: _cells(group, metrics) for key, group in named.items()}
    return StatisticsColumn(counted.period, cells, _cells(counted.whole, metrics))


def _cells(group: FigureGroup, metrics: Sequence[CaseMetric]) -> Cells:
    return {metric.key: metric.cell(group) for metric in metrics}
