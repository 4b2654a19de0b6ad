"""What a reader is to a case, and which acts are theirs in its state: a page offers what the rules would not refuse.

The rules decide and say it again (`rules.acts.table`, which no door imports); a test holds the two tables together.
"""

from collections.abc import Collection
from enum import StrEnum
from typing import Final

from connectors.pages.covers import COVERS
from connectors.pages.viewer import Viewer
from schemas.case import WAITING, WITH_ORDER, WORKING, Case, OfferTo, State
from schemas.command import Act
from schemas.duty import ACTS as DUTY_ACTS
from schemas.people import Person, Role

S = State


class Part(StrEnum):
    """What a person can be to a case; people are several of these at once."""

    REPORTER = "reporter"
    FOLLOWER = "follower"
    ASSIGNEE = "assignee"
    EXECUTOR = "executor"
    SUPERIOR = "superior"
    INSPECTOR = "inspector"
    ASSISTANT = "assistant"
    OFFERED = "offered"
    APPROVER = "approver"
    STEWARD = "steward"


_R, _F, _A, _E, _S, _I, _H, _O, _P, _L = Part
_PAUSED: Final = WORKING | {S.SUSPENDED}
_CALLED: Final = WORKING | {S.SUSPENDED, S.RETURNED}

MAY: Final[dict[Act, tuple[frozenset[State], frozenset[Part]]]] = {
    act: (frozenset(states), frozenset(parts))
    for act, states, parts in (
        (Act.ACKNOWLEDGE, {S.DISPATCHED}, {_A, _E}),
        (Act.CONTACT, _PAUSED, {_A, _E, _H}),
        (Act.RESOLVE, _PAUSED, {_A, _E}),
        (Act.MILESTONE, _PAUSED, {_A, _E}),
        (Act.RETURN, WORKING, {_A}),
        (Act.HAND_ON, _PAUSED, {_A}),
        (Act.RAISE, WORKING, {_A, _S}),
        (Act.REQUEST_PAUSE, WORKING, {_A, _E}),
        (Act.REQUEST_EXTENSION, WORKING, {_A, _E}),
        (Act.APPROVE, WORKING, {_S}),
        (Act.DENY, WORKING, {_S}),
        (Act.RESUME, {S.SUSPENDED}, {_A, _S}),
        (Act.VERIFY, {S.RESOLVED}, {_R, _F, _I}),
        (Act.REJECT, {S.RESOLVED}, {_R, _F, _I}),
        (Act.REOPEN, {S.CLOSED}, {_R, _F, _I}),
        (Act.RATE, {S.CLOSED}, {_R}),
        (Act.WITHDRAW, WAITING | _PAUSED | {S.MERGED}, {_R}),
        (Act.CORRECT, WORKING | {S.NEEDS_INFORMATION}, {_A, _S, _R}),
        (Act.ASSIGN, WORKING, {_S}),
        (Act.ASK, _PAUSED, {_A, _E}),
        (Act.ANSWER, WITH_ORDER | WAITING, {_R, _F, _A}),
        (Act.URGE, WITH_ORDER, {_S, _R, _F}),
        (Act.MERGE, WORKING | {S.NEEDS_INFORMATION}, {_A, _S, _I}),
        (Act.SPLIT, {S.MERGED}, {_R, _S, _I}),
        (Act.ERASE, frozenset(State) - {S.MOVED}, {_R, _S}),
        (Act.APPROVE_CHANGE, WORKING, {_L, _R}),
        (Act.DENY_CHANGE, WORKING, {_L, _R}),
        (Act.ACCEPT, {S.SUBMITTED}, {_O}),
        (Act.ADMIT, {S.SUBMITTED}, {_P}),
        (Act.TURN_AWAY, {S.SUBMITTED}, {_P}),
        (Act.WHISTLE, _CALLED, {_S}),
        (Act.SIGN, _CALLED, {_H}),
        (Act.ATTEND, _CALLED, {_H}),
        (Act.RATE_REPORT_IN, _CALLED | {S.RESOLVED, S.CLOSED}, {_S}),
    )
}
"""Act to the states in which it is possible, and to those who may do it."""

SUPERIORS: Final = frozenset({Role.STREET_OFFICE, Role.COORDINATOR, Role.STREET_CHIEF, Role.LANE_CHIEF})
_STEWARDS: Final = frozenset({Role.LIST_STEWARD, Role.STREET_OFFICE})
_WIDE: Final = {
    OfferTo.VOLUNTEERS: frozenset({Role.VOLUNTEER}),
    OfferTo.ALL_WORKERS: frozenset({Role.PATROLLER}),
    OfferTo.EVERYBODY: frozenset({Role.VOLUNTEER, Role.PATROLLER}),
}
ON_PAGE: Final = {
    "reporter": frozenset({_R, _F}),
    "handler": frozenset({_A, _E, _H, _O, _L}),
    "supervisor": frozenset({_S, _I, _P, _L}),
}
"""Which parts each role's page is for: somebody who reports and handles finds the acts of each on its own page."""


def may(act: Act, case: Case, parts: Collection[Part]) -> bool:
    """Whether somebody with these parts may do `act` to the case as it stands."""
    states, who = MAY[act]
    if case.duty is not None and act not in DUTY_ACTS:
        return False
    return case.state in states and not who.isdisjoint(parts)


def parts_of(viewer: Viewer, case: Case, person: str) -> frozenset[Part]:
    """What a person is to a case at this moment, covers and desks included."""
    parts = _by_report(case, person)
    if _has_it(viewer, case, person):
        parts.add(_A)
    if case.executor == person:
        parts.add(_E)
    known = viewer.person(person)
    if known is not None and Role.INSPECTOR in known.roles:
        parts.add(_I)
    if known is not None and (SUPERIORS & set(known.roles) or person in _ladder(viewer, case)):
        parts.add(_S)
    return frozenset(parts | _by_list(viewer, case, person))


def _by_list(viewer: Viewer, case: Case, person: str) -> set[Part]:
    """What the rulebook makes of somebody: called beside the owner, offered a job, approver, or list steward."""
    known, approver = viewer.person(person), viewer.gateway.rulebook.policy.approver
    cover = viewer.request.app[COVERS].stands_in(approver, viewer.now_ms) if approver else None
    parts = {_P} if person in {approver, cover} - {None} else set[Part]()
    if known is None:
        return parts
    roles = set(known.roles)
    called = {each.department.code for each in case.assists}
    if Role.DEPARTMENT_OFFICER in roles and known.department in called:
        parts.add(_H)
    if case.offer is not None and _offered(viewer, case, case.offer.to, known):
        parts.add(_O)
    if case.change is not None and person != case.reporter and not _STEWARDS.isdisjoint(roles):
        parts.add(_L)
    return parts


def _offered(viewer: Viewer, case: Case, to: OfferTo, person: Person) -> bool:
    """Whether a case on offer is offered to this person."""
    if to is OfferTo.WORKERS:
        wanted = case.place.grid if case.place else None
        grid = next((grid for grid in viewer.gateway.region.grids if grid.id == wanted), None)
        return grid is not None and person.id in {grid.head, *grid.workers}
    return not _WIDE[to].isdisjoint(person.roles)


def _by_report(case: Case, person: str) -> set[Part]:
    parts = {_R} if person == case.reporter else set()
    return parts | ({_F} if any(person == follower.reporter for follower in case.followers) else set())


def _has_it(viewer: Viewer, case: Case, person: str) -> bool:
    """The assignee, whose matter it is by the list, who covers for them today, or an officer of that desk."""
    if case.assignee is None:
        return person == case.accountable
    cover = viewer.request.app[COVERS].stands_in(case.assignee, viewer.now_ms)
    return person in {case.assignee, case.accountable, cover} or _at_desk(viewer, case, person)


def _at_desk(viewer: Viewer, case: Case, person: str) -> bool:
    officer = viewer.person(person)
    if case.department is None or officer is None or officer.department != case.department.code:
        return False
    assignee = viewer.person(case.assignee)
    return Role.DEPARTMENT_OFFICER in officer.roles and (
        assignee is None or assignee.department == case.department.code
    )


def _ladder(viewer: Viewer, case: Case) -> tuple[str, ...]:
    wanted = case.place.grid if case.place else None
    grid = next((grid for grid in viewer.gateway.region.grids if grid.id == wanted), None)
    return grid.ladder if grid else ()
