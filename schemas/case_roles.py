"""Which roles a person has in a case: by report, work, office or power. A cover has the roles of the covered person."""

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Final

from schemas.case import Case
from schemas.change_steps import CaseChangeStep, step_due
from schemas.directory import Directory
from schemas.pending import OfferTo
from schemas.people import Person, Power, Role
from schemas.rights import CaseRole
from schemas.rulebook import Rulebook

StandsIn = Callable[[str, int], str | None]
"""Who covers for a person at a time in ms; the person itself when present; None when away without cover."""
_POWERS: Final = {
    CaseRole.COORDINATOR: Power.COORDINATION,
    CaseRole.EVALUATOR: Power.EVALUATION,
    CaseRole.EMERGENCY: Power.EMERGENCY,
}
_OFFICE: Final = frozenset({CaseRole.SUPERIOR, CaseRole.STEWARD, *_POWERS})
_WIDE: Final = {
    OfferTo.VOLUNTEERS: frozenset({Role.VOLUNTEER}),
    OfferTo.ALL_WORKERS: frozenset({Role.PATROLLER}),
    OfferTo.EVERYBODY: frozenset({Role.VOLUNTEER, Role.PATROLLER}),
}


def roles_of(
    person: str,
    case: Case,
    directory: Directory,
    rulebook: Rulebook,
    stands_in: StandsIn,
    moments: Iterable[int],
    wanted: Collection[CaseRole] = frozenset(CaseRole),
) -> frozenset[CaseRole]:
    """The roles somebody has in a case at any of the `moments` (ms): when the act occurred, and now.

    `wanted`: office and power are looked up only if the question is about them.
    """
    times = tuple(dict.fromkeys(moments))

    def covers(other: str) -> bool:
        return other != person and person in [stands_in(other, t_ms) for t_ms in times]

    known = directory.person(person)
    roles = {*_by_report(person, case, directory), *_by_work(person, case, directory, covers)}
    if not _OFFICE.isdisjoint(wanted):
        roles.update(_by_power(person, case, directory, covers))
    approver = rulebook.policy.approver
    if approver is not None and (person == approver or covers(approver)):
        roles.add(CaseRole.APPROVER)
    step = step_due(case.change_steps)
    if step is not None and any(each == person or covers(each) for each in consulted(step, directory)):
        roles.add(CaseRole.CONSULTED)
    if known is not None:
        roles.update(_by_role(known, case, directory))
    return frozenset(roles)


def consulted(step: CaseChangeStep, directory: Directory) -> tuple[str, ...]:
    """Everybody who may say yes in a step, by id."""
    return tuple(
        each.id
        for each in directory.region.persons
        if each.id in step.persons or not set(step.roles).isdisjoint(each.roles)
    )


def _by_report(person: str, case: Case, directory: Directory) -> Iterator[CaseRole]:
    if person == case.reporter:
        yield CaseRole.REPORTER
    if case.pushed_by is not None and (person == case.reporter or officer_of(case.pushed_by, person, directory)):
        yield CaseRole.PUSHED_IT
    if case.followers and any(person == follower.reporter for follower in case.followers):
        yield CaseRole.FOLLOWER


def _by_work(person: str, case: Case, directory: Directory, covers: Callable[[str], bool]) -> Iterator[CaseRole]:
    covering = case.assignee is not None and covers(case.assignee)
    if person in (case.assignee, case.accountable) or covering or at_desk(person, case, directory):
        yield CaseRole.ASSIGNEE
        yield CaseRole.DID_IT
    if person == case.executor:
        yield CaseRole.EXECUTOR
        yield CaseRole.DID_IT
    if person == case.resolved_by or (case.self_handled and person == case.reporter):
        yield CaseRole.DID_IT


def officer_of(department: str, person: str, directory: Directory) -> bool:
    """Whether somebody is an officer of this department."""
    known = directory.person(person)
    return known is not None and known.department == department and Role.DEPARTMENT_OFFICER in known.roles


def at_desk(person: str, case: Case, directory: Directory) -> bool:
    """Whether an officer of the department acts on a case of that desk, not of a person of the street."""
    if case.department is None or not officer_of(case.department.code, person, directory):
        return False
    return has_desk(case.department.code, case.assignee, directory)


def has_desk(department: str, assignee: str | None, directory: Directory) -> bool:
    """Whether a case of this department is at its desk: somebody has it who is not of the street."""
    known = directory.person(assignee)
    return assignee is not None and (known is None or known.department == department)


def _by_power(person: str, case: Case, directory: Directory, covers: Callable[[str], bool]) -> Iterator[CaseRole]:
    grid, rung = case.place.grid if case.place else None, directory.rung_of_case(case)
    same = [person, *(each for each in directory.above(grid) if covers(each))]
    rungs = [directory.rung_of(each, grid) for each in same]
    if any(own is not None and own >= rung for own in rungs):
        yield CaseRole.SUPERIOR
    for who, power in _POWERS.items():
        by_name = (each for each in directory.holders(power) if covers(each))
        if any(directory.holds(power, each, grid, rung) for each in (*same, *by_name)):
            yield who
    if case.change is not None and _approves(person, directory, grid, covers):
        yield CaseRole.STEWARD


def _approves(person: str, directory: Directory, grid: str | None, covers: Callable[[str], bool]) -> bool:
    holders = directory.holders(Power.LIST_APPROVAL)
    same = (person, *(each for each in holders if covers(each)))
    return any(directory.holds(Power.LIST_APPROVAL, each, grid) for each in same)


def _by_role(known: Person, case: Case, directory: Directory) -> Iterator[CaseRole]:
    if Role.INSPECTOR in known.roles:
        yield CaseRole.INSPECTOR
    officer = case.assists and Role.DEPARTMENT_OFFICER in known.roles
    if officer and known.department in {each.department.code for each in case.assists}:
        yield CaseRole.ASSISTANT
    if case.offer is not None and _offered(known, case.offer.to, directory, case.place.grid if case.place else None):
        yield CaseRole.OFFERED


def _offered(known: Person, to: OfferTo, directory: Directory, grid: str | None) -> bool:
    """Whether this person is among those to whom the case is offered."""
    if to is OfferTo.WORKERS:
        own = directory.grid(grid)
        return own is not None and known.id in {own.head, *own.workers}
    return not _WIDE[to].isdisjoint(known.roles)
