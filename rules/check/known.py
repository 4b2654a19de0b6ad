"""What a rulebook may refer to: people, places and organisations of the region, its own categories and items."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from schemas.items import Item, Verdict
from schemas.people import Role
from schemas.place import CommunityClass
from schemas.region import Region
from schemas.rulebook import Category, Rulebook


@dataclass(frozen=True)
class References:
    """Looks up what cells and outputs refer to. `on`: the day on which items must hold."""

    region: Region
    rulebook: Rulebook
    on: date | None = None

    @cached_property
    def persons(self) -> frozenset[str]:
        """Ids of people."""
        return frozenset(person.id for person in self.region.persons)

    @cached_property
    def departments(self) -> frozenset[str]:
        """Codes of organisations of any kind."""
        return frozenset(body.code for body in self.region.organisations)

    @cached_property
    def desks(self) -> frozenset[str]:
        """Codes of departments with an officer."""
        return frozenset(
            person.department
            for person in self.region.persons
            if person.department and Role.DEPARTMENT_OFFICER in person.roles
        )

    @cached_property
    def values(self) -> dict[str, frozenset[str]]:
        """The possible values of facts whose values the region or the rulebook defines."""
        region = self.region
        return {
            "category": frozenset(self.categories),
            "subcategory": frozenset(self.parents),
            "grid": frozenset(grid.id for grid in region.grids),
            "unit": frozenset(unit.id for unit in region.units),
            "segment": frozenset(segment.id for segment in region.segments),
            "road": frozenset(segment.road.zh for segment in region.segments),
            "community": frozenset(grid.community.zh for grid in region.grids if grid.community),
            "area_kind": frozenset(each.value for each in CommunityClass),
            "land_kind": frozenset(kind.id for kind in region.land_kinds),
            "team": frozenset(team.code for team in region.teams),
            "department": self.departments,
        }

    @cached_property
    def unfilled(self) -> frozenset[str]:
        """Facts for which the rulebook or the region should list values and lists none."""
        return frozenset(name for name in ("subcategory", "land_kind") if not self.values[name])

    @cached_property
    def parents(self) -> dict[str, str]:
        """The category of each subcategory, by its id."""
        return {part.id: part.category for part in self.rulebook.subcategories}

    @cached_property
    def words_within(self) -> dict[str, list[str]]:
        """All words of the subcategories of each category."""
        found: dict[str, list[str]] = {}
        for part in self.rulebook.subcategories:
            found.setdefault(part.category, []).extend(part.words)
        return found

    @cached_property
    def attributes(self) -> dict[str, list[str]]:
        """Ids of the values of each free attribute, by its id."""
        return {each.id: [value.id for value in each.values] for each in self.rulebook.attributes}

    @cached_property
    def categories(self) -> dict[str, Category]:
        """Categories by id."""
        return {category.id: category for category in self.rulebook.categories}

    @cached_property
    def _versions(self) -> dict[str, tuple[Item, ...]]:
        found: dict[str, list[Item]] = {}
        for item in self.rulebook.items:
            found.setdefault(item.id, []).append(item)
        return {name: tuple(items) for name, items in found.items()}

    def versions(self, item: str) -> tuple[Item, ...]:
        """All versions of an item, of every level."""
        return self._versions.get(item, ())

    def item(self, name: object) -> Item | None:
        """The item of this level's list in force on the day; without a day, the last active version."""
        if not isinstance(name, str):
            return None
        own = [item for item in self.versions(name) if item.is_for(self.rulebook.level)]
        found = [item for item in own if (item.life == "active" if self.on is None else item.holds_on(self.on))]
        return found[-1] if found else None

    def rests(self, name: object) -> Item | None:
        """The suspended version on the day, if no active one is in force."""
        if not isinstance(name, str) or self.item(name) is not None:
            return None
        own = [item for item in self.versions(name) if item.is_for(self.rulebook.level)]
        found = [item for item in own if (item.life == "suspended" if self.on is None else item.rests_on(self.on))]
        return found[-1] if found else None

    def elsewhere(self, name: str) -> bool:
        """Whether another level of the region handles the item and names a lead."""
        return any(
            not item.is_for(self.rulebook.level) and item.lead is not None and item.verdict is not Verdict.REFUSE
            for item in self.versions(name)
        )
