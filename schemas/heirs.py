"""Looks up who replaces people and departments of an earlier region (column `replaces`)."""

from dataclasses import dataclass, field

from schemas.people import Organisation, Person
from schemas.region import Region


@dataclass(frozen=True, slots=True)
class Heirs:
    """Replacements by the ids and codes that no longer exist."""

    persons: dict[str, Person] = field(default_factory=dict)
    departments: dict[str, Organisation] = field(default_factory=dict)

    @property
    def gone(self) -> frozenset[str]:
        """All ids and codes that are replaced."""
        return frozenset(self.persons) | frozenset(self.departments)


def heirs_of(region: Region) -> Heirs:
    """The replacements of a region."""
    return Heirs(
        {old: person for person in region.persons for old in person.replaces},
        {old: body for body in region.organisations for old in body.replaces},
    )
