"""All metrics of one period: a row for each group, and the periods that it is compared with."""

from typing import Final

import htpy as h

from connectors.ledger.queries.statistics.metrics import CALLED, METRICS, NOTHING, CallMetric, Metric
from connectors.ledger.queries.statistics.tables import StatisticsColumn
from connectors.pages.html.viewer import Viewer
from connectors.pages.statistics.figures import Whose, figure
from connectors.pages.statistics.groupings import called
from connectors.pages.statistics.looking import COMPARED, StatisticsFound
from connectors.pages.statistics.rows import MOST_ROWS

ONLY_BY_DAY: Final = "mean_days"


def metrics_table(viewer: Viewer, found: StatisticsFound) -> h.Element:
    """The table, with the periods that the whole is compared with at its end."""
    words, asked, here = viewer.words, found.asked, found.columns.compared[0]
    metrics = shown(here)
    heads = [
        h.th(scope="col")[h.a(href=asked.address(view="months", metric=each.key))[words(f"metric.{each.key}")]]
        for each in metrics
    ]
    lines = [
        h.tr[
            h.th(scope="row")[called(viewer.words, found.grouping, row.key)],
            [
                figure(viewer, each, here.groups[row.key], Whose(asked.kind, asked.period, asked.by, row.key))
                for each in metrics
            ],
        ]
        for row in found.rows[:MOST_ROWS]
    ]
    foot = [
        h.tr(".sum")[
            h.th(scope="row")[words(f"statistics.of.{name}"), h.small[f"{column.period.first} – {column.period.last}"]],
            [figure(viewer, each, column.whole, Whose(asked.kind, column.period)) for each in metrics],
        ]
        for name, column in zip(COMPARED, found.columns.compared, strict=True)
    ]
    caption = words("statistics.by_metric", by=words(f"dimension.{asked.by}"))
    head = h.tr[h.th(scope="col")[words(f"dimension.{asked.by}")], heads]
    return h.div(".wide", tabindex="0", role="region", aria_label=caption)[
        h.table(".figures.measured.every")[h.caption[caption], h.thead[head], h.tbody[lines], h.tfoot[foot]]
    ]


def shown(column: StatisticsColumn) -> list[Metric]:
    """All metrics; days to resolution only if of some cases nothing else is known, those of calls if there are any."""
    by_day, calls = (bool(column.whole.get(key, NOTHING).n) for key in (ONLY_BY_DAY, CALLED.key))
    return [each for each in METRICS if (calls if isinstance(each, CallMetric) else each.key != ONLY_BY_DAY or by_day)]
