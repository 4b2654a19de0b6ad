"""One hot spot as an address names it: a segment, a category, the kind of cases and the days."""

from collections.abc import Mapping
from typing import Final, NamedTuple
from urllib.parse import urlencode

from aiohttp import web

from connectors.ledger.queries.recurrence.exposure import PlaceKind
from connectors.pages.html.viewer import Viewer
from connectors.pages.recurrence.asked import HotSpotsAsked
from connectors.pages.statistics.groupings import called, grouping_of
from schemas.days import day_of

HOT: Final = ("kind", "from", "to")
"""What else an address says of it."""


class SpotAsked(NamedTuple):
    """A segment and a category that there are, of the cases and days that a list of hot spots is about."""

    segment: str
    category: str
    hot: HotSpotsAsked

    @classmethod
    def of(cls, viewer: Viewer, query: Mapping[str, str]) -> "SpotAsked":
        """Read an address or a form. Raises `Refused` (400), and `HTTPNotFound` for a place or category unknown."""
        segment, category = known_spot(viewer, query)
        hot = {name: query[name] for name in HOT if name in query}
        return cls(segment, category, HotSpotsAsked.of(hot, day_of(viewer.now_ms, viewer.zone)))

    @property
    def values(self) -> dict[str, str]:
        """The fields of its address."""
        hot = {name: value for name, value in self.hot.values.items() if name in HOT}
        return {"segment": self.segment, "category": self.category, **hot}

    def address(self, path: str, **more: str) -> str:
        """A page about it."""
        return f"{path}?{urlencode(self.values | more)}"

    def title(self, viewer: Viewer) -> str:
        """Segment and category as they are called."""
        return spot_name(viewer, self.segment, self.category)


def known_spot(viewer: Viewer, query: Mapping[str, str], by: PlaceKind = "segment") -> tuple[str, str]:
    """The place and the category of an address. Raises `HTTPNotFound` where there is none of this name."""
    place, category = query.get(by, ""), query.get("category", "")
    known = (grouping_of(viewer.gateway, by).names, grouping_of(viewer.gateway, "category").names)
    if place not in known[0] or category not in known[1]:
        raise web.HTTPNotFound
    return place, category


def spot_name(viewer: Viewer, place: str, category: str, by: PlaceKind = "segment") -> str:
    """A place and a category as they are called."""
    where = called(viewer.words, grouping_of(viewer.gateway, by), place)
    return f"{where} · {called(viewer.words, grouping_of(viewer.gateway, 'category'), category)}"
