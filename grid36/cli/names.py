"""Names for the ids in answers of the gateway, for people at a terminal."""

from dataclasses import dataclass
from typing import Any

from connectors.cases.translations import Translations
from grid36.settings import Settings
from grid36.system.create import region_of, rulebook_of
from schemas.names import Language
from schemas.region import Region
from schemas.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class SpokenNames:
    """Names of one region and its list in one language; an unknown id stays an id."""

    region: Region
    rulebook: Rulebook
    language: Language

    def category(self, id: str) -> str:
        """A category by its name."""
        found = self.rulebook.category(id)
        return found.name.to(self.language) if found else id

    def subcategory(self, id: str) -> str:
        """A subcategory by its name."""
        found = next((each for each in self.rulebook.subcategories if each.id == id), None)
        return found.name.to(self.language) if found else id

    def department(self, department: dict[str, str]) -> str:
        """A department by its name, else by the name on the case."""
        found = next((each for each in self.region.organisations if each.code == department.get("code")), None)
        return found.name.to(self.language) if found else department.get("name", "")

    def word(self, group: str, value: str) -> str:
        """The word of the pages for a value of a closed list, such as an event or a field of the list."""
        return Translations(self.language).one_of(group, value)

    def value(self, field: str, value: Any) -> str:
        """A value of a field of the list."""
        match value:
            case None | "" | []:
                return "-"
            case {"zh": str(zh), "en": str(en)}:
                return (zh if self.language is Language.ZH else en) or zh
            case dict():
                return " / ".join(str(part) for part in value.values())
            case list():
                return ", ".join(self.value(field, each) for each in value)
        if field in {"lead", "assists"}:
            return self.department({"code": str(value), "name": str(value)})
        return self.word(field, str(value).lower() if isinstance(value, bool) else str(value))


def names_of(settings: Settings) -> SpokenNames:
    """The names of the region and list of this home's system."""
    return SpokenNames(region_of(settings), rulebook_of(settings), Language(settings.lang))
