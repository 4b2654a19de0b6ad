"""How a region's grids are cut and staffed: size in both units, one head with two or three workers, legacy codes."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Final, TypeAlias

from schemas.region import Grid, Region

HOUSEHOLDS: Final = (300, 500)
PEOPLE: Final = (500, 1500)
WORKERS: Final = (2, 3)

Found: TypeAlias = tuple[str, str, tuple[str, str], tuple[str, str]]
"""Code, where, what is wrong and what to do, each in Chinese and English."""


def staffed(region: Region) -> Iterator[Found]:
    """What is unusual about the grids of a region; nothing of it stops the region."""
    for grid in region.grids:
        yield from _size(grid)
        yield from _staff(grid)
    yield from _legacy(region)


def _size(grid: Grid) -> Iterator[Found]:
    """Outside 300 to 500 households, or far from 1,000 people: each that is told and unusual is named."""
    zh, en = [], []
    if grid.households is not None and not HOUSEHOLDS[0] <= grid.households <= HOUSEHOLDS[1]:
        zh.append(f"{grid.households} 户")
        en.append(f"{grid.households} households")
    if grid.people is not None and not PEOPLE[0] <= grid.people <= PEOPLE[1]:
        zh.append(f"{grid.people} 人")
        en.append(f"{grid.people} people")
    if zh:
        text = (
            f"{'、'.join(zh)}，应为 {HOUSEHOLDS[0]}–{HOUSEHOLDS[1]} 户或约 1000 人",
            f"{', '.join(en)}; usual are {HOUSEHOLDS[0]} to {HOUSEHOLDS[1]} households or about 1,000 people",
        )
        yield "grid_size", grid.id, text, ("拆分或合并网格", "split it or join it with a neighbour")


def _staff(grid: Grid) -> Iterator[Found]:
    """One head and two or three workers, where staff is told at all; that only the head lacks is told elsewhere."""
    workers = set(grid.workers) - {grid.head}
    if grid.head is None and not workers:
        return
    if WORKERS[0] <= len(workers) <= WORKERS[1]:
        return
    heads = 0 if grid.head is None else 1
    text = (
        f"{heads} 名网格长、{len(workers)} 名网格员，应为 1 名网格长和 {WORKERS[0]}–{WORKERS[1]} 名网格员",
        f"heads: {heads}, workers: {len(workers)}; usual are one head and {WORKERS[0]} or {WORKERS[1]} workers",
    )
    remedy = ("在 grids.csv 改 head 和 workers", "correct `head` and `workers` in grids.csv")
    yield "grid_staffing", grid.id, text, remedy


def _legacy(region: Region) -> Iterator[Found]:
    """Legacy codes that several grids claim, or that are the code of another grid."""
    claimed: defaultdict[str, list[str]] = defaultdict(list)
    for grid in region.grids:
        for code in (grid.id, *grid.legacy_codes):
            if grid.id not in claimed[code.strip().casefold()]:
                claimed[code.strip().casefold()].append(grid.id)
        for code in sorted({code for code in grid.legacy_codes if grid.legacy_codes.count(code) > 1}):
            text = (f"旧网格编码 {code} 在此网格重复", f"the legacy code {code} stands twice in this grid")
            yield "legacy_code_twice", grid.id, text, ("在 grids.csv 删去一个", "remove one in grids.csv")
    names = {code.strip().casefold(): code for grid in region.grids for code in (grid.id, *grid.legacy_codes)}
    for key, grids in claimed.items():
        if len(grids) > 1:
            where, code = ", ".join(grids[:3]) + (" …" if len(grids) > 3 else ""), names[key]
            text = (f"旧网格编码 {code} 对应 {len(grids)} 个网格", f"the legacy code {code} means {len(grids)} grids")
            remedy = ("在 grids.csv 只留一个", "keep it at one of them in grids.csv")
            yield "legacy_code_twice", where, text, remedy
