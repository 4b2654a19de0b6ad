"""What each metric means, below the tables that have it."""

from collections.abc import Iterable, Iterator

import htpy as h

from connectors.cases.translations import Translations
from connectors.ledger.queries.statistics.metrics import CallMetric, CaseMetric, Metric
from connectors.pages.html.viewer import Viewer
from connectors.pages.statistics.asked import StatisticsAsked
from connectors.pages.statistics.figures import FEWEST


def definitions(viewer: Viewer, metrics: Iterable[Metric], *, ranked: bool = False, people: bool = False) -> h.Element:
    """Name, unit, definition and whose term it is; what holds for all of them, for `ranked` rows, and for `people`."""
    words, metrics = viewer.words, list(metrics)
    rows = [
        (
            h.dt(id=f"defined-{each.key}")[words(f"metric.{each.key}"), " ", h.small[words(f"unit.{each.unit}")]],
            h.dd[words(f"defined.{each.key}"), " ", h.small[words(f"source.{each.source}")]],
        )
        for each in metrics
    ]
    return h.section(".definitions")[
        h.h2[words("statistics.definitions")],
        h.dl[rows],
        [h.p(".quiet")[text] for text in cohorts(words, metrics)],
        h.p(".quiet")[words("statistics.fair", n=FEWEST)] if ranked and not people else None,
        h.p(".quiet")[words("statistics.people.fair", n=FEWEST)] if people else None,
    ]


def cohorts(words: Translations, metrics: Iterable[Metric]) -> list[str]:
    """Which cases and which calls are counted, where some metric is about them."""
    kinds = {type(metric) for metric in metrics}
    said = {CaseMetric: "statistics.cohort", CallMetric: "statistics.cohort.calls"}
    return [words(text) for kind, text in said.items() if kind in kinds]


def stated(words: Translations, asked: StatisticsAsked, metrics: Iterable[Metric]) -> Iterator[tuple[str, str]]:
    """What a file is about, by name: its kind, its days, and what each metric is. A version has days of its own."""
    metrics = list(metrics)
    yield words("kind"), words(f"kind.{asked.kind}")
    if asked.view != "version":
        yield words("statistics.from"), asked.period.first.isoformat()
        yield words("statistics.to"), asked.period.last.isoformat()
    for metric in metrics:
        yield words(f"metric.{metric.key}"), words(f"defined.{metric.key}")
    for text in cohorts(words, metrics):
        yield "", text
