"""Road segments that nobody answers for at this moment: to be seen at the start of the shift, not when a case comes."""

from itertools import groupby
from typing import Final

from connectors.ledger.queries.absences import Absences
from connectors.pages.html.layout import notice
from connectors.pages.html.markup import Html, tag
from connectors.pages.html.viewer import Viewer
from schemas.region import Region, Segment

MOST: Final = 40
"""Roads that one page names."""


def unowned(region: Region, covers: Absences, t_ms: int) -> list[Segment]:
    """Segments without an owner, or whose owner is away and nobody stands in; their cases go to the fallback owner."""
    return [
        segment for segment in region.segments if segment.owner is None or covers.stands_in(segment.owner, t_ms) is None
    ]


def told(viewer: Viewer, covers: Absences) -> Html:
    """Which roads they are, and what to do."""
    words, segments = viewer.words, unowned(viewer.gateway.region, covers, viewer.now_ms)
    if not segments:
        return tag("p", words("unowned.none"), class_="quiet", id="unowned")
    by_road = sorted(segments, key=lambda segment: (segment.road.to(viewer.language), segment.id))
    roads = [
        f"{road}: {', '.join(segment.id for segment in same)}"
        for road, same in groupby(by_road, key=lambda segment: segment.road.to(viewer.language))
    ]
    listed = [tag("li", road) for road in roads[:MOST]]
    more = tag("li", "…") if len(roads) > MOST else None
    text = tag("p", words("unowned.some", count=len(segments)))
    return tag("div", notice("bad", text, tag("ul", listed, more)), id="unowned")


def counted(viewer: Viewer, count: int) -> Html:
    """One line that leads there; empty while everything has an owner."""
    line = tag("a", viewer.words("unowned.count", count=count), href="/covers?role=supervisor") if count else None
    return tag("p", line, id="unowned", data_live=True, class_="late" if count else "quiet")
