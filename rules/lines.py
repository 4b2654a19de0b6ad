"""Which line is nearest to a point: road segments under a lazily filled raster of cells.

A cell remembers the straight edges that a point in it can be near to, as flat arrays, so that one
question is a handful of vector operations whatever the size of the city.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, sqrt

import numpy as np
import shapely
from numpy.typing import NDArray

from rules.plane import Plane
from schemas.region import Point

_CELLS_PER_LINE = 4
_TIE_M = 0.001

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class _Cell:
    """Edges near one cell: starts, directions, squared lengths, and the line each belongs to."""

    x: Floats
    y: Floats
    dx: Floats
    dy: Floats
    square: Floats
    line: tuple[int, ...]


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
        self._cells: dict[tuple[int, int], _Cell | None] = {}

    def nearest(self, lon: float, lat: float) -> tuple[int, float] | None:
        """(position, metres) of the nearest line within the limit, or None."""
        x, y = self._plane.xy(lon, lat)
        if not (self._west <= x <= self._east and self._south <= y <= self._north):
            return None
        key = (floor((x - self._west) / self._step_m), floor((y - self._south) / self._step_m))
        if key not in self._cells:
            self._cells[key] = self._fill(key)
        cell = self._cells[key]
        if cell is None:
            return None
        east, north = x - cell.x, y - cell.y
        along = np.minimum(np.maximum((east * cell.dx + north * cell.dy) / cell.square, 0.0), 1.0)
        squares = (east - along * cell.dx) ** 2 + (north - along * cell.dy) ** 2
        shortest = sqrt(np.minimum.reduce(squares))
        if shortest > self._limit_m:
            return None
        return cell.line[int((squares <= (shortest + _TIE_M) ** 2).argmax())], shortest

    def _fill(self, key: tuple[int, int]) -> _Cell | None:
        west, south = self._west + key[0] * self._step_m, self._south + key[1] * self._step_m
        box = shapely.box(west, south, west + self._step_m, south + self._step_m)
        near = np.sort(self._tree.query(box, predicate="dwithin", distance=self._limit_m + 1.0))
        if not len(near):
            return None
        start, way = self._starts[near], self._ends[near] - self._starts[near]
        square = np.maximum((way**2).sum(axis=1), 1e-12)
        line = tuple(self._owner[near].tolist())
        return _Cell(start[:, 0], start[:, 1], way[:, 0], way[:, 1], square, line)


def _edges(lines: Sequence[Sequence[Point]], plane: Plane) -> tuple[Floats, Floats, NDArray[np.int64]]:
    """Starts and ends in metres of every edge of every line, and the position of its line."""
    if not lines:
        return np.zeros((0, 2)), np.zeros((0, 2)), np.zeros(0, dtype=np.int64)
    metres = [plane.array(line) for line in lines]
    owner = np.repeat(np.arange(len(lines)), [len(m) - 1 for m in metres])
    return np.concatenate([m[:-1] for m in metres]), np.concatenate([m[1:] for m in metres]), owner
