"""Metrics by two dimensions at once, such as departments and categories, over one period.

No sums are kept of pairs: the cases of the period are read one by one, so there is a limit to their number.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from connectors.ledger.queries.statistics.group import FigureGroup
from connectors.ledger.queries.statistics.grouping import Grouping
from connectors.ledger.queries.statistics.metrics import CaseMetric
from connectors.ledger.queries.statistics.periods import DayPeriod
from connectors.ledger.queries.statistics.tables import Cells, StatisticsQuestion
from connectors.ledger.queries.stats_totals import LATE, Of
from connectors.ledger.reader import LedgerReader
from connectors.ledger.remit_sql import held
from connectors.ledger.sums import BUCKET, COUNTED, SUMS, label
from schemas.days import days_between

MOST_CASES: Final = 100_000
"""Of one kind in the period; reading them takes a second or two, with every single time about three."""


class PairTable(NamedTuple):
    """Each pair of keys with its cases, each row and each column, and all of them together."""

    cells: dict[tuple[str, str], Cells]
    rows: dict[str, Cells]
    columns: dict[str, Cells]
    whole: Cells


class TooManyCases(NamedTuple):
    """The period has more cases than are read one by one."""

    most: int


def pairs(
    ledger: LedgerReader,
    question: StatisticsQuestion,
    across: Grouping,
    period: DayPeriod,
    *,
    most: int = MOST_CASES,
) -> PairTable | TooManyCases:
    """Rows are the groups of the question, columns those of `across`."""
    span = period.span(question.zone, question.within)
    inside, more = held(question.within)
    where = " AND ".join([COUNTED, "kind = ?", "submitted_ms >= ?", "submitted_ms < ?", *inside])
    source = f"cases INDEXED BY cases_submitted WHERE {where}"
    asked = [question.kind, span.from_ms, span.to_ms, *more]
    groups: defaultdict[tuple[str, str], FigureGroup] = defaultdict(FigureGroup)
    with ledger.snapshot() as connection:
        limited = f"SELECT count(*) FROM (SELECT 1 FROM {source} LIMIT ?)"  # noqa: S608 - names of ours
        if connection.execute(limited, [*asked, most + 1]).fetchone()[0] > most:
            return TooManyCases(most)
        _add_up(connection, question, across, source, asked, groups)
    found = PairTable({}, {}, {}, {})
    rows: defaultdict[str, FigureGroup] = defaultdict(FigureGroup)
    columns: defaultdict[str, FigureGroup] = defaultdict(FigureGroup)
    whole = FigureGroup()
    for (row, column), group in groups.items():
        for larger in (rows[row], columns[column], whole):
            larger.add_group(group)
            larger.times_ms.read_all(group.times_ms)
        found.cells[row, column] = _cells(group, question.metrics)
    found.rows.update({key: _cells(group, question.metrics) for key, group in rows.items()})
    found.columns.update({key: _cells(group, question.metrics) for key, group in columns.items()})
    return found._replace(whole=_cells(whole, question.metrics))


def _add_up(
    connection: sqlite3.Connection,
    question: StatisticsQuestion,
    across: Grouping,
    source: str,
    asked: list[object],
    groups: dict[tuple[str, str], FigureGroup],
) -> None:
    def group(row: tuple[str, str], column: tuple[str, str]) -> FigureGroup:
        return groups[question.grouping.key(Of("", *row)), across.key(Of("", *column))]

    by = f"{_of(question.grouping)}, {_of(across)}"
    late = LATE.replace(":at", str(int(question.at_ms)))
    sums = f"SELECT {by}, {', '.join(SUMS.values())}, sum({late}) FROM {source} GROUP BY 1, 2, 3, 4"  # noqa: S608
    for one, its, other, theirs, *values in connection.execute(sums, asked):
        named: dict[str, Any] = dict(zip((*SUMS, "open_late"), values, strict=True))
        group((one, its), (other, theirs)).sums.update(named)
    if any(metric.reads_times for metric in question.metrics):
        times = (
            f"SELECT {by}, took_ms >> {BUCKET}, count(*), group_concat(took_ms) FROM {source}"  # noqa: S608
            " AND took_ms IS NOT NULL GROUP BY 1, 2, 3, 4, 5"
        )
        for one, its, other, theirs, bucket, n, times_ms in connection.execute(times, asked):
            found = group((one, its), (other, theirs)).times_ms
            found.count(Of("", one, its), {bucket: n})
            found.read(bucket, map(int, times_ms.split(",")))
    if any(metric.unit == "days" for metric in question.metrics):
        days = f"SELECT {by}, submitted_ms, resolved_ms FROM {source} AND by_day = 1 AND timed"  # noqa: S608
        for one, its, other, theirs, submitted_ms, resolved_ms in connection.execute(days, asked):
            took = days_between(submitted_ms, resolved_ms, question.zone)
            group((one, its), (other, theirs)).days.append(took)


def _of(grouping: Grouping) -> str:
    """The code of a case, and what its source calls it."""
    return f"ifnull({grouping.by}, ''), {label(grouping.by, 'department_name')}"


def _cells(group: FigureGroup, metrics: Sequence[CaseMetric]) -> Cells:
    return {metric.key: metric.cell(group) for metric in metrics}
