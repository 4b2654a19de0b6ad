"""Parses coordinates as files write them: one or two columns, degrees or metres, any decimal sign. Pure."""

import json
import re
from collections.abc import Callable
from functools import cache
from math import isfinite
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from schemas.datum import Datum
from schemas.place import Coordinates

if TYPE_CHECKING:
    from pyproj import Transformer

Order = Literal["lat_lon", "lon_lat"]
Decimal = Literal[".", ","]


class CoordinatePair(NamedTuple):
    """Two numbers of a position: `x` is longitude or easting, `y` latitude or northing."""

    x: float
    y: float


class Bare(NamedTuple):
    """Two numbers in one cell of which nothing says which comes first; `round` where they are in parentheses."""

    first: float
    second: float
    round: bool


_NUMBER: Final = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,2})?"
_COMMA: Final = r"[+-]?\d+,\d+"
_PLAIN: Final = re.compile(_NUMBER, re.ASCII)
_WITH_COMMA: Final = re.compile(_COMMA, re.ASCII)
_THOUSANDS: Final = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?", re.ASCII)
_GAPS: Final = re.compile(r"(?<=\d)['’ \u00a0\u202f](?=\d{3})")
_SIDE: Final = re.compile(r"^([NSEW])\s*(.*)$|^(.*?)\s*([NSEW])$", re.IGNORECASE | re.DOTALL)
_ANGLE: Final = re.compile(
    r"(\d{1,3})\s*°\s*(?:(\d{1,2}(?:\.\d+)?)\s*['′’]\s*)?(?:(\d{1,2}(?:\.\d+)?)\s*(?:\"|″|”|''))?", re.ASCII
)
_WKT: Final = re.compile(
    rf"(?:SRID=\d+;\s*)?(?:MULTI)?POINT\s*(?:Z|M|ZM)?\s*\(\s*\(?\s*({_NUMBER})\s+({_NUMBER})[^()]*\)", re.IGNORECASE
)
_GEO: Final = re.compile(rf"geo:({_NUMBER}),({_NUMBER})(?:[,;].*)?")
_ROUND: Final = re.compile(rf"\(\s*({_NUMBER})\s*[,;]\s*({_NUMBER})\s*\)\s*$")
_BARE: Final = re.compile(rf"\[?\s*({_NUMBER})\s*(?:[,;|]\s*|\s+)({_NUMBER})\s*\]?")
_BARE_COMMA: Final = re.compile(rf"\(?\s*({_COMMA})\s*(?:;\s*|,\s+|\s+)({_COMMA})\s*\)?")
_LAT: Final = ("latitude", "lat", "y")
_LON: Final = ("longitude", "lon", "lng", "long", "x")
_MOST: Final = 500
_DIGITS: Final = 8
"""Decimals of degrees that are kept of a converted position: far below a centimetre, and the same on every machine."""


def number(text: str, decimal: Decimal | None) -> float | None:
    """A number as people write it; None where it is none, or could be two.

    `50,8466` is one, and `683,256` two unless `decimal` says which: thousands are taken where several groups show it.
    """
    if decimal != "," and _PLAIN.fullmatch(text):  # nearly all of them
        return float(text)
    text = text.strip().translate(_WIDE)
    side = _SIDE.match(text)
    letter = (side[1] or side[4]).upper() if side else ""
    if side:
        text = (side[2] or side[3] or "").strip()
    found = _angle(text) if "°" in text else _plain(text, decimal)
    return -found if found is not None and letter in {"S", "W"} else found


_WIDE: Final = str.maketrans("０１２３４５６７８９．，－−（）；", "0123456789.,--();")


def _angle(text: str) -> float | None:
    """Degrees, minutes and seconds, or degrees with their sign."""
    negative = text.startswith("-")
    text = text.lstrip("+-")
    if found := _ANGLE.fullmatch(text):
        degrees, minutes, seconds = (float(part or 0) for part in found.groups())
        value = degrees + minutes / 60 + seconds / 3600 if minutes < 60 and seconds < 60 else None
    else:
        value = _plain(text.removesuffix("°").strip(), None)
    return -value if value is not None and negative else value


def _plain(text: str, decimal: Decimal | None) -> float | None:
    if _PLAIN.fullmatch(text) and not (decimal == "," and "." in text):
        return float(text)
    text = _GAPS.sub("", text)
    if decimal == ",":
        text = text.replace(".", "").replace(",", ".", 1)
    elif _WITH_COMMA.fullmatch(text) and decimal is None and not _THOUSANDS.fullmatch(text):
        text = text.replace(",", ".")
    elif _THOUSANDS.fullmatch(text) and (decimal == "." or text.count(",") > 1 or "." in text):
        text = text.replace(",", "")
    elif _WITH_COMMA.fullmatch(text) and decimal is None and abs(float(text.replace(",", "."))) <= 180:
        text = text.replace(",", ".")
    return float(text) if _PLAIN.fullmatch(text) else None


def both(text: str, decimal: Decimal | None) -> CoordinatePair | Bare | None:
    """What one cell with both coordinates says; None where it is no position."""
    text = text[-_MOST:].strip().translate(_WIDE)
    if found := _WKT.search(text):
        return CoordinatePair(float(found[1]), float(found[2]))
    if found := _GEO.fullmatch(text):
        return CoordinatePair(x=float(found[2]), y=float(found[1]))
    if text.startswith("{"):
        return _object(text)
    return _bare(text, decimal) or _sided(text, decimal)


def _bare(text: str, decimal: Decimal | None) -> Bare | None:
    if found := _ROUND.search(text):
        return Bare(float(found[1]), float(found[2]), round=True)
    if found := _BARE_COMMA.fullmatch(text):
        first, second = (float(part.replace(",", ".")) for part in found.groups())
        return Bare(first, second, round=text.startswith("("))
    if decimal != "," and (found := _BARE.fullmatch(text)):
        return Bare(float(found[1]), float(found[2]), round=False)
    return None


def _sided(text: str, decimal: Decimal | None) -> CoordinatePair | None:
    """`41.88N 87.63W`, in either order."""
    parts = re.findall(r"[^,;]*?[NS]|[^,;]*?[EW]", text, re.IGNORECASE)
    if len(parts) != 2:
        return None
    values = {part.strip()[-1].upper(): number(part, decimal) for part in parts}
    y = next((value for side, value in values.items() if side in "NS"), None)
    x = next((value for side, value in values.items() if side in "EW"), None)
    return None if x is None or y is None else CoordinatePair(x, y)


def _object(text: str) -> CoordinatePair | None:
    """A GeoJSON point, or an object with latitude and longitude, as JSON or as Python writes it."""
    for written in (text, text.replace("'", '"')):
        try:
            value = json.loads(written)
        except (ValueError, RecursionError):
            continue
        return _members(value) if isinstance(value, dict) else None
    return None


def _members(members: dict[str, object]) -> CoordinatePair | None:
    match members.get("coordinates"):
        case [int() | float() as x, int() | float() as y, *_]:
            return CoordinatePair(float(x), float(y))
    low = {str(name).casefold(): value for name, value in members.items()}
    lon, lat = (next((number(str(low[name]), ".") for name in names if name in low), None) for names in (_LON, _LAT))
    return None if lon is None or lat is None else CoordinatePair(lon, lat)


def ordered(bare: Bare, order: Order) -> CoordinatePair:
    """The two numbers, now that their order is known."""
    return CoordinatePair(bare.second, bare.first) if order == "lat_lon" else CoordinatePair(bare.first, bare.second)


def fits(pair: CoordinatePair) -> bool:
    """Whether these can be degrees."""
    return isfinite(pair.x) and isfinite(pair.y) and abs(pair.x) <= 180 and abs(pair.y) <= 90


def converter(datum: str) -> Callable[[CoordinatePair], Coordinates | None]:
    """A function from two numbers in a datum or coordinate system to a position; None where there is none."""
    if datum in set(Datum):
        plain = Datum(datum)
        return lambda pair: Coordinates(lon=pair.x, lat=pair.y, datum=plain) if fits(pair) else None
    return lambda pair: _converted(pair, datum)


def _converted(pair: CoordinatePair, system: str) -> Coordinates | None:
    change, (west, south, east, north) = _transformer(system)
    lon, lat = change.transform(pair.x, pair.y)
    here = CoordinatePair(lon, lat)
    wide = (east - west) % 360 or 360.0
    if not fits(here) or not south - 1 <= lat <= north + 1 or not (lon - west + 1) % 360 <= wide + 2:
        return None  # far from where this system is used: these are no coordinates of it
    return Coordinates(lon=round(lon, _DIGITS), lat=round(lat, _DIGITS))


@cache
def _transformer(system: str) -> tuple["Transformer", tuple[float, float, float, float]]:
    """To WGS-84, with x before y, and the degrees within which the system is used (west, south, east, north)."""
    from pyproj import CRS, Transformer

    source = CRS.from_user_input(system.upper())
    used = source.area_of_use
    box = (used.west, used.south, used.east, used.north) if used else (-180.0, -90.0, 179.999, 90.0)
    return Transformer.from_crs(source, "EPSG:4326", always_xy=True), box
