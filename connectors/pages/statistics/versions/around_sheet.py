"""One metric before and since a version of the list as a sheet, for files."""

from collections.abc import Iterator

from connectors.cases.translations import Translations
from connectors.ledger.queries.statistics.tables import StatisticsColumn
from connectors.pages.statistics.groupings import called
from connectors.pages.statistics.rows import by_volume
from connectors.pages.statistics.sheet import StatisticsSheet, Value, days_in, fields_of, first_fields, values_of
from connectors.pages.statistics.versions.around import AroundFound


def around_sheet(
    words: Translations, found: AroundFound, before: StatisticsColumn, since: StatisticsColumn
) -> StatisticsSheet:
    """The chosen metric of each group and of all together."""
    metric, both = found.asked.metric, (before, since)
    named = zip(("before", "since"), both, strict=True)
    titles = [f"{words(f'statistics.version.{name}')} {days_in(each.period)}" for name, each in named]
    fields = first_fields(words, found.asked.by)
    fields += [each._replace(title=f"{title} {each.title}") for title in titles for each in fields_of(words, metric)]

    def rows() -> Iterator[list[Value]]:
        for row in by_volume({**before.groups, **since.groups}):
            cells = [each.groups.get(row.key) for each in both]
            yield [called(words, found.grouping, row.key), row.key, *values_of(cells, [metric])]
        yield [words("figures.all"), "", *values_of([each.whole for each in both], [metric])]

    return StatisticsSheet(fields, rows())
