"""Finding the one place a report means, by the region's own tables; the same for live and history.

Which of several things decides: a code, because somebody chose it (it also answers a question
with candidates); else coordinates, because a device measured them; else the address. The code of a
grid or a segment is coarse, so coordinates or an address in it refine it. What cannot be used is
skipped, and the reason for failure is that of the first thing tried.
"""

import re
from collections.abc import Iterator, Sequence

from rules.places.addresses import LONG_ADDRESS, AddressBook
from rules.places.agreement import Ground, Other, agree, candidate_of, may_mean, refines, weighed
from rules.places.areas import AreaIndex, shape_of
from rules.places.codes import Coded, codes_of, plain_code
from rules.places.matches import MOST_CANDIDATES, AtSegment, Match, candidates, question, segment_label
from rules.places.photo_positions import PhotoPosition, outside
from rules.places.plane import Plane
from rules.places.positions import Positions
from rules.places.segment_index import LineIndex
from rules.places.typed_codes import Typed
from schemas.place import (
    Ambiguous,
    Candidate,
    Coordinates,
    Found,
    FoundBy,
    NotFound,
    NotFoundReason,
    PlaceFound,
    PlaceGiven,
)
from schemas.region import Grid, Landmark, Pole, Region, Segment, Unit
from schemas.report import Photo

Result = Found | Ambiguous | NotFound

_NUMBERED = re.compile("[0-9０-９]|[一二三四五六七八九十百]号")
"""A text without digits has no house number that could be another place."""
_DEFAULT_POINT_DEGREES = 2e-6  # 20 cm: geocoders repeat their default points exactly


class RegionIndex:
    """An index of a region for finding places; build it once per region content.

    Every answer depends on the region's content alone, never on the order of its files.
    """

    def __init__(self, region: Region) -> None:
        self.region = region
        self.plane = Plane.at((region.box.south + region.box.north) / 2)
        self.grids = {grid.id: grid for grid in region.grids}
        self.segments = {segment.id: segment for segment in region.segments}
        self.persons = {person.id: person for person in region.persons}
        self.organisations = {organisation.code: organisation for organisation in region.organisations}
        self._areas = AreaIndex([shape_of(grid.polygons) for grid in region.grids], self.plane)
        self._mapped_units = [unit for unit in region.units if unit.polygons]
        self._units = AreaIndex([shape_of(unit.polygons) for unit in self._mapped_units], self.plane)
        self._lines = LineIndex([segment.line for segment in region.segments], self.plane, region.segment_limit_m)
        self._positions = Positions(self.plane)
        self._addresses = AddressBook(region, self._positions)
        self._ground = Ground(self.segments, self.grids, self.plane)
        self._taken = PhotoPosition(self.at, self._ground, gcj=region.gcj)
        self._typed = Typed(self._by_code, self.at, self.segments, gcj=region.gcj)
        self._default_points = [point.to_wgs84(gcj=region.gcj) for point in region.default_points]
        self._codes = codes_of(region)
        self._words = {grid.id: _words(grid) for grid in region.grids}

    def locate(self, given: PlaceGiven, text: str = "", photos: Sequence[Photo] = ()) -> Result:
        """The place that is meant, or the candidates to ask about, or why there is none.

        `text` and `photos` of a report never decide: an address in the text is noted if it is another place,
        and both are offered as candidates when nothing else is usable.
        """
        result = self._counted(given, photos)
        if isinstance(result, NotFound):
            offered = self._offered(text, photos)
            more = max(0, len(offered) - MOST_CANDIDATES)
            return Ambiguous(candidates=offered[:MOST_CANDIDATES], more=more) if offered else result
        if isinstance(result, Found) and (
            photos
            or (given.coordinates is not None and result.place.by is not FoundBy.COORDINATES)
            or (given.address and result.place.by is not FoundBy.ADDRESS)
            or _NUMBERED.search(text)
        ):
            others = [*self._others(result.place, given, text), *self._taken.elsewhere(result.place, photos)]
            return weighed(result.place, others, self._ground) if others else result
        return result

    def is_address(self, text: str) -> bool:
        """Whether a text is one plain address."""
        return len(text) <= LONG_ADDRESS and self._addresses.read(text).sure

    def answered(self, asked: Sequence[Candidate], said: str) -> Found | Ambiguous | None:
        """The place meant by a lone house number after a question about these places; None for any other text."""
        segments = [self.segments[each.code] for each in asked if each.code in self.segments]
        reading = self._addresses.read_on({segment.road.zh for segment in segments}, said)
        if not reading.matches:
            return None
        result = self._matched(reading.matches[0]) if reading.sure else None
        return result if isinstance(result, Found) else question(reading.matches)

    def _others(self, place: PlaceFound, given: PlaceGiven, text: str) -> Iterator[Other]:
        """Other places that were given besides the one that decided."""
        if given.coordinates is not None and place.by is not FoundBy.COORDINATES:
            there = self.at(given.coordinates)
            if isinstance(there, NotFound) and there.reason is NotFoundReason.OUTSIDE:
                yield Other(FoundBy.COORDINATES, outside(given.coordinates, gcj=self.region.gcj))
            elif isinstance(there, Found) and not agree(place, there.place):
                yield Other(FoundBy.COORDINATES, there.place)
        if given.address and given.address.strip() and place.by is not FoundBy.ADDRESS:
            yield from self._said(FoundBy.ADDRESS, given.address, place)
        if _NUMBERED.search(text):
            yield from self._said(FoundBy.WORDS, text, place)

    def _said(self, by: FoundBy, address: str, place: PlaceFound) -> Iterator[Other]:
        """The likeliest other place of an address; in a text, only one with a house number."""
        reading = self._addresses.read(address)
        named = [match for match in reading.matches if by is FoundBy.ADDRESS or match.is_house]
        if not named or may_mean(reading.matches, place):
            return
        there = self._matched(named[0])
        if isinstance(there, Found) and not agree(place, there.place):
            yield Other(by, there.place, sure=reading.sure and by is FoundBy.ADDRESS)

    def _offered(self, text: str, photos: Sequence[Photo]) -> tuple[Candidate, ...]:
        """Candidates from the text and from photos (WGS-84); those in both first."""
        said = (*self._typed.read(text)[0], *candidates(self._addresses.read(text).matches)) if text else ()
        photographed = [candidate_of(place, self.segments) for place in self._taken.places(photos)]
        both = [each for each in said if each.code in {other.code for other in photographed}]
        offered: dict[str, Candidate] = {}
        for each in (*both, *said, *photographed):
            offered.setdefault(each.code, each)
        return tuple(offered.values())

    def _counted(self, given: PlaceGiven, photos: Sequence[Photo]) -> Result:
        """The place by whatever decides."""
        tries: list[Result] = []
        coarse: Found | None = None
        if given.code and given.code.strip():
            by_code = self._by_code(given.code)
            if isinstance(by_code, Found) and by_code.place.lon is None:
                coarse = by_code
            elif not isinstance(by_code, NotFound):
                return by_code
            tries.append(by_code)
        if given.coordinates is not None:
            tries.append(self.at(given.coordinates))
            if coarse is None and isinstance(tries[-1], Found):
                return tries[-1]
        if given.address and given.address.strip():
            tries.append(self._by_address(given.address, photos))
        if coarse is not None:
            return next((t for t in tries[1:] if isinstance(t, Found) and refines(t.place, coarse.place)), coarse)
        usable = [t for t in tries if not isinstance(t, NotFound)]
        return (usable or tries or [NotFound(reason=NotFoundReason.NO_PLACE)])[0]

    def at(self, coordinates: Coordinates) -> Found | NotFound:
        """The place at coordinates of any datum."""
        if coordinates.lon == 0.0 and coordinates.lat == 0.0:
            return NotFound(reason=NotFoundReason.DEFAULT_POINT)
        lon, lat = coordinates.to_wgs84(gcj=self.region.gcj)
        for x, y in self._default_points:
            if abs(lon - x) < _DEFAULT_POINT_DEGREES and abs(lat - y) < _DEFAULT_POINT_DEGREES:
                return NotFound(reason=NotFoundReason.DEFAULT_POINT)
        box = self.region.box
        if not (box.west <= lon <= box.east and box.south <= lat <= box.north):
            return NotFound(reason=NotFoundReason.OUTSIDE)
        return self._at_point(lon, lat, FoundBy.COORDINATES)

    def _at_point(
        self,
        lon: float,
        lat: float,
        by: FoundBy,
        *,
        segment: Segment | None = None,
        label: str | None = None,
    ) -> Found | NotFound:
        """The place at a WGS-84 point, on `segment` if it is known, else on the nearest within the limit."""
        distance_m: float | None = None
        if segment is None and (line := self._lines.nearest(lon, lat)):
            segment, distance_m = self.region.segments[line[0]], line[1]
        area = self._areas.find(lon, lat)
        grid = self.region.grids[area] if area is not None else None
        area_grid = grid.id if grid else None
        if segment is not None:
            grid = self.grids.get(segment.grid, grid)
        if grid is None:
            near = self._areas.nearest(lon, lat, self.region.outside_limit_m)
            if near is None:
                return NotFound(reason=NotFoundReason.OUTSIDE)
            grid, distance_m = self.region.grids[near[0]], near[1]
        unit = self._units.find(lon, lat)
        held = self._mapped_units[unit] if unit is not None else None
        return self._found(
            grid,
            by=by,
            label=label or (segment.road.zh if segment else grid.name.zh),
            segment=segment,
            unit=held if held and held.grid == grid.id else None,
            area_grid=area_grid,
            distance_m=None if distance_m is None else round(distance_m, 3),
            lon=lon,
            lat=lat,
        )

    def _on_segment(self, segment: Segment, by: FoundBy, label: str) -> Result:
        """A whole segment: its grid is known, a point is not."""
        grid = self.grids.get(segment.grid)
        if grid is None:
            return NotFound(reason=NotFoundReason.UNKNOWN_CODE)
        return self._found(grid, by=by, label=label, segment=segment)

    def _by_address(self, address: str, photos: Sequence[Photo]) -> Result:
        reading = self._addresses.read(address)
        if reading.sure:
            return self._matched(reading.matches[0])
        if not reading.matches and not isinstance(by_code := self._by_code(address), NotFound):
            return by_code  # some bots have one text field for both
        typed, rest = self._typed.read(address)
        matches = reading.matches if rest == address else self._addresses.read(rest).matches
        if not matches:
            matches = self._addresses.near(rest)
        there = {place.segment for place in self._taken.places(photos)}
        if there:
            matches = sorted(matches, key=lambda match: match.segment_id not in there)
        return question(matches, typed) if matches or typed else NotFound(reason=NotFoundReason.UNKNOWN_ADDRESS)

    def _matched(self, match: Match) -> Result:
        if not isinstance(match, AtSegment):
            return self._at_landmark(match.landmark, FoundBy.ADDRESS)
        point = self._positions.point(match.segment, match.house)
        if point is None:
            return self._on_segment(match.segment, FoundBy.ADDRESS, match.label())
        return self._at_point(*point, FoundBy.ADDRESS, segment=match.segment, label=match.label())

    def _at_landmark(self, landmark: Landmark, by: FoundBy) -> Result:
        segment = self.segments.get(landmark.segment) if landmark.segment else None
        return self._at_point(landmark.lon, landmark.lat, by, segment=segment, label=landmark.name.zh)

    def _by_code(self, code: str) -> Result:
        plain = plain_code(code)
        known = self._codes.get(plain) or self._codes.get(plain.casefold())
        if not known:
            return NotFound(reason=NotFoundReason.UNKNOWN_CODE)
        if len(known) == 1:
            return self._coded(known[0])
        return Ambiguous(
            candidates=tuple(
                Candidate(code=grid.id, label=grid.name.zh)
                for grid in known[:MOST_CANDIDATES]
                if isinstance(grid, Grid)
            ),
            more=max(0, len(known) - MOST_CANDIDATES),
        )

    def _coded(self, known: Coded) -> Result:
        result: Result = NotFound(reason=NotFoundReason.UNKNOWN_CODE)
        match known:
            case Grid() as grid:
                result = self._found(grid, by=FoundBy.CODE, label=grid.name.zh)
            case Unit() as unit if unit.grid in self.grids:
                result = self._found(self.grids[unit.grid], by=FoundBy.CODE, label=unit.name.zh, unit=unit)
            case Segment() as segment:
                result = self._on_segment(segment, FoundBy.CODE, segment_label(segment))
            case Landmark() as landmark:
                result = self._at_landmark(landmark, FoundBy.CODE)
            case Pole() as pole:
                segment_of_pole = self.segments.get(pole.segment) if pole.segment else None
                result = self._at_point(pole.lon, pole.lat, FoundBy.CODE, segment=segment_of_pole, label=pole.code)
        return result

    def _found(self, grid: Grid, *, segment: Segment | None = None, unit: Unit | None = None, **more: object) -> Found:
        """A place in `grid`; `more` are fields of `PlaceFound`. The narrowest area decides the kind of land."""
        words = self._words[grid.id]
        for part in (unit, segment):
            if part is not None and part.land_kind is not None:
                words = words | {"land_kind": part.land_kind}
        if unit is not None:
            words = words | {"unit": unit.id}
        if segment is not None:
            words = words | {"segment": segment.id, "road": segment.road.zh}
        return Found(place=PlaceFound.model_validate(words | more))


def _words(grid: Grid) -> dict[str, object]:
    """The fields that every place of a grid has."""
    return {
        "grid": grid.id,
        "community": grid.community.zh if grid.community else None,
        "community_class": grid.community_class,
        "land_kind": grid.land_kind,
        "property_firm": grid.property_firm,
        "legacy_code": grid.legacy_codes[0] if grid.legacy_codes else None,
    }
