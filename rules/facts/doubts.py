"""What is doubtful about a report by itself; what others show, the ledger finds."""

from schemas.doubts import Doubt, Point, far_from_photo, old_photo
from schemas.place import PlaceFound
from schemas.report import Report


def doubts_of(report: Report, place: PlaceFound | None, *, gcj: bool) -> list[Doubt]:
    """Of its position and its photos; `gcj` is the region's switch. Empty for what is only copied from elsewhere."""
    if report.source is not None or not report.photos:
        return []
    at = _position(report, place, gcj=gcj)
    found = [far_from_photo(at, report.photos, gcj=gcj) if at is not None else None]
    found.append(old_photo(report.received_ms, report.photos))
    return [doubt for doubt in found if doubt is not None]


def _position(report: Report, place: PlaceFound | None, *, gcj: bool) -> Point | None:
    """Where the reporter says that it is: as given in its own datum, else that of the address or code."""
    given = report.place.coordinates
    if given is not None:
        return given.to_wgs84(gcj=gcj)
    if place is None or place.lon is None or place.lat is None:
        return None
    return place.lon, place.lat
