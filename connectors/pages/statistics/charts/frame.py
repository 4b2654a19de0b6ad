"""A chart in a page: its caption, and as data for the page's script what is drawn."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

import htpy as h
from markupsafe import Markup

from connectors.cases.translations import Translations
from connectors.ledger.queries.statistics.metrics import COUNTS, NOTHING, Metric, MetricValue
from connectors.ledger.queries.statistics.tables import Cells
from connectors.pages.statistics.cases_asked import CasesAsked
from connectors.pages.statistics.figures import Whose, said

DAY_S: Final = 86_400
LONG_S: Final = 3 * DAY_S
"""Longer times are drawn in days, shorter ones in hours."""


class Scale(NamedTuple):
    """In which unit the values of a metric are drawn: `value / divisor`."""

    unit: str
    divisor: float = 1

    @classmethod
    def of(cls, words: Translations, metric: Metric, values: Iterable[float | None]) -> "Scale":
        """One that the largest of these fits."""
        if metric.unit == "share":
            return cls("%", 0.01)
        if metric.unit == "time":
            days = max((value for value in values if value is not None), default=0) > LONG_S
            name, divisor = ("days", DAY_S) if days else ("hours", 3_600)
            return cls(words(f"statistics.chart.{name}"), divisor)
        return cls(words("statistics.chart.days") if metric.unit == "days" else "")

    def point(self, words: Translations, metric: Metric, cells: Cells | None, whose: Whose) -> Mapping[str, Any] | None:
        """Where it is drawn, what it says, and the way to its cases; None if it has no value."""
        found: MetricValue = (cells or {}).get(metric.key, NOTHING)
        if found.value is None:
            return None
        text = said(words, metric, found.value)
        return {
            "value": round(found.value / self.divisor, 3),
            "text": text if metric.unit in COUNTS else f"{text}, n={found.n}",
            "way": CasesAsked(metric.of, *whose).address(),
        }


def chart(caption: str, shape: str, facts: Mapping[str, Any]) -> h.Element:
    """A figure that only the script draws; `shape` is which of its drawings. Who sees none has the table."""
    data = json.dumps({"shape": shape, **facts}, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return h.figure(".chart", data_scripted=True)[
        h.figcaption(".quiet")[caption],
        h.div(role="img", aria_label=caption),
        h.script(type="application/json")[Markup(data)],  # noqa: S704  # JSON without "<"
    ]
