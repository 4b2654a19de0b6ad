"""The grids and roads of a region as GeoJSON, drawn by the map of the live board."""

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from schemas.names import Language
from schemas.region import Grid, Region

Within = frozenset[str] | None
"""The only grids that a reader may see; None: all."""
MOST: Final = 64
"""For how many different readers they are kept."""
WIDE: Final = 1.5
"""From so many times wider than high on, shapes leave most of a square frame empty."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """GeoJSON as bytes, a name that changes with it, and whether it needs a wide frame."""

    body: bytes
    tag: str
    wide: bool


class Shapes:
    """Keeps the GeoJSON of the last region: making that of a city takes longer than the rest of an answer."""

    def __init__(self) -> None:
        self._region: Region | None = None
        self._drawn: dict[Within, Drawn] = {}

    def of(self, region: Region, within: Within = None) -> Drawn:
        """The shapes of a region, or of some of its grids."""
        if region is not self._region or len(self._drawn) > MOST:
            self._region, self._drawn = region, {}
        if within not in self._drawn:
            body = json.dumps(geojson(region, within), ensure_ascii=False, separators=(",", ":")).encode()
            wide = is_wide(_seen(region, within))
            self._drawn[within] = Drawn(body, sha256(body).hexdigest()[:32], wide)
        return self._drawn[within]


def is_wide(grids: Iterable[Grid]) -> bool:
    """Whether grids together are `WIDE` on the ground; no grids are not."""
    points = [point for grid in grids for polygon in grid.polygons for ring in polygon for point in ring]
    if not points:
        return False
    lons, lats = zip(*points, strict=True)
    wide = (max(lons) - min(lons)) * math.cos(math.radians(lats[0]))
    return bool(wide >= WIDE * (max(lats) - min(lats)))


def geojson(region: Region, within: Within = None) -> dict[str, Any]:
    """A FeatureCollection in WGS-84: `kind` is grid or road, `name` its name in both languages.

    With `within`, only these grids and the roads in them.
    """
    grids = [
        _feature("grid", grid.id, grid.name.to(Language.ZH), grid.name.to(Language.EN), "MultiPolygon", grid.polygons)
        for grid in _seen(region, within)
    ]
    roads = [
        _feature("road", each.id, each.road.to(Language.ZH), each.road.to(Language.EN), "LineString", each.line)
        for each in region.segments
        if within is None or each.grid in within
    ]
    return {"type": "FeatureCollection", "features": grids + roads}


def _seen(region: Region, within: Within) -> list[Grid]:
    return [grid for grid in region.grids if within is None or grid.id in within]


def _feature(kind: str, id: str, zh: str, en: str, type: str, coordinates: object) -> dict[str, Any]:
    named = {"kind": kind, "id": id, "zh-CN": zh, "en": en}
    return {"type": "Feature", "properties": named, "geometry": {"type": type, "coordinates": coordinates}}
