"""Positions in photos: candidates when the place is asked about, a note when they are far from it."""

from collections.abc import Callable, Iterator, Sequence

from rules.places.agreement import FAR_M, Ground, Other, agree
from schemas.datum import Datum
from schemas.place import Coordinates, Found, FoundBy, NotFound, NotFoundReason, PlaceFound
from schemas.report import Photo

At = Callable[[Coordinates], Found | NotFound]


class PhotoPosition:
    """`at` finds the place at a position; `gcj`: phones of the region may write GCJ-02 into photos."""

    def __init__(self, at: At, ground: Ground, *, gcj: bool) -> None:
        self._at = at
        self._ground = ground
        self._datums = (Datum.WGS84, Datum.GCJ02) if gcj else (Datum.WGS84,)
        self._gcj = gcj

    def places(self, photos: Sequence[Photo]) -> list[PlaceFound]:
        """Where in the region photos were taken, by WGS-84."""
        found = [self._at(Coordinates(lon=lon, lat=lat)) for lon, lat in _points(photos)]
        return [each.place for each in found if isinstance(each, Found)]

    def elsewhere(self, place: PlaceFound, photos: Sequence[Photo]) -> Iterator[Other]:
        """The first photo taken far from the place, in whichever datum it was written."""
        for lon, lat in _points(photos):
            readings = [self._reading(Coordinates(lon=lon, lat=lat, datum=datum)) for datum in self._datums]
            known = [each for each in readings if each is not None]
            if known and not any(self._near(place, each) for each in known):
                yield Other(FoundBy.PHOTO, known[0])
                return

    def _near(self, place: PlaceFound, other: PlaceFound) -> bool:
        """Whether they are as near as positions and interpolated house numbers can tell."""
        metres = self._ground.metres(place, other)
        on_one = place.by is FoundBy.ADDRESS and place.segment is not None and place.segment == other.segment
        return agree(place, other) if metres is None else on_one or metres <= FAR_M

    def _reading(self, coordinates: Coordinates) -> PlaceFound | None:
        """The place of a position, even outside the region; None if it is not a position."""
        there = self._at(coordinates)
        if isinstance(there, Found):
            return there.place
        return outside(coordinates, gcj=self._gcj) if there.reason is NotFoundReason.OUTSIDE else None


def outside(coordinates: Coordinates, *, gcj: bool) -> PlaceFound:
    """A position outside the region, in degrees; `gcj` is the region's switch."""
    lon, lat = coordinates.to_wgs84(gcj=gcj)
    return PlaceFound(grid="", lon=lon, lat=lat, label=f"{lat:.5f}, {lon:.5f}", by=FoundBy.COORDINATES)


def _points(photos: Sequence[Photo]) -> list[tuple[float, float]]:
    """(lon, lat) of those that are positions."""
    points = [(photo.lon, photo.lat) for photo in photos if photo.lon is not None and photo.lat is not None]
    return [(lon, lat) for lon, lat in points if abs(lon) <= 180 and abs(lat) <= 90]
