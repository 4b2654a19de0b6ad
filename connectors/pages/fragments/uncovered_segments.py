"""Road segments that nobody is responsible for now, to be noticed when a shift starts, before a case comes."""

from itertools import groupby
from typing import Final

import htpy as h

from connectors.ledger.queries.absences import Absences
from connectors.pages.html.layout import notice
from connectors.pages.html.viewer import Viewer
from schemas.region import Segment

MOST: Final = 40
"""The most roads on one page."""


def unowned(viewer: Viewer, covers: Absences) -> list[Segment]:
    """Segments of the reader's grids without an owner, or whose owner is away without cover.

    Their cases go to the fallback owner.
    """
    return [
        segment
        for segment in viewer.gateway.region.segments
        if (segment.owner is None or covers.stands_in(segment.owner, viewer.now_ms) is None)
        and viewer.remit.has_grid(segment.grid)
    ]


def uncovered_list(viewer: Viewer, covers: Absences) -> h.Element:
    """The uncovered roads, and what to do."""
    words, segments = viewer.words, unowned(viewer, covers)
    if not segments:
        return h.p("#unowned.quiet")[words("unowned.none")]
    by_road = sorted(segments, key=lambda segment: (segment.road.to(viewer.language), segment.id))
    roads = [
        f"{road}: {', '.join(segment.id for segment in same)}"
        for road, same in groupby(by_road, key=lambda segment: segment.road.to(viewer.language))
    ]
    listed = [h.li[road] for road in roads[:MOST]]
    more = h.li["…"] if len(roads) > MOST else None
    text = h.p[words("unowned.some", count=len(segments))]
    return h.div("#unowned")[notice("bad", text, h.ul[listed, more])]


def counted(viewer: Viewer, count: int) -> h.Element:
    """A line with a link to them; empty while everything has an owner."""
    line = h.a(href="/covers?role=supervisor")[viewer.words("unowned.count", count=count)] if count else None
    return _line(count, line)


def unowned_line(viewer: Viewer, count: int) -> h.Element:
    """The same without the link, for screens that nobody touches."""
    return _line(count, h.b[viewer.words("unowned.count", count=count)] if count else None)


def _line(count: int, line: h.Element | None) -> h.Element:
    return h.p("#unowned", data_live=True, class_="late" if count else "quiet")[line]
