"""One metric by two dimensions, each pair a field that is the darker, the higher its value is."""

from typing import Final

import htpy as h

from connectors.ledger.queries.statistics.pairs import PairTable
from connectors.pages.html.viewer import Viewer
from connectors.pages.statistics.charts.frame import Scale, chart
from connectors.pages.statistics.figures import Whose
from connectors.pages.statistics.groupings import called, dimension_of
from connectors.pages.statistics.looking import PairsFound
from connectors.pages.statistics.rows import by_volume

MOST: Final = 20
"""Rows and columns; those with the most cases."""


def chart_by_two(viewer: Viewer, pairs: PairsFound) -> h.Element | None:
    """None for a single row or column, and of persons: nobody is drawn."""
    words, (asked, grouping, across, found) = viewer.words, pairs
    if asked.of_people or not isinstance(found, PairTable):
        return None
    metric = asked.metric
    rows = [row.key for row in by_volume(found.rows)][:MOST]
    columns = [column.key for column in by_volume(found.columns)][:MOST]
    if len(rows) < 2 or len(columns) < 2:
        return None
    scale = Scale.of(words, metric, (cells[metric.key].value for cells in found.cells.values()))
    fields = [
        {**point, "row": y, "column": x}
        for y, row in enumerate(rows)
        for x, column in enumerate(columns)
        if (
            point := scale.point(
                words,
                metric,
                found.cells.get((row, column)),
                Whose(asked.kind, asked.period, asked.by, row, asked.across, column),
            )
        )
    ]
    if not fields:
        return None
    names = {"by": dimension_of(words, asked.by, metric), "across": dimension_of(words, asked.view, metric)}
    caption = words("statistics.chart.by_two", metric=words(f"metric.{metric.key}"), most=MOST, **names)
    facts = {
        "rows": [called(viewer.words, grouping, row) for row in rows],
        "columns": [called(viewer.words, across, column) for column in columns],
        "fields": fields,
    }
    return chart(caption, "fields", facts)
