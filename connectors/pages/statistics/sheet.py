"""A table of statistics as a sheet: the same rows, columns and figures as on the page, and all of its rows.

Times are seconds, shares 0 to 1; behind each figure stands the number of cases that it is about.
"""

from collections.abc import Iterator
from typing import Literal, NamedTuple

from connectors.ledger.queries.statistics.metrics import COUNTS, NOTHING, Metric
from connectors.ledger.queries.statistics.pairs import PairTable
from connectors.ledger.queries.statistics.periods import DayPeriod
from connectors.ledger.queries.statistics.tables import Cells
from connectors.pages.html.viewer import Viewer
from connectors.pages.statistics.figures import VERIFYING
from connectors.pages.statistics.groupings import called
from connectors.pages.statistics.looking import COMPARED, PairsFound, StatisticsFound
from connectors.pages.statistics.metrics_table import shown
from connectors.pages.statistics.rows import by_volume

Form = Literal["text", "number", "cases", "share", "time", "days", "calls", "score"]
Value = str | float | None


class SheetField(NamedTuple):
    """One column of the sheet."""

    title: str
    form: Form


class StatisticsSheet(NamedTuple):
    """Titles, and rows with a value for each."""

    fields: list[SheetField]
    rows: Iterator[list[Value]]


def sheet(viewer: Viewer, found: StatisticsFound) -> StatisticsSheet:
    """What the page of this address shows."""
    return _metrics(viewer, found) if found.asked.view == "metrics" else _months(viewer, found)


def pairs_sheet(viewer: Viewer, found: PairsFound, table: PairTable) -> StatisticsSheet:
    """The same for two dimensions: each second key has its columns."""
    words, metrics = viewer.words, _shown_with(found.asked.metric)
    columns = by_volume(table.columns)
    fields = [SheetField(words(f"dimension.{found.asked.by}"), "text"), SheetField(words("statistics.code"), "text")]
    titles = [called(viewer, found.across, column.key) for column in columns] + [words("figures.all")]
    fields += [
        each._replace(title=f"{title} {each.title}")
        for title in titles
        for metric in metrics
        for each in _fields(viewer, metric)
    ]

    def rows() -> Iterator[list[Value]]:
        for row in by_volume(table.rows):
            cells = [table.cells.get((row.key, column.key)) for column in columns]
            yield [called(viewer, found.grouping, row.key), row.key, *_values([*cells, table.rows[row.key]], metrics)]
        sums = [table.columns[column.key] for column in columns]
        yield [words("figures.all"), "", *_values([*sums, table.whole], metrics)]

    return StatisticsSheet(fields, rows())


def _months(viewer: Viewer, found: StatisticsFound) -> StatisticsSheet:
    words, metrics = viewer.words, _shown_with(found.asked.metric)
    fields = [
        *_first(viewer, found),
        SheetField(words("statistics.section"), "text"),
        SheetField(words("statistics.rank"), "cases"),
    ]
    titles = [_month(column.period) for column in found.columns.months]
    titles += [
        f"{words(f'statistics.column.{name}')} {_days(column.period)}"
        for name, column in zip(COMPARED, found.columns.compared, strict=True)
    ]
    fields += [
        each._replace(title=f"{title} {each.title}")
        for title in titles
        for metric in metrics
        for each in _fields(viewer, metric)
    ]

    def rows() -> Iterator[list[Value]]:
        for row in found.rows:
            cells = [column.groups.get(row.key) for column in found.columns.all]
            name = called(viewer, found.grouping, row.key)
            yield [name, row.key, row.section, row.rank, *_values(cells, metrics)]
        yield [words("figures.all"), "", "", None, *_values([each.whole for each in found.columns.all], metrics)]

    return StatisticsSheet(fields, rows())


def _metrics(viewer: Viewer, found: StatisticsFound) -> StatisticsSheet:
    words, here = viewer.words, found.columns.compared[0]
    metrics = shown(here)
    fields = [*_first(viewer, found), *(each for metric in metrics for each in _fields(viewer, metric))]

    def rows() -> Iterator[list[Value]]:
        for row in found.rows:
            yield [called(viewer, found.grouping, row.key), row.key, *_values([here.groups[row.key]], metrics)]
        for name, column in zip(COMPARED, found.columns.compared, strict=True):
            title = f"{words(f'statistics.of.{name}')} {_days(column.period)}"
            yield [title, "", *_values([column.whole], metrics)]

    return StatisticsSheet(fields, rows())


def _shown_with(metric: Metric) -> list[Metric]:
    """A time to resolution with the part waiting for verification, as on the page."""
    return [metric, VERIFYING] if metric.unit == "time" and metric is not VERIFYING else [metric]


def _first(viewer: Viewer, found: StatisticsFound) -> list[SheetField]:
    return [
        SheetField(viewer.words(f"dimension.{found.asked.by}"), "text"),
        SheetField(viewer.words("statistics.code"), "text"),
    ]


def _fields(viewer: Viewer, metric: Metric) -> list[SheetField]:
    title = viewer.words(f"metric.{metric.key}")
    if metric.unit in COUNTS:
        return [SheetField(title, metric.unit)]
    return [
        SheetField(f"{title} {viewer.words(f'unit.in.{metric.unit}')}", metric.unit),
        SheetField(f"{title} n", "cases"),
    ]


def _values(cells: list[Cells | None], metrics: list[Metric]) -> list[Value]:
    found = [(metric, (each or {}).get(metric.key, NOTHING)) for each in cells for metric in metrics]
    return [value for metric, cell in found for value in ([cell.n] if metric.unit in COUNTS else [cell.value, cell.n])]


def _month(period: DayPeriod) -> str:
    return period.month if period.whole_months else _days(period)


def _days(period: DayPeriod) -> str:
    return f"{period.first}..{period.last}"
