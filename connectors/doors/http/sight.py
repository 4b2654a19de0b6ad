"""Which changes somebody is sent: those of their part of the region, and of the cases that concern them."""

from collections.abc import Callable
from dataclasses import dataclass

from connectors.doors.http.access import Caller, remit_of
from connectors.intake.context import Gateway
from schemas.case import Case
from schemas.people import Role


@dataclass(frozen=True, slots=True)
class Concerned:
    """Whom one change concerns."""

    case: Case | None = None
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
        return cls(case, frozenset(filter(None, named)), frozenset(bodies))


Sight = Callable[[Concerned], bool]
"""Whether somebody is sent a change."""


def sight_of(gateway: Gateway, caller: Caller) -> Sight:
    """What one person is sent; it follows the region and the absences as they change."""

    def sees(change: Concerned) -> bool:
        if remit_of(caller, gateway).has(change.case):
            return True
        if caller.id in change.people:
            return True
        known = gateway.directory.person(caller.id)
        if known is not None and Role.DEPARTMENT_OFFICER in known.roles and known.department in change.departments:
            return True
        return not change.people.isdisjoint(gateway.absences.covered_by(caller.id, gateway.clock()))

    return sees
