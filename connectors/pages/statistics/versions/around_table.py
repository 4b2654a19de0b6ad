"""Metrics before and since a version of the list: all of them, and one by group, with what cannot be said."""

from collections.abc import Sequence
from typing import Final
from zoneinfo import ZoneInfo

import htpy as h

from connectors.cases.translations import Translations
from connectors.ledger.queries.statistics.metrics import COUNTS, NOTHING, Metric
from connectors.ledger.queries.statistics.tables import Cells, StatisticsColumn
from connectors.pages.html.layout import notice
from connectors.pages.html.viewer import Viewer
from connectors.pages.statistics.figures import NO_DATA, Whose, figure, said
from connectors.pages.statistics.groupings import called, dimension_of
from connectors.pages.statistics.metrics_table import shown
from connectors.pages.statistics.rows import MOST_ROWS, by_volume
from connectors.pages.statistics.versions.around import AroundFound
from connectors.pages.statistics.versions.effective import EffectiveVersion
from schemas.days import day_of

ENOUGH: Final = 20
"""Of fewer cases on one side no change of a rate or a time is stated: one case would move it by too much."""


def around_tables(viewer: Viewer, found: AroundFound) -> list[h.Element | None]:
    """What it is about and what to mind, all metrics, and the chosen one by group."""
    words, version, before, since = viewer.words, found.version, found.before, found.since
    if version is None:
        return [notice("plain", words("statistics.version.none"))]
    title = title_of(words, version)
    if before is None or since is None:
        return [h.h2[title], notice("plain", words("statistics.version.early"))]
    metric, asked = found.asked.metric, found.asked
    heads = [
        h.th(scope="col")[words(f"statistics.version.{name}"), h.small[f"{each.period.first} – {each.period.last}"]]
        for name, each in (("before", before), ("since", since))
    ]
    heads.append(h.th(scope="col")[words("statistics.version.change")])
    metrics = metrics_around(before, since)
    every = [
        h.tr[
            h.th(scope="row")[words(f"metric.{each.key}")],
            _cells(
                viewer, each, (before.whole, since.whole), [Whose(asked.kind, one.period) for one in (before, since)]
            ),
        ]
        for each in metrics
    ]
    keys = by_volume({**before.groups, **since.groups})
    rows = [
        h.tr[
            h.th(scope="row")[called(viewer.words, found.grouping, row.key)],
            _cells(
                viewer, metric, (before.groups.get(row.key), since.groups.get(row.key)),
                [Whose(asked.kind, one.period, asked.by, row.key) for one in (before, since)],
            ),
        ]
        for row in keys[:MOST_ROWS]
    ]  # fmt: skip
    by = dimension_of(words, asked.by, metric)
    caption = words("statistics.version.by_group", metric=words(f"metric.{metric.key}"), by=by)
    return [
        h.h2[title],
        notice("plain", [h.p[each] for each in to_mind(words, viewer.zone, found, before, since)]),
        _table(words("statistics.version.every"), [words("statistics.metric"), *heads], every),
        _table(caption, [by, *heads], rows),
        h.p(".quiet")[words("statistics.more", n=len(keys) - MOST_ROWS)] if len(keys) > MOST_ROWS else None,
    ]


def title_of(words: Translations, version: EffectiveVersion) -> str:
    """Which version it is, and from when on it was in force."""
    return words("statistics.version.title", name=version.name or "–", when=f"{version.moment:%Y-%m-%d %H:%M}")


def metrics_around(before: StatisticsColumn, since: StatisticsColumn) -> list[Metric]:
    """Those that say something on one side or the other."""
    return list(dict.fromkeys((*shown(before), *shown(since))))


def to_mind(
    words: Translations, zone: ZoneInfo, found: AroundFound, before: StatisticsColumn, since: StatisticsColumn
) -> Sequence[str]:
    """What these figures cannot say, and how long the windows are."""
    version = found.version
    assert version is not None
    days = (since.period.last - since.period.first).days + 1
    told = [words("statistics.version.days", n=days)]
    if days < found.asked.days:
        told.append(words("statistics.version.shorter", asked=found.asked.days))
    if not version.whole_day:
        told.append(words("statistics.version.apart", day=version.day))
    if found.others:
        names = ", ".join(f"{each.name or '–'} ({each.day})" for each in reversed(found.others))
        told.append(words("statistics.version.others", names=names))
    first = None if found.first_ms is None else day_of(found.first_ms, zone)
    if first is not None and first > before.period.first:
        told.append(words("statistics.version.begun", day=first))
    waiting = [_unfinished(each.whole) for each in (before, since)]
    if waiting[0] != waiting[1]:
        told.append(words("statistics.version.unfinished", before=waiting[0], since=waiting[1]))
    return [*told, words("statistics.version.cause", n=ENOUGH)]


def _unfinished(cells: Cells) -> int:
    """Cases that are neither closed nor refused."""
    return cells["mean_hops"].n - cells["closed"].n - cells["refused"].n


def change(words: Translations, metric: Metric, before: Cells | None, since: Cells | None) -> str:
    """By how much it changed, or that it cannot be said."""
    one, other = ((cells or {}).get(metric.key, NOTHING) for cells in (before, since))
    if metric.unit in COUNTS:
        return f"{_sign(other.n - one.n)}{abs(other.n - one.n)}"
    if not one.n and not other.n:
        return NO_DATA
    if one.value is None or other.value is None or min(one.n, other.n) < ENOUGH:
        return words("statistics.version.too_few")
    by = other.value - one.value
    if metric.unit == "share":
        return words("statistics.version.points", n=f"{_sign(by)}{100 * abs(by):.1f}")
    return f"{_sign(by)}{said(words, metric, abs(by))}"


def _sign(by: float) -> str:
    return "+" if by > 0 else "−" if by < 0 else "±"


def _cells(viewer: Viewer, metric: Metric, cells: Sequence[Cells | None], whose: Sequence[Whose]) -> list[h.Element]:
    both = [figure(viewer, metric, each, of) for each, of in zip(cells, whose, strict=True)]
    return [*both, h.td[change(viewer.words, metric, *cells)]]


def _table(caption: str, heads: Sequence[h.Node], rows: Sequence[h.Element]) -> h.Element:
    first, *rest = heads
    return h.div(".wide", tabindex="0", role="region", aria_label=caption)[
        h.table(".figures.measured.sides")[
            h.caption[caption], h.thead[h.tr[h.th(scope="col")[first], rest]], h.tbody[rows]
        ]
    ]
