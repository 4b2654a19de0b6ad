"""Says above a list whose figure its cases are."""

import htpy as h

from connectors.ledger.queries.statistics.metrics import BY_KEY
from connectors.pages.html.layout import notice
from connectors.pages.html.viewer import Viewer
from connectors.pages.statistics.asked import StatisticsAsked
from connectors.pages.statistics.cases_asked import CasesAsked
from connectors.pages.statistics.groupings import called, grouping_of


def of_figure(viewer: Viewer, counted: CasesAsked) -> h.Element:
    """Which cases are shown, and the ways back to the statistics and to all cases."""
    words, first, last = viewer.words, counted.period.first, counted.period.last
    who = words("counted.everybody")
    if counted.by is not None:
        who = called(words, grouping_of(viewer.gateway, counted.by, counted.people), counted.key)
    if counted.across is not None:
        across = grouping_of(viewer.gateway, counted.across, counted.people)
        who = f"{who} · {called(words, across, counted.across_key)}"
    kind = f"{words(f'kind.{counted.kind}')} · {words(f'counted.of.{counted.cases}')}"
    back = StatisticsAsked("months", counted.by or "department", BY_KEY["mean_s"], counted.kind, counted.period)
    return notice(
        "plain",
        h.p[words("counted.title", cases=kind, who=who, first=first, last=last)],
        h.p[words("counted.calls")] if counted.calls is not None else None,
        h.p[
            h.a(href=back.address(view="metrics"))[words("statistics.link")],
            " · ",
            h.a(href="/supervisor")[words("counted.all")],
        ],
    )
