"""Reads shapes as map programs write them: polygons and lines in collections, in several parts, with heights."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from grid36.files.region.files import RegionFaults
from schemas.names import Name

Position = tuple[float, float]
_KINDS: Final = frozenset(
    {"Polygon", "MultiPolygon", "LineString", "MultiLineString", "Point", "MultiPoint", "GeometryCollection"}
)


@dataclass(frozen=True)
class Feature:
    """One feature of a map file; positions are (lon, lat) in WGS-84 degrees."""

    file: str
    number: int
    id: str | None
    properties: Mapping[str, Any]
    geometry: Mapping[str, Any]

    def fault(self, faults: RegionFaults, text: Name) -> None:
        """Add a fault of this feature."""
        faults.add(self.file, text, row=self.number)


def polygons_of(feature: Feature, faults: RegionFaults) -> list[Any] | None:
    """All polygons of a feature, heights dropped; None with one fault when there are none.

    Open rings are closed and rings without an area are left out: published files have both.
    Lines and points beside polygons in one collection are left out too; cutting areas makes them.
    """
    parts = _parts(feature, "Polygon", faults)
    if parts is None:
        return None
    try:
        polygons = [[_positions(ring) for ring in part] for part in parts]
    except (TypeError, ValueError, IndexError, KeyError, OverflowError):
        feature.fault(faults, Name.of("files.map.unreadable_coordinates"))
        return None
    repaired = [polygon for part in polygons for polygon in _repaired(part)]
    if not repaired:
        feature.fault(faults, Name.of("files.map.no_area"))
        return None
    return (
        repaired if _on_earth((p for polygon in repaired for ring in polygon for p in ring), feature, faults) else None
    )


def line_of(feature: Feature, faults: RegionFaults) -> list[Position] | None:
    """The positions of a line, heights dropped; parts that touch are joined. None with one fault for anything else."""
    parts = _parts(feature, "LineString", faults)
    if parts is None:
        return None
    try:
        lines = [line for part in parts if (line := _positions(part))]
    except (TypeError, ValueError, IndexError, KeyError, OverflowError):
        feature.fault(faults, Name.of("files.map.unreadable_coordinates"))
        return None
    joined = _joined(lines)
    if joined is None:
        text = Name.of("files.map.several_lines", n=len(lines))

        feature.fault(faults, text)
        return None
    return joined if _on_earth(joined, feature, faults) else None


def _parts(feature: Feature, kind: str, faults: RegionFaults) -> list[Any] | None:
    """The coordinates of all parts of this kind, in whatever they are packed."""
    if is_empty(feature.geometry):
        feature.fault(faults, Name.of("files.map.empty_shape"))
        return None
    found = list(_inside(feature.geometry, kind))
    if found:
        return found
    given = str(feature.geometry.get("type"))
    shown = Name.of(f"files.map.kind.{given}") if given in _KINDS else given
    key = "files.map.no_polygon_but" if kind == "Polygon" else "files.map.no_line_but"
    feature.fault(faults, Name.of(key, given=shown))
    return None


def is_empty(geometry: Mapping[str, Any]) -> bool:
    """Whether there is nothing in it: no geometry at all, or one without a single coordinate."""
    return not any(_leaves(geometry.get(key)) for key in ("coordinates", "geometries"))


def _leaves(value: Any) -> bool:
    if isinstance(value, dict):
        return not is_empty(value)
    return any(map(_leaves, value)) if isinstance(value, list) else value is not None


def _inside(geometry: Any, kind: str, depth: int = 0) -> Iterator[Any]:
    if not isinstance(geometry, Mapping) or depth > 10:
        return
    coordinates, given = geometry.get("coordinates"), geometry.get("type")
    if given == kind and coordinates:
        yield coordinates
    elif given == f"Multi{kind}" and isinstance(coordinates, list):
        yield from (part for part in coordinates if part)
    elif given == "GeometryCollection" and isinstance(geometry.get("geometries"), list):
        for each in geometry["geometries"]:
            yield from _inside(each, kind, depth + 1)


def _positions(ring: Sequence[Any]) -> list[Position]:
    return [(float(p[0]), float(p[1])) for p in ring]


def _on_earth(positions: Any, feature: Feature, faults: RegionFaults) -> bool:
    """Whether all are degrees; otherwise one fault, however many are not."""
    wrong = [(x, y) for x, y in positions if not (abs(x) <= 180 and abs(y) <= 90)]
    if wrong:
        x, y = map(plain, wrong[0])
        text = Name.of("files.map.not_degrees", n=len(wrong), x=x, y=y)
        feature.fault(faults, text)
    return not wrong


def plain(number: float) -> str:
    """A coordinate as people write it."""
    return f"{number:.7f}".rstrip("0").rstrip(".")


def has_area(feature: Feature) -> bool:
    """True if there is a polygon with an area; unreadable shapes are reported elsewhere."""
    try:
        parts = [[_positions(ring) for ring in part] for part in _inside(feature.geometry, "Polygon")]
    except (TypeError, ValueError, IndexError, KeyError, OverflowError):
        return True
    return not parts or any(_repaired(part) for part in parts)


def _repaired(part: list[list[Position]]) -> list[list[list[Position]]]:
    """One polygon without empty rings; where its outer ring was a mere spike, its holes are the area."""
    rings = [_closed(ring) for ring in part]
    if rings and rings[0]:
        return [[ring for ring in rings if ring]]
    return [[ring] for ring in rings if ring]


def _closed(ring: list[Position]) -> list[Position]:
    """The ring with its last point equal to its first; empty when fewer than three points are left."""
    points = [point for point, after in zip(ring, [*ring[1:], None], strict=True) if point != after]
    if len(points) > 1 and points[0] == points[-1]:
        points.pop()
    return [*points, points[0]] if len(points) > 2 else []


def _joined(parts: list[list[Position]]) -> list[Position] | None:
    """One line of parts that touch, in the direction of the first; None when they branch or leave a gap."""
    if len(parts) < 2:
        return parts[0] if parts else None
    ends = [_same(end) for part in parts for end in (part[0], part[-1])]
    if any(ends.count(end) > 2 for end in ends):
        return None
    line, left = list(parts[0]), parts[1:]
    while left:
        for part in left:
            ways = (part, part[::-1])
            after = next((way for way in ways if _same(way[0]) == _same(line[-1])), None)
            before = next((way for way in ways if _same(way[-1]) == _same(line[0])), None)
            if after is not None or before is not None:
                line = [*line, *after[1:]] if after is not None else [*(before or ())[:-1], *line]
                left.remove(part)
                break
        else:
            return None
    return line


def _same(position: Position) -> tuple[int, int]:
    """Positions within a centimetre count as one."""
    return round(position[0] * 1e7), round(position[1] * 1e7)
