"""What a reader is to a case, and which acts are theirs in its state: a page offers what the rules would not refuse.

The rules decide and say it again (`rules.acts.table`, which no door imports); a test holds the two tables together.
"""

from collections.abc import Collection
from enum import StrEnum
from typing import Final

from connectors.pages.covers import COVERS
from connectors.pages.viewer import Viewer
from schemas.case import WAITING, WITH_ORDER, WORKING, Case, State
from schemas.command import Act
from schemas.people import Role

S = State


class Part(StrEnum):
    """What a person can be to a case; people are several of these at once."""

    REPORTER = "reporter"
    FOLLOWER = "follower"
    ASSIGNEE = "assignee"
    EXECUTOR = "executor"
    SUPERIOR = "superior"
    INSPECTOR = "inspector"


_R, _F, _A, _E, _S, _I = Part
_PAUSED: Final = WORKING | {S.SUSPENDED}

MAY: Final[dict[Act, tuple[frozenset[State], frozenset[Part]]]] = {
    act: (frozenset(states), frozenset(parts))
    for act, states, parts in (
        (Act.ACKNOWLEDGE, {S.DISPATCHED}, {_A, _E}),
        (Act.CONTACT, _PAUSED, {_A, _E}),
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
    )
}
"""Act to the states in which it is possible, and to those who may do it."""

SUPERIORS: Final = frozenset({Role.STREET_OFFICE, Role.COORDINATOR, Role.STREET_CHIEF, Role.LANE_CHIEF})
ON_PAGE: Final = {
    "reporter": frozenset({_R, _F}),
    "handler": frozenset({_A, _E}),
    "supervisor": frozenset({_S, _I}),
}
"""Which parts each role's page is for: somebody who reports and handles finds the acts of each on its own page."""


def may(act: Act, case: Case, parts: Collection[Part]) -> bool:
    """Whether somebody with these parts may do `act` to the case as it stands."""
    states, who = MAY[act]
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
    return frozenset(parts)


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
