"""Who may do which act in which states: one table for decisions and for the buttons on pages."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from schemas.case import WAITING, WITH_ORDER, WORKING, Case, Deadline, State
from schemas.change_steps import step_due
from schemas.command import Act
from schemas.directory import Directory
from schemas.duty import ACTS as DUTY_ACTS
from schemas.people import Power
from schemas.whistles import WhistleClass

S = State


class CaseRole(StrEnum):
    """The roles of a person in a case; a person can have several. `schemas.case_roles` finds them."""

    REPORTER = "reporter"
    FOLLOWER = "follower"
    """The reporter of a case that was merged into this one: may judge the result, not change the report."""
    ASSIGNEE = "assignee"
    """Also their cover, the person they cover for, and the officers of their department."""
    EXECUTOR = "executor"
    SUPERIOR = "superior"
    """Somebody on the grid's own ladder or in an office, not below the rung of the case."""
    INSPECTOR = "inspector"
    STEWARD = "steward"
    """Those who decide about the list."""
    CONSULTED = "consulted"
    """Those who say yes or no in the step that a proposed change of the list is at."""
    OFFERED = "offered"
    """Those who may accept a case that is on offer."""
    APPROVER = "approver"
    """The person the rulebook names to admit tasks that are not on the list."""
    ASSISTANT = "assistant"
    """An officer of a department that was called beside the owner."""
    COORDINATOR = "coordinator"
    """Holds the power of coordination over this case."""
    EVALUATOR = "evaluator"
    """Holds the power of evaluation over this case."""
    EMERGENCY = "emergency"
    """Holds the power of emergency disposal over this case."""
    PUSHED_IT = "pushed_it"
    """Pushed the task down to the street, or belongs to the department that did: must not admit it."""
    DID_IT = "did_it"
    """Did the work, or answers for it: must not check it."""


@dataclass(frozen=True, slots=True)
class Right:
    """One row of the table: allowed in these states, to any of these roles, to none of those."""

    states: frozenset[State]
    who: frozenset[CaseRole]
    never: frozenset[CaseRole] = frozenset()


def _row(states: Collection[State], *who: CaseRole, never: Collection[CaseRole] = ()) -> Right:
    return Right(frozenset(states), frozenset(who), frozenset(never))


_R, _F, _A, _E, _S, _I = (
    CaseRole.REPORTER,
    CaseRole.FOLLOWER,
    CaseRole.ASSIGNEE,
    CaseRole.EXECUTOR,
    CaseRole.SUPERIOR,
    CaseRole.INSPECTOR,
)
_H = CaseRole.ASSISTANT
_CALLED = WORKING | {S.SUSPENDED, S.RETURNED}
_REPORTED_IN = _CALLED | {S.RESOLVED, S.CLOSED}
"""Who was called still can come when somebody else has finished the case: being called ends with its limits only."""
_PAUSED = WORKING | {S.SUSPENDED}
_OWN: Final = frozenset({CaseRole.DID_IT})
_HAS_IT: Final = frozenset({_A, _E})

RIGHTS: Final[dict[Act, Right]] = {
    Act.ACKNOWLEDGE: _row({S.DISPATCHED}, _A, _E),
    Act.CONTACT: _row(_PAUSED, _A, _E, _H),
    Act.RESOLVE: _row(_PAUSED, _A, _E),
    Act.MILESTONE: _row(_PAUSED, _A, _E),
    Act.RETURN: _row(WORKING, _A),
    Act.HAND_ON: _row(_PAUSED, _A),
    Act.RAISE: _row(WORKING, _A, _S),
    Act.REQUEST_PAUSE: _row(WORKING, _A, _E),
    Act.REQUEST_EXTENSION: _row(WORKING, _A, _E),
    Act.APPROVE: _row(WORKING, _S, never=_HAS_IT),
    Act.DENY: _row(WORKING, _S),
    Act.RESUME: _row({S.SUSPENDED}, _A, _S),
    Act.VERIFY: _row({S.RESOLVED}, _R, _F, _I, never=_OWN),
    Act.REJECT: _row({S.RESOLVED}, _R, _F, _I, never=_OWN),
    Act.REOPEN: _row({S.CLOSED}, _R, _F, _I),
    Act.RATE: _row({S.CLOSED}, _R, never=_OWN),
    Act.WITHDRAW: _row(WAITING | _PAUSED | {S.MERGED}, _R),
    Act.CORRECT: _row(WORKING | {S.NEEDS_INFORMATION}, _A, _S, _R),
    Act.ASSIGN: _row(WORKING, _S),
    Act.ASK: _row(_PAUSED, _A, _E),
    Act.ANSWER: _row(WITH_ORDER | WAITING, _R, _F, _A),
    Act.URGE: _row(WITH_ORDER, _S, _R, _F),
    Act.MERGE: _row(_PAUSED | {S.NEEDS_INFORMATION}, _A, _S, _I),
    Act.SPLIT: _row({S.MERGED, S.CLOSED, S.REFUSED}, _R, _S, _I),
    Act.ERASE: _row(frozenset(State) - {S.MOVED}, _R, _S),
    Act.APPROVE_CHANGE: _row(WORKING, CaseRole.STEWARD, never={_R}),
    Act.DENY_CHANGE: _row(WORKING, CaseRole.STEWARD, never={_R}),
    Act.ACCEPT: _row({S.SUBMITTED}, CaseRole.OFFERED),
    Act.ADMIT: _row({S.SUBMITTED}, CaseRole.APPROVER, never={CaseRole.PUSHED_IT}),
    Act.TURN_AWAY: _row({S.SUBMITTED}, CaseRole.APPROVER),
    Act.WHISTLE: _row(_CALLED, CaseRole.COORDINATOR, CaseRole.EMERGENCY),
    Act.SIGN: _row(_REPORTED_IN, _H),
    Act.ATTEND: _row(_REPORTED_IN, _H),
    Act.RATE_REPORT_IN: _row(_REPORTED_IN, CaseRole.EVALUATOR),
}
"""Area and rank are part of the roles: nobody is `SUPERIOR` or holds a power outside their area or above their rung."""

TO_PROPOSE: Final = Power.LIST_DRAFTING
"""Proposing a change of the list is a report, not an act on a case: it needs this power in its grid."""

ASKED: Final = frozenset({TO_PROPOSE, Power.LIST_APPROVAL, Power.COORDINATION, Power.EVALUATION, Power.EMERGENCY})
"""The powers that some act or page requires; a region may record holders of the others."""


def may_propose(person: str, grid: str | None, directory: Directory) -> bool:
    """Whether somebody may propose a change of the list for a grid (None: for any grid). A cover may not.

    Everybody may report that the list is wrong.
    """
    grids = [grid] if grid is not None else [each.id for each in directory.region.grids]
    return any(directory.holds(TO_PROPOSE, person, each) for each in grids)


def may_remedy(person: str, grid: str | None, directory: Directory, covers: Callable[[str], bool]) -> bool:
    """Whether somebody may propose a standing remedy in a grid: those above it (`SUPERIOR`), or who covers them."""
    same = (person, *(each for each in directory.above(grid) if covers(each)))
    return any(directory.rung_of(each, grid) is not None for each in same)


COLLIDING: Final = frozenset(
    {Act.ASSIGN, Act.APPROVE, Act.DENY, Act.CORRECT, Act.MERGE, Act.RAISE, Act.RETURN, Act.HAND_ON}
)
"""Acts that could undo what somebody else decided, if their sender did not know of it."""

NOT_FOR_CHANGES: Final = frozenset(
    {Act.RESOLVE, Act.MILESTONE, Act.HAND_ON, Act.RAISE, Act.CORRECT, Act.WHISTLE, Act.MERGE}
)
"""Acts without meaning for a proposed change of the list: it is decided, not worked on."""

NOT_FOR_REMEDIES: Final = frozenset({Act.CORRECT, Act.MERGE})
"""A standing remedy is for one segment and category, and stays apart from the cases that it collects."""

_INSPECT: Final = _row({S.CLOSED}, _R, _I, never=_OWN)
"""Its reporter did the work and must not check it."""


_STEPS: Final = {
    Act.APPROVE_CHANGE: _row(WORKING, CaseRole.CONSULTED, never={_R}),
    Act.DENY_CHANGE: _row(WORKING, CaseRole.CONSULTED, CaseRole.STEWARD, never={_R}),
}
"""While steps come before the approval: nobody approves past them, but who decides about the list may end it."""


def right_of(act: Act, case: Case) -> Right:
    """The row that applies to a case: an inspector checks what was fixed on the spot, while it is closed."""
    if act in _STEPS and step_due(case.change_steps) is not None:
        return _STEPS[act]
    return _INSPECT if act is Act.VERIFY and to_inspect(case) else RIGHTS[act]


def states_allow(act: Act, case: Case) -> bool:
    """Whether the state of a case allows the act to somebody."""
    if case.duty is not None and act not in DUTY_ACTS:
        return False
    if case.change is not None and act in NOT_FOR_CHANGES:
        return False
    if case.remedy is not None and act in NOT_FOR_REMEDIES:
        return False
    if act is Act.SPLIT and case.master is None:
        return False
    return case.state in right_of(act, case).states


def to_inspect(case: Case) -> bool:
    """Whether an inspector is still to check what somebody fixed on the spot: it is closed, and not yet archived."""
    waits = case.sampled and case.self_handled and case.verified_by is None
    return waits and case.state is State.CLOSED and Deadline.ARCHIVE in case.deadlines


def may(act: Act, case: Case, parts: Collection[CaseRole]) -> bool:
    """Whether somebody with the roles `parts` may do the act to the case now."""
    right = right_of(act, case)
    return states_allow(act, case) and not right.who.isdisjoint(parts) and right.never.isdisjoint(parts)


def may_whistle(kind: WhistleClass, parts: Collection[CaseRole]) -> bool:
    """Whether somebody may whistle for an item of this class; the emergency power alone allows emergencies."""
    return CaseRole.COORDINATOR in parts or (CaseRole.EMERGENCY in parts and kind is WhistleClass.EMERGENCY)


def possible(case: Case) -> list[Act]:
    """The acts somebody may do to a case now; acts without an object in the case are left out."""
    return [act for act in RIGHTS if states_allow(act, case) and _NEEDS.get(act, _nothing)(case)]


def _nothing(_: Case) -> bool:
    return True


_NEEDS: Final[dict[Act, Callable[[Case], bool]]] = {
    Act.MILESTONE: lambda case: any(step.done_ms is None and step.platform is None for step in case.milestones),
    **dict.fromkeys((Act.APPROVE, Act.DENY), lambda case: case.request is not None),
    **dict.fromkeys((Act.APPROVE_CHANGE, Act.DENY_CHANGE), lambda case: case.change is not None),
    **dict.fromkeys((Act.ADMIT, Act.TURN_AWAY), lambda case: Deadline.ADMISSION in case.deadlines),
    **dict.fromkeys((Act.SIGN, Act.ATTEND, Act.RATE_REPORT_IN), lambda case: bool(case.assists)),
    Act.ACCEPT: lambda case: case.offer is not None,
}
"""The condition on the case, besides its state, under which an act has an object."""
