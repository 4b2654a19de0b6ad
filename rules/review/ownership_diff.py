"""Ownership diff of two rulebooks over all places and categories of the region."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from math import prod
from typing import Final, NamedTuple, TypeAlias

from rules.book.compiled_rulebook import CompiledRulebook
from rules.check.gaps import PLACE_FACTS, place_facts
from rules.check.known import References
from rules.check.sets import only, whole
from rules.facts.routing_facts import RoutingFacts
from rules.review.dry_run import EmptyContext
from rules.routing.route import Route, route
from rules.tables.index import TableIndex
from rules.tables.matcher import Question
from schemas.calendar import DayKind, ShiftKind
from schemas.people import Role
from schemas.place import FoundBy, PlaceFound
from schemas.report import ReportKind, Urgency
from schemas.table import Fact, Facts, Outputs, Table, kind_of

MOST_SITUATIONS: Final = 64
"""How many combinations of kinds, hours, reporters … are tried; beyond it, one input at a time."""
USUAL: Final[Facts] = {
    "kind": ReportKind.PROBLEM.value,
    "urgency": Urgency.NORMAL.value,
    "reporter_kind": Role.RESIDENT.value,
    "month": 6,
    "weekday": 3,
    "hour": 10,
    "day_kind": DayKind.WORKDAY.value,
    "shift": ShiftKind.ON.value,
}
"""Facts that are always known; all others may be absent."""
Situation: TypeAlias = Mapping[str, Fact | None]
"""All facts of routing besides place and category; None: absent."""


class Responsible(NamedTuple):
    """Who is responsible for a case: nobody when the list refuses it."""

    assignee: str | None
    department: str | None
    item: str | None
    gap: bool


class OwnershipChange(NamedTuple):
    """Places where cases of one category are routed differently, in the first situation where they are."""

    category: str
    before: Responsible
    after: Responsible
    places: tuple[str, ...]
    """Codes of segments, units and grids."""
    situation: tuple[tuple[str, Fact], ...]

    @property
    def moves(self) -> bool:
        """Whether the person changes, or nobody was responsible; else only department or item differ."""
        return self.before.assignee != self.after.assignee


class _GivenRows:
    """A matcher with given rows, so that `rules.routing.route` decides what they mean."""

    def __init__(self) -> None:
        self.rows: tuple[str, ...] = ()

    def matches(self, table: str, facts: Facts) -> tuple[str, ...]:
        return self.rows

    async def prepare(self, questions: Sequence[Question]) -> None:
        pass


@dataclass
class _Side:
    """One of the two compiled rulebooks."""

    book: CompiledRulebook
    t_ms: int
    index: TableIndex = field(init=False)
    matcher: _GivenRows = field(init=False)
    lists: References = field(init=False)
    known: dict[tuple[object, ...], Responsible] = field(default_factory=dict)
    meant: dict[tuple[str | None, str], tuple[object, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        book, self.matcher = self.book, _GivenRows()
        self.index = TableIndex(book.rulebook.routing)
        self.lists = References(book.region, book.rulebook)
        self.book = CompiledRulebook(book.region, book.rulebook, book.version, book.places, self.matcher)

    def means(self, row: str | None, category: str) -> tuple[object, ...]:
        """Everything that decides besides the region: outputs, and the item in every version."""
        key = (row, category)
        if key not in self.meant:
            then, book = self._then(row), self.book
            names = (then.get("item"), book.category(category).item)
            items = [self.lists.versions(str(name)) for name in names]
            self.meant[key] = (then, book.rulebook.level, *items)
        return self.meant[key]

    def _then(self, row: str | None) -> Outputs:
        table = self.book.rulebook.routing
        return (table.default if row is None else table.rows[table.numbers[row] - 1].then) or {}

    def who(self, row: str | None, category: str, place: PlaceFound) -> Responsible:
        """Who is responsible for a case of this category here when this row wins."""
        people = self._people(place) if self._then(row).get("assign") in {"segment_owner", "grid_head"} else ()
        key = (row, category, people)
        if key not in self.known:
            self.matcher.rows = () if row is None else (row,)
            routing_facts = RoutingFacts(category, ReportKind.PROBLEM, place, Role.RESIDENT, "")
            self.known[key] = _who(route(routing_facts, EmptyContext(self.book, self.t_ms)))
        return self.known[key]

    def _people(self, place: PlaceFound) -> tuple[object, ...]:
        segment, grid = self.book.segment(place.segment), self.book.grid(place.grid)
        return segment and segment.owner, grid and grid.head


def _who(chosen: Route) -> Responsible:
    code = chosen.department.code if chosen.department else None
    return Responsible(None if chosen.refused else chosen.assignee, code, chosen.item, chosen.gap)


def ownership_changes(old: CompiledRulebook, new: CompiledRulebook, t_ms: int) -> list[OwnershipChange]:
    """Every change at `t_ms`, by category, old and new owner; both sides share one region.

    A category that only one side has is compared with what the other makes of its name: the one that replaces
    it, else the default one.
    """
    sides = _Side(old, t_ms), _Side(new, t_ms)
    found: dict[tuple[str, Responsible, Responsible], OwnershipChange] = {}
    places = _places(sides)
    for situation in situations([old.rulebook.routing, new.rulebook.routing]):
        for category in _categories(old, new):
            if not _happens(situation, category, sides):
                continue
            for change in _changes(sides, category, situation, places):
                before = found.get(change[:3])
                codes = dict.fromkeys((*(before.places if before else ()), *change.places))
                found[change[:3]] = (
                    change._replace(places=tuple(codes)) if before is None else before._replace(places=tuple(codes))
                )
    return sorted(found.values(), key=lambda hand: (-len(hand.places), hand.category))


def _categories(old: CompiledRulebook, new: CompiledRulebook) -> list[str]:
    """All categories of both sides; a renamed one only by its old name."""
    fresh = (c.id for c in new.rulebook.categories if not any(map(old.knows_category, c.replaces)))
    return list(dict.fromkeys((*fresh, *(c.id for c in old.rulebook.categories))))


def _happens(situation: Situation, category: str, sides: tuple[_Side, _Side]) -> bool:
    """Whether the subcategory of the situation belongs to this category."""
    part = situation.get("subcategory")
    return part is None or any(side.lists.parents.get(str(part)) == category for side in sides)


_Groups: TypeAlias = dict[tuple[int, int], list[PlaceFound]]


def _places(sides: tuple[_Side, _Side]) -> _Groups:
    """Real places, grouped by the rows of both sides that they do not exclude."""
    groups: _Groups = defaultdict(list)
    for facts, grid, segment in place_facts(References(sides[0].book.region, sides[0].book.rulebook)):
        asked = {name: facts.get(name) for name in PLACE_FACTS}
        place = PlaceFound(
            grid=grid.id,
            unit=facts.get("unit"),
            segment=segment.id if segment else None,
            community=facts.get("community"),
            community_class=grid.community_class,
            land_kind=facts.get("land_kind"),
            road=facts.get("road"),
            label=code_of(facts),
            by=FoundBy.CODE,
        )
        groups[sides[0].index.met(asked), sides[1].index.met(asked)].append(place)
    return groups


def code_of(facts: Mapping[str, str]) -> str:
    """The narrowest code of a place."""
    return facts.get("segment") or facts.get("unit") or facts["grid"]


def _changes(
    sides: tuple[_Side, _Side], category: str, situation: Situation, places: _Groups
) -> Iterator[OwnershipChange]:
    old, new = sides
    met = old.index.met(_asked(old, category, situation)), new.index.met(_asked(new, category, situation))
    found: defaultdict[tuple[Responsible, Responsible], list[str]] = defaultdict(list)
    same: dict[tuple[str | None, str | None], bool] = {}
    for rows, there in places.items():
        had, gets = old.index.first(rows[0] & met[0]), new.index.first(rows[1] & met[1])
        if (had, gets) not in same:
            same[had, gets] = old.means(had, category) == new.means(gets, category)
        if same[had, gets]:
            continue  # no place needs to be asked
        for place in there:
            before, after = old.who(had, category, place), new.who(gets, category, place)
            if before != after:
                found[before, after].append(place.label)
    shown = tuple((name, value) for name, value in situation.items() if value is not None)
    for (before, after), codes in found.items():
        yield OwnershipChange(category, before, after, tuple(codes), shown)


def _asked(side: _Side, category: str, situation: Situation) -> Situation:
    now, part = side.book.filing(category, None)
    return {**situation, "category": now} | ({} if part is None else {"subcategory": part})


def situations(tables: Sequence[Table]) -> list[Situation]:
    """Values of all other inputs such that every row of both tables matches in some; the usual ones first."""
    names = list(dict.fromkeys(name for table in tables for name in table.kinds()))
    values = {name: _values(name, tables) for name in names if name not in {*PLACE_FACTS, "category"}}
    if prod(map(len, values.values())) <= MOST_SITUATIONS:
        return [dict(zip(values, combination, strict=True)) for combination in product(*values.values())]
    usual = {name: first for name, (first, *_) in values.items()}
    return [usual, *({**usual, name: value} for name, (_, *others) in values.items() for value in others)]


def _values(name: str, tables: Sequence[Table]) -> list[Fact | None]:
    """The values in the tables, and one other value."""
    cells = [row.cell(name) for table in tables for row in table.rows]
    if kind_of(name) == "number":
        ends = {end for cell in cells for end in (cell.ge, None if cell.le is None else cell.le + 1) if end is not None}
        ends |= {value for cell in cells for value in cell.one_of or () if isinstance(value, int)}
        ends |= {value + 1 for value in set(ends) if any(value in (cell.one_of or ()) for cell in cells)}
        stated: Iterable[Fact] = sorted(ends)
    else:
        stated = dict.fromkeys(value for cell in cells for value in cell.one_of or ())
    usual = USUAL.get(name)
    rest = [value for value in stated if value != usual and _possible(name, value)]
    return [usual, *rest]


def _possible(name: str, value: Fact) -> bool:
    return not whole(name).both(only(name, [value])).empty
