"""Draws the region from its grids, roads and landmarks: a map without tiles, as one small inline SVG."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import cos, hypot, radians
from typing import Final

import htpy as h
from aiohttp import web
from markupsafe import Markup, escape

from connectors.pages.html.map_labels import Labels
from schemas.names import Language
from schemas.region import Point, Region, Segment

WIDE: Final = 1000
"""Width of the whole map in drawing units."""
MOST_BYTES: Final = 24_000
"""Maps larger than this are drawn with fewer points, to limit the page size."""
AROUND_M: Final = 160.0
METRES_PER_DEGREE: Final = 111_320.0


@dataclass(frozen=True, slots=True)
class Frame:
    """Maps a rectangle of WGS-84 degrees to the drawing: x to the east, y to the south."""

    west: float
    north: float
    per_lon: float
    per_lat: float
    width: int
    height: int

    def put(self, point: Point) -> tuple[float, float]:
        """Coordinates in the drawing."""
        return (point[0] - self.west) * self.per_lon, (self.north - point[1]) * self.per_lat


def frame(west: float, south: float, east: float, north: float, wide: int = WIDE) -> Frame:
    """The frame of a rectangle, with as many units per metre in both directions."""
    per_lon = wide / (east - west)
    per_lat = per_lon / cos(radians((south + north) / 2))
    return Frame(west, north, per_lon, per_lat, wide, max(1, round((north - south) * per_lat)))


def whole(region: Region) -> Frame:
    """The frame around everything drawn, with a small margin."""
    points = [p for grid in region.grids for polygon in grid.polygons for p in polygon[0]]
    points += [p for segment in region.segments for p in segment.line]
    west, east = min(p[0] for p in points), max(p[0] for p in points)
    south, north = min(p[1] for p in points), max(p[1] for p in points)
    margin = max(east - west, north - south) * 0.03 + 1e-6
    return frame(west - margin, south - margin, east + margin, north + margin)


class Maps:
    """Caches the maps of one region, by language: drawing a city takes longer than the rest of a page."""

    def __init__(self) -> None:
        self._region: Region | None = None
        self._drawn: dict[Language, Markup] = {}

    def pin_map(self, region: Region, language: Language, title: str) -> Markup:
        """As the function of the same name, but rendered to text only once."""
        if region is not self._region:
            self._region, self._drawn = region, {}
        if language not in self._drawn:
            self._drawn[language] = escape(pin_map(region, language, title))
        return self._drawn[language]


MAPS: Final = web.AppKey("maps", Maps)


def pin_map(region: Region, language: Language, title: str) -> h.Element:
    """The whole region, to set a pin on. Its data attributes let a script turn a tap into degrees."""
    at = whole(region)
    tries = (_layers(region, at, language, step) for step in (0.0, 1.0, 2.0, 4.0, 8.0, 16.0))
    drawn = next((drawn for drawn in tries if len(drawn) <= MOST_BYTES), _layers(region, at, language, 40.0))
    return h.svg(
        ".map.whole",
        viewBox=f"0 0 {at.width} {at.height}",
        role="img",
        tabindex="0",
        aria_label=title,
        data_west=str(at.west),
        data_north=str(at.north),
        data_per_lon=str(at.per_lon),
        data_per_lat=str(at.per_lat),
    )[h.title[title], drawn, _pin(hidden=True)]


def mini_map(region: Region, lon: float, lat: float, segment: str | None, language: Language, title: str) -> h.Element:
    """The streets around one point, with its segment marked; at the region's edge the view moves inwards."""
    up = AROUND_M / METRES_PER_DEGREE
    side = up / cos(radians(lat)) * 1.6
    areas = [
        polygon[0]
        for grid in region.grids
        for polygon in grid.polygons
        if _touches(polygon[0], lon, lat, 2 * side, 2 * up)
    ]
    near = [s for s in region.segments if _touches(s.line, lon, lat, side * 2.2, up * 2.2)]
    seen = [point for line in (*areas, *(s.line for s in near)) for point in line]
    west, east = _inwards(lon, side, [p[0] for p in seen])
    south, north = _inwards(lat, up, [p[1] for p in seen])
    at = frame(west, south, east, north, 320)
    roads = [h.polyline(points=_points(s.line, at, 1.0), class_="own" if s.id == segment else "road") for s in near]
    area = "".join("M" + _points(ring, at, 1.0) + "z" for ring in areas)
    x, y = at.put((lon, lat))
    pin = _pin(transform=f"translate({x:.0f} {y:.0f})")
    names = _names(region, near, segment, at, language, (x, y))
    return h.svg(".map.mini", viewBox=f"0 0 {at.width} {at.height}", role="img", aria_label=title)[
        h.title[title], h.path(".grid", d=area), roads, names, pin
    ]


def _inwards(middle: float, half: float, seen: Iterable[float]) -> tuple[float, float]:
    """A window around `middle`, moved inwards so that it shows little beyond `seen`."""
    known = [*seen, middle]
    margin = half * 0.2
    low, high = min(known) - margin, max(known) + margin
    start = max(middle - half, low) if middle - half < low else min(middle - half, high - 2 * half)
    start = min(max(start, middle - 2 * half + margin), middle - margin)
    return start, start + 2 * half


def _names(
    region: Region, near: list[Segment], segment: str | None, at: Frame, language: Language, pin: tuple[float, float]
) -> list[h.Element]:
    """Labels in order of importance: this road, landmarks, then other roads, as far as they fit."""
    labels, inside = Labels(at.width, at.height), {s.id: _visible(s, at) for s in near}
    labels.keep_free(*pin, 10)
    roads: dict[str, list[Segment]] = {}
    for each in near:
        roads.setdefault(each.road.to(language), []).append(each)
    own = {name for name, parts in roads.items() if any(part.id == segment for part in parts)}
    drawn = [_road(labels, name, roads[name], inside) for name in own]
    for mark in region.landmarks:
        x, y = at.put((mark.lon, mark.lat))
        if 0 < x < at.width and 0 < y < at.height:
            labels.keep_free(x, y, 4)
            drawn.append(_dot(x, y))
            drawn.append(labels.beside(mark.name.to(language), x, y))
    others = {name: parts for name, parts in roads.items() if name not in own and len(parts) > 1}
    drawn += [_road(labels, name, parts, inside) for name, parts in others.items()]
    return [each for each in drawn if each is not None]


def _road(
    labels: Labels, name: str, parts: list[Segment], inside: dict[str, tuple[float, float, bool] | None]
) -> h.Element | None:
    """The name at the first of its segments that has space for it."""
    spots = [spot for part in parts if (spot := inside[part.id]) is not None]
    return next((drawn for x, y, turned in spots if (drawn := labels.along(name, x, y, turned=turned))), None)


def _visible(segment: Segment, at: Frame) -> tuple[float, float, bool] | None:
    """The middle of the visible part of a segment, and whether it runs north."""
    (x1, y1), (x2, y2) = at.put(segment.line[0]), at.put(segment.line[-1])
    left, right = max(min(x1, x2), 0), min(max(x1, x2), at.width)
    top, foot = max(min(y1, y2), 0), min(max(y1, y2), at.height)
    if left > right or top > foot:
        return None
    return (left + right) / 2, (top + foot) / 2, abs(y2 - y1) > abs(x2 - x1)


def _layers(region: Region, at: Frame, language: Language, step: float) -> Markup:
    """Grids at the bottom, then roads, their names and the landmarks; as text, because its length matters."""
    rings = [ring for grid in region.grids for polygon in grid.polygons for ring in polygon[:1]]
    area = "".join("M" + _points(ring, at, step) + "z" for ring in rings)
    roads = "".join("M" + _points(segment.line, at, step) for segment in region.segments)
    named = _road_names(region.segments, at, language, 30) if step < 2 else []
    marks = [_landmark(mark.name.to(language), at.put((mark.lon, mark.lat)), 30) for mark in region.landmarks]
    return escape(h.fragment[h.path(".grid", d=area), h.path(".road", d=roads), named, marks if step < 4 else None])


def _points(line: Iterable[Point], at: Frame, step: float) -> str:
    """Points as whole numbers; omits a point nearer than `step` to the previous one, except the last."""
    placed = [at.put(point) for point in line]
    shown = placed[:1]
    for here in placed[1:-1]:
        if hypot(here[0] - shown[-1][0], here[1] - shown[-1][1]) > step:
            shown.append(here)
    shown += placed[-1:] if len(placed) > 1 else []
    return " ".join(f"{x:.0f},{y:.0f}" for x, y in shown)


def _road_names(segments: Iterable[Segment], at: Frame, language: Language, size: int) -> list[h.Element]:
    """One label for each road of several segments, at the middle segment and along it."""
    roads: dict[str, list[Segment]] = {}
    for segment in segments:
        roads.setdefault(segment.road.to(language), []).append(segment)
    long = {name: parts[len(parts) // 2] for name, parts in roads.items() if len(parts) > 1}
    return [_label(name, segment, at, size) for name, segment in long.items()]


def _label(text: str, segment: Segment, at: Frame, size: int, up: int = 4) -> h.Element:
    """A road's name above the middle of a segment, rotated if the road runs north."""
    (x1, y1), (x2, y2) = at.put(segment.line[0]), at.put(segment.line[-1])
    x, y = f"{(x1 + x2) / 2:.0f}", f"{(y1 + y2) / 2:.0f}"
    turned = f"rotate(-90 {x} {y})" if abs(y2 - y1) > abs(x2 - x1) else None
    return h.text(x=x, y=y, dy=-up, font_size=size, transform=turned)[text]


def _landmark(text: str, where: tuple[float, float], size: int) -> h.Node:
    x, y = where
    return _dot(x, y), h.text(".spot", x=f"{x + 7:.0f}", y=f"{y + 4:.0f}", font_size=size)[text]


def _dot(x: float, y: float) -> h.Element:
    return h.circle(".spot", cx=f"{x:.0f}", cy=f"{y:.0f}", r=4)


def _pin(**attributes: h.Attribute) -> h.Element:
    return h.g(".mark", **attributes)[h.circle(r=9), h.circle(r=3)]


def _touches(line: Iterable[Point], lon: float, lat: float, wide: float, high: float) -> bool:
    """True if a line is near, by its bounding box, which is precise enough for drawing."""
    points = list(line)
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    return min(xs) < lon + wide and max(xs) > lon - wide and min(ys) < lat + high and max(ys) > lat - high
