"""Local metres: degrees of a small region on a flat plane, without a projection library."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Self

import numpy as np
import shapely
from numpy.typing import NDArray


@dataclass(frozen=True)
class Plane:
    """Equirectangular plane around one latitude; x east and y north in metres from (0° E, 0° N).

    It is affine, so inside, outside and on the edge are preserved. Scale is exact at its
    latitude and within 1 % for 50 km north or south of it, far below what a road's width asks for.
    """

    x_per_degree: float
    y_per_degree: float

    @classmethod
    def at(cls, lat: float) -> Self:
        """The plane for a latitude in degrees (series for the WGS-84 ellipsoid)."""
        phi = radians(max(-89.0, min(89.0, lat)))
        return cls(
            x_per_degree=111_412.84 * cos(phi) - 93.5 * cos(3 * phi) + 0.118 * cos(5 * phi),
            y_per_degree=111_132.92 - 559.82 * cos(2 * phi) + 1.175 * cos(4 * phi),
        )

    def xy(self, lon: float, lat: float) -> tuple[float, float]:
        """Metres of a WGS-84 point."""
        return lon * self.x_per_degree, lat * self.y_per_degree

    def array(self, points: Sequence[tuple[float, float]]) -> NDArray[np.float64]:
        """Metres of many WGS-84 points, shape (n, 2)."""
        return np.asarray(points, dtype=np.float64) * (self.x_per_degree, self.y_per_degree)

    def geometry(self, degrees: shapely.Geometry) -> shapely.Geometry:
        """A geometry in degrees as the same one in metres."""
        scale = (self.x_per_degree, self.y_per_degree)
        return shapely.transform(degrees, lambda points: points * scale)
