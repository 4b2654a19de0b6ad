"""Metrics by two dimensions at once, such as departments and categories, over one period.

They come from the sums that are kept by several things at once (`crossed.py`); only the cases at both ends of the
period are read one by one. Percentiles need every single time, so there is a limit to their number.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from pydantic_core import from_json

from connectors.ledger.kept.crossed import crossed_by
from connectors.ledger.kept.grains import split
from connectors.ledger.kept.sums import BUCKET, COUNTED, SUMS, label
from connectors.ledger.queries.statistics.call_figures import CallReading
from connectors.ledger.queries.statistics.group import FigureGroup
from connectors.ledger.queries.statistics.grouping import Grouping
from connectors.ledger.queries.statistics.metrics import CaseMetric, of_calls, of_cases
from connectors.ledger.queries.statistics.periods import DayPeriod
from connectors.ledger.queries.statistics.tables import (
    Cells,
    LargestGroups,
    StatisticsQuestion,
    column_of,
    counted_in,
    largest_groups,
)
from connectors.ledger.queries.stats_totals import LATE, Of
from connectors.ledger.reader import LedgerReader
from connectors.ledger.span import Span
from connectors.ledger.span_cases import submitted_in
from connectors.ledger.sql import LedgerRows, zone_of
from schemas.days import days_between

MOST_CASES: Final = 100_000
"""Resolved ones of one kind in the period, of which every single time is read: this takes half a second."""


class PairTable(NamedTuple):
    """Each pair of keys with its cases, each row and each column, and all of them together."""

    cells: dict[tuple[str, str], Cells]
    rows: dict[str, Cells]
    columns: dict[str, Cells]
    whole: Cells
    left: int = 0
    """How many rows and columns are not shown."""


class TooManyCases(NamedTuple):
    """The period has more cases than single times are read of."""

    most: int


def pairs(
    ledger: LedgerReader,
    question: StatisticsQuestion,
    across: Grouping,
    period: DayPeriod,
    *,
    most: int = MOST_CASES,
    most_columns: int | None = None,
) -> PairTable | TooManyCases:
    """Rows are the groups of the question, columns those of `across`; metrics are all of cases, or all of calls.

    `most_columns`: these with the most cases only, as the question says of its groups.
    """
    metrics = of_cases(question.metrics)
    if not metrics:
        return _of_calls(ledger, question, across, period)
    groups: defaultdict[tuple[str, str], FigureGroup] = defaultdict(FigureGroup)

    def group_of(row: tuple[str, str], column: tuple[str, str]) -> FigureGroup:
        return groups[question.grouping.key(Of("", *row)), across.key(Of("", *column))]

    with ledger.snapshot() as connection:
        asked = (question.grouping, question.most), (across, most_columns)
        largest = [largest_groups(connection, question, by, period, few) for by, few in asked]
        only = tuple(each.codes for each in largest if each is not None)
        span = period.span(question.zone, question.within)._replace(only=only)
        read = _Reading(connection, question, metrics, across, span, group_of)
        read.sums()
        if any(metric.reads_times for metric in metrics):
            if sum(group.sums["took"] for group in groups.values()) > most:
                return TooManyCases(most)
            read.times()
        if any(metric.reads_late for metric in metrics):
            read.late()
        if any(metric.unit == "days" for metric in metrics):
            read.days()
        if only:
            lines, columns = (
                column_of(connection, counted_in(connection, question._replace(grouping=by), period, those))
                for (by, _), those in zip(asked, largest, strict=True)
            )
            cells = {key: _cells(groups[key], metrics) for key in groups if _shown(key, largest)}
            left = sum(each.left for each in largest if each is not None)
            return PairTable(cells, lines.groups, columns.groups, lines.whole, left)
    return _added_up(groups, metrics)


def _shown(pair: tuple[str, str], largest: Sequence[LargestGroups | None]) -> bool:
    return all(each is None or key in each.keys for key, each in zip(pair, largest, strict=True))


def _added_up(groups: Mapping[tuple[str, str], FigureGroup], metrics: Sequence[CaseMetric]) -> PairTable:
    """All pairs, and their rows and columns added up."""
    found = PairTable({}, {}, {}, {})
    rows: defaultdict[str, FigureGroup] = defaultdict(FigureGroup)
    columns: defaultdict[str, FigureGroup] = defaultdict(FigureGroup)
    whole = FigureGroup()
    for (row, column), group in groups.items():
        for larger in (rows[row], columns[column], whole):
            larger.add_group(group)
            larger.times_ms.read_all(group.times_ms)
        found.cells[row, column] = _cells(group, metrics)
    found.rows.update({key: _cells(group, metrics) for key, group in rows.items()})
    found.columns.update({key: _cells(group, metrics) for key, group in columns.items()})
    return found._replace(whole=_cells(whole, metrics))


def _of_calls(ledger: LedgerReader, question: StatisticsQuestion, across: Grouping, period: DayPeriod) -> PairTable:
    span = period.span(question.zone, question.within)
    with ledger.snapshot() as connection:
        read = CallReading(connection, of_calls(question.metrics), span, question.kind, question.at_ms)
        cells = dict[tuple[str, str], Cells](read.pairs(question.grouping, across))
        rows, columns = (dict[str, Cells](read.groups(each)) for each in (question.grouping, across))
        return PairTable(cells, rows, columns, read.whole())


class _Reading(NamedTuple):
    """Reads what is asked for into groups."""

    connection: LedgerRows
    question: StatisticsQuestion
    metrics: Sequence[CaseMetric]
    across: Grouping
    span: Span
    group: Callable[[tuple[str, str], tuple[str, str]], FigureGroup]

    @property
    def by(self) -> str:
        """The columns of both dimensions."""
        return f"{_of(self.question.grouping)}, {_of(self.across)}"

    def sums(self) -> None:
        """The sums that the metrics need."""
        names = list(dict.fromkeys(["opened", "took", *(name for metric in self.metrics for name in metric.names)]))
        crossed = crossed_by([self.question.grouping.by, self.across.by], self.span.within, self.span.only)
        parts, whole = split(self.span, zone_of(self.connection), crossed.grains)
        if whole:
            source, asked = crossed.rows(whole, self.question.kind, self.span.within, self.span.only)
            each = ", ".join(f"sum({name})" for name in names)
            by = ", ".join(
                f"{grouping.by}, {label(grouping.by, 'label')}" for grouping in (self.question.grouping, self.across)
            )
            self._add(names, f"SELECT {by}, {each} FROM ({source}) GROUP BY 1, 2, 3, 4", asked)  # noqa: S608
        each = ", ".join(SUMS[name] for name in names)
        for part in parts:
            source, asked = submitted_in(part, self.question.kind)
            self._add(names, f"SELECT {self.by}, {each} FROM {source} GROUP BY 1, 2, 3, 4", asked)  # noqa: S608

    def late(self) -> None:
        """What is open and late."""
        late = LATE.replace(":at", str(int(self.question.at_ms)))
        source, asked = submitted_in(self.span, self.question.kind, f"{COUNTED} AND {late}", "cases_open")
        query = f"SELECT {self.by}, count(*) FROM {source} GROUP BY 1, 2, 3, 4"  # noqa: S608
        self._add(["open_late"], query, asked)

    def times(self) -> None:
        """Every single time."""
        source, asked = submitted_in(self.span, self.question.kind, "took_ms IS NOT NULL")
        query = (
            f"SELECT {self.by}, took_ms >> {BUCKET}, count(*), group_concat(took_ms) FROM {source}"  # noqa: S608
            " GROUP BY 1, 2, 3, 4, 5"
        )
        for one, its, other, theirs, bucket, n, times_ms in self.connection.execute(query, asked):
            found = self.group((one, its), (other, theirs)).times_ms
            found.count(Of("", one, its), {bucket: n})
            found.read(bucket, from_json(f"[{times_ms}]"))

    def days(self) -> None:
        """Days to resolution, where these are all that is known."""
        source, asked = submitted_in(
            self.span, self.question.kind, f"{COUNTED} AND by_day = 1 AND timed = 1", "cases_by_day"
        )
        days = f"SELECT {self.by}, submitted_ms, resolved_ms FROM {source}"  # noqa: S608
        for one, its, other, theirs, submitted_ms, resolved_ms in self.connection.execute(days, asked):
            took = days_between(submitted_ms, resolved_ms, self.question.zone)
            self.group((one, its), (other, theirs)).days.append(took)

    def _add(self, names: Sequence[str], query: str, asked: list[object]) -> None:
        for one, its, other, theirs, first, *values in self.connection.execute(query, asked):
            if first:
                found: dict[str, Any] = dict(zip(names, (first, *values), strict=True))
                self.group((one, its), (other, theirs)).sums.update(found)


def _of(grouping: Grouping) -> str:
    """The code of a case, and what its source calls it."""
    return f"coalesce({grouping.by}, ''), {label(grouping.by, 'department_name')}"


def _cells(group: FigureGroup, metrics: Sequence[CaseMetric]) -> Cells:
    return {metric.key: metric.cell(group) for metric in metrics}
