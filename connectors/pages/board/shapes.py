"""The grids and roads of a region as GeoJSON, drawn by the map of the live board."""

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from schemas.names import Language
from schemas.region import Region


@dataclass(frozen=True, slots=True)
class Drawn:
    """GeoJSON as bytes, and a name that changes with it."""

    body: bytes
    tag: str


class Shapes:
    """Keeps the GeoJSON of the last region: making that of a city takes longer than the rest of an answer."""

    def __init__(self) -> None:
        self._region: Region | None = None
        self._drawn = Drawn(b"", "")

    def of(self, region: Region) -> Drawn:
        """The shapes of a region."""
        if region is not self._region:
            body = json.dumps(geojson(region), ensure_ascii=False, separators=(",", ":")).encode()
            self._region, self._drawn = region, Drawn(body, sha256(body).hexdigest()[:32])
        return self._drawn


def geojson(region: Region) -> dict[str, Any]:
    """A FeatureCollection in WGS-84: `kind` is grid or road, `name` its name in both languages."""
    grids = [
        _feature("grid", grid.id, grid.name.to(Language.ZH), grid.name.to(Language.EN), "MultiPolygon", grid.polygons)
        for grid in region.grids
    ]
    roads = [
        _feature("road", each.id, each.road.to(Language.ZH), each.road.to(Language.EN), "LineString", each.line)
        for each in region.segments
    ]
    return {"type": "FeatureCollection", "features": grids + roads}


def _feature(kind: str, id: str, zh: str, en: str, type: str, coordinates: object) -> dict[str, Any]:
    named = {"kind": kind, "id": id, "zh-CN": zh, "en": en}
    return {"type": "Feature", "properties": named, "geometry": {"type": type, "coordinates": coordinates}}
