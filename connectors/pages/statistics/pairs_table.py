"""One metric by two dimensions: rows of one, columns of the other, over the whole period."""

from typing import Final

import htpy as h

from connectors.ledger.queries.statistics.pairs import PairTable
from connectors.pages.html.viewer import Viewer
from connectors.pages.statistics.figures import Whose, figure
from connectors.pages.statistics.groupings import called, dimension_of
from connectors.pages.statistics.looking import PairsFound
from connectors.pages.statistics.rows import MOST_ROWS, by_volume

MOST_COLUMNS: Final = 20
"""On a page, the largest; files have all."""


def pairs_table(viewer: Viewer, pairs: PairsFound, found: PairTable) -> list[h.Element | None]:
    """The table, the largest rows and columns first, and how many are left out."""
    words, (asked, grouping, across, _) = viewer.words, pairs
    metric, rows, columns = asked.metric, by_volume(found.rows), by_volume(found.columns)
    shown = columns[:MOST_COLUMNS]
    whose = Whose(asked.kind, asked.period)
    heads = [h.th(scope="col")[called(viewer.words, across, column.key)] for column in shown]
    lines = [
        h.tr[
            h.th(scope="row")[called(viewer.words, grouping, row.key)],
            [
                figure(
                    viewer,
                    metric,
                    found.cells.get((row.key, column.key)),
                    Whose(asked.kind, asked.period, asked.by, row.key, asked.across, column.key),
                )
                for column in shown
            ],
            figure(viewer, metric, found.rows[row.key], Whose(asked.kind, asked.period, asked.by, row.key)),
        ]
        for row in rows[:MOST_ROWS]
    ]
    sums = [
        figure(viewer, metric, found.columns[column.key], Whose(asked.kind, asked.period, asked.across, column.key))
        for column in shown
    ]
    foot = h.tr(".sum")[h.th(scope="row")[words("figures.all")], sums, figure(viewer, metric, found.whole, whose)]
    names = {"by": dimension_of(words, asked.by, metric), "across": dimension_of(words, asked.view, metric)}
    caption = words("statistics.by_two", metric=words(f"metric.{metric.key}"), **names)
    head = h.tr[h.th(scope="col")[names["by"]], heads, h.th(scope="col")[words("figures.all")]]
    left = found.left + max(0, len(rows) - MOST_ROWS) + max(0, len(columns) - MOST_COLUMNS)
    return [
        h.div(".wide", tabindex="0", role="region", aria_label=caption)[
            h.table(".figures.measured")[h.caption[caption], h.thead[head], h.tbody[lines], h.tfoot[foot]]
        ],
        h.p(".quiet")[words("statistics.more", n=left)] if left else None,
    ]
