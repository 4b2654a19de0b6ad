"""The compiled rulebook: one region and one rulebook, ready to look everything up by id."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from rules.places.region_index import RegionIndex
from rules.tables.index import IndexMatcher
from rules.tables.matcher import Matcher
from rules.words.vocabulary import Vocabularies
from schemas.content import content_address
from schemas.directory import Directory
from schemas.heirs import Heirs, heirs_of
from schemas.item_list import ItemList
from schemas.items import Item, Verdict
from schemas.names import Name
from schemas.people import Person
from schemas.place import Candidate, PlaceFound
from schemas.place_names import label_name, other_names
from schemas.region import Grid, Region, Segment
from schemas.report import Department, ReportKind
from schemas.rulebook import Category, PlaceNeed, Rulebook, Subcategory
from schemas.whistles import Whistle

QUARTER_MS: Final = 900_000
REPEATS: Final = ("repeats_in_segment_7d", "repeats_in_grid_7d")
"""Facts that the stream counts."""


@dataclass(frozen=True, slots=True)
class CompiledRulebook:
    """A region, a rulebook, the matcher of its tables, and whether the rules decide a history.

    `version` is the content hash of the rulebook. `decides_history` is true when a replay asked our rules to route.
    """

    region: Region
    rulebook: Rulebook
    version: str
    places: RegionIndex
    matcher: Matcher
    decides_history: bool = False
    _categories: dict[str, Category] = field(init=False, repr=False, compare=False)
    _called: dict[str, tuple[str, ...]] = field(init=False, repr=False, compare=False)
    _subcategories: dict[str, Subcategory] = field(init=False, repr=False, compare=False)
    _divided: dict[str, tuple[Subcategory, ...]] = field(init=False, repr=False, compare=False)
    _items: ItemList = field(init=False, repr=False, compare=False)
    directory: Directory = field(init=False, repr=False, compare=False)
    """The region by id."""
    _places: dict[str, Name] = field(init=False, repr=False, compare=False)
    _departments: dict[str, Department] = field(init=False, repr=False, compare=False)
    heirs: Heirs = field(init=False, repr=False, compare=False)
    """Who replaces people and departments that no longer exist."""
    asked: frozenset[str] = field(init=False, repr=False, compare=False)
    """The names of all facts that its tables use."""
    words: Vocabularies = field(init=False, repr=False, compare=False)
    """The words of its categories and attributes."""

    def __post_init__(self) -> None:
        """Index by id once."""
        put = object.__setattr__  # frozen: only here
        put(self, "asked", frozenset(name for table in self.rulebook.tables for name in table.kinds()))
        categories, parts = self.rulebook.categories, self.rulebook.subcategories
        put(self, "_categories", {name: each for each in categories for name in (each.id, *each.replaces)})
        put(self, "_called", self.rulebook.called())
        put(self, "_subcategories", {name: each for each in parts for name in (each.id, *each.replaces)})
        divided: dict[str, tuple[Subcategory, ...]] = {}
        for part in self.rulebook.subcategories:
            divided[part.category] = (*divided.get(part.category, ()), part)
        put(self, "_divided", divided)
        put(self, "words", Vocabularies(self.rulebook))
        put(self, "_items", ItemList(self.rulebook))
        put(self, "directory", Directory(self.region))
        put(self, "_places", {name.zh: name for name in (*other_names(self.region),)[::-1]})
        put(self, "heirs", heirs_of(self.region))
        bodies = {each.code: each for each in self.region.organisations} | self.heirs.departments
        put(self, "_departments", {old: Department(code=o.code, name=o.name.zh) for old, o in bodies.items()})

    @property
    def counts_repeats(self) -> bool:
        """Whether a table uses how often something was reported lately."""
        return not self.asked.isdisjoint(REPEATS)

    def place_name(self, place: PlaceFound | Candidate) -> Name:
        """The label of a place in both languages."""
        on = self.directory.segment(place.code if isinstance(place, Candidate) else place.segment)
        return label_name(place.label, on.road if on else None, self._places)

    def category(self, name: str) -> Category:
        """The category, or what replaces it; the default one for a name that is unknown (another system's word)."""
        return self._categories.get(name) or self._categories[self.rulebook.default_category]

    def needs_place(self, category: str, kind: ReportKind) -> bool:
        """Whether nobody can be sent before the place is known."""
        if kind in self.rulebook.policy.without_place:
            return False
        return self.category(category).place is PlaceNeed.REQUIRED

    def knows_category(self, name: str) -> bool:
        """Whether the rulebook has this category, or one that replaces it."""
        return name in self._categories

    def names_of(self, category: str) -> tuple[str, ...]:
        """The ids of a category: today's, and those of earlier lists."""
        return self._called.get(category, (category,))

    def filed(self, name: str | None) -> tuple[str, str | None] | None:
        """The category and the subcategory that an id of either kind means; None for an unknown id."""
        if name is not None and (category := self._categories.get(name)) is not None:
            return category.id, None
        part = self.subcategory(name)
        return None if part is None else (part.category, part.id)

    def filing(self, category: str, subcategory: str | None) -> tuple[str, str | None]:
        """The category and subcategory for those of an earlier rulebook; unknown ones stay as they are."""
        now, part = self.filed(category) or (category, None)
        known = self.subcategory(subcategory)
        return now, part or (known.id if known is not None and known.category == now else subcategory)

    def knows(self, category: str, subcategory: str | None = None) -> bool:
        """Whether this rulebook knows the category and subcategory of a case."""
        return self.filed(category) is not None and (subcategory is None or self.subcategory(subcategory) is not None)

    def subcategory(self, name: str | None) -> Subcategory | None:
        """The subcategory of this id, or the one that replaces it."""
        return None if name is None else self._subcategories.get(name)

    def subcategories(self, category: str) -> tuple[Subcategory, ...]:
        """The subcategories of a category, in the order of the rulebook."""
        return self._divided.get(category, ())

    def item(self, name: str | None, t_ms: int | None = None) -> Item | None:
        """The item of this name on the list of this level, in the version in force at `t_ms`.

        Without a time: its last version, to show or cite it.
        """
        if t_ms is not None:
            return self._items.in_force(name, self.day(t_ms))
        versions = self._items.own(name)
        return versions[-1] if versions else None

    def items_in_force(self, t_ms: int) -> list[Item]:
        """The list of this level at `t_ms`."""
        day, level = self.day(t_ms), self.rulebook.level
        return [item for item in self.rulebook.items if item.is_for(level) and item.holds_on(day)]

    def listed(self, names: Iterable[str | None], t_ms: int) -> tuple[Item | None, Item | None]:
        """The first of these items on this level's list at `t_ms`: (active, None) or (None, suspended)."""
        for name in names:
            if (item := self.item(name, t_ms)) is not None:
                return item, None
            rests = next((item for item in self._items.own(name) if item.rests_on(self.day(t_ms))), None)
            if rests is not None:
                return None, rests
        return None, None

    def item_elsewhere(self, name: str, t_ms: int) -> Item | None:
        """The version of an item by which another level of the region handles it at `t_ms`."""
        return next(
            (
                item
                for item in self._items.versions(name)
                if not item.is_for(self.rulebook.level)
                and item.lead is not None
                and item.verdict is not Verdict.REFUSE
                and item.holds_on(self.day(t_ms))
            ),
            None,
        )

    def day(self, t_ms: int) -> date:
        """The day of a time in the region's zone."""
        return _day(t_ms // QUARTER_MS, self.region.zone)

    def person(self, name: str | None) -> Person | None:
        """The person of the region, if there is one of this id."""
        return self.directory.person(name)

    def grid(self, name: str | None) -> Grid | None:
        """The grid of this id."""
        return self.directory.grid(name)

    def grid_name(self, name: str) -> Name:
        """The name of a grid in both languages."""
        known = self.grid(name)
        return known.name if known else Name.same(name)

    def ladder(self, place: PlaceFound | None) -> tuple[str, ...]:
        """The escalation ladder at this place, lowest rung first; empty where nobody is named."""
        return self.directory.ladder(place)

    def owner(self, place: PlaceFound | None) -> str | None:
        """The owner of the segment of a place, else the head of its grid."""
        if place is None:
            return None
        segment, grid = self.segment(place.segment), self.grid(place.grid)
        return (segment.owner if segment else None) or (grid.head if grid else None)

    def segment(self, name: str | None) -> Segment | None:
        """The road segment of this id."""
        return self.directory.segment(name)

    def whistle(self, name: str | None) -> Whistle | None:
        """The item of the whistle list of this name."""
        return next((each for each in self.rulebook.whistles if each.id == name), None)

    def knows_department(self, code: str) -> bool:
        """Whether the region has this department."""
        return code in self._departments

    def department_name(self, code: str) -> Name:
        """The name of a department in both languages."""
        known = self.directory.organisation(code)
        return known.name if known else Name.same(code)

    def department(self, code: str) -> Department:
        """The department of this code, or the one that replaces it; an unknown code serves as its name."""
        return self._departments.get(code) or Department(code=code, name=code)


@lru_cache(256)
def _day(quarter: int, zone: str) -> date:
    """The day of a quarter of an hour since the epoch: in no zone a day begins within one."""
    return datetime.fromtimestamp(quarter * QUARTER_MS / 1000, ZoneInfo(zone)).date()


def book_of(region: Region, rulebook: Rulebook, matcher: Matcher | None = None) -> CompiledRulebook:
    """Compile both. Without a matcher the index decides: the same rows as the engine, by construction."""
    matcher = matcher or IndexMatcher(rulebook.tables)
    return CompiledRulebook(region, rulebook, content_address(rulebook), RegionIndex(region), matcher)
