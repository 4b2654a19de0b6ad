"""Who plays the demo's story, and where: the same for the page of two phones and for the program that acts on them."""

from dataclasses import dataclass
from typing import Final

from schemas.people import Person, Role
from schemas.region import Region, Segment

REPORTING: Final = (Role.VOLUNTEER, Role.PATROLLER)


@dataclass(frozen=True, slots=True)
class Cast:
    """One who reports, and one who is responsible for a segment with house numbers."""

    reporter: Person
    handler: Person
    segment: Segment


def cast_of(region: Region) -> Cast | None:
    """A rider, if there is any; the first segment with house numbers and a person as its owner. None without one."""
    persons = {person.id: person for person in region.persons}
    reporting = [p for role in REPORTING for p in region.persons if role in p.roles] or list(region.persons)
    rider = next((person for person in reporting if (person.team or "").startswith("rider")), None)
    segment = next((each for each in region.segments if each.numbers and each.owner in persons), None)
    if segment is None or not reporting:
        return None
    return Cast(rider or reporting[0], persons[str(segment.owner)], segment)
