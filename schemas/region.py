"""A region: one city or street, with its grids, road segments, addresses, people and organisations.

Everything is frozen and independent of the order in the files it came from: lists are sorted by id,
so that equal regions have equal content hashes.
"""

from itertools import pairwise
from typing import Annotated, Self

from pydantic import Field, StringConstraints, field_validator, model_validator

from schemas.calendar import WorkCalendar
from schemas.datum import Datum
from schemas.mistake import mistake, mistakes
from schemas.models import ChoiceEnum, FileModel
from schemas.names import Language, Name
from schemas.people import Code, Delegation, Id, Organisation, Person, Team
from schemas.place import CommunityClass, Coordinates
from schemas.platform import NeighbourPlatform
from schemas.quiet import NIGHT, MessageRule, QuietSpan
from schemas.replacing import wrong_replacing
from schemas.topics import UNPLACED

Longitude = Annotated[float, Field(ge=-180.0, le=180.0, allow_inf_nan=False)]
Latitude = Annotated[float, Field(ge=-90.0, le=90.0, allow_inf_nan=False)]
Point = tuple[Longitude, Latitude]
Ring = tuple[Point, ...]
Polygon = tuple[Ring, ...]
"""As in GeoJSON: outer ring, then holes; WGS-84 degrees."""

RegionCode = Annotated[str, StringConstraints(pattern=r"^[^\s/?#%]{1,40}$")]


class Box(FileModel):
    """The rectangle of WGS-84 degrees outside which no coordinate can be meant."""

    west: Longitude
    south: Latitude
    east: Longitude
    north: Latitude

    @model_validator(mode="after")
    def _not_inside_out(self) -> Self:
        if self.west >= self.east or self.south >= self.north:
            raise mistake("mistakes.box_inside_out")
        return self


class LandKind(FileModel):
    """A kind of land that this region distinguishes, such as forest, farmland, a river bank or collective land."""

    id: Id
    name: Name


class Unit(FileModel):
    """A part of a grid (单元); polygons may be absent, then it is found by code only."""

    id: Id
    name: Name
    grid: Id
    polygons: tuple[Polygon, ...] = ()
    land_kind: Id | None = None


class Grid(FileModel):
    """One merged grid (多格合一): an area with a head, workers and an escalation ladder."""

    id: Id
    name: Name
    polygons: tuple[Polygon, ...] = Field(min_length=1)
    households: int | None = Field(default=None, ge=0)
    people: int | None = Field(default=None, ge=0)
    community: Name | None = None
    community_class: CommunityClass | None = None
    land_kind: Id | None = None
    property_firm: Code | None = None
    legacy_codes: tuple[Id, ...] = ()
    head: Id | None = None
    workers: tuple[Id, ...] = ()
    ladder: tuple[Id, ...] = ()
    """Person ids, lowest level first: steward, lane chief, street chief, district, city."""

    @field_validator("id")
    @classmethod
    def _not_the_unplaced_home(cls, value: str) -> str:
        if value == UNPLACED:
            raise mistake("mistakes.home_of_unplaced", id=UNPLACED)
        return value


class Side(ChoiceEnum):
    """Which house numbers a range holds."""

    ODD = "odd"
    EVEN = "even"
    BOTH = "both"


class NumberRange(FileModel):
    """House numbers `first` to `last`, both included, along the line's direction, on one side or both."""

    first: int = Field(ge=0)
    last: int = Field(ge=0)
    side: Side = Side.BOTH

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.first > self.last:
            raise mistake("mistakes.house_numbers_order")
        return self

    def holds(self, number: int) -> bool:
        """Whether a house number is in the range and on its side."""
        if not self.first <= number <= self.last:
            return False
        return self.side is Side.BOTH or (self.side is Side.ODD) == (number % 2 == 1)


class Segment(FileModel):
    """A stretch of road with a responsible person of its own; it belongs to exactly one grid."""

    id: Id
    road: Name
    grid: Id
    line: tuple[Point, ...] = Field(min_length=2)
    owner: Id | None = None
    """Person; without one the region's fallback owner answers."""
    land_kind: Id | None = None
    crew: Code | None = None
    executors: tuple[Id, ...] = ()
    numbers: tuple[NumberRange, ...] = ()


class Landmark(FileModel):
    """A name that people use instead of an address."""

    id: Id
    name: Name
    aliases: tuple[str, ...] = ()
    lon: Longitude
    lat: Latitude
    segment: Id | None = None


class RoadAlias(FileModel):
    """Another way to say a road's name; `road` is its Chinese or English name."""

    alias: str = Field(min_length=1)
    road: str = Field(min_length=1)


class Pole(FileModel):
    """A numbered lamp post or sign whose code places a report."""

    code: Id
    lon: Longitude
    lat: Latitude
    segment: Id | None = None


class Region(FileModel):
    """Everything that finding places and routing know about a city or street."""

    code: RegionCode
    name: Name
    zone: str = Field(min_length=1)
    """IANA time zone of the region's days and working hours."""
    gcj: bool = False
    """Whether map providers give GCJ-02 here; see `schemas.datum.to_wgs84`."""
    positions: Datum | None = None
    """The datum of positions that come to a door without one; see `untyped`."""
    box: Box
    within: tuple[str, ...] = ()
    """Names of the city, the district, ... that the region lies in: people write them around an address."""
    languages: tuple[Language, ...] = (Language.ZH, Language.EN)
    default_points: tuple[Coordinates, ...] = ()
    """Points that a geocoder returns when it found nothing, such as a city hall."""
    land_kinds: tuple[LandKind, ...] = ()
    grids: tuple[Grid, ...] = Field(min_length=1)
    units: tuple[Unit, ...] = ()
    segments: tuple[Segment, ...] = ()
    landmarks: tuple[Landmark, ...] = ()
    aliases: tuple[RoadAlias, ...] = ()
    poles: tuple[Pole, ...] = ()
    persons: tuple[Person, ...] = ()
    organisations: tuple[Organisation, ...] = ()
    teams: tuple[Team, ...] = ()
    fallback_owner: Id
    fallback_department: Code
    powers: tuple[Delegation, ...] = ()
    """Who holds the delegated powers; one that is not named here is held by the roles of `schemas.directory`."""
    messages: tuple[MessageRule, ...] = ()
    """Quiet hours and budgets by role, the first that fits; then those of `schemas.quiet`."""
    night: QuietSpan = NIGHT
    """Hours whose messages count as night messages in the figures."""
    importers: tuple[str, ...] = ()
    """Names of the doors whose source facts (times, department, due date) are honoured."""
    platforms: tuple[NeighbourPlatform, ...] = ()
    """Neighbouring platforms, such as a hotline, whose rows are taken over."""
    segment_limit_m: float = Field(default=30.0, ge=0.0, le=1000.0)
    outside_limit_m: float = Field(default=200.0, ge=0.0, le=20000.0)
    calendar: WorkCalendar | None = None
    """Shifts, holidays and make-up workdays; without one everybody works round the clock."""

    @property
    def untyped(self) -> Datum | None:
        """The datum of positions without one; None where they may be 500 m off and are refused."""
        return self.positions or (None if self.gcj else Datum.WGS84)

    @model_validator(mode="after")
    def _one_heir(self) -> Self:
        persons = wrong_replacing(((each.id, each.replaces) for each in self.persons), "in_region")
        bodies = wrong_replacing(((each.code, each.replaces) for each in self.organisations), "in_region")
        if faults := [*persons, *bodies]:
            raise mistakes(faults)
        return self

    @model_validator(mode="after")
    def _known_platforms(self) -> Self:
        codes = {each.code for each in self.platforms}
        if unknown := [code for each in self.platforms for code in each.columns.also if code not in codes]:
            raise mistake("mistakes.no_platform", code=unknown[0], known=", ".join(sorted(codes)))
        return self

    @model_validator(mode="after")
    def _one_zone(self) -> Self:
        if self.calendar is not None and self.calendar.zone != self.zone:
            raise mistake("mistakes.calendar_zone", calendar=self.calendar.zone, zone=self.zone)
        return self

    @model_validator(mode="after")
    def _sorted(self) -> Self:
        for field, key in _SORTED_BY.items():
            rows = sorted(getattr(self, field), key=lambda row: tuple(getattr(row, k) for k in key))
            keys = [tuple(getattr(row, k) for k in key) for row in rows]
            if len(set(keys)) < len(keys):
                twice = next(a for a, b in pairwise(keys) if a == b)
                raise mistake("mistakes.listed_twice", field=field, id="/".join(twice))
            object.__setattr__(self, field, tuple(rows))  # frozen: only this validator may
        return self


_SORTED_BY = {
    "land_kinds": ("id",),
    "grids": ("id",),
    "units": ("id",),
    "segments": ("id",),
    "landmarks": ("id",),
    "aliases": ("alias", "road"),
    "poles": ("code",),
    "persons": ("id",),
    "organisations": ("code",),
    "teams": ("code",),
    "platforms": ("code",),
}
