"""`grid36 stats --by department --by month`: one metric of the page of statistics, month by month."""

import time
from collections.abc import Mapping
from typing import Any, Final, TypedDict
from zoneinfo import ZoneInfo

import click

from connectors.cases.translations import Translations
from connectors.intake.refusal import Refused
from connectors.ledger.queries.cases import Ledger
from connectors.ledger.queries.statistics.grouping import Dimension, Grouping
from connectors.ledger.queries.statistics.metrics import BY_KEY, COUNTS, NOTHING, Metric, volume
from connectors.ledger.queries.statistics.tables import Cells, StatisticsColumn, StatisticsQuestion, table
from connectors.ledger.queries.stats import KINDS
from connectors.pages.statistics.asked import period_of
from connectors.pages.statistics.figures import said
from connectors.pages.statistics.groupings import communities
from grid36.cli.terminal.misuse import Misuse
from grid36.cli.terminal.phrases import padded
from schemas.days import day_of
from schemas.names import Language, Name
from schemas.region import Region

COMPARED: Final = ("whole", "before", "year_ago")
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


def by_month(
    ledger: Ledger,
    region: Region,
    by: Dimension,
    metric: Metric,
    kind: str,
    days: tuple[str | None, str | None],
    names: Mapping[str, Name],
    language: Language,
) -> dict[str, Any]:
    """`MonthsAnswer`: the months of a period, all of it, the period before it, and the same of last year.

    `days` are the first and the last one, as `2026-11-30`. Raises `Misuse`.
    """
    zone, now_ms = ZoneInfo(region.zone), round(time.time() * 1000)
    given = {name: text for name, text in zip(("from", "to"), days, strict=True) if text is not None}
    if kind not in KINDS:
        raise Misuse(Name.of("command.figures.one_kind"))
    try:
        period = period_of(given, day_of(now_ms, zone))
    except Refused as refusal:
        zh, en = (str(refusal.answer(each)["message"]) for each in (Language.ZH, Language.EN))
        raise Misuse(Name(zh=zh, en=en)) from None
    grouping = communities(region) if by == "community" else Grouping(by, names)
    metrics = list(dict.fromkeys((metric, volume(metric))))
    months, question = period.months(), StatisticsQuestion(grouping, metrics, kind, now_ms, zone)
    answered = table(ledger, question, period, months, [period.before(), period.year_ago()])
    found, whole = [*answered.parts, answered.whole, *answered.others], answered.whole.groups
    keys = {key: None for column in found for key in column.groups}
    ordered = sorted(keys, key=lambda key: (-whole[key][volume(metric).key].n if key in whole else 0, key))
    rows = [
        _row(key, _name(grouping, key, language), [each.groups.get(key) for each in found], metric) for key in ordered
    ]
    rows.append(_row(None, Translations(language)("figures.all"), [each.whole for each in found], metric))
    titles = [each.month for each in months] + list(COMPARED)
    told = [_column(*each) for each in zip(titles, found, strict=True)]
    answer: MonthsAnswer = {
        "by": by, "metric": metric.key, "unit": metric.unit, "kind": kind, "zone": zone.key, "columns": told,
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
        shown = [_shown(words, metric, each["value"], each["n"]) for each in row["values"]]
        click.echo("".join(padded(text, _WIDE, right=True) for text in shown) + f"  {row['name']}")


def _shown(words: Translations, metric: Metric, value: float | None, n: int) -> str:
    text = said(words, metric, value)
    return text if value is None or metric.unit in COUNTS else f"{text} ({n})"


def _row(key: str | None, name: str, cells: list[Cells | None], metric: Metric) -> dict[str, Any]:
    values = [(each or {}).get(metric.key, NOTHING)._asdict() for each in cells]
    return {"key": key, "name": name, "values": values}


def _name(grouping: Grouping, key: str, language: Language) -> str:
    if not key:
        return Translations(language)(f"statistics.none.{grouping.dimension}")
    return grouping.names[key].to(language) if key in grouping.names else key


def _column(name: str, column: StatisticsColumn) -> dict[str, str]:
    return {"name": name, "from": column.period.first.isoformat(), "to": column.period.last.isoformat()}
