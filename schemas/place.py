"""Places: what a reporter gave, and what the search found in the region."""

from typing import Annotated, Literal

from pydantic import Field

from schemas.datum import Datum, to_wgs84
from schemas.models import ChoiceEnum, LogModel

__all__ = [
    "Ambiguous",
    "Candidate",
    "CommunityClass",
    "Coordinates",
    "Datum",
    "Elsewhere",
    "Found",
    "FoundBy",
    "NotFound",
    "NotFoundReason",
    "PlaceFound",
    "PlaceGiven",
    "PlaceResult",
]


class Coordinates(LogModel):
    """One position in degrees with its datum; finite, longitude ±180, latitude ±90."""

    lon: float = Field(ge=-180.0, le=180.0, allow_inf_nan=False)
    lat: float = Field(ge=-90.0, le=90.0, allow_inf_nan=False)
    datum: Datum = Datum.WGS84

    def to_wgs84(self, *, gcj: bool) -> tuple[float, float]:
        """(lon, lat) in WGS-84 degrees; `gcj` is the region's switch, see `schemas.datum.to_wgs84`."""
        return to_wgs84(self.lon, self.lat, self.datum, gcj=gcj)


class PlaceGiven(LogModel):
    """What a reporter said about the place; all of it may be absent."""

    coordinates: Coordinates | None = None
    address: str | None = Field(default=None, max_length=500)
    code: str | None = Field(default=None, max_length=100)
    """Code of a grid, segment, unit or pole, or a legacy grid code."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing was given."""
        return self.coordinates is None and not (self.address or "").strip() and not (self.code or "").strip()


class FoundBy(ChoiceEnum):
    """Which part of what was given decided the place."""

    COORDINATES = "coordinates"
    ADDRESS = "address"
    CODE = "code"
    WORDS = "words"
    """An address in the text of the report; it never decides, the reporter is asked about it."""
    PHOTO = "photo"
    """Where a photo was taken; it never decides either."""


class CommunityClass(ChoiceEnum):
    """Communities are ranked within their class only."""

    NEW_TOWN = "new_town"
    OLD_TOWN = "old_town"
    FORMER_VILLAGE = "former_village"


class Elsewhere(LogModel):
    """Something else that was given and means another place than the one found."""

    by: FoundBy
    label: str
    """In the region's words; degrees (lat, lon) of WGS-84 where they are outside the region."""
    grid: str | None = None
    segment: str | None = None
    metres: int | None = None
    """Distance from the place found, where both are known well enough."""


class PlaceFound(LogModel):
    """A place in the region's own words; nothing in it is free text of a reporter.

    `grid` chooses the home: the segment's grid when a segment was found, so that a boundary street
    is never split; otherwise the grid whose polygon holds the point. `area_grid` is always the
    latter, where it is known. Unit, community, class, firm and legacy code are those of `grid`.
    """

    grid: str
    area_grid: str | None = None
    unit: str | None = None
    segment: str | None = None
    community: str | None = None
    community_class: CommunityClass | None = None
    property_firm: str | None = None
    legacy_code: str | None = None
    land_kind: str | None = None
    """Id of the region's kind of land: of the segment, else of the unit, else of the grid."""
    road: str | None = None
    """Chinese name of the segment's road."""
    distance_m: float | None = None
    """From the point to the segment or, for a point outside every grid, to the nearest grid."""
    lon: float | None = None
    lat: float | None = None
    """WGS-84; absent where only a grid or a whole segment is known; interpolated for house numbers."""
    label: str
    by: FoundBy
    elsewhere: tuple[Elsewhere, ...] = ()
    """What else was given and does not agree with it; `by` says what decided."""


class Candidate(LogModel):
    """A place that the reporter may have meant; sending its `code` as the code of the place chooses it."""

    code: str
    label: str
    lon: float | None = None
    lat: float | None = None
    """WGS-84, where a position was given; sent along with the code it keeps the exact spot, as a house's label does."""


class NotFoundReason(ChoiceEnum):
    """Why no place was found; words for people are looked up by this code."""

    OUTSIDE = "outside"
    NO_PLACE = "no_place"
    DEFAULT_POINT = "default_point"
    UNKNOWN_ADDRESS = "unknown_address"
    UNKNOWN_CODE = "unknown_code"
    IMPOSSIBLE = "impossible"
    """For doors and imports that read numbers that no position can have."""


class Found(LogModel):
    """Exactly one place."""

    kind: Literal["found"] = "found"
    place: PlaceFound


class Ambiguous(LogModel):
    """Several possible places, the likeliest first; the reporter is asked which one."""

    kind: Literal["ambiguous"] = "ambiguous"
    candidates: tuple[Candidate, ...] = Field(min_length=1, max_length=3)
    more: int = Field(default=0, ge=0)
    """How many more places are possible."""


class NotFound(LogModel):
    """No place matches; the reporter is asked for one."""

    kind: Literal["not_found"] = "not_found"
    reason: NotFoundReason


PlaceResult = Annotated[Found | Ambiguous | NotFound, Field(discriminator="kind")]
