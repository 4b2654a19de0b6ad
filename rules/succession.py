"""Succession 接任: an open case goes to the person or department that replaces the one it was with.

No clock moves, no state changes and no hop counts: the post is the same, only the name differs.
"""

from typing import Any

from rules.book.compiled_rulebook import CompiledRulebook
from rules.book.reasons import because
from rules.decision.builder import DecisionBuilder
from rules.decision.draft import Decision, DecisionContext
from rules.decision.fold import DUE
from rules.routing.route import name_of
from schemas.case import WAITING, WITH_ORDER, Case, State
from schemas.event import Because, EventType
from schemas.heirs import Heirs
from schemas.joint import Assist
from schemas.names import Name
from schemas.people import Organisation
from schemas.report import Department

_GOES_ON = WITH_ORDER | WAITING | {State.MERGED}
_PEOPLE = ("assignee", "accountable", "executor")


def taken_over(case: Case, context: DecisionContext) -> Decision:
    """The decision for a case when a region takes effect; empty when nobody it names is replaced."""
    builder = DecisionBuilder(context, f"{DUE}succession", "system", case.home)
    if case.state in _GOES_ON:
        take_over(builder, case)
    return builder.done()


def take_over(builder: DecisionBuilder, case: Case) -> Case:
    """Replace the names in a case by today's, with the reason."""
    heirs = builder.book.heirs
    changed = _people(case, heirs) | _departments(case, heirs)
    if not changed:
        return case
    was = {name: getattr(case, name) for name in _PEOPLE if name in changed}
    was |= {"department": case.department.code} if case.department and "department" in changed else {}
    return builder.happen(
        case, EventType.TAKEN_OVER, _why(case, changed, builder.book), by="system", facts={"was": was}, **changed
    )


def _people(case: Case, heirs: Heirs) -> dict[str, Any]:
    now: dict[str, Any] = {}
    for name in _PEOPLE:
        if (heir := heirs.persons.get(getattr(case, name) or "")) is not None:
            now[name] = heir.id
    if now and case.state is State.RESOLVED and case.resolved_by is None:
        now["resolved_by"] = next(
            getattr(case, name) for name in reversed(_PEOPLE) if name in now
        )  # must not check their own work
    if case.request is not None and (asker := heirs.persons.get(case.request.by)) is not None:
        now["request"] = case.request.model_copy(update={"by": asker.id})
    if not heirs.persons.keys().isdisjoint(case.returned_by):
        known = heirs.persons
        now["returned_by"] = tuple(known[each].id if each in known else each for each in case.returned_by)
    return now


def _departments(case: Case, heirs: Heirs) -> dict[str, Any]:
    """The changes to the lead, the called departments and the shifts of the clocks."""
    now: dict[str, Any] = {}
    known = heirs.departments
    if case.department is not None and case.department.code in known:
        now["department"] = _as_department(known[case.department.code])
    if any(each.department.code in known for each in case.assists):
        now["assists"] = _called(case.assists, heirs)
    if case.clock is not None and case.clock.organisation in known:
        now["clock"] = case.clock.model_copy(update={"organisation": known[case.clock.organisation].code})
    if any(step.organisation in known for step in case.milestones):
        now["milestones"] = tuple(
            step.model_copy(update={"organisation": known[step.organisation].code})
            if step.organisation in known
            else step
            for step in case.milestones
        )
    return now


def _called(assists: tuple[Assist, ...], heirs: Heirs) -> tuple[Assist, ...]:
    """Each department once: of two that became one, the first remains."""
    found: dict[str, Assist] = {}
    for each in assists:
        heir = heirs.departments.get(each.department.code)
        now = each if heir is None else each.model_copy(update={"department": _as_department(heir)})
        found.setdefault(now.department.code, now)
    return tuple(found.values())


def _as_department(body: Organisation) -> Department:
    return Department(code=body.code, name=body.name.zh)


def _why(case: Case, changed: dict[str, Any], book: CompiledRulebook) -> Because:
    """The reason: who has the case now; if several changed, the accountable person first."""
    said: list[Because] = []
    for name in _PEOPLE:
        if name in changed:
            said.append(because("person_succeeded", old=getattr(case, name), person=name_of(changed[name], book)))
    if "department" in changed and case.department is not None:
        new = book.department_name(changed["department"].code)
        old = Name(zh=case.department.name, en=case.department.code)
        said.append(because("department_succeeded", old=old, department=new))
    first = said[0] if said else because("names_succeeded")
    others = [each for each in dict.fromkeys((each.zh, each.en) for each in said) if each != (first.zh, first.en)]
    zh, en = "".join([first.zh, *(zh for zh, _ in others)]), " ".join([first.en, *(en for _, en in others)])
    return first.model_copy(update={"zh": zh, "en": en})
