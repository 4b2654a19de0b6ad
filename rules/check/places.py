"""Checks what the rulebook needs from the region: heads, owners, ladders, and the fallback owner.

Problems name ids instead of rows: a region does not store the order of its files.
"""

from collections.abc import Iterator

from rules.check.gaps import place_facts
from rules.check.known import References
from rules.check.problem import Problem
from rules.check.said import near, problem
from schemas.region import Grid


def places(known: References) -> Iterator[Problem]:
    """All problems of people and places."""
    region = known.region
    if (owner := region.fallback_owner) not in known.persons:
        alike = near(owner, known.persons)
        yield problem("unknown_fallback_owner", "region", (), "fallback_owner", value=owner, near=alike)
    if (code := region.fallback_department) not in known.departments:
        alike = near(code, known.departments)
        yield problem("unknown_fallback_department", "region", (), "fallback_department", value=code, near=alike)
    for grid in region.grids:
        yield from _grid(grid, known)
    for segment in region.segments:
        if segment.owner is not None and segment.owner not in known.persons:
            facts = {"segment": segment.id, "value": segment.owner, "near": near(segment.owner, known.persons)}
            yield problem("unknown_owner", "segments", (), "owner", **facts)
    yield from _land(known)
    yield from _lacks(known)


def _land(known: References) -> Iterator[Problem]:
    """Kinds of land that a table uses and no place has: such a row never matches."""
    tables = [table for table in known.rulebook.tables if "land_kind" in table.kinds()]
    there = {facts.get("land_kind") for facts, _, _ in place_facts(known)} if tables else set()
    for table in tables:
        for number, row in enumerate(table.rows, 1):
            for value in row.cell("land_kind").one_of or ():
                if value in known.values["land_kind"] and value not in there:
                    yield problem("land_kind_nowhere", table.name, (number,), "land_kind", value=value)


def _grid(grid: Grid, known: References) -> Iterator[Problem]:
    if grid.head is not None and grid.head not in known.persons:
        facts = {"grid": grid.id, "value": grid.head, "near": near(grid.head, known.persons)}
        yield problem("unknown_head", "grids", (), "head", **facts)
    for rung, person in enumerate(grid.ladder):
        facts = {"grid": grid.id, "value": person}
        if person not in known.persons:
            yield problem("unknown_ladder_person", "grids", (), "ladder", near=near(person, known.persons), **facts)
        if person in grid.ladder[:rung]:
            yield problem("ladder_person_twice", "grids", (), "ladder", **facts)


def _lacks(known: References) -> Iterator[Problem]:
    """One problem for all places that lack something: a new region would have too many."""
    region = known.region
    headless = [grid.id for grid in region.grids if grid.head is None]
    if headless:
        facts = {"count": len(headless), "grid": headless[0], "owner": region.fallback_owner}
        yield problem("grid_without_head", "grids", (), "head", **facts)
    if flat := [grid.id for grid in region.grids if not grid.ladder]:
        yield problem("grid_without_ladder", "grids", (), "ladder", count=len(flat), grid=flat[0])
    if ownerless := [segment.id for segment in region.segments if segment.owner is None]:
        facts = {"count": len(ownerless), "segment": ownerless[0]}
        yield problem("segment_without_owner", "segments", (), "owner", **facts)
