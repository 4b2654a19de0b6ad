"""What makes a report doubtful: its position, its photos, or how fast its reporter moved. Pure, and never a verdict."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt
from typing import Final

from schemas.datum import Datum, to_wgs84
from schemas.event import Because
from schemas.likeness import alike
from schemas.models import ChoiceEnum, LogModel
from schemas.names import Name
from schemas.report import Photo

EARTH_M: Final = 6_371_008.8
HOUR_MS: Final = 3_600_000
FAR_M: Final = 500.0
"""How far a photo may be from the place that it shows; satellites between houses are off by less."""
OLD_MS: Final = 24 * HOUR_MS
FAST_KMH: Final = 150
FAST_M: Final = 1_000.0
"""Below this, two positions are too close to judge a speed."""

Point = tuple[float, float]
"""Longitude and latitude in degrees, WGS-84."""


class DoubtKind(ChoiceEnum):
    """What is doubtful."""

    FAR_FROM_PHOTO = "far_from_photo"
    OLD_PHOTO = "old_photo"
    TOO_FAST = "too_fast"
    PHOTO_AGAIN = "photo_again"
    PHOTO_ALIKE = "photo_alike"


class Doubt(LogModel):
    """One of them, with the facts of its sentence: whole metres, hours, km/h, and the number of another case."""

    kind: DoubtKind
    facts: dict[str, int | str]

    @property
    def because(self) -> Because:
        """Why, in both languages."""
        said = Name.of(f"doubts.{self.kind}", **self.facts)
        return Because(code=f"doubt_{self.kind}", zh=said.zh, en=said.en, facts=self.facts)


@dataclass(frozen=True, slots=True)
class Sighting:
    """Where somebody was, and when (ms), as a report of theirs says."""

    case: str
    at: Point
    t_ms: int


def far_from_photo(at: Point, photos: Iterable[Photo], *, gcj: bool) -> Doubt | None:
    """Whether all photos that know where they were taken were taken elsewhere.

    With `gcj`, the region's switch, a phone may have written GCJ-02: the nearer reading counts.
    """
    known = [(photo.lon, photo.lat) for photo in photos if photo.lon is not None and photo.lat is not None]
    if gcj:
        known += [to_wgs84(lon, lat, Datum.GCJ02, gcj=True) for lon, lat in known]
    metres = min((metres_between(at, each) for each in known), default=0.0)
    return Doubt(kind=DoubtKind.FAR_FROM_PHOTO, facts={"metres": round(metres)}) if metres > FAR_M else None


def old_photo(received_ms: int, photos: Iterable[Photo]) -> Doubt | None:
    """Whether all photos that know when they were taken were taken long before the report."""
    newest = max((photo.taken_ms for photo in photos if photo.taken_ms is not None), default=received_ms)
    age_ms = received_ms - newest
    return Doubt(kind=DoubtKind.OLD_PHOTO, facts={"hours": age_ms // HOUR_MS}) if age_ms > OLD_MS else None


def too_fast(one: Sighting, other: Sighting) -> Doubt | None:
    """Whether nobody comes from one place to the other in that time; the doubt names the case of `one`."""
    metres, passed_ms = metres_between(one.at, other.at), abs(other.t_ms - one.t_ms)
    if metres < FAST_M or metres * HOUR_MS <= FAST_KMH * 1000 * passed_ms:
        return None
    facts: dict[str, int | str] = {"metres": round(metres), "seconds": passed_ms // 1000, "case": one.case}
    return Doubt(kind=DoubtKind.TOO_FAST, facts=facts)


def photo_again(case: str) -> Doubt:
    """A photo of the report was in that case already."""
    return Doubt(kind=DoubtKind.PHOTO_AGAIN, facts={"case": case})


def photo_alike(photos: Iterable[Photo], earlier: Iterable[Photo], case: str) -> Doubt | None:
    """Whether one of these photos resembles one of that case, which the same person reported; the same files do not."""
    known = list(earlier)
    pairs = ((one, other) for one in photos for other in known if one.digest != other.digest)
    found = any(alike(one.dhash, other.dhash) for one, other in pairs)
    return Doubt(kind=DoubtKind.PHOTO_ALIKE, facts={"case": case}) if found else None


def metres_between(one: Point, other: Point) -> float:
    """On a sphere: within half a percent."""
    (lon, lat), (to_lon, to_lat) = ((radians(x), radians(y)) for x, y in (one, other))
    chord = sin((to_lat - lat) / 2) ** 2 + cos(lat) * cos(to_lat) * sin((to_lon - lon) / 2) ** 2
    return 2 * EARTH_M * asin(min(1.0, sqrt(chord)))
