"""The codes of a region: grids, segments, units, poles, landmarks, and legacy codes of grids."""

from collections.abc import Sequence
from unicodedata import normalize

from schemas.region import Grid, Landmark, Pole, Region, Segment, Unit

Coded = Grid | Segment | Unit | Pole | Landmark


def codes_of(region: Region) -> dict[str, Sequence[Coded]]:
    """What each code means, as written and in lower case unless that is another code.

    Where one spelling means several things, a grid goes before a segment, a unit, a pole, a landmark
    and last a legacy code; only a legacy code may mean several grids.
    """
    old: dict[str, list[Coded]] = {}
    for grid in region.grids:
        for legacy in grid.legacy_codes:
            old.setdefault(plain_code(legacy), []).append(grid)
    codes: dict[str, Sequence[Coded]] = dict(old)
    things: tuple[Coded, ...] = (*region.landmarks, *region.poles, *region.units, *region.segments, *region.grids)
    for thing in things:
        codes[plain_code(thing.code if isinstance(thing, Pole) else thing.id)] = (thing,)
    lower: dict[str, list[str]] = {}
    for code in codes:
        lower.setdefault(code.casefold(), []).append(code)
    return {low: codes[same[0]] for low, same in lower.items() if len(same) == 1} | codes


def plain_code(code: str) -> str:
    """Half width, without outer spaces."""
    return normalize("NFKC", code).strip()
