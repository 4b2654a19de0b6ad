"""Metrics of groups over periods: what the page of statistics, its files and the command show."""

import sqlite3
from collections.abc import Mapping, Sequence
from typing import NamedTuple
from zoneinfo import ZoneInfo

from connectors.ledger.queries.statistics.group import Cohort, FigureGroup, add_up, read_times
from connectors.ledger.queries.statistics.grouping import Grouping
from connectors.ledger.queries.statistics.metrics import CaseMetric, MetricValue
from connectors.ledger.queries.statistics.periods import DayPeriod
from connectors.ledger.queries.stats_totals import Of
from connectors.ledger.reader import LedgerReader
from schemas.remit import WHOLE, Remit

Cells = Mapping[str, MetricValue]
"""By the keys of metrics."""


class StatisticsQuestion(NamedTuple):
    """Which metrics of which cases, how grouped, and as of when (ms) open ones are late."""

    grouping: Grouping
    metrics: Sequence[CaseMetric]
    kind: str
    """Kinds are never added up."""
    at_ms: int
    zone: ZoneInfo
    within: Remit = WHOLE


class StatisticsColumn(NamedTuple):
    """The cases submitted in a period: each group by its key, and all of them together."""

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
        counted = [_counted(connection, question, part) for part in parts]
        if counted:
            whole = _Counted(question, period)
            for part in counted:
                whole.add(part)
        else:
            whole = _counted(connection, question, period)
        before = [_counted(connection, question, each) for each in others]
        shown = [_column(connection, each) for each in (*counted, whole)]
        compared = [_column(connection, each, groups=groups_of_others) for each in before]
    return StatisticsTable(shown[:-1], shown[-1], compared)


class _Counted:
    """The groups of a period while they are added up."""

    def __init__(self, question: StatisticsQuestion, period: DayPeriod) -> None:
        self.question, self.period = question, period
        self.groups: dict[str, FigureGroup] = {}
        self.whole = FigureGroup()
        _, metrics, kind, at_ms, zone, within = question
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


def _counted(connection: sqlite3.Connection, question: StatisticsQuestion, period: DayPeriod) -> _Counted:
    found = _Counted(question, period)
    add_up(connection, found.cohort, lambda of: (found.group(question.grouping.key(of)),))
    for group in found.groups.values():
        found.whole.add_group(group)
    return found


def _column(connection: sqlite3.Connection, counted: _Counted, *, groups: bool = True) -> StatisticsColumn:
    metrics, named = counted.question.metrics, counted.groups if groups else {}
    read_times(connection, counted.cohort, counted.of, [*named.values(), counted.whole])
    cells = {key: _cells(group, metrics) for key, group in named.items()}
    return StatisticsColumn(counted.period, cells, _cells(counted.whole, metrics))


def _cells(group: FigureGroup, metrics: Sequence[CaseMetric]) -> Cells:
    return {metric.key: metric.cell(group) for metric in metrics}
