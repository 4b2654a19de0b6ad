"""Checks that a case loses nothing when it is merged: its reporter must get everything from the master, as soon."""

from collections.abc import Iterator
from math import inf
from typing import Final

from schemas.case import WORKING, Case, Deadline, State, UrgentBy
from schemas.claims import Claims
from schemas.models import ChoiceEnum
from schemas.report import ReportKind
from schemas.topics import home_of

ALIKE: Final = frozenset({ReportKind.PROBLEM, ReportKind.COMPLAINT})
"""Kinds that can be duplicates; each question, suggestion or request needs an answer of its own."""
_SAID: Final = frozenset({UrgentBy.REPORTER, UrgentBy.WORDS})
_STEP: Final = "milestone:"


class Lost(ChoiceEnum):
    """What a case would lose by a merge."""

    KIND = "kind"
    URGENCY = "urgency"
    RESOLVED = "resolved"
    """It was reported after the other one was resolved, so the work did not include it."""
    DEADLINE = "deadline"
    CALLED = "called"
    """A department that is called for it."""
    SUBCATEGORY = "subcategory"
    HANDS = "hands"
    """The list assigns it to somebody else, or to another item."""
    LIST = "list"
    """The list refuses it, or it has to pass the gate first."""


def claims_of(case: Case) -> Claims:
    """What a case is entitled to now."""
    due = {clock.value: at for clock in (Deadline.ACCEPT, Deadline.RESPOND) if (at := case.deadlines.get(clock))}
    if case.due_ms is not None:
        due[Deadline.RESOLVE.value] = case.due_ms
    due |= {_STEP + step.id: step.due_ms for step in case.milestones if step.open and step.platform is None}
    return Claims(
        kind=case.kind,
        urgent_by=case.urgent_by,
        submitted_ms=case.submitted_ms,
        due=due,
    )


def lost(claims: Claims, into: Case) -> Lost | None:
    """The first thing that `into` does not give its follower; None: nothing is lost."""
    if claims.kind is not into.kind:
        return Lost.KIND
    if _weight(claims.urgent_by) > _weight(into.urgent_by):
        return Lost.URGENCY
    if into.state is State.RESOLVED:
        return Lost.RESOLVED if claims.submitted_ms > (into.resolved_ms or 0) else None
    later = any(at < _promised(into, clock) for clock, at in claims.due.items())
    return Lost.DEADLINE if later else None


def ways(case: Case, other: Case) -> Iterator[tuple[Case, Case]]:
    """In which directions a person can join two cases without a loss: (follower, master), the younger first."""
    older, younger = sorted((case, other), key=lambda each: (each.submitted_ms, each.number))
    for joins, into in ((younger, older), (older, younger)):
        if joins.state in JOINABLE and brings_along(joins, into.number) and lost(claims_of(joins), into) is None:
            yield joins, into


def brings_along(case: Case, into: str) -> bool:
    """Whether the followers of a case can move with it to another master: all of them are in one home."""
    return not case.followers or {home_of(into), *(home_of(each.case) for each in case.followers)} == {case.home}


JOINABLE: Final = WORKING | {State.SUSPENDED, State.NEEDS_INFORMATION}
"""States in which a person may say that a case is the same as another."""


def _weight(urgent_by: tuple[str, ...]) -> int:
    """Urgency that people reported weighs more than that of a category."""
    return 2 if _SAID.intersection(urgent_by) else int(bool(urgent_by))


def _promised(case: Case, clock: str) -> float:
    """When a clock of a case in work ends: minus infinity if it has ended, infinity while it is stopped."""
    if clock.startswith(_STEP):
        return _step_promised(case, clock.removeprefix(_STEP))
    due = inf if case.left_ms is not None or case.due_ms is None else case.due_ms
    if clock == Deadline.RESOLVE:
        return due
    ended = case.acknowledged_ms if clock == Deadline.ACCEPT else case.contacted_ms
    if ended is not None or clock in case.missed:
        return -inf
    return min(case.deadlines.get(Deadline(clock), inf), due)  # resolving it meets both


def _step_promised(case: Case, id: str) -> float:
    step = next((each for each in case.milestones if each.id == id), None)
    if step is None or (step.open and step.left_ms is not None):
        return inf
    return step.due_ms if step.open else -inf
