"""The region as far as the rulebook leans on it: heads, owners, ladders, and the fallback owner."""

from collections.abc import Iterator

from rules.check.known import Known
from rules.check.problem import Problem
from rules.check.said import near, problem
from schemas.region import Grid


def places(known: Known) -> Iterator[Problem]:
    """Everything about people and places that are named for each other."""
    region = known.region
    if (owner := region.fallback_owner) not in known.persons:
        alike = near(owner, known.persons)
        yield problem("unknown_fallback_owner", "region", (), "fallback_owner", value=owner, near=alike)
    if (code := region.fallback_department) not in known.departments:
        alike = near(code, known.departments)
        yield problem("unknown_fallback_department", "region", (), "fallback_department", value=code, near=alike)
    for number, grid in enumerate(region.grids, 1):
        yield from _grid(number, grid, known)
    for number, segment in enumerate(region.segments, 1):
        if segment.owner is not None and segment.owner not in known.persons:
            facts = {"segment": segment.id, "value": segment.owner, "near": near(segment.owner, known.persons)}
            yield problem("unknown_owner", "segments", (number,), "owner", **facts)
    yield from _lacks(known)


def _grid(number: int, grid: Grid, known: Known) -> Iterator[Problem]:
    rows = (number,)
    if grid.head is not None and grid.head not in known.persons:
        facts = {"grid": grid.id, "value": grid.head, "near": near(grid.head, known.persons)}
        yield problem("unknown_head", "grids", rows, "head", **facts)
    for rung, person in enumerate(grid.ladder):
        facts = {"grid": grid.id, "value": person}
        if person not in known.persons:
            yield problem("unknown_ladder_person", "grids", rows, "ladder", near=near(person, known.persons), **facts)
        if person in grid.ladder[:rung]:
            yield problem("ladder_person_twice", "grids", rows, "ladder", **facts)


def _lacks(known: Known) -> Iterator[Problem]:
    """What places do not have, told once for all of them: a new region would drown in it."""
    region = known.region
    headless = [number for number, grid in enumerate(region.grids, 1) if grid.head is None]
    if headless:
        facts = {"count": len(headless), "grid": region.grids[headless[0] - 1].id, "owner": region.fallback_owner}
        yield problem("grid_without_head", "grids", headless, "head", **facts)
    flat = [number for number, grid in enumerate(region.grids, 1) if not grid.ladder]
    if flat:
        grid = region.grids[flat[0] - 1].id
        yield problem("grid_without_ladder", "grids", flat, "ladder", count=len(flat), grid=grid)
    ownerless = [number for number, segment in enumerate(region.segments, 1) if segment.owner is None]
    if ownerless:
        segment = region.segments[ownerless[0] - 1].id
        yield problem("segment_without_owner", "segments", ownerless, "owner", count=len(ownerless), segment=segment)
