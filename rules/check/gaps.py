"""Finds gaps: real places × categories without a row of the routing table, and rows that lead to nobody."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from rules.check.boxes import Boxes, Rows, bits, rows_of
from rules.check.known import References
from rules.check.problem import Example, Problem
from rules.check.said import problem
from rules.check.sets import Box, Part, Texts, holds, left_over, only, whole
from schemas.items import Verdict
from schemas.names import Name
from schemas.region import Grid, Segment, Unit

Place: TypeAlias = Mapping[str, str]
"""The facts about a place."""

PLACE_FACTS: Final = ("grid", "unit", "community", "area_kind", "land_kind", "segment", "road")
_ABSENT: Final = Texts(frozenset({""}))
"""A text that no cell can list: only cells that accept everything match it."""
_PIECES: Final = 400
_ASSIGNED: Final = ("segment_owner", "grid_head")


def place_facts(known: References) -> Iterator[tuple[Place, Grid, Segment | None]]:
    """The place facts of every grid, unit and road segment of the region."""
    grids = {grid.id: grid for grid in known.region.grids}
    for grid in grids.values():
        yield _in_grid(grid), grid, None
    for unit in known.region.units:
        if unit.grid in grids:
            yield {**_in_grid(grids[unit.grid]), **_land(unit), "unit": unit.id}, grids[unit.grid], None
    for segment in known.region.segments:
        if segment.grid in grids:
            there = {**_in_grid(grids[segment.grid]), **_land(segment), "segment": segment.id}
            yield {**there, "road": segment.road.zh}, grids[segment.grid], segment


def _in_grid(grid: Grid) -> dict[str, str]:
    found = {"grid": grid.id, **_land(grid)}
    if grid.community:
        found["community"] = grid.community.zh
    if grid.community_class:
        found["area_kind"] = grid.community_class.value
    return found


def _land(part: Grid | Unit | Segment) -> dict[str, str]:
    return {} if part.land_kind is None else {"land_kind": part.land_kind}


@dataclass(frozen=True)
class _Cells:
    """The routing table seen as places × categories."""

    boxes: Boxes
    left: dict[Rows, Example | None]
    """Cache, by the rows of a place and category: facts that none of them matches, or None."""

    def rows(self, facts: Mapping[str, str], placed: bool) -> Rows:
        """Rows that these facts do not exclude; with `placed`, place facts that are not given are absent."""
        return self.boxes.meeting(self._box(facts, placed))

    def _box(self, facts: Mapping[str, str], placed: bool) -> Box:
        return tuple(self._part(name, facts, placed) for name in self.boxes.names)

    def _part(self, name: str, facts: Mapping[str, str], placed: bool) -> Part:
        if name in facts:
            return only(name, [facts[name]])
        return _ABSENT if placed and name in PLACE_FACTS else whole(name)

    def gap(self, rows: Rows, facts: Mapping[str, str], placed: bool) -> Example | None:
        """Facts at this place and category that none of `rows` matches."""
        if rows not in self.left:
            box = self._box(facts, placed)
            boxes = [self.boxes.boxes[i] for i in bits(rows)]
            if any(holds(each, box) for each in boxes):
                self.left[rows] = None
            else:
                left = left_over(box, boxes, _PIECES)
                self.left[rows] = self.boxes.example(left[0]) if left else None
        return self.left[rows]


def gaps(boxes: Boxes, known: References) -> Iterator[Problem]:
    """Categories without a row at some place. A category that the list refuses needs none."""
    cells = _Cells(boxes, {})
    used = [name for name in PLACE_FACTS if name in boxes.names]
    places = _places(known, used)
    masks = [(cells.rows(dict(place), placed=True), dict(place), count) for place, count in places.items()]
    anywhere = rows_of(i for i, row in enumerate(boxes.rows) if all(row.cell(name).is_any for name in used))
    for number, category in enumerate(known.rulebook.categories, 1):
        item = known.item(category.item)
        if item is not None and item.verdict is Verdict.REFUSE:
            continue
        named = {"category": category.id}
        rows = cells.rows(named, placed=False)
        if cells.gap(rows & anywhere, named, placed=False) is None:
            continue
        count, example = _count(cells, rows, named, masks)
        if example is not None:
            yield _gap(number, category.id, count, example, known)


def _places(known: References, used: Sequence[str]) -> Counter[tuple[tuple[str, str], ...]]:
    """How many real places the table cannot tell apart; by segment only if it uses segments."""
    found: Counter[tuple[tuple[str, str], ...]] = Counter()
    along, inside = {"segment", "road", "land_kind"} & set(used), {"unit", "land_kind"} & set(used)
    for place, _, segment in place_facts(known):
        if (segment is None or along) and ("unit" not in place or inside):
            found[tuple((name, place[name]) for name in used if name in place)] += 1
    return found


def _count(
    cells: _Cells, rows: Rows, named: dict[str, str], masks: list[tuple[Rows, dict[str, str], int]]
) -> tuple[int, Example | None]:
    total, example = 0, None
    for mask, place, count in masks:
        found = cells.gap(rows & mask, {**named, **place}, placed=True)
        if found is not None:
            total += count
            rest = {name: value for name, value in found if name not in PLACE_FACTS}
            example = example or tuple((rest | named | place).items())
    return total, example


def _gap(number: int, category: str, count: int, example: Example, known: References) -> Problem:
    owner = known.region.fallback_owner
    code = "gap" if owner in known.persons else "gap_without_owner"
    if known.rulebook.routing.default is not None:
        code = "gap_to_default"
    return problem(code, known.rulebook.routing.name, (), None, example, category=category, count=count, owner=owner)


def nobody(boxes: Boxes, known: References) -> Iterator[Problem]:
    """Rows that route to the owner of a segment or the head of a grid where there is none."""
    empty = [(place, segment) for place, grid, segment in place_facts(known) if _empty(grid, segment)]
    if not empty:
        return
    cells, used = _Cells(boxes, {}), [name for name in PLACE_FACTS if name in boxes.names]
    seen: dict[tuple[tuple[str, str], ...], Rows] = {}
    rows: Rows = 0
    for place, _ in empty:
        key = tuple((name, place[name]) for name in used if name in place)
        if key not in seen:
            seen[key] = cells.rows(dict(key), placed=True)
        rows |= seen[key]
    default = known.rulebook.routing.default or {}
    for assign in _ASSIGNED:
        numbers = [boxes.numbers[i] for i in bits(rows) if boxes.rows[i].then.get("assign") == assign]
        if numbers or default.get("assign") == assign:
            who = Name.of(f"checks.owner.{assign}")
            facts = {"who": who, "count": len(empty), "owner": known.region.fallback_owner}
            there = _narrowest(empty[0][0])
            yield problem("nobody_there", boxes.table.name, sorted(numbers), "assign", place=there, **facts)


def _empty(grid: Grid, segment: Segment | None) -> bool:
    return grid.head is None and (segment is None or segment.owner is None)


def _narrowest(place: Place) -> str:
    """The narrowest name of a place."""
    return place.get("segment") or place.get("unit") or place["grid"]
