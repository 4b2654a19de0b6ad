"""Metrics of groups over periods: what the page of statistics, its files and the command show."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple
from zoneinfo import ZoneInfo

from connectors.ledger.queries.statistics.group import Cohort, FigureGroup, collect
from connectors.ledger.queries.statistics.grouping import Grouping
from connectors.ledger.queries.statistics.metrics import CaseMetric, MetricValue
from connectors.ledger.queries.statistics.periods import DayPeriod
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


def columns(
    ledger: LedgerReader, question: StatisticsQuestion, periods: Iterable[DayPeriod], wholes: Iterable[DayPeriod] = ()
) -> list[StatisticsColumn]:
    """One column for each period, then one without groups for each of `wholes`; all of one state of the ledger."""
    with ledger.snapshot() as connection:
        grouped = [_column(connection, question, period, groups=True) for period in periods]
        return grouped + [_column(connection, question, period, groups=False) for period in wholes]


def _column(
    connection: sqlite3.Connection, question: StatisticsQuestion, period: DayPeriod, *, groups: bool
) -> StatisticsColumn:
    grouping, metrics, kind, at_ms, zone, within = question
    span, single = period.span(zone, within), any(metric.reads_times for metric in metrics)
    found, whole = dict[str, FigureGroup](), FigureGroup()
    if groups:
        cohort = Cohort(grouping.by, span, kind, at_ms, zone)
        collect(connection, cohort, lambda of: found.setdefault(grouping.key(of), FigureGroup()), percentiles=single)
    collect(connection, Cohort("kind", span, kind, at_ms, zone), lambda _: whole, percentiles=single)
    return StatisticsColumn(
        period, {key: _cells(group, metrics) for key, group in found.items()}, _cells(whole, metrics)
    )


def _cells(group: FigureGroup, metrics: Sequence[CaseMetric]) -> Cells:
    return {metric.key: metric.cell(group) for metric in metrics}
