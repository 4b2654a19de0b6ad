"""Reads map files: GeoJSON in all its variants and, through `map_ogr`, Shapefile and GeoPackage."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from grid36.files.region.files import RegionFaults, text_of
from grid36.files.region.map_axes import InDoubt, Move, move_of
from grid36.files.region.map_shapes import Feature, is_empty
from schemas.names import Name

WITH_OGR: Final = {".shp", ".gpkg", ".zip"}
_BESIDE: Final = {".dbf", ".shx", ".prj", ".cpg"}
_GEOMETRIES: Final = {
    "Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection",
}  # fmt: skip


@dataclass(frozen=True)
class ReadingWishes:
    """What the caller says about a map file; None leaves it to the file."""

    crs: str | None = None
    swap: bool | None = None
    """Whether latitude or northing comes first."""
    zone: str | None = None
    skip_empty: bool = False
    """Leave features without a shape out and note them, instead of refusing the file."""
    layer: str | None = None
    asking: bool = True
    """Whether what is merely likely is asked about; a region that is in use is not asked again."""


OF_A_REGION: Final = ReadingWishes(asking=False)


def read_features(path: Path, faults: RegionFaults, wish: ReadingWishes = OF_A_REGION) -> list[Feature]:
    """Features of a map file, in WGS-84 degrees; one fault where the whole file cannot be read."""
    if not path.exists():
        faults.add(path.name, Name.of("files.fault.file_missing"))
        return []
    content = _content(path, faults, wish)
    if content is None:
        return []
    raw, crs = content
    points = np.asarray([point for each in raw for point in _points(_geometry(each))], dtype=float).reshape(-1, 2)
    points = points[np.isfinite(points).all(axis=1)]
    move = None
    try:
        if len(points):
            move = move_of(points, wish.crs or crs, swap=wish.swap, zone=wish.zone, asking=wish.asking)
    except InDoubt as doubt:
        faults.add(path.name, doubt.text)
        return []
    return list(_features(path.name, raw, move, faults, wish))


def _content(path: Path, faults: RegionFaults, wish: ReadingWishes) -> tuple[Sequence[Any], str | None] | None:
    kind = path.suffix.lower()
    if kind in WITH_OGR:
        from grid36.files.region.map_ogr import read_ogr

        return read_ogr(path, wish.layer, faults)
    if kind in _BESIDE:
        shape = path.with_suffix(".shp").name
        faults.add(path.name, Name.of("files.map.part_of_shapefile", shape=shape))
        return None
    return _geojson(path, faults)


def _geojson(path: Path, faults: RegionFaults) -> tuple[Sequence[Any], str | None] | None:
    text = text_of(path)
    try:
        content = _parsed(text)
    except (ValueError, RecursionError) as error:
        faults.add(path.name, Name.of("files.map.save_as_geojson", what=_no_json(text, error)))
        return None
    kind = content.get("type") if isinstance(content, dict) else None
    if kind == "FeatureCollection" and isinstance(content.get("features"), list):
        return content["features"], _crs(content.get("crs"))
    if kind == "Feature":
        return [content], _crs(content.get("crs"))
    if kind in _GEOMETRIES:
        return [{"type": "Feature", "properties": {}, "geometry": content}], _crs(content.get("crs"))
    faults.add(path.name, Name.of("files.map.save_as_geojson", what=_other_json(content)))
    return None


def _other_json(content: Any) -> Name:
    """What JSON that is no GeoJSON seems to be."""
    keys = set(content) if isinstance(content, dict) else set()
    known = ({"arcs", "objects"}, "TopoJSON"), ({"geometryType", "features"}, "Esri JSON"), ({"elements"}, "OSM JSON")
    for signs, name in known:
        if signs <= keys:
            return Name.of("files.map.is.other", name=name)
    return Name.of("files.map.is.no_feature_collection")


def _no_json(text: str, error: Exception) -> Name:
    """What it is instead, or where it ends to be JSON."""
    head = text[:1000].lstrip().lower()
    if not head:
        return Name.of("files.map.is.empty")
    if "<kml" in head:
        return Name.of("files.map.is.kml")
    if "<gpx" in head:
        return Name.of("files.map.is.gpx")
    if head.startswith("<"):
        return Name.of("files.map.is.xml")
    if isinstance(error, json.JSONDecodeError):
        at = Name.of("files.map.character", line=error.lineno, character=error.colno)
        return Name.of("files.map.is.no_json_from", where=Name(zh=at.zh, en=f"{at.en}: {error.msg}"))
    return Name.of("files.map.is.no_json")


def _parsed(text: str) -> Any:
    """The JSON, or one feature a line, as some programs write."""
    try:
        return json.loads(text)
    except ValueError:
        lines = [line for raw in text.splitlines() if (line := raw.strip("\x1e \t"))]
        if len(lines) < 2 or not all(line.startswith("{") and line.endswith("}") for line in lines):
            raise
        return {"type": "FeatureCollection", "features": [json.loads(line) for line in lines]}


def _crs(said: Any) -> str | None:
    """The name of the reference system in an older GeoJSON; None for WGS-84 degrees."""
    if not said:
        return None
    properties = said.get("properties") if isinstance(said, dict) else None
    properties = properties if isinstance(properties, dict) else {}
    if (code := properties.get("code")) is not None:
        return f"EPSG:{code}"
    href = str(properties.get("href") or "")
    if found := re.search(r"epsg/(?:\d[\d.]*/)?(\d{4,6})", href, re.IGNORECASE):
        return f"EPSG:{found[1]}"
    return str(properties.get("name") or href or said)


def _features(
    file: str, raw: Sequence[Any], move: Move | None, faults: RegionFaults, wish: ReadingWishes
) -> Iterator[Feature]:
    whole = _written_as_decimals(raw)
    for number, each in enumerate(raw, 1):
        geometry = _geometry(each)
        if wish.asking and is_empty(geometry):
            if wish.skip_empty:
                faults.note(file, Name.of("files.map.no_shape_left_out"), row=number)
            else:
                text = Name.of("files.map.no_shape")
                faults.add(file, text, row=number)
            continue
        moved = geometry if move is None else _moved(geometry, move)
        properties = _properties(each)
        given = each.get("id") if isinstance(each, dict) else None
        given = _id(properties.get("id") if given in (None, "") else given, whole)
        yield Feature(file, number, given, properties, moved)


def _geometry(feature: Any) -> Mapping[str, Any]:
    geometry = feature.get("geometry") if isinstance(feature, dict) else None
    return geometry if isinstance(geometry, dict) else {}


def _properties(feature: Any) -> Mapping[str, Any]:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    return properties if isinstance(properties, dict) else {}


def _written_as_decimals(raw: Sequence[Any]) -> bool:
    """Whether all ids are whole numbers written as `1.0`, which a column of numbers with a gap becomes."""
    ids = [
        str(given)
        for each in raw
        if isinstance(each, dict) and (given := each.get("id") or _properties(each).get("id")) is not None
    ]
    return bool(ids) and all(re.fullmatch(r"\d+\.0", each) for each in ids)


def _id(given: Any, whole: bool) -> str | None:
    if given in (None, "") or isinstance(given, bool | list | dict):
        return None
    if isinstance(given, float) and given.is_integer():
        return str(int(given))
    return str(given).removesuffix(".0") if whole else str(given)


def _points(geometry: Any, depth: int = 0) -> Iterator[tuple[float, float]]:
    """All positions of a geometry at any depth; anything else is skipped and reported with its feature."""
    if depth > 20:
        return
    if isinstance(geometry, dict):
        yield from _points(geometry.get("coordinates"), depth + 1)
        yield from _points(geometry.get("geometries"), depth + 1)
    elif isinstance(geometry, list):
        if _is_position(geometry):
            yield float(geometry[0]), float(geometry[1])
        else:
            for each in geometry:
                yield from _points(each, depth + 1)


def _is_position(value: Any) -> bool:
    return (
        isinstance(value, list)
        and len(value) > 1
        and all(isinstance(n, int | float) and not isinstance(n, bool) and abs(n) < 1e300 for n in value[:2])
    )


def _moved(geometry: Any, move: Move) -> Any:
    if isinstance(geometry, dict):
        return {key: _moved(value, move) if key in ("coordinates", "geometries") else value
                for key, value in geometry.items()}  # fmt: skip
    if isinstance(geometry, list) and geometry and all(map(_is_position, geometry)):
        return move(np.asarray([point[:2] for point in geometry], dtype=float)).tolist()
    if _is_position(geometry):
        return move(np.asarray([geometry[:2]], dtype=float))[0].tolist()
    return [_moved(each, move) for each in geometry] if isinstance(geometry, list) else geometry
