"""One metric by month: all cases as columns, and the groups with the most cases as lines or, of counts, as parts."""

from collections.abc import Collection, Mapping
from typing import Any, Final

import htpy as h

from connectors.ledger.queries.statistics.metrics import COUNTS, Metric, volume
from connectors.ledger.queries.statistics.tables import StatisticsColumn
from connectors.pages.html.viewer import Viewer
from connectors.pages.statistics.charts.frame import Scale, chart
from connectors.pages.statistics.figures import Whose
from connectors.pages.statistics.groupings import called
from connectors.pages.statistics.looking import StatisticsFound

MOST_LINES: Final = 5
"""More cannot be told apart."""


def chart_by_month(viewer: Viewer, found: StatisticsFound) -> h.Element | None:
    """None for a single month, and where nothing has a value. Persons are in the table alone: nobody is drawn."""
    words, asked, months = viewer.words, found.asked, found.columns.months
    metric = asked.metric
    values = [column.whole[metric.key].value for column in months]
    if len(months) < 2 or not any(values):
        return None
    whole = found.columns.compared[0]
    keys = sorted(
        (key for key in whole.groups if key and not asked.of_people),
        key=lambda key: (-whole.groups[key][volume(metric).key].n, key),
    )[:MOST_LINES]
    values += [cells[metric.key].value for column in months for key in keys if (cells := column.groups.get(key))]
    scale = Scale.of(words, metric, values)
    stacked = bool(keys) and metric.unit in COUNTS
    lines = [
        {
            "name": called(viewer.words, found.grouping, key),
            "points": [
                scale.point(words, metric, column.groups.get(key), Whose(asked.kind, column.period, asked.by, key))
                for column in months
            ],
        }
        for key in keys
    ]
    first = {
        "name": words("statistics.chart.others" if stacked else "figures.all"),
        "points": [
            _others(metric, column, keys)
            if stacked
            else scale.point(words, metric, column.whole, Whose(asked.kind, column.period))
            for column in months
        ],
    }
    name, form = words(f"metric.{metric.key}"), ".parts" if stacked else ".lines" if keys else ""
    facts = {"unit": scale.unit, "stacked": stacked, "months": [each.period.month for each in months]}
    return chart(
        words(f"statistics.chart{form}", metric=name, n=len(keys)), "months", facts | {"lines": [first, *lines]}
    )


def _others(metric: Metric, column: StatisticsColumn, keys: Collection[str]) -> Mapping[str, Any]:
    """What the drawn groups leave of a count."""
    drawn = (cells[metric.key].value or 0 for key in keys if (cells := column.groups.get(key)))
    left = round((column.whole[metric.key].value or 0) - sum(drawn))
    return {"value": left, "text": str(left)}
