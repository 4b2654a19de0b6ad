"""Finds the area that contains a point: polygons under a lazily filled raster of cells.

A city asks this for every report, and a scalar query of a tree costs 50 µs. A cell remembers which
areas touch it, and which cover it whole, so most points need no geometry at all.
"""

from collections.abc import Sequence
from math import floor, sqrt

import numpy as np
import shapely

from rules.places.plane import Plane
from schemas.region import Polygon

_CELLS_PER_AREA = 16
_TIE_M = 0.001


def shape_of(polygons: Sequence[Polygon]) -> shapely.Geometry:
    """The polygons as one valid geometry in degrees; self-crossing rings are repaired."""
    whole = shapely.MultiPolygon([shapely.Polygon(rings[0], rings[1:]) for rings in polygons])
    return whole if whole.is_valid else shapely.make_valid(whole)


class AreaIndex:
    """Areas in the order of their codes; if several contain a point, as on an edge, the first wins."""

    def __init__(self, shapes: Sequence[shapely.Geometry], plane: Plane) -> None:
        self._shapes = tuple(shapes)
        self._plane = plane
        self._tree = shapely.STRtree(self._shapes)
        self._metres: shapely.STRtree | None = None
        for shape in self._shapes:
            shapely.prepare(shape)
        west, south, east, north = shapely.total_bounds(np.asarray(self._shapes)) if shapes else (0.0,) * 4
        self._west, self._south, self._east, self._north = float(west), float(south), float(east), float(north)
        cells = sqrt(_CELLS_PER_AREA * max(1, len(self._shapes)))
        self._step_lon = max((self._east - self._west) / cells, 1e-9)
        self._step_lat = max((self._north - self._south) / cells, 1e-9)
        self._cells: dict[tuple[int, int], tuple[tuple[int, shapely.Geometry | None], ...]] = {}

    def find(self, lon: float, lat: float) -> int | None:
        """Position of the first area that contains the point, edges included, or None."""
        if not (self._shapes and self._west <= lon <= self._east and self._south <= lat <= self._north):
            return None
        key = (floor((lon - self._west) / self._step_lon), floor((lat - self._south) / self._step_lat))
        cell = self._cells.get(key)
        if cell is None:
            cell = self._cells[key] = self._fill(key)
        for position, shape in cell:
            if shape is None or shapely.intersects_xy(shape, lon, lat):
                return position
        return None

    def _fill(self, key: tuple[int, int]) -> tuple[tuple[int, shapely.Geometry | None], ...]:
        """Areas that touch a cell, first code first; None in place of a shape that covers it whole."""
        west, south = self._west + key[0] * self._step_lon, self._south + key[1] * self._step_lat
        # One thousandth wider than the cell, so that rounding of `key` never loses an area at its rim.
        rim_lon, rim_lat = self._step_lon / 1000, self._step_lat / 1000
        box = shapely.box(
            west - rim_lon, south - rim_lat, west + self._step_lon + rim_lon, south + self._step_lat + rim_lat
        )
        found: list[tuple[int, shapely.Geometry | None]] = []
        for position in sorted(int(i) for i in self._tree.query(box, predicate="intersects")):
            shape = self._shapes[position]
            whole = bool(shapely.covers(shape, box))
            found.append((position, None if whole else shape))
            if whole:
                break
        return tuple(found)

    def nearest(self, lon: float, lat: float, limit_m: float) -> tuple[int, float] | None:
        """(position, metres) of the nearest area within the limit, or None; ties go to the first."""
        if not self._shapes:
            return None
        if self._metres is None:
            self._metres = shapely.STRtree([self._plane.geometry(shape) for shape in self._shapes])
        point = shapely.Point(self._plane.xy(lon, lat))
        near = np.sort(self._metres.query(point, predicate="dwithin", distance=limit_m))
        if not len(near):
            return None
        distances = shapely.distance(self._metres.geometries[near], point)
        first = int(np.argmax(distances <= distances.min() + _TIE_M))
        return int(near[first]), float(distances[first])
