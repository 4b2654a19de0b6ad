"""Whom work may be handed to, who may stand in, and for what somebody may whistle: the likeliest first."""

from typing import Final

from connectors.cases.people import executors
from connectors.cases.reader import Reader
from connectors.intake.context import Gateway
from schemas.case import Case
from schemas.directory import Directory
from schemas.eligible import can_cover
from schemas.names import Name
from schemas.people import Person, Power, Role
from schemas.rights import CaseRole, may_whistle

MOST: Final = 20
_WHISTLERS: Final = {CaseRole.COORDINATOR: Power.COORDINATION, CaseRole.EMERGENCY: Power.EMERGENCY}
Named = tuple[str, Name]


class Colleagues:
    """Remembers for each person who may stand in, as long as the region is the same."""

    def __init__(self) -> None:
        self._directory: Directory | None = None
        self._known: dict[str, tuple[Named, ...]] = {}

    def names(self, reader: Reader, person: str, case: Case | None) -> tuple[Named, ...]:
        """For the work on `case`, or, without one, for a day off; never the person."""
        me, directory = reader.person(person), reader.gateway.directory
        if me is None or set(me.roles) <= {Role.RESIDENT, Role.VOLUNTEER}:
            return ()
        if case is not None:
            groups = executors(reader, case)
            return _named([each for people in groups.values() for each in people if each.id != person])
        if self._directory is not directory:
            self._directory, self._known = directory, {}
        if person not in self._known:
            self._known[person] = _named(_may_stand_in(directory, me))
        return self._known[person]


def whistles(gateway: Gateway, person: str) -> tuple[Named, ...]:
    """The items of the whistle list for which a person may call departments somewhere."""
    parts = {part for part, power in _WHISTLERS.items() if person in gateway.directory.holders(power)}
    return tuple((each.id, each.name) for each in gateway.rulebook.whistles if may_whistle(each.whistle_class, parts))


def _may_stand_in(directory: Directory, me: Person) -> list[Person]:
    """People of the same road segments, then of the same grids, then of the department or team, then of a role."""
    segments = [each for each in directory.region.segments if me.id in {each.owner, *each.executors}]
    grids = [each for each in directory.region.grids if me.id in {each.head, *each.workers, *each.ladder}]
    beside = {id for each in segments for id in (each.owner, *each.executors)}
    around = {id for each in grids for id in (each.head, *each.workers, *each.ladder)}
    around |= {id for each in segments if (grid := directory.grid(each.grid)) for id in (grid.head, *grid.workers)}

    def rank(other: Person) -> tuple[int, str]:
        same = (
            other.id in beside,
            other.id in around,
            bool(me.department) and other.department == me.department,
            bool(me.team) and other.team == me.team,
            not set(me.roles).isdisjoint(other.roles),
        )
        return (same.index(True) if any(same) else len(same), other.id)

    able = [each for each in directory.region.persons if each.id != me.id and can_cover(each, me)]
    return sorted(able, key=rank)


def _named(people: list[Person]) -> tuple[Named, ...]:
    return tuple((each.id, each.name) for each in people[:MOST])
