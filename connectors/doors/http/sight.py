"""Which changes somebody is sent: those of the grids that they watch, and of the cases that concern them."""

from collections.abc import Callable
from dataclasses import dataclass

from connectors.intake.context import Gateway
from schemas.case import Case
from schemas.people import Role


@dataclass(frozen=True, slots=True)
class Concerned:
    """Whom one change concerns."""

    grid: str | None = None
    """None: no known place."""
    people: frozenset[str] = frozenset()
    departments: frozenset[str] = frozenset()

    @classmethod
    def of(cls, case: Case | None) -> "Concerned":
        """Whom a change of this case concerns; None: of no case."""
        if case is None:
            return cls()
        named = {case.reporter, case.assignee, case.accountable, case.executor}
        named |= {follower.reporter for follower in case.followers}
        bodies = {case.department.code} if case.department is not None else set[str]()
        bodies |= {each.department.code for each in case.assists}
        return cls(case.place.grid if case.place else None, frozenset(filter(None, named)), frozenset(bodies))


Sight = Callable[[Concerned], bool]
"""Whether somebody is sent a change."""


def sight_of(gateway: Gateway, person: str) -> Sight:
    """What one person is sent; it follows the region and the absences as they change."""

    def sees(change: Concerned) -> bool:
        directory = gateway.directory
        if directory.watches(person, change.grid):
            return True
        if person in change.people:
            return True
        known = directory.person(person)
        if known is not None and Role.DEPARTMENT_OFFICER in known.roles and known.department in change.departments:
            return True
        return not change.people.isdisjoint(gateway.absences.covered_by(person, gateway.clock()))

    return sees
