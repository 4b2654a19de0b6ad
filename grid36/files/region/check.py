"""Checks a region and reports problems that a list steward can fix: errors stop it, warnings do not."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import shapely

from grid36.files.region.calendar_check import doubted
from grid36.files.region.files import RegionFaults
from grid36.files.region.load import read_region
from grid36.files.region.mainland import in_mainland
from grid36.files.region.staff import staffed
from rules.places.areas import shape_of
from rules.places.plane import Plane
from rules.places.wording import spell
from schemas.directory import CHIEFS, OFFICES, Directory
from schemas.names import Language, Name
from schemas.people import Role
from schemas.region import Region, Segment
from schemas.rights import ASKED

_SLIVER_M2 = 1.0  # smaller differences are rounding
_HEAL_M = 0.1


class RegionSeverity(StrEnum):
    """Whether a region can be used with the problem."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class RegionProblem:
    """One problem, where it is, and what to do."""

    severity: RegionSeverity
    code: str
    where: str
    text: Name
    remedy: Name

    def say(self, language: Language) -> str:
        """One line for people."""
        return f"{self.where}: {self.text.to(language)} → {self.remedy.to(language)}"


def check_region(folder: Path) -> list[RegionProblem]:
    """All problems of the region in `folder`, errors first; empty for a correct region."""
    faults = RegionFaults()
    region = read_region(folder, faults)
    if region is None:
        remedy = Name.of("files.fault.correct_this_place")
        return [
            RegionProblem(
                RegionSeverity.ERROR,
                "fault",
                ", ".join(map(str, filter(None, (f.file, f.row, f.column)))),
                f.text,
                remedy,
            )
            for f in sorted(faults.found, key=lambda f: (f.file, f.row or 0, f.column or ""))
        ]
    found = [*problems_of(region), *calendar_problems(region, datetime.now(ZoneInfo(region.zone)).year)]
    if not (folder / "rulebook.yaml").exists():
        text = Name.of("files.fault.file_missing")
        remedy = Name.of("files.check.no_rulebook.remedy")
        found.append(RegionProblem(RegionSeverity.ERROR, "rulebook_missing", "rulebook.yaml", text, remedy))
    return sorted(found, key=lambda p: (p.severity is not RegionSeverity.ERROR, p.code, p.where))


def problems_of(region: Region) -> Iterator[RegionProblem]:
    """Problems of a region that can be loaded."""
    plane = Plane.at((region.box.south + region.box.north) / 2)
    yield from _drawing(region, plane)
    yield from (_warning(*found) for found in staffed(region))
    yield from _without(region)
    heads = {grid.id: grid.head for grid in region.grids}
    shapes = {grid.id: plane.geometry(shape_of(grid.polygons)) for grid in region.grids}
    for segment in region.segments:
        yield from _segment(segment, region, shapes[segment.grid], plane, heads[segment.grid])
    yield from _addresses(region)
    yield from _people(region)
    yield from _powers(region)
    yield from _datum(region)


def _datum(region: Region) -> Iterator[RegionProblem]:
    """Maps on phones there give GCJ-02, and nobody would notice that such positions lie in the wrong street."""
    if not region.gcj and in_mainland(region.zone, (grid.polygons[0][0][0] for grid in region.grids)):
        text = Name.of("files.check.gcj_off")
        remedy = Name.of("files.check.gcj_off.remedy")
        yield _warning("gcj_off", "region.yaml", text, remedy)
    if region.untyped is None:
        text = Name.of("files.check.positions_open")
        remedy = Name.of("files.check.positions_open.remedy")
        yield _warning("positions_open", "region.yaml", text, remedy)


def calendar_problems(region: Region, year: int) -> Iterator[RegionProblem]:
    """What the working calendar lacks for this year and the next, and its lines without effect."""
    if region.calendar is not None:
        yield from (_warning(*found) for found in doubted(region.calendar, year))


def _warning(code: str, where: str, text: Name, remedy: Name) -> RegionProblem:
    return RegionProblem(RegionSeverity.WARNING, code, where, text, remedy)


def _drawing(region: Region, plane: Plane) -> Iterator[RegionProblem]:
    """Shapes: self-crossing, overlaps of two grids, and holes that no grid holds."""
    for grid in region.grids:
        whole = shapely.MultiPolygon([shapely.Polygon(rings[0], rings[1:]) for rings in grid.polygons])
        if not whole.is_valid:
            reason = shapely.is_valid_reason(whole)
            text = Name.of("files.check.invalid_shape", reason=reason)
            yield _warning("invalid_shape", grid.id, text, Name.of("files.check.invalid_shape.remedy"))
    shapes = np.asarray([plane.geometry(shape_of(grid.polygons)) for grid in region.grids])
    tree = shapely.STRtree(shapes)
    for a, b in sorted((int(i), int(j)) for i, j in tree.query(shapes, predicate="intersects").T if i < j):
        area = float(shapely.area(shapely.intersection(shapes[a], shapes[b])))
        if area > _SLIVER_M2:
            first, second = region.grids[a].id, region.grids[b].id
            text = Name.of("files.check.overlap", second=second, area=area)
            remedy = Name.of("files.check.overlap.remedy", first=first)
            yield _warning("overlap", first, text, remedy)
    together = shapely.union_all(shapely.buffer(shapes, _HEAL_M))
    for part in shapely.get_parts(together):
        for hole in part.interiors:
            area, centre = shapely.Polygon(hole).area, hole.centroid
            if area > _SLIVER_M2:
                lon, lat = centre.x / plane.x_per_degree, centre.y / plane.y_per_degree
                text = Name.of("files.check.hole", area=area)
                remedy = Name.of("files.check.hole.remedy")
                yield _warning("hole", f"{lon:.5f},{lat:.5f}", text, remedy)


def _without(region: Region) -> Iterator[RegionProblem]:
    """What grids lack, reported once for all of them: a new region would get too many messages."""
    owner = region.fallback_owner
    lacks = (
        ("grid_without_head", "head", [g.id for g in region.grids if g.head is None]),
        ("grid_without_ladder", "ladder", [g.id for g in region.grids if not g.ladder]),
    )
    for code, column, grids in lacks:
        if grids:
            shown = ", ".join(grids[:3]) + (" …" if len(grids) > 3 else "")
            text = Name.of(f"files.check.lacking.{code}", n=len(grids))
            remedy = Name.of("files.check.lacking.remedy", column=column, owner=owner)
            yield _warning(code, shown, text, remedy)


def _segment(
    segment: Segment, region: Region, grid: shapely.Geometry, plane: Plane, head: str | None
) -> Iterator[RegionProblem]:
    if segment.owner is None:
        now = head or region.fallback_owner
        text = Name.of("files.check.segment_without_owner")
        remedy = Name.of("files.check.segment_without_owner.remedy", now=now)
        yield _warning("segment_without_owner", segment.id, text, remedy)
    away = float(shapely.distance(shapely.LineString(plane.array(segment.line)), grid))
    if away > region.segment_limit_m:
        text = Name.of("files.check.segment_far_from_grid", away=away, grid=segment.grid)
        yield _warning("segment_far_from_grid", segment.id, text, Name.of("files.check.segment_far_from_grid.remedy"))


def _addresses(region: Region) -> Iterator[RegionProblem]:
    """House numbers that several segments claim, and aliases of roads that do not exist."""
    claimed: dict[tuple[str, int], str] = {}
    reported: set[tuple[str, str]] = set()
    for segment in region.segments:
        for held in segment.numbers:
            for number in range(held.first, min(held.last, held.first + 20_000) + 1):
                other = claimed.setdefault((segment.road.zh, number), segment.id) if held.holds(number) else segment.id
                if other != segment.id and (other, segment.id) not in reported:
                    reported.add((other, segment.id))
                    text = Name.of("files.check.number_on_two_segments", road=segment.road, number=number, other=other)
                    remedy = Name.of("files.check.number_on_two_segments.remedy")
                    yield _warning("number_claimed_twice", segment.id, text, remedy)
    roads = {spell(name) for segment in region.segments for name in (segment.road.zh, segment.road.en)}
    for alias in region.aliases:
        if spell(alias.road) not in roads:
            text = Name.of("files.check.alias_of_nothing", road=alias.road)
            yield _warning("alias_of_nothing", alias.alias, text, Name.of("files.check.alias_of_nothing.remedy"))


def _people(region: Region) -> Iterator[RegionProblem]:
    """Departments whose topic nobody reads, and people who answer for segments without the role."""
    officers = {person.department for person in region.persons if Role.DEPARTMENT_OFFICER in person.roles}
    for body in region.organisations:
        if body.kind.value == "department" and body.code not in officers:
            text = Name.of("files.check.department_without_officer")
            remedy = Name.of("files.check.department_without_officer.remedy")
            yield _warning("department_without_officer", body.code, text, remedy)


def _powers(region: Region) -> Iterator[RegionProblem]:
    """Powers that nobody holds, and chiefs who stand on no ladder and so decide nowhere."""
    directory = Directory(region)
    for power in dict.fromkeys(row.power for row in region.powers):
        if power not in ASKED:
            text = Name.of("files.check.power_on_record_only")
            yield _warning(
                "power_not_asked_for",
                power,
                text,
                Name.of("files.check.power_on_record_only.remedy"),
            )
        elif not directory.holders(power):
            text = Name.of("files.check.power_without_holder")
            remedy = Name.of("files.check.power_without_holder.remedy")
            yield _warning("power_without_holder", power, text, remedy)
    named = {person for grid in region.grids for person in grid.ladder}
    off = [person for person in region.persons if person.id not in named and not set(person.roles) & OFFICES]
    chiefs = [person.id for person in off if set(person.roles) & CHIEFS]
    if chiefs:
        shown = ", ".join(chiefs[:3]) + (" …" if len(chiefs) > 3 else "")
        text = Name.of("files.check.chief_without_ladder", n=len(chiefs))
        yield _warning("chief_without_ladder", shown, text, Name.of("files.check.chief_without_ladder.remedy"))
