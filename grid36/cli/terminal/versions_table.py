"""`grid36 stats --since-version newest`: all metrics, and one by group, before and since a version of the list."""

from collections.abc import Iterable
from typing import Final
from zoneinfo import ZoneInfo

import click

from connectors.cases.translations import Translations
from connectors.ledger.queries.statistics.metrics import NOTHING, Metric
from connectors.ledger.queries.statistics.tables import Cells, StatisticsColumn
from connectors.pages.statistics.groupings import called, dimension_of
from connectors.pages.statistics.rows import by_volume
from connectors.pages.statistics.versions.around import AroundFound
from connectors.pages.statistics.versions.around_table import change, metrics_around, title_of, to_mind
from grid36.cli.terminal.months_table import with_cases
from grid36.cli.terminal.phrases import padded

_WIDE: Final = 26


def show_around(
    words: Translations, zone: ZoneInfo, found: AroundFound, before: StatisticsColumn, since: StatisticsColumn
) -> None:
    """What to mind first, as on the page; numbers before names, so that they stay aligned."""
    asked, version = found.asked, found.version
    assert version is not None, "it has two sides"
    for line in (title_of(words, version), *to_mind(words, zone, found, before, since)):
        click.echo(line)
    metric = asked.metric
    heads = [
        f"{words(f'statistics.version.{name}')} {each.period.first:%m-%d} – {each.period.last:%m-%d}"
        for name, each in (("before", before), ("since", since))
    ]
    heads.append(words("statistics.version.change"))
    click.echo(f"\n{words('statistics.version.every')}")
    _line(heads, "")
    for each in metrics_around(before, since):
        _line(_shown(words, each, before.whole, since.whole), words(f"metric.{each.key}"))
    by = dimension_of(words, asked.by, metric)
    click.echo(f"\n{words('statistics.version.by_group', metric=words(f'metric.{metric.key}'), by=by)}")
    _line(heads, "")
    for row in by_volume({**before.groups, **since.groups}):
        sides = (each.groups.get(row.key) for each in (before, since))
        _line(_shown(words, metric, *sides), called(words, found.grouping, row.key))


def _shown(words: Translations, metric: Metric, *sides: Cells | None) -> list[str]:
    both = [(each or {}).get(metric.key, NOTHING) for each in sides]
    return [*(with_cases(words, metric, each.value, each.n) for each in both), change(words, metric, *sides)]


def _line(columns: Iterable[str], name: str) -> None:
    click.echo(("".join(padded(text, _WIDE, right=True) for text in columns) + f"  {name}").rstrip())
