"""Who may do which act, and in which states: one readable table."""

from collections.abc import Callable
from dataclasses import dataclass

from rules.acts import (
    accepting,
    admitting,
    changing_lists,
    correcting,
    handling,
    joining,
    on_duty,
    pausing,
    rating,
    talking,
    verifying,
    whistling,
)
from rules.acts.doing import Doing
from rules.acts.who import Who
from rules.book import Book
from rules.draft import Around
from rules.list_changes import may_approve
from rules.offering import is_offered
from schemas.case import WAITING, WITH_ORDER, WORKING, Case, State
from schemas.command import Act
from schemas.duty import ACTS
from schemas.people import Role

S = State


SUPERIORS = frozenset({Role.STREET_OFFICE, Role.COORDINATOR, Role.STREET_CHIEF, Role.LANE_CHIEF})
"""Roles that may steer any case of the street; so may everybody on the ladder of the case's grid."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table."""

    do: Callable[[Doing], None]
    states: frozenset[State]
    who: frozenset[Who]


def _rule(do: Callable[[Doing], None], states: frozenset[State] | set[State], *who: Who) -> Rule:
    return Rule(do, frozenset(states), frozenset(who))


_R, _F, _A, _E, _S, _I = Who.REPORTER, Who.FOLLOWER, Who.ASSIGNEE, Who.EXECUTOR, Who.SUPERIOR, Who.INSPECTOR
_H = Who.ASSISTANT
_CALLED = WORKING | {S.SUSPENDED, S.RETURNED}
_PAUSED = WORKING | {S.SUSPENDED}


def _resolve(doing: Doing) -> None:
    """A duty is done, a case is resolved."""
    (handling.resolve if doing.case.duty is None else on_duty.done)(doing)


RULES: dict[Act, Rule] = {
    Act.ACKNOWLEDGE: _rule(handling.acknowledge, {S.DISPATCHED}, _A, _E),
    Act.CONTACT: _rule(handling.contact, _PAUSED, _A, _E, _H),
    Act.RESOLVE: _rule(_resolve, _PAUSED, _A, _E),
    Act.MILESTONE: _rule(handling.milestone, _PAUSED, _A, _E),
    Act.RETURN: _rule(handling.give_back, WORKING, _A),
    Act.HAND_ON: _rule(handling.hand_on, _PAUSED, _A),
    Act.RAISE: _rule(handling.raise_up, WORKING, _A, _S),
    Act.REQUEST_PAUSE: _rule(pausing.request_pause, WORKING, _A, _E),
    Act.REQUEST_EXTENSION: _rule(pausing.request_extension, WORKING, _A, _E),
    Act.APPROVE: _rule(pausing.approve, WORKING, _S),
    Act.DENY: _rule(pausing.deny, WORKING, _S),
    Act.RESUME: _rule(pausing.resume, {S.SUSPENDED}, _A, _S),
    Act.VERIFY: _rule(verifying.verify, {S.RESOLVED}, _R, _F, _I),
    Act.REJECT: _rule(verifying.reject, {S.RESOLVED}, _R, _F, _I),
    Act.REOPEN: _rule(verifying.reopen, {S.CLOSED}, _R, _F, _I),
    Act.RATE: _rule(rating.rate, {S.CLOSED}, _R),
    Act.WITHDRAW: _rule(verifying.withdraw, WAITING | _PAUSED | {S.MERGED}, _R),
    Act.CORRECT: _rule(correcting.correct, WORKING | {S.NEEDS_INFORMATION}, _A, _S, _R),
    Act.ASSIGN: _rule(correcting.assign_by_hand, WORKING, _S),
    Act.ASK: _rule(talking.ask, _PAUSED, _A, _E),
    Act.ANSWER: _rule(talking.answer, WITH_ORDER | WAITING, _R, _F, _A),
    Act.URGE: _rule(talking.urge, WITH_ORDER, _S, _R, _F),
    Act.MERGE: _rule(joining.merge, WORKING | {S.NEEDS_INFORMATION}, _A, _S, _I),
    Act.SPLIT: _rule(joining.split, {S.MERGED}, _R, _S, _I),
    Act.ERASE: _rule(correcting.erase, frozenset(State) - {S.MOVED}, _R, _S),
    Act.APPROVE_CHANGE: _rule(changing_lists.approve_change, WORKING, Who.STEWARD, _R),
    Act.DENY_CHANGE: _rule(changing_lists.deny_change, WORKING, Who.STEWARD, _R),
    Act.ACCEPT: _rule(accepting.accept, {S.SUBMITTED}, Who.OFFERED),
    Act.ADMIT: _rule(admitting.admit, {S.SUBMITTED}, Who.APPROVER),
    Act.TURN_AWAY: _rule(admitting.turn_away, {S.SUBMITTED}, Who.APPROVER),
    Act.WHISTLE: _rule(whistling.whistle, _CALLED, _S),
    Act.SIGN: _rule(whistling.sign, _CALLED, _H),
    Act.ATTEND: _rule(whistling.attend, _CALLED, _H),
    Act.RATE_REPORT_IN: _rule(whistling.rate_report_in, _CALLED | {S.RESOLVED, S.CLOSED}, _S),
}


def roles_of(person: str, case: Case, around: Around, occurred_ms: int) -> frozenset[Who]:
    """What a person is to a case: covers count as whom they cover, a desk as its department's assignee.

    Whoever covered when the act occurred, or covers now, may still hand it in.
    """
    book = around.book
    roles: set[Who] = set()
    if person == case.reporter:
        roles.add(Who.REPORTER)
    if any(person == follower.reporter for follower in case.followers):
        roles.add(Who.FOLLOWER)
    if person in {case.assignee, case.accountable, *_covers(case, around, occurred_ms)} or _at_desk(person, case, book):
        roles.add(Who.ASSIGNEE)
    if case.executor == person:
        roles.add(Who.EXECUTOR)
    if _called(person, case, book):
        roles.add(Who.ASSISTANT)
    if case.change is not None and may_approve(person, case, book):
        roles.add(Who.STEWARD)
    if is_offered(person, case, book):
        roles.add(Who.OFFERED)
    if person in {book.rulebook.policy.approver, _approver(around)}:
        roles.add(Who.APPROVER)
    return frozenset(roles | _by_role(person, case, book))


def _covers(case: Case, around: Around, occurred_ms: int) -> set[str | None]:
    moments = (around.t_ms, occurred_ms)
    return {around.stands_in(case.assignee, t_ms) for t_ms in moments} if case.assignee else set()


def _at_desk(person: str, case: Case, book: Book) -> bool:
    """Whether an officer of the department acts, and the case stands at that desk, not with a person of the street."""
    if case.department is None or case.assignee is None:
        return False
    officer, assignee = book.person(person), book.person(case.assignee)
    if officer is None or officer.department != case.department.code or Role.DEPARTMENT_OFFICER not in officer.roles:
        return False
    return assignee is None or assignee.department == case.department.code


def _approver(around: Around) -> str | None:
    """Who covers for the approver."""
    named = around.book.rulebook.policy.approver
    return around.stands_in(named, around.t_ms) if named else None


def _called(person: str, case: Case, book: Book) -> bool:
    """Whether an officer of a department acts that was called beside the owner."""
    officer = book.person(person)
    if officer is None or Role.DEPARTMENT_OFFICER not in officer.roles:
        return False
    return any(each.department.code == officer.department for each in case.assists)


def _by_role(person: str, case: Case, book: Book) -> set[Who]:
    known = book.person(person)
    if known is None:
        return set()
    superior = bool(SUPERIORS & set(known.roles)) or person in book.ladder(case.place)
    return ({Who.SUPERIOR} if superior else set()) | ({Who.INSPECTOR} if Role.INSPECTOR in known.roles else set())


def possible(case: Case) -> list[Act]:
    """The acts that the state of a case allows to somebody."""
    steps = any(step.done_ms is None for step in case.milestones)
    able = [act for act, rule in RULES.items() if case.duty is None or act in ACTS]
    return [act for act in able if case.state in RULES[act].states and (steps or act is not Act.MILESTONE)]
