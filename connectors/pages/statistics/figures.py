"""One figure in a table: its value, how many cases it is about, and the way to them."""

from typing import Final, NamedTuple

import htpy as h

from connectors.cases.translations import Translations
from connectors.ledger.queries.statistics.call_sets import CallSet
from connectors.ledger.queries.statistics.counted import CaseSet
from connectors.ledger.queries.statistics.grouping import Dimension
from connectors.ledger.queries.statistics.metrics import BY_KEY, COUNTS, NOTHING, CallMetric, Metric, MetricValue
from connectors.ledger.queries.statistics.periods import DayPeriod
from connectors.ledger.queries.statistics.tables import Cells
from connectors.pages.html.viewer import Viewer
from connectors.pages.statistics.cases_asked import CasesAsked

NO_DATA: Final = "–"
FEWEST: Final = 5
"""Of fewer cases a figure is shown, but ranked with no others."""
VERIFYING: Final = BY_KEY["mean_verifying_s"]
"""Shown with each time to resolution."""


class Whose(NamedTuple):
    """Whose figures: of all cases of a kind in a period, or of one group."""

    kind: str
    period: DayPeriod
    by: Dimension | None = None
    key: str = ""
    across: Dimension | None = None
    across_key: str = ""

    def way(self, cases: CaseSet | CallSet, n: int) -> h.Node:
        """A number of cases, with the way to exactly these."""
        return h.a(href=self.address(cases))[str(n)] if n else str(n)

    def address(self, cases: CaseSet | CallSet) -> str:
        """The list of a set of cases."""
        return CasesAsked(cases, *self).address()

    def addresses(self, metric: Metric, found: MetricValue) -> dict[str, str]:
        """The lists that the numbers of a figure lead to, as `figure` has them: of a count "", else `_n` and `_part`.

        Calls are counted, and the cases that they are for are listed.
        """
        if found.value is None:
            return {}
        calls = isinstance(metric, CallMetric)
        n, part = (found.cases, found.part_cases) if calls else (found.n, found.part)
        ways = {"" if metric.unit in COUNTS else "_n": (metric.of, n), "_part": (metric.part, part)}
        return {name: self.address(cases) for name, (cases, many) in ways.items() if cases is not None and many}


def said(words: Translations, metric: Metric, value: float | None) -> str:
    """A value in words, with its unit."""
    if value is None:
        return NO_DATA
    if metric.unit in COUNTS:
        return str(round(value))
    if metric.unit == "share":
        return f"{value:.1%}"
    if metric.unit == "time":
        return words.span(round(value * 1000), exact=False)
    if metric.unit == "days":
        return words("statistics.days", d=round(value, 1))
    return f"{value:.2f}"


def figure(viewer: Viewer, metric: Metric, cells: Cells | None, whose: Whose) -> h.Element:
    """The cell of a group; None has no case."""
    found = cells or {}
    if isinstance(metric, CallMetric):
        return _of_calls(viewer, metric, found.get(metric.key, NOTHING), whose)
    value, n, part, *_ = found.get(metric.key, NOTHING)
    if metric.unit == "cases":
        return h.td[whose.way(metric.of, n)]
    if value is None:
        return h.td[NO_DATA]
    of = [whose.way(metric.part, part or 0), "/"] if metric.part is not None else ["n="]
    wait = None
    if metric.unit == "time" and metric is not VERIFYING:
        wait = viewer.words("statistics.verifying", t=said(viewer.words, VERIFYING, found[VERIFYING.key].value))
    few = {"class_": "few"} if n < FEWEST else {}
    return h.td(**few)[
        said(viewer.words, metric, value),
        h.small[*of, whose.way(metric.of, n)],
        h.small(".wait")[wait] if wait else None,
    ]


def _of_calls(viewer: Viewer, metric: CallMetric, found: MetricValue, whose: Whose) -> h.Element:
    """Calls are numbers, the cases that they are for have the ways: one case can have several calls."""
    if found.value is None or not found.n:
        return h.td[said(viewer.words, metric, found.value)]
    cases = [whose.way(metric.of, found.cases or 0)]
    if metric.part is not None:
        cases = [whose.way(metric.part, found.part_cases or 0), "/", *cases]
    n = f"{found.part}/{found.n}" if metric.part is not None else f"n={found.n}"
    few = {"class_": "few"} if found.n < FEWEST and metric.unit not in COUNTS else {}
    return h.td(**few)[
        said(viewer.words, metric, found.value),
        h.small[n] if metric.unit not in COUNTS else None,
        h.small[viewer.words("statistics.in_cases"), " ", *cases],
    ]
