"""Finds the nearest line to a point: road segments under a lazily filled raster of cells.

A cell remembers the straight edges that a point in it can be near to. They are few, whatever the size
of the city, and for a few edges plain floats are three times as fast as arrays.
"""

from collections.abc import Sequence
from math import floor, sqrt
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from rules.places.plane import Plane
from schemas.region import Point

_CELLS_PER_LINE = 4
_TIE_M = 0.001

Floats = NDArray[np.float64]


class _Edge(NamedTuple):
    """One straight edge in metres: start, direction, squared length, and the line it belongs to."""

    x: float
    y: float
    dx: float
    dy: float
    square: float
    line: int


class LineIndex:
    """Lines in the order of their ids; a tie, as at a shared corner, goes to the first."""

    def __init__(self, lines: Sequence[Sequence[Point]], plane: Plane, limit_m: float) -> None:
        self._plane = plane
        self._limit_m = limit_m
        self._starts, self._ends, self._owner = _edges(lines, plane)
        pairs = np.stack([self._starts, self._ends], axis=1)
        self._tree = shapely.STRtree(list(np.atleast_1d(np.asarray(shapely.linestrings(pairs)))))
        corners = np.concatenate([self._starts, self._ends])
        low, high = (corners.min(axis=0), corners.max(axis=0)) if len(corners) else (np.zeros(2), np.zeros(2))
        self._west, self._south = float(low[0]) - limit_m, float(low[1]) - limit_m
        self._east, self._north = float(high[0]) + limit_m, float(high[1]) + limit_m
        area = (self._east - self._west) * (self._north - self._south)
        self._step_m = max(limit_m, 1.0, sqrt(area / (_CELLS_PER_LINE * max(1, len(lines)))))
        self._cells: dict[tuple[int, int], tuple[_Edge, ...]] = {}

    def nearest(self, lon: float, lat: float) -> tuple[int, float] | None:
        """(position, metres) of the nearest line within the limit, or None."""
        x, y = self._plane.xy(lon, lat)
        if not (self._west <= x <= self._east and self._south <= y <= self._north):
            return None
        key = (floor((x - self._west) / self._step_m), floor((y - self._south) / self._step_m))
        edges = self._cells.get(key)
        if edges is None:
            edges = self._cells[key] = self._fill(key)
        if not edges:
            return None
        squares = [_square(x, y, edge) for edge in edges]
        shortest = sqrt(min(squares))
        if shortest > self._limit_m:
            return None
        enough = (shortest + _TIE_M) ** 2
        return next(edge.line for edge, square in zip(edges, squares, strict=True) if square <= enough), shortest

    def _fill(self, key: tuple[int, int]) -> tuple[_Edge, ...]:
        """Edges near a cell, those of the first lines first."""
        west, south = self._west + key[0] * self._step_m, self._south + key[1] * self._step_m
        box = shapely.box(west, south, west + self._step_m, south + self._step_m)
        near = np.sort(self._tree.query(box, predicate="dwithin", distance=self._limit_m + 1.0))
        start, way = self._starts[near], self._ends[near] - self._starts[near]
        square = np.maximum((way**2).sum(axis=1), 1e-12)
        columns = (start[:, 0], start[:, 1], way[:, 0], way[:, 1], square, self._owner[near])
        return tuple(map(_Edge, *(column.tolist() for column in columns)))


def _square(x: float, y: float, edge: _Edge) -> float:
    """Square metres from a point to an edge."""
    start_x, start_y, dx, dy, square, _ = edge
    east, north = x - start_x, y - start_y
    along = (east * dx + north * dy) / square
    along = 0.0 if along < 0.0 else min(along, 1.0)
    return (east - along * dx) ** 2 + (north - along * dy) ** 2


def _edges(lines: Sequence[Sequence[Point]], plane: Plane) -> tuple[Floats, Floats, NDArray[np.int64]]:
    """Starts and ends in metres of every edge of every line, and the position of its line."""
    if not lines:
        return np.zeros((0, 2)), np.zeros((0, 2)), np.zeros(0, dtype=np.int64)
    metres = [plane.array(line) for line in lines]
    owner = np.repeat(np.arange(len(lines)), [len(m) - 1 for m in metres])
    return np.concatenate([m[:-1] for m in metres]), np.concatenate([m[1:] for m in metres]), owner
