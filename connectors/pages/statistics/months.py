"""One metric by month: a row for each group, a column for each month, and what the period is compared with."""

import htpy as h

from connectors.ledger.queries.statistics.periods import DayPeriod
from connectors.pages.html.bars import bar
from connectors.pages.html.viewer import Viewer
from connectors.pages.statistics.figures import Whose, figure
from connectors.pages.statistics.groupings import called, dimension_of
from connectors.pages.statistics.looking import COMPARED, StatisticsFound
from connectors.pages.statistics.rows import MOST_ROWS, StatisticsRow


def month_table(viewer: Viewer, found: StatisticsFound) -> h.Element:
    """The table; rows of one section stand together, such as communities of one class."""
    words, asked, rows = viewer.words, found.asked, found.rows
    metric = asked.metric
    heads = [h.th(scope="col")[_month(column.period)] for column in found.columns.months]
    heads += [
        h.th(scope="col")[words(f"statistics.column.{name}"), h.small[_days(column.period)]]
        for name, column in zip(COMPARED, found.columns.compared, strict=True)
    ]
    most = max((row.value or 0 for row in rows), default=0)
    lines, section = list[h.Element](), ""
    for row in rows[:MOST_ROWS]:
        if row.section != section:
            section = row.section
            lines.append(h.tr(".section")[h.th(scope="rowgroup", colspan=len(heads) + 1)[section]])
        drawn = bar([("rest", row.value or 0)], most)
        cells = [
            figure(viewer, metric, column.groups.get(row.key), Whose(asked.kind, column.period, asked.by, row.key))
            for column in found.columns.all
        ]
        name = called(viewer.words, found.grouping, row.key)
        lines.append(h.tr(class_="few" if row.few else None)[h.th(scope="row")[_rank(row), name, drawn], cells])
    whole = [figure(viewer, metric, column.whole, Whose(asked.kind, column.period)) for column in found.columns.all]
    foot = h.tr(".sum")[h.th(scope="row")[words("figures.all")], whole]
    caption = words(
        "statistics.by_month", metric=words(f"metric.{metric.key}"), by=dimension_of(words, asked.by, metric)
    )
    head = h.tr[h.th(scope="col")[dimension_of(words, asked.by, metric)], heads]
    return h.div(".wide", tabindex="0", role="region", aria_label=caption)[
        h.table(".figures.measured")[h.caption[caption], h.thead[head], h.tbody[lines], h.tfoot[foot]]
    ]


def _month(period: DayPeriod) -> h.Node:
    """The month, and its days if it is a part of one."""
    return period.month if period.whole_months else [period.month, h.small[f"{period.first:%d}–{period.last:%d}"]]


def _days(period: DayPeriod) -> str:
    return f"{period.first:%Y-%m-%d} – {period.last:%Y-%m-%d}"


def _rank(row: StatisticsRow) -> h.Node:
    return h.span(".rank")[f"{row.rank}. "] if row.rank is not None else None
