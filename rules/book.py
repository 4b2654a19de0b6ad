"""The book that decisions are made by: one region and one rulebook, looked up by id."""

from dataclasses import dataclass, field

from rules.matcher import Matcher
from rules.places import RegionIndex
from schemas.items import Item
from schemas.people import Person, Role
from schemas.place import PlaceFound
from schemas.region import Grid, Region, Segment
from schemas.report import Department
from schemas.rulebook import Category, Rulebook


@dataclass(frozen=True, slots=True)
class Book:
    """A region, a rulebook, the matcher compiled from its routing table, and what a system is told to do with history.

    `version` is the content hash of the rulebook. `decides_history` is true when a replay asked our rules to route.
    """

    region: Region
    rulebook: Rulebook
    version: str
    places: RegionIndex
    matcher: Matcher
    decides_history: bool = False
    _categories: dict[str, Category] = field(init=False, repr=False, compare=False)
    _items: dict[str, Item] = field(init=False, repr=False, compare=False)
    _persons: dict[str, Person] = field(init=False, repr=False, compare=False)
    _grids: dict[str, Grid] = field(init=False, repr=False, compare=False)
    _segments: dict[str, Segment] = field(init=False, repr=False, compare=False)
    _departments: dict[str, Department] = field(init=False, repr=False, compare=False)
    desks: dict[str, str] = field(init=False, repr=False, compare=False)
    """The officer of each department: the first by id among its people."""

    def __post_init__(self) -> None:
        """Index by id once."""
        put = object.__setattr__  # frozen: only here
        put(self, "_categories", {c.id: c for c in self.rulebook.categories})
        put(self, "_items", {i.id: i for i in self.rulebook.items})
        put(self, "_persons", {p.id: p for p in self.region.persons})
        put(self, "_grids", {g.id: g for g in self.region.grids})
        put(self, "_segments", {s.id: s for s in self.region.segments})
        officers = [p for p in self.region.persons if p.department and Role.DEPARTMENT_OFFICER in p.roles]
        put(self, "desks", {p.department: p.id for p in sorted(officers, key=lambda p: p.id, reverse=True)})
        put(self, "_departments", {o.code: Department(code=o.code, name=o.name.zh) for o in self.region.organisations})

    def category(self, name: str) -> Category:
        """The category, or the default one for a name the rulebook does not know (another system's word)."""
        return self._categories.get(name) or self._categories[self.rulebook.default_category]

    def knows_category(self, name: str) -> bool:
        """Whether the rulebook has this category."""
        return name in self._categories

    def item(self, name: str | None) -> Item | None:
        """The list item, if there is one of this name."""
        return None if name is None else self._items.get(name)

    def person(self, name: str | None) -> Person | None:
        """The person of the region, if there is one of this id."""
        return None if name is None else self._persons.get(name)

    def grid(self, name: str | None) -> Grid | None:
        """The grid of this id."""
        return None if name is None else self._grids.get(name)

    def ladder(self, place: PlaceFound | None) -> tuple[str, ...]:
        """Whom to tell, lowest rung first, when a deadline is missed at this place; empty where nobody is named."""
        grid = self.grid(place.grid if place else None)
        return grid.ladder if grid else ()

    def segment(self, name: str | None) -> Segment | None:
        """The road segment of this id."""
        return None if name is None else self._segments.get(name)

    def department(self, code: str) -> Department:
        """The department of this code; an unknown code is its own name."""
        return self._departments.get(code) or Department(code=code, name=code)
