"""Checks whether somebody may do an act, by their roles in the case and the table of rights, and says why not."""

from collections.abc import Collection

from rules.acts.act_context import RefusedAct, refused
from rules.book.compiled_rulebook import CompiledRulebook
from rules.book.labels import ACT_NAMES, WHO_NAMES, names_of
from rules.decision.draft import DecisionContext
from rules.routing.route import name_of
from schemas.case import Case
from schemas.case_roles import roles_of
from schemas.change_steps import step_due
from schemas.command import Act, Do
from schemas.rights import CaseRole, right_of

_OFFICE = frozenset({CaseRole.SUPERIOR, CaseRole.COORDINATOR, CaseRole.EVALUATOR, CaseRole.EMERGENCY})
_CHANGES = frozenset({Act.APPROVE_CHANGE, Act.DENY_CHANGE})

_OWN = {Act.APPROVE: "own_request", Act.ADMIT: "own_department"}
"""Reason codes for people who may not decide about their own matter, apart from checking their own work."""


def what_of(
    person: str, case: Case, context: DecisionContext, occurred_ms: int, wanted: Collection[CaseRole]
) -> frozenset[CaseRole]:
    """The roles of a person in a case. Whoever covered when the act occurred, or covers now, may still do it."""
    book, moments = context.book, (context.t_ms, occurred_ms)
    return roles_of(person, case, book.directory, book.rulebook, context.stands_in, moments, wanted)


def check_right(command: Do, case: Case, roles: frozenset[CaseRole], book: CompiledRulebook) -> None:
    """Raises `RefusedAct` with the reason when the table does not allow the act."""
    right = right_of(command.act, case)
    if command.act in _CHANGES and CaseRole.REPORTER in roles and case.change is not None:
        raise refused("second_person")
    if right.who.isdisjoint(roles):
        raise _not_theirs(command, case, book)
    if not right.never.isdisjoint(roles):
        raise refused(_OWN.get(command.act, "own_work"))


def _not_theirs(command: Do, case: Case, book: CompiledRulebook) -> RefusedAct:
    right, by, directory = right_of(command.act, case), name_of(command.by, book), book.directory
    if command.act in _CHANGES:
        if case.change is None:
            return refused("no_change")
        step = step_due(case.change_steps)
        return refused("no_steward", by=by) if step is None else refused("not_this_step", by=by, step=step.name)
    known = book.person(command.by)
    if right.who & _OFFICE and known is not None and directory.is_over_somebody(known.id):
        grid, ladder = case.place.grid if case.place else None, directory.ladder(case.place)
        own, needed = directory.rung_of(command.by, grid), directory.rung_of_case(case)
        if own is not None and own < needed:
            return refused("above_your_rung", by=by, person=name_of(ladder[needed - 1], book))
        if own is None and grid is not None:
            return refused("not_your_area", by=by, grid=book.grid_name(grid))
    who = names_of(WHO_NAMES[each] for each in sorted(right.who))
    return refused("not_allowed", by=by, act=ACT_NAMES[command.act], who=who)
