"""Geodetic datums and the exact way from GCJ-02 and BD-09 to WGS-84.

Public formulas of the two obfuscated Chinese datums: GCJ-02 is WGS-84 plus a smooth offset on the
Krasovsky 1940 ellipsoid; BD-09 adds a second polar offset. Inverses are found by fixed-point passes.
"""

from math import atan2, cos, hypot, pi, radians, sin, sqrt

from schemas.models import ChoiceEnum

_A = 6378245.0
_EE = 0.00669342162296594323
_WEST, _EAST, _SOUTH, _NORTH = 72.004, 137.8347, 0.8293, 55.8271
_BD = pi * 3000.0 / 180.0
# Measured: one pass is 0.4 m off, three less than 1e-7 m; BD-09 starts further away.
_GCJ_PASSES = 3
_BD_PASSES = 12


class Datum(ChoiceEnum):
    """The geodetic datum of a pair of degrees; without one it may be 583 m off."""

    WGS84 = "wgs84"
    GCJ02 = "gcj02"
    BD09 = "bd09"


def _in_box(lon: float, lat: float) -> bool:
    return _WEST <= lon <= _EAST and _SOUTH <= lat <= _NORTH


def _waves(x: float, y: float) -> float:
    return 20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi) + y


def _offset(lon: float, lat: float) -> tuple[float, float]:
    """What GCJ-02 adds to WGS-84 degrees at a point inside the box."""
    x, y = lon - 105.0, lat - 35.0
    common = _waves(x, 0.0)
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + common * 2.0 / 3.0
    north += (20.0 * sin(y * pi) + 40.0 * sin(y / 3.0 * pi)) * 2.0 / 3.0
    north += (160.0 * sin(y / 12.0 * pi) + 320.0 * sin(y * pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + common * 2.0 / 3.0
    east += (20.0 * sin(x * pi) + 40.0 * sin(x / 3.0 * pi)) * 2.0 / 3.0
    east += (150.0 * sin(x / 12.0 * pi) + 300.0 * sin(x / 30.0 * pi)) * 2.0 / 3.0
    phi = radians(lat)
    magic = 1.0 - _EE * sin(phi) ** 2
    north = north * 180.0 / (_A * (1.0 - _EE) / (magic * sqrt(magic)) * pi)
    east = east * 180.0 / (_A / sqrt(magic) * cos(phi) * pi)
    return east, north


def wgs84_to_gcj02(lon: float, lat: float) -> tuple[float, float]:
    """(lon, lat) WGS-84 to GCJ-02, degrees; points outside the datum's box are unchanged."""
    if not _in_box(lon, lat):
        return lon, lat
    east, north = _offset(lon, lat)
    return lon + east, lat + north


def gcj02_to_wgs84(lon: float, lat: float) -> tuple[float, float]:
    """(lon, lat) GCJ-02 to WGS-84, degrees, exact to far below a millimetre inside the datum's box."""
    if not _in_box(lon, lat):
        return lon, lat
    guess_lon, guess_lat = lon, lat
    for _ in range(_GCJ_PASSES):
        east, north = _offset(guess_lon, guess_lat)
        guess_lon, guess_lat = lon - east, lat - north
    return guess_lon, guess_lat


def gcj02_to_bd09(lon: float, lat: float) -> tuple[float, float]:
    """(lon, lat) GCJ-02 to BD-09, degrees."""
    radius = hypot(lon, lat) + 0.00002 * sin(lat * _BD)
    angle = atan2(lat, lon) + 0.000003 * cos(lon * _BD)
    return radius * cos(angle) + 0.0065, radius * sin(angle) + 0.006


def bd09_to_gcj02(lon: float, lat: float) -> tuple[float, float]:
    """(lon, lat) BD-09 to GCJ-02, degrees, exact to below a millimetre."""
    guess_lon, guess_lat = lon - 0.0065, lat - 0.006
    for _ in range(_BD_PASSES):
        made_lon, made_lat = gcj02_to_bd09(guess_lon, guess_lat)
        guess_lon, guess_lat = guess_lon + lon - made_lon, guess_lat + lat - made_lat
    return guess_lon, guess_lat


def to_wgs84(lon: float, lat: float, datum: Datum, *, gcj: bool) -> tuple[float, float]:
    """(lon, lat) in `datum` to WGS-84 degrees.

    `gcj` is the region's switch: false where map providers give true positions inside the GCJ-02
    box too (Hong Kong would otherwise move by 595 m), so GCJ-02 there equals WGS-84.
    """
    if datum is Datum.WGS84:
        return lon, lat
    if datum is Datum.BD09:
        lon, lat = bd09_to_gcj02(lon, lat)
    return gcj02_to_wgs84(lon, lat) if gcj else (lon, lat)
