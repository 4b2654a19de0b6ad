"""`geo:` addresses (RFC 5870), the positions of Matrix: latitude first, WGS-84."""

import re
from typing import Final

GEO: Final = re.compile(r"geo:(-?\d{1,3}(?:\.\d{1,20})?),(-?\d{1,3}(?:\.\d{1,20})?)(?:,-?[\d.]{1,20})?((?:;.*)?)", re.I)
MOST: Final = 500
"""Characters; a longer one is no position."""


def read_geo(uri: str) -> tuple[float, float] | None:
    """(lon, lat) in WGS-84 degrees; None for what is no such position, or has another datum (`;crs=`)."""
    found = GEO.fullmatch(uri.strip()[:MOST])
    if found is None:
        return None
    lat, lon = float(found[1]), float(found[2])
    datum = [each[4:] for each in found[3].lower().split(";") if each.startswith("crs=")]
    if abs(lat) > 90 or abs(lon) > 180 or datum not in ([], ["wgs84"]):
        return None
    return lon, lat


def write_geo(lon: float, lat: float) -> str:
    """The address of WGS-84 degrees, to a tenth of a metre."""
    return f"geo:{lat:.6f},{lon:.6f}"
