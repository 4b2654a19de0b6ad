"""A table of statistics as a sheet: the same rows, columns and figures as on the page, and all of its rows.

Times are seconds, shares 0 to 1; behind each figure stands the number of cases that it is about.
"""

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from connectors.cases.translations import Translations
from connectors.ledger.queries.statistics.metrics import COUNTS, NOTHING, Metric
from connectors.ledger.queries.statistics.pairs import PairTable
from connectors.ledger.queries.statistics.periods import DayPeriod
from connectors.ledger.queries.statistics.tables import Cells
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


def sheet(words: Translations, found: StatisticsFound) -> StatisticsSheet:
    """What the page of this address shows."""
    return _metrics(words, found) if found.asked.view == "metrics" else _months(words, found)


def pairs_sheet(words: Translations, found: PairsFound, table: PairTable) -> StatisticsSheet:
    """The same for two dimensions: each second key has its columns."""
    metrics = shown_with(found.asked.metric)
    columns = by_volume(table.columns)
    fields = [SheetField(words(f"dimension.{found.asked.by}"), "text"), SheetField(words("statistics.code"), "text")]
    titles = [called(words, found.across, column.key) for column in columns] + [words("figures.all")]
    fields += [
        each._replace(title=f"{title} {each.title}")
        for title in titles
        for metric in metrics
        for each in fields_of(words, metric)
    ]

    def rows() -> Iterator[list[Value]]:
        for row in by_volume(table.rows):
            cells = [table.cells.get((row.key, column.key)) for column in columns]
            yield [called(words, found.grouping, row.key), row.key, *values_of([*cells, table.rows[row.key]], metrics)]
        sums = [table.columns[column.key] for column in columns]
        yield [words("figures.all"), "", *values_of([*sums, table.whole], metrics)]

    return StatisticsSheet(fields, rows())


def _months(words: Translations, found: StatisticsFound) -> StatisticsSheet:
    metrics = shown_with(found.asked.metric)
    fields = [
        *first_fields(words, found.asked.by),
        SheetField(words("statistics.section"), "text"),
        SheetField(words("statistics.rank"), "cases"),
    ]
    titles = [_month(column.period) for column in found.columns.months]
    titles += [
        f"{words(f'statistics.column.{name}')} {days_in(column.period)}"
        for name, column in zip(COMPARED, found.columns.compared, strict=True)
    ]
    fields += [
        each._replace(title=f"{title} {each.title}")
        for title in titles
        for metric in metrics
        for each in fields_of(words, metric)
    ]

    def rows() -> Iterator[list[Value]]:
        for row in found.rows:
            cells = [column.groups.get(row.key) for column in found.columns.all]
            name = called(words, found.grouping, row.key)
            yield [name, row.key, row.section, row.rank, *values_of(cells, metrics)]
        yield [words("figures.all"), "", "", None, *values_of([each.whole for each in found.columns.all], metrics)]

    return StatisticsSheet(fields, rows())


def _metrics(words: Translations, found: StatisticsFound) -> StatisticsSheet:
    here = found.columns.compared[0]
    metrics = shown(here)
    fields = [
        *first_fields(words, found.asked.by),
        *(each for metric in metrics for each in fields_of(words, metric)),
    ]

    def rows() -> Iterator[list[Value]]:
        for row in found.rows:
            yield [called(words, found.grouping, row.key), row.key, *values_of([here.groups[row.key]], metrics)]
        for name, column in zip(COMPARED, found.columns.compared, strict=True):
            title = f"{words(f'statistics.of.{name}')} {days_in(column.period)}"
            yield [title, "", *values_of([column.whole], metrics)]

    return StatisticsSheet(fields, rows())


def shown_with(metric: Metric) -> list[Metric]:
    """A time to resolution with the part waiting for verification, as on the page."""
    return [metric, VERIFYING] if metric.unit == "time" and metric is not VERIFYING else [metric]


def first_fields(words: Translations, by: str) -> list[SheetField]:
    """The columns that name a group."""
    return [
        SheetField(words(f"dimension.{by}"), "text"),
        SheetField(words("statistics.code"), "text"),
    ]


def fields_of(words: Translations, metric: Metric) -> list[SheetField]:
    """The columns of one metric."""
    title = words(f"metric.{metric.key}")
    if metric.unit in COUNTS:
        return [SheetField(title, metric.unit)]
    return [
        SheetField(f"{title} {words(f'unit.in.{metric.unit}')}", metric.unit),
        SheetField(f"{title} n", "cases"),
    ]


def values_of(cells: Sequence[Cells | None], metrics: Sequence[Metric]) -> list[Value]:
    """The values in these columns, group by group."""
    found = [(metric, (each or {}).get(metric.key, NOTHING)) for each in cells for metric in metrics]
    return [value for metric, cell in found for value in ([cell.n] if metric.unit in COUNTS else [cell.value, cell.n])]


def _month(period: DayPeriod) -> str:
    return period.month if period.whole_months else days_in(period)


def days_in(period: DayPeriod) -> str:
    """The first and the last day."""
    return f"{period.first}..{period.last}"
