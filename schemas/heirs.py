"""Who has taken the place of the people and departments of an earlier region: the column `replaces`, looked up."""

from dataclasses import dataclass, field

from schemas.people import Organisation, Person
from schemas.region import Region


@dataclass(frozen=True, slots=True)
class Heirs:
    """By the ids and codes that are gone."""

    persons: dict[str, Person] = field(default_factory=dict)
    departments: dict[str, Organisation] = field(default_factory=dict)

    @property
    def gone(self) -> frozenset[str]:
        """All that somebody or something else stands for now."""
        return frozenset(self.persons) | frozenset(self.departments)


def heirs_of(region: Region) -> Heirs:
    """The same for a region; nobody where nobody replaces anybody."""
    return Heirs(
        {old: person for person in region.persons for old in person.replaces},
        {old: body for body in region.organisations for old in body.replaces},
    )
