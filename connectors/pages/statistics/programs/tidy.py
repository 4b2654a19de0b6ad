"""A table of statistics for programs: one row for each group and period, names that no language changes. Pure.

A figure has its value, the number `_n` of cases or calls that it is about, and of a share the number `_part` in it.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Literal, NamedTuple

from connectors.cases.translations import Translations
from connectors.ledger.queries.statistics.grouping import Grouping
from connectors.ledger.queries.statistics.metrics import COUNTS, NOTHING, Metric
from connectors.ledger.queries.statistics.pairs import PairTable
from connectors.ledger.queries.statistics.tables import Cells, StatisticsColumn
from connectors.pages.statistics.figures import Whose
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


class TidyRow(NamedTuple):
    """A group, or a pair of groups, in a period; a code is None for all groups together."""

    group: list[str | None]
    """Its code and its name, then those of the second dimension."""
    period: str
    whose: Whose
    cells: Cells

    def values(self, metrics: Iterable[Metric]) -> list[TidyValue]:
        """A value for each column."""
        days = self.whose.period
        found: list[TidyValue] = [*self.group, self.period, days.first, days.last]
        for metric in metrics:
            cell = self.cells.get(metric.key, NOTHING)
            if metric.unit in COUNTS:
                found.append(cell.n)
            else:
                found += [None if cell.value is None else float(cell.value), cell.n]
                found += [cell.part or 0] if metric.part is not None else []
        return found

    def cases(self, metrics: Iterable[Metric]) -> dict[str, str]:
        """The address of the cases of each number that has a link on the page, by its column."""
        return {
            f"{metric.key}{number}": address
            for metric in metrics
            for number, address in self.whose.addresses(metric, self.cells.get(metric.key, NOTHING)).items()
        }


class TidyTable(NamedTuple):
    """What its rows are of: groups, or pairs of groups, with a figure for each metric."""

    groups: list[TidyField]
    metrics: Sequence[Metric]
    rows: Iterator[TidyRow]

    @property
    def fields(self) -> list[TidyField]:
        """The columns."""
        return [*self.groups, *PERIOD, *_fields(self.metrics)]


GROUP = [TidyField("code", "text"), TidyField("name", "text")]
ACROSS = [TidyField("across_code", "text"), TidyField("across_name", "text")]
PERIOD = [TidyField("period", "text"), TidyField("first_day", "day"), TidyField("last_day", "day")]


def tidy(words: Translations, found: StatisticsFound) -> TidyTable:
    """Months, the whole period, and the two that it is compared with, of each group and of all together."""
    months, compared, asked = found.columns.months, found.columns.compared, found.asked
    metrics = shown(compared[0]) if asked.view == "metrics" else shown_with(asked.metric)
    columns = [*(("month", each) for each in months), *zip(COMPARED, compared, strict=True)]

    def rows() -> Iterator[TidyRow]:
        for row in found.rows:
            group: list[str | None] = [row.key, called(words, found.grouping, row.key)]
            for name, column in columns:
                if months or name == COMPARED[0]:  # of all metrics the groups of other periods are not read
                    whose = Whose(asked.kind, column.period, asked.by, row.key)
                    yield TidyRow(group, name, whose, column.groups.get(row.key) or {})
        yield from _wholes(words, asked.kind, columns)

    return TidyTable(GROUP, metrics, rows())


def tidy_pairs(words: Translations, found: PairsFound, table: PairTable) -> TidyTable:
    """Each pair of groups, the sums of both, and all together, over the whole period."""
    asked, every = found.asked, words("figures.all")
    whole = Whose(asked.kind, asked.period)

    def name(grouping: Grouping, key: str | None) -> str:
        return every if key is None else called(words, grouping, key)

    def row(one: str | None, other: str | None, cells: Cells) -> TidyRow:
        group = [one, name(found.grouping, one), other, name(found.across, other)]
        whose = whole if one is None else whole._replace(by=asked.by, key=one)
        if other is not None and one is not None:
            whose = whose._replace(across=asked.across, across_key=other)
        elif other is not None:
            whose = whose._replace(by=asked.across, key=other)
        return TidyRow(group, COMPARED[0], whose, cells)

    def rows() -> Iterator[TidyRow]:
        yield from (row(one, other, cells) for (one, other), cells in sorted(table.cells.items()))
        yield from (row(each.key, None, table.rows[each.key]) for each in by_volume(table.rows))
        yield from (row(None, each.key, table.columns[each.key]) for each in by_volume(table.columns))
        yield row(None, None, table.whole)

    return TidyTable([*GROUP, *ACROSS], shown_with(asked.metric), rows())


def tidy_around(
    words: Translations, found: AroundFound, before: StatisticsColumn, since: StatisticsColumn
) -> TidyTable:
    """All metrics of each group and of all together, before and since a version of the list."""
    asked, columns = found.asked, [("before_version", before), ("since_version", since)]

    def rows() -> Iterator[TidyRow]:
        for row in by_volume({**before.groups, **since.groups}):
            group: list[str | None] = [row.key, called(words, found.grouping, row.key)]
            for name, column in columns:
                whose = Whose(asked.kind, column.period, asked.by, row.key)
                yield TidyRow(group, name, whose, column.groups.get(row.key) or {})
        yield from _wholes(words, asked.kind, columns)

    return TidyTable(GROUP, metrics_around(before, since), rows())


def _wholes(words: Translations, kind: str, columns: Iterable[tuple[str, StatisticsColumn]]) -> Iterator[TidyRow]:
    for name, column in columns:
        yield TidyRow([None, words("figures.all")], name, Whose(kind, column.period), column.whole)


def _fields(metrics: Iterable[Metric]) -> list[TidyField]:
    found = list[TidyField]()
    for metric in metrics:
        if metric.unit in COUNTS:
            found.append(TidyField(metric.key, "count"))
        else:
            found += [TidyField(metric.key, "number"), TidyField(f"{metric.key}_n", "count")]
            found += [TidyField(f"{metric.key}_part", "count")] if metric.part is not None else []
    return found
