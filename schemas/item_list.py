"""The responsibility list by item id: every version of an item, and the one that holds on a day."""

from datetime import date

from schemas.items import Item
from schemas.rulebook import Rulebook


class ItemList:
    """The items of one rulebook. Ids that it does not know give None or nothing, never an error."""

    def __init__(self, rulebook: Rulebook) -> None:
        """Index once."""
        self.rulebook = rulebook
        self._versions: dict[str, tuple[Item, ...]] = {}
        for item in rulebook.items:
            self._versions[item.id] = (*self._versions.get(item.id, ()), item)
        self._own = {
            id: tuple(item for item in versions if item.is_for(rulebook.level))
            for id, versions in self._versions.items()
        }

    def versions(self, id: str | None) -> tuple[Item, ...]:
        """All versions of an item, for every level, in the order of the rulebook."""
        return () if id is None else self._versions.get(id, ())

    def own(self, id: str | None) -> tuple[Item, ...]:
        """Its versions on the list of the rulebook's level."""
        return () if id is None else self._own.get(id, ())

    def in_force(self, id: str | None, day: date) -> Item | None:
        """The version on the list of this level that holds on a day."""
        return next((item for item in self.own(id) if item.holds_on(day)), None)
