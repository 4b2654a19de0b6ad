"""What a file of past cases must come to, computed from the file alone: csv, clocks and shapely, none of our code."""

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from math import cos, hypot, radians
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from shapely import STRtree, make_valid
from shapely.affinity import scale
from shapely.geometry import Point, shape
from shapely.ops import nearest_points

ZONE: Final = ZoneInfo("America/New_York")
FORMAT: Final = "%m/%d/%Y %I:%M:%S %p"
DEGREE_M: Final = 111_195.0
NEAR_LIMIT_M: Final = 1.0
"""How far two ways of measuring may disagree at the limit before the file must be looked at by hand."""


@dataclass(slots=True)
class Expected:
    """Shares of the rows, and seconds to resolution of the closed rows with a place by category."""

    accepted: int = 0
    routed: int = 0
    waiting: int = 0
    parked: int = 0
    seconds: dict[str, list[int]] = field(default_factory=dict)
    elsewhere: dict[str, list[int]] = field(default_factory=dict)
    """The same of the closed rows without a usable place."""

    @property
    def as_history(self) -> "Expected":
        """A past is taken as it was, also without a place: nobody is asked for one. Its times stand apart."""
        return replace(self, routed=self.routed + self.waiting, waiting=0)


class Areas:
    """The polygons of a GeoJSON file."""

    def __init__(self, geojson: Path, limit_m: float) -> None:
        features = json.loads(geojson.read_text(encoding="utf-8"))["features"]
        # some real polygons cross themselves
        self._shapes = [make_valid(shape(feature["geometry"])) for feature in features]
        self._tree = STRtree(self._shapes)
        self._limit_m = limit_m

    def holds(self, lon: float, lat: float) -> bool:
        """Whether a point lies in an area, or no further from one than the limit."""
        point = Point(lon, lat)
        if len(self._tree.query(point, predicate="intersects")):
            return True
        distance_m = min(self._distance_m(i, point) for i in self._tree.query(point.buffer(0.05)).tolist() or [0])
        if abs(distance_m - self._limit_m) < NEAR_LIMIT_M:
            raise AssertionError(f"{lon}, {lat} is {distance_m:.2f} m outside: too near the limit to judge")
        return distance_m <= self._limit_m

    def _distance_m(self, i: int, point: Point) -> float:
        # x is squeezed first: what is nearest in degrees need not be nearest in metres
        squeeze = cos(radians(point.y))
        flat = scale(self._shapes[i], xfact=squeeze, yfact=1.0, origin=(0, 0))
        here = Point(point.x * squeeze, point.y)
        there = nearest_points(flat, here)[0]
        return hypot(there.x - here.x, there.y - here.y) * DEGREE_M


def expected_of(file: Path, areas: Areas) -> Expected:
    """Read a file in the shape of the New York one."""
    found = Expected()
    with file.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            _count(found, row, areas)
    return found


def _count(found: Expected, row: Mapping[str, str], areas: Areas) -> None:
    found.accepted += 1
    try:
        opened = _instant(row["created_date"])
    except ValueError:
        found.parked += 1
        return
    if not row["unique_key"]:
        found.parked += 1
        return
    closed = _closed(row["closed_date"], opened)
    if not _placed(row, areas):
        found.waiting += 1
        if closed is not None:
            found.elsewhere.setdefault(row["complaint_type"], []).append(round(closed - opened))
        return
    found.routed += 1
    if closed is not None:
        found.seconds.setdefault(row["complaint_type"], []).append(round(closed - opened))


def _closed(text: str, opened: float) -> float | None:
    """None where it is empty, no time, or before the report: then the case comes in without it."""
    try:
        closed = _instant(text, opened)
    except ValueError:
        return None
    return closed if closed >= opened else None


def _instant(text: str, after: float = 0.0) -> float:
    """Seconds since the epoch; of two instants that the clocks show alike the first that is not before `after`."""
    clock = datetime.strptime(text, FORMAT)  # noqa: DTZ007 - the zone comes next
    first, second = (clock.replace(tzinfo=ZONE, fold=fold).timestamp() for fold in (0, 1))
    return first if first >= after else second


def _placed(row: Mapping[str, str], areas: Areas) -> bool:
    try:
        lat, lon = float(row["latitude"]), float(row["longitude"])
    except ValueError:
        return False
    return abs(lat) <= 90 and abs(lon) <= 180 and areas.holds(lon, lat)


def figures(seconds: Sequence[int]) -> dict[str, float]:
    """Mean and percentiles, linear between ranks with both ends included."""
    ordered = sorted(seconds)
    return {
        "mean_s": sum(ordered) / len(ordered),
        "p50_s": _between(ordered, 0.5),
        "p90_s": _between(ordered, 0.9),
    }


def _between(ordered: Sequence[int], share: float) -> float:
    place = share * (len(ordered) - 1)
    below = ordered[int(place)]
    above = ordered[min(int(place) + 1, len(ordered) - 1)]
    return below + (above - below) * (place - int(place))
