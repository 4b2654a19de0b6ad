"""`grid36 stats --by department --by month`: one metric of the page of statistics, month by month."""

from collections.abc import Mapping
from typing import Any, Final, TypedDict

import click

from connectors.cases.translations import Translations
from connectors.ledger.queries.statistics.metrics import BY_KEY, COUNTS, NOTHING, Metric, volume
from connectors.ledger.queries.statistics.tables import Cells, StatisticsColumn
from connectors.pages.statistics.figures import said
from connectors.pages.statistics.groupings import called
from connectors.pages.statistics.looking import COMPARED, StatisticsFound
from grid36.cli.terminal.phrases import padded
from schemas.names import Language

_WIDE: Final = 22


class MonthsAnswer(TypedDict):
    """Days are included. A value is None where there is nothing to measure; `n` is of how many cases it is."""

    by: str
    metric: str
    unit: str
    kind: str
    zone: str
    columns: list[dict[str, str]]
    rows: list[dict[str, Any]]
    """Those of groups by their number of cases; the last one, with the key None, is all of them together."""


def by_month(found: StatisticsFound, language: Language, zone: str) -> dict[str, Any]:
    """`MonthsAnswer`: the months of a period, all of it, the period before it, and the same of last year."""
    asked, grouping, words = found.asked, found.grouping, Translations(language)
    metric, columns, whole = asked.metric, found.columns.all, found.columns.compared[0].groups
    keys = {key: None for column in columns for key in column.groups}
    ordered = sorted(keys, key=lambda key: (-whole[key][volume(metric).key].n if key in whole else 0, key))
    rows = [
        _row(key, called(words, grouping, key), [each.groups.get(key) for each in columns], metric) for key in ordered
    ]
    rows.append(_row(None, words("figures.all"), [each.whole for each in columns], metric))
    titles = [*(each.period.month for each in found.columns.months), *COMPARED]
    told = [_column(*each) for each in zip(titles, columns, strict=True)]
    answer: MonthsAnswer = {
        "by": asked.by, "metric": metric.key, "unit": metric.unit, "kind": asked.kind, "zone": zone, "columns": told,
        "rows": rows,
    }  # fmt: skip
    return dict(answer)


def show_by_month(answer: Mapping[str, Any], language: Language) -> None:
    """Numbers first, so that they stay aligned whatever the width of names."""
    words, metric = Translations(language), BY_KEY[answer["metric"]]
    click.echo(f"{words(f'metric.{metric.key}')} {words(f'unit.{metric.unit}')}: {words(f'defined.{metric.key}')}")
    for name, column in zip(COMPARED, answer["columns"][-len(COMPARED) :], strict=True):
        click.echo(f"{words(f'statistics.column.{name}')}: {column['from']} – {column['to']}")
    titles = [column["name"] for column in answer["columns"][: -len(COMPARED)]]
    titles += [words(f"statistics.column.{name}") for name in COMPARED]
    click.echo("".join(padded(title, _WIDE, right=True) for title in titles))
    for row in answer["rows"]:
        shown = [with_cases(words, metric, each["value"], each["n"]) for each in row["values"]]
        click.echo("".join(padded(text, _WIDE, right=True) for text in shown) + f"  {row['name']}")


def with_cases(words: Translations, metric: Metric, value: float | None, n: int) -> str:
    """A value in words, with of how many cases or calls it is."""
    text = said(words, metric, value)
    return text if value is None or metric.unit in COUNTS else f"{text} ({n})"


def _row(key: str | None, name: str, cells: list[Cells | None], metric: Metric) -> dict[str, Any]:
    values = [(each or {}).get(metric.key, NOTHING)._asdict() for each in cells]
    return {"key": key, "name": name, "values": values}


def _column(name: str, column: StatisticsColumn) -> dict[str, str]:
    return {"name": name, "from": column.period.first.isoformat(), "to": column.period.last.isoformat()}
