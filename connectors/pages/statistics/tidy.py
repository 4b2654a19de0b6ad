"""A table of statistics for programs: one row for each group and period, names that no language changes. Pure.

A figure has its value, the number `_n` of cases or calls that it is about, and of a share the number `_part` in it.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Literal, NamedTuple

from connectors.ledger.queries.statistics.metrics import COUNTS, NOTHING, Metric
from connectors.ledger.queries.statistics.pairs import PairTable
from connectors.ledger.queries.statistics.periods import DayPeriod
from connectors.ledger.queries.statistics.tables import Cells, StatisticsColumn
from connectors.pages.html.viewer import Viewer
from connectors.pages.statistics.groupings import called
from connectors.pages.statistics.looking import COMPARED, PairsFound, StatisticsFound
from connectors.pages.statistics.metrics_table import shown
from connectors.pages.statistics.rows import by_volume
from connectors.pages.statistics.sheet import shown_with
from connectors.pages.statistics.versions.around import AroundFound
from connectors.pages.statistics.versions.around_table import metrics_around

TidyType = Literal["text", "count", "number", "day"]
TidyValue = str | int | float | date | None


class TidyField(NamedTuple):
    """One column."""

    name: str
    type: TidyType


class TidyTable(NamedTuple):
    """Columns, and rows with a value for each; a code is None in rows of all groups together."""

    fields: list[TidyField]
    rows: Iterator[list[TidyValue]]


GROUP = [TidyField("code", "text"), TidyField("name", "text")]
ACROSS = [TidyField("across_code", "text"), TidyField("across_name", "text")]
PERIOD = [TidyField("period", "text"), TidyField("first_day", "day"), TidyField("last_day", "day")]


def tidy(viewer: Viewer, found: StatisticsFound) -> TidyTable:
    """Months, the whole period, and the two that it is compared with, of each group and of all together."""
    months, compared = found.columns.months, found.columns.compared
    metrics = shown(compared[0]) if found.asked.view == "metrics" else shown_with(found.asked.metric)
    columns = [*(("month", each) for each in months), *zip(COMPARED, compared, strict=True)]

    def rows() -> Iterator[list[TidyValue]]:
        for row in found.rows:
            for name, column in columns:
                if months or name == COMPARED[0]:  # of all metrics the groups of other periods are not read
                    cells, group = column.groups.get(row.key), called(viewer, found.grouping, row.key)
                    yield [row.key, group, *_figures(name, column.period, cells, metrics)]
        for name, column in columns:
            yield [None, viewer.words("figures.all"), *_figures(name, column.period, column.whole, metrics)]

    return TidyTable([*GROUP, *PERIOD, *_fields(metrics)], rows())


def tidy_pairs(viewer: Viewer, found: PairsFound, table: PairTable) -> TidyTable:
    """Each pair of groups, the sums of both, and all together, over the whole period."""
    metrics, period, every = shown_with(found.asked.metric), found.asked.period, viewer.words("figures.all")

    def row(one: str | None, other: str | None, cells: Cells) -> list[TidyValue]:
        names = [
            [key, every if key is None else called(viewer, grouping, key)]
            for key, grouping in ((one, found.grouping), (other, found.across))
        ]
        return [*names[0], *names[1], *_figures(COMPARED[0], period, cells, metrics)]

    def rows() -> Iterator[list[TidyValue]]:
        yield from (row(one, other, cells) for (one, other), cells in sorted(table.cells.items()))
        yield from (row(each.key, None, table.rows[each.key]) for each in by_volume(table.rows))
        yield from (row(None, each.key, table.columns[each.key]) for each in by_volume(table.columns))
        yield row(None, None, table.whole)

    return TidyTable([*GROUP, *ACROSS, *PERIOD, *_fields(metrics)], rows())


def tidy_around(viewer: Viewer, found: AroundFound, before: StatisticsColumn, since: StatisticsColumn) -> TidyTable:
    """All metrics of each group and of all together, before and since a version of the list."""
    metrics, both = metrics_around(before, since), (("before_version", before), ("since_version", since))

    def rows() -> Iterator[list[TidyValue]]:
        for row in by_volume({**before.groups, **since.groups}):
            for name, column in both:
                cells, group = column.groups.get(row.key), called(viewer, found.grouping, row.key)
                yield [row.key, group, *_figures(name, column.period, cells, metrics)]
        for name, column in both:
            yield [None, viewer.words("figures.all"), *_figures(name, column.period, column.whole, metrics)]

    return TidyTable([*GROUP, *PERIOD, *_fields(metrics)], rows())


def _fields(metrics: Iterable[Metric]) -> list[TidyField]:
    found = list[TidyField]()
    for metric in metrics:
        if metric.unit in COUNTS:
            found.append(TidyField(metric.key, "count"))
        else:
            found += [TidyField(metric.key, "number"), TidyField(f"{metric.key}_n", "count")]
            found += [TidyField(f"{metric.key}_part", "count")] if metric.part is not None else []
    return found


def _figures(name: str, period: DayPeriod, cells: Cells | None, metrics: Sequence[Metric]) -> list[TidyValue]:
    found: list[TidyValue] = [name, period.first, period.last]
    for metric in metrics:
        cell = cells.get(metric.key, NOTHING) if cells is not None else NOTHING
        if metric.unit in COUNTS:
            found.append(cell.n)
        else:
            found += [None if cell.value is None else float(cell.value), cell.n]
            found += [cell.part or 0] if metric.part is not None else []
    return found
