"""Where somebody is, and how far their cases are from there."""

from collections.abc import Iterable
from typing import Final

from connectors.cases.reader import Reader
from connectors.chat.messages import Incoming, SentMedia, SharedPosition
from schemas.case import Case
from schemas.duplicate_distance import distance_m
from schemas.place import Coordinates

_FAR: Final = float("inf")
Point = tuple[float, float]
"""WGS-84 (lon, lat)."""


def position_in(incoming: Incoming | None, *, gcj: bool) -> Point | None:
    """The position that was sent, or where the photo was taken; `gcj` as the region has it."""
    match incoming.content if incoming is not None else None:
        case SharedPosition(lon=lon, lat=lat, datum=datum):
            return Coordinates(lon=lon, lat=lat, datum=datum).to_wgs84(gcj=gcj)
        case SentMedia(photo=photo) if photo is not None and photo.lon is not None and photo.lat is not None:
            return photo.lon, photo.lat
    return None


def nearest_first(cases: Iterable[Case], here: Point, reader: Reader) -> list[Case]:
    """By distance; a case on a road without a point is as near as the road's nearest vertex, others come last."""
    return sorted(cases, key=lambda case: metres_to(case, here, reader))


def metres_to(case: Case, here: Point, reader: Reader) -> float:
    """Metres to a case; infinite where nobody knows."""
    place = case.place
    if place is not None and place.lon is not None and place.lat is not None:
        return distance_m(*here, place.lon, place.lat)
    segment = reader.segment(case)
    return min((distance_m(*here, *point) for point in segment.line), default=_FAR) if segment else _FAR
