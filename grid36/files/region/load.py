"""Loads a `Region` from its folder: all faults of all files are collected before any is raised."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel

from grid36.files.region.calendar import read_calendar
from grid36.files.region.files import RegionFaults, read_yaml
from grid36.files.region.parts import Part, Parts, read_parts
from grid36.files.region.platforms import read_platforms
from grid36.files.region.powers import check_powers
from schemas.names import Name
from schemas.people import Organisation, OrganisationKind, Person, Team
from schemas.region import Grid, Region, Segment

HEAD = "region.yaml"
_KNOWN = {
    "code", "name", "zone", "gcj", "positions", "within", "box", "languages", "default_points", "fallback_owner",
    "fallback_department", "importers", "land_kinds", "messages", "night", "powers", "segment_limit_m",
    "outside_limit_m",
}  # fmt: skip
_BOX_MARGIN = 0.01  # degrees around everything drawn, more than the outside limit of a usual region


def load_region(folder: Path) -> Region:
    """The region in `folder`; raises `FaultyRegion` with every fault of every file."""
    faults = RegionFaults()
    region = read_region(folder, faults)
    faults.raise_any()
    assert region is not None  # no fault, so it was made
    return region


def read_region(folder: Path, faults: RegionFaults) -> Region | None:
    """As `load_region`, but faults go to `faults`; None when there are any."""
    head = read_yaml(folder, HEAD, faults)
    for unknown in sorted(str(key) for key in set(head) - _KNOWN):
        faults.add(HEAD, Name.of("files.fault.no_such_setting"), column=unknown)
    _check_zone(head.get("zone"), faults)
    parts = read_parts(folder, faults)
    _check_links(parts, _land_kinds(head), faults)
    _check_fallback(head, parts, faults)
    check_powers(head.get("powers"), parts, faults)
    bodies = {part.what.code for part in parts.organisations} | _mentioned(Organisation, faults)
    calendar = read_calendar(folder, head.get("zone"), bodies, faults)
    platforms = read_platforms(folder, faults)
    if faults.found:
        return None
    more = {"calendar": calendar, "platforms": platforms}
    return faults.model(Region, {"box": _box(parts)} | head | parts.content() | more, HEAD)


def _check_zone(zone: Any, faults: RegionFaults) -> None:
    try:
        ZoneInfo(str(zone))
    except (OSError, ValueError, KeyError):
        text = Name.of("files.region.no_such_time_zone", zone=zone)
        faults.add(HEAD, text, column="zone")


def _box(parts: Parts) -> dict[str, float]:
    """A box around everything drawn, for regions without one."""
    points = [p for part in parts.grids for polygon in part.what.polygons for ring in polygon for p in ring]
    points += [p for segment in parts.segments for p in segment.what.line]
    lons, lats = [p[0] for p in points] or [0.0], [p[1] for p in points] or [0.0]
    return {
        "west": max(-180.0, min(lons) - _BOX_MARGIN),
        "south": max(-90.0, min(lats) - _BOX_MARGIN),
        "east": min(180.0, max(lons) + _BOX_MARGIN),
        "north": min(90.0, max(lats) + _BOX_MARGIN),
    }


def _check_fallback(head: dict[str, Any], parts: Parts, faults: RegionFaults) -> None:
    """Check that the region names a fallback owner."""
    persons = {part.what.id for part in parts.persons} | _mentioned(Person, faults)
    if (owner := head.get("fallback_owner")) not in persons and Person not in faults.unread:
        text = Name.of("files.region.no_such_person", owner=owner)
        faults.add(HEAD, text, column="fallback_owner")
    bodies = {part.what.code for part in parts.organisations} | _mentioned(Organisation, faults)
    if (department := head.get("fallback_department")) not in bodies and Organisation not in faults.unread:
        text = Name.of("files.fault.no_organisation", code=department)
        faults.add(HEAD, text, column="fallback_department")


def _mentioned(kind: type[BaseModel], faults: RegionFaults) -> set[str]:
    """Ids of what is there and faulty; it is not missing."""
    return {name for made, name in faults.mentioned if made is kind}


def _land_kinds(head: dict[str, Any]) -> set[str]:
    """Ids of the kinds of land; anything but a list is reported when the region is built."""
    listed = head.get("land_kinds")
    return {str(each.get("id")) for each in listed if isinstance(each, dict)} if isinstance(listed, list) else set()


def _check_links(parts: Parts, land_kinds: set[str], faults: RegionFaults) -> None:
    known = {
        "land kind": land_kinds,
        "person": {part.what.id for part in parts.persons},
        "grid": {part.what.id for part in parts.grids},
        "segment": {part.what.id for part in parts.segments},
        "organisation": {part.what.code for part in parts.organisations},
        "crew": {part.what.code for part in parts.organisations if part.what.kind is OrganisationKind.CREW},
        "property firm": {part.what.code for part in parts.organisations if part.what.kind is OrganisationKind.FIRM},
        "team": {part.what.code for part in parts.teams},
    }
    for kind, made in _FAULTY.items():
        known[kind] |= _mentioned(made, faults)
    for part, column, kind, named in _links(parts):
        if named is not None and named not in known[kind] and _FAULTY.get(kind) not in faults.unread:
            text = Name.of(f"files.region.no_such.{kind.replace(' ', '_')}", name=named)
            faults.add(part.file, text, row=part.row, column=column)


_FAULTY: dict[str, type[BaseModel]] = {
    "person": Person, "grid": Grid, "segment": Segment, "team": Team,
    "organisation": Organisation, "crew": Organisation, "property firm": Organisation,
}  # fmt: skip


def _links(parts: Parts) -> Iterator[tuple[Part[Any], str, str, str | None]]:
    """(part, column, kind of thing named, what it names) for every reference in the files."""
    for grid in parts.grids:
        yield from ((grid, *link) for link in _links_of_grid(grid.what))
    for segment in parts.segments:
        yield from ((segment, *link) for link in _links_of_segment(segment.what))
    for unit in parts.units:
        yield unit, "grid", "grid", unit.what.grid
        yield unit, "land_kind", "land kind", unit.what.land_kind
    for landmark in parts.landmarks:
        yield landmark, "segment", "segment", landmark.what.segment
    for pole in parts.poles:
        yield pole, "segment", "segment", pole.what.segment
    for person in parts.persons:
        yield person, "department", "organisation", person.what.department
        yield person, "team", "team", person.what.team


def _links_of_grid(grid: Grid) -> Iterator[tuple[str, str, str | None]]:
    yield "head", "person", grid.head
    yield from (("workers", "person", worker) for worker in grid.workers)
    yield from (("ladder", "person", rung) for rung in grid.ladder)
    yield "property_firm", "property firm", grid.property_firm
    yield "land_kind", "land kind", grid.land_kind


def _links_of_segment(segment: Segment) -> Iterator[tuple[str, str, str | None]]:
    yield "grid", "grid", segment.grid
    yield "owner", "person", segment.owner
    yield "crew", "crew", segment.crew
    yield "land_kind", "land kind", segment.land_kind
    yield from (("executors", "person", executor) for executor in segment.executors)
