"""Finds the meaning of numbers in a map file: degrees or metres of a projection, and their order.

Positions leave here as (lon, lat) in WGS-84 degrees. What cannot be known is a fault that names the option to say it.
"""

from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:  # it takes a sixth of a second, and most files need none of it
    from pyproj import CRS

from grid36.files.region.map_shapes import plain
from schemas.names import Name

Points = NDArray[np.float64]
"""One position per row: x, y."""
Move = Callable[[Points], Points]

_MOST: Final = 0.5
"""Of all positions: so many have to fit for the file to be what it seems."""
_BEYOND: Final = 3.0  # degrees around the area of a reference system in which it is still used
_FAR_M: Final = 500_000.0
_RADIUS_M: Final = 6_371_000.0
_ARCTIC: Final = 72.0  # degrees of latitude beyond which hardly anybody lives


class InDoubt(Exception):
    """What the numbers mean is not known; `text` says what was seen and what to do, in both languages."""

    def __init__(self, text: Name) -> None:
        super().__init__(text.en)
        self.text = text


def move_of(points: Points, crs: str | None, *, swap: bool | None, zone: str | None, asking: bool) -> Move | None:
    """How positions of this file become WGS-84 degrees; None where they are that. Raises `InDoubt`.

    `crs` is the name or definition of the reference system; without one the file is read as WGS-84 degrees.
    `swap` says whether latitude or northing comes first; None when nobody said. `zone` is the region's time zone.
    With `asking`, what is merely likely is asked about too, and remedies name options of the command.
    """
    to_degrees = _projection(crs)
    area = None if crs is None else _area(crs)
    plain, swapped = to_degrees(points), to_degrees(points[:, ::-1])
    fits, turned = _share(plain, area) >= _MOST, _share(swapped, area) >= _MOST
    likely = asking and fits and turned and _nearer(plain, swapped, zone)
    if swap is None and turned and (likely or not fits):
        northing = crs is not None and _known(crs).is_projected
        first = Name.of("files.axes.first.northing" if northing else "files.axes.first.latitude")
        raise _in_doubt(points, "likely_swapped" if asking else "swapped", first=first)
    if not (turned if swap else fits):
        in_degrees = crs is None or _known(crs).is_geographic
        raise _in_doubt(points, ("metres" if in_degrees else "outside") + ("_ask" if asking else ""))
    if crs is None and not swap:
        return None
    return (lambda given: to_degrees(given[:, ::-1])) if swap else to_degrees


def _in_doubt(points: Points, key: str, **facts: object) -> InDoubt:
    x, y = (plain(float(each)) for each in points[0])
    return InDoubt(Name.of(f"files.axes.{key}", x=x, y=y, **facts))


def _share(degrees: Points, area: tuple[float, float, float, float] | None) -> float:
    """How many of the positions lie on the earth where people live, and in the area of the reference system."""
    lon, lat = degrees[:, 0], degrees[:, 1]
    west, south, east, north = area or (-180.0, -80.0, 180.0, 80.0)
    across = (west - _BEYOND <= lon) & (lon <= east + _BEYOND)
    if west > east:  # over the line of dates
        across = (west - _BEYOND <= lon) | (lon <= east + _BEYOND)
    lively = across & (np.abs(lon) <= 180) & (np.abs(lat) <= 80) & (south - _BEYOND <= lat) & (lat <= north + _BEYOND)
    return float(np.mean(lively))


def _nearer(plain: Points, swapped: Points, zone: str | None) -> bool:
    """Whether the other order is far likelier: much nearer to the town of the time zone, or to any town."""
    if abs(np.median(plain[:, 1])) > _ARCTIC:
        return True
    towns = _towns()
    own = [towns[zone]] if zone in towns else list(towns.values())
    away = _distance(plain, own)
    return away > _FAR_M and _distance(swapped, own) < away / 2


def _distance(degrees: Points, towns: list[tuple[float, float]]) -> float:
    """To the nearest of them, in metres on a sphere."""
    lon, lat = np.radians(np.median(degrees, axis=0))
    there = np.radians(np.asarray(towns))
    half = np.sin((there[:, 1] - lat) / 2) ** 2
    half += np.cos(lat) * np.cos(there[:, 1]) * np.sin((there[:, 0] - lon) / 2) ** 2
    return float(np.min(2 * _RADIUS_M * np.arcsin(np.sqrt(half))))


@cache
def _towns() -> dict[str, tuple[float, float]]:
    """(lon, lat) of the town that each time zone is named after."""
    return {zone: place for zone, (_, place) in zones().items()}


@cache
def zones() -> dict[str, tuple[str, tuple[float, float]]]:
    """(country, (lon, lat) of its town) of each time zone, from the public table of zones."""
    lines = (files("tzdata.zoneinfo") / "zone.tab").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return {zone: (country, _sexagesimal(place)) for country, place, zone, *_ in rows}


def _sexagesimal(place: str) -> tuple[float, float]:
    """`+3114+12128` or `+404251-0740023` as (lon, lat)."""
    at = max(place.rfind("+"), place.rfind("-"))
    return _angle(place[at:], 3), _angle(place[:at], 2)


def _angle(text: str, digits: int) -> float:
    degrees, minutes, seconds = text[1 : 1 + digits], text[1 + digits : 3 + digits], text[3 + digits :]
    size = int(degrees) + int(minutes) / 60 + int(seconds or 0) / 3600
    return -size if text.startswith("-") else size


def _projection(crs: str | None) -> Move:
    """From the reference system to WGS-84 degrees, always x first. Raises `InDoubt`."""
    if crs is None:
        return lambda points: points
    from pyproj import CRS, Transformer
    from pyproj.exceptions import ProjError

    source = _known(crs)
    # CGCS2000 is WGS-84 within centimetres, and the tables of PROJ name no way between the two.
    target = source.geodetic_crs if _is_cgcs(source) else CRS.from_epsg(4326)
    try:
        transformer = Transformer.from_crs(source, target, always_xy=True, allow_ballpark=False)
    except ProjError:
        raise InDoubt(
            Name.of("files.axes.no_exact_way", name=source.name),
        ) from None
    return lambda points: np.column_stack(transformer.transform(points[:, 0], points[:, 1]))


def _known(crs: str) -> "CRS":
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        return CRS.from_user_input(f"OGC:{crs}" if crs.upper() in {"CRS84", "CRS83", "CRS27"} else crs)
    except CRSError:
        raise InDoubt(
            Name.of("files.axes.unknown_reference_system", crs=crs[:80]),
        ) from None


def _is_cgcs(crs: "CRS") -> bool:
    datum: Any = crs.geodetic_crs and crs.geodetic_crs.datum
    return datum is not None and datum.name.replace("_", " ").removeprefix("D ") in {
        "China 2000", "China Geodetic Coordinate System 2000", "CGCS2000",
    }  # fmt: skip


def _area(crs: str) -> tuple[float, float, float, float]:
    area = _known(crs).area_of_use
    return area.bounds if area else (-180.0, -90.0, 180.0, 90.0)
