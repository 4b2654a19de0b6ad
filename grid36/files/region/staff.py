"""Checks size and staff of a region's grids: households, people, one head with two or three workers, legacy codes."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Final, TypeAlias

from schemas.names import Name
from schemas.region import Grid, Region

HOUSEHOLDS: Final = (300, 500)
PEOPLE: Final = (500, 1500)
WORKERS: Final = (2, 3)

Found: TypeAlias = tuple[str, str, Name, Name]
"""Code, where, what is wrong and what to do."""


def staffed(region: Region) -> Iterator[Found]:
    """Notes on unusual grids; none of them stops the region."""
    for grid in region.grids:
        yield from _size(grid)
        yield from _staff(grid)
    yield from _legacy(region)


def _size(grid: Grid) -> Iterator[Found]:
    """Report grids outside 300 to 500 households, or far from 1,000 people, where these numbers are given."""
    found = []
    if grid.households is not None and not HOUSEHOLDS[0] <= grid.households <= HOUSEHOLDS[1]:
        found.append(Name.of("files.staff.households", n=grid.households))
    if grid.people is not None and not PEOPLE[0] <= grid.people <= PEOPLE[1]:
        found.append(Name.of("files.staff.people", n=grid.people))
    if found:
        least, most = HOUSEHOLDS
        text = Name.of("files.staff.grid_size", found=Name.joined("、", ", ", found), least=least, most=most)
        yield "grid_size", grid.id, text, Name.of("files.staff.grid_size.remedy")


def _staff(grid: Grid) -> Iterator[Found]:
    """Check for one head and two or three workers where staff is given; a missing head alone is reported elsewhere."""
    workers = set(grid.workers) - {grid.head}
    if grid.head is None and not workers:
        return
    if WORKERS[0] <= len(workers) <= WORKERS[1]:
        return
    heads = 0 if grid.head is None else 1
    text = Name.of("files.staff.grid_staffing", heads=heads, workers=len(workers), least=WORKERS[0], most=WORKERS[1])
    remedy = Name.of("files.staff.grid_staffing.remedy")
    yield "grid_staffing", grid.id, text, remedy


def _legacy(region: Region) -> Iterator[Found]:
    """Legacy codes that several grids claim, or that are the code of another grid."""
    claimed: defaultdict[str, list[str]] = defaultdict(list)
    for grid in region.grids:
        for code in (grid.id, *grid.legacy_codes):
            if grid.id not in claimed[code.strip().casefold()]:
                claimed[code.strip().casefold()].append(grid.id)
        for code in sorted({code for code in grid.legacy_codes if grid.legacy_codes.count(code) > 1}):
            text = Name.of("files.staff.legacy_code_twice", code=code)
            yield "legacy_code_twice", grid.id, text, Name.of("files.staff.legacy_code_twice.remedy")
    names = {code.strip().casefold(): code for grid in region.grids for code in (grid.id, *grid.legacy_codes)}
    for key, grids in claimed.items():
        if len(grids) > 1:
            where, code = ", ".join(grids[:3]) + (" …" if len(grids) > 3 else ""), names[key]
            text = Name.of("files.staff.legacy_code_of_several", code=code, n=len(grids))
            remedy = Name.of("files.staff.legacy_code_of_several.remedy")
            yield "legacy_code_twice", where, text, remedy
