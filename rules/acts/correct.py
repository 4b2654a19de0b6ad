"""Acts that put a case right: correct its category or place, assign it by hand, erase texts."""

from typing import Any

from rules.acts.act_context import ActContext, RefusedAct, refused
from rules.acts.handle import accepted
from rules.acts.verify import tell_followers
from rules.book.compiled_rulebook import CompiledRulebook
from rules.cases.again import limits_again
from rules.cases.dispatching import assign, refuse
from rules.cases.opening import join_or_dispatch, which_place
from rules.cases.waiting import move
from rules.clocks.recounting import made_of
from rules.decision.builder import DecisionBuilder
from rules.facts.routing_facts import routing_facts_of
from rules.facts.urgency import urgent_as
from rules.routing.route import Route, name_of, route, with_cover
from schemas.case import Case, State
from schemas.eligible import can_answer
from schemas.event import EventType
from schemas.place import Ambiguous, Found, PlaceFound
from schemas.rights import CaseRole


def correct(act: ActContext) -> None:
    """Change category or place and decide the case again. Its home stays, its responsible grid may change."""
    command, case, builder = act.command, act.case, act.builder
    place = found_place(act) or case.place
    filed = (case.category, case.subcategory) if command.category is None else builder.book.filed(command.category)
    if filed is None:
        raise refused("unknown_category", category=command.category)
    if place == case.place and filed == (case.category, case.subcategory):
        raise refused("nothing_to_change")
    if place is None and builder.book.needs_place(filed[0], case.kind):
        raise refused("needs_place")
    if place is not None and case.place is None and case.state is State.NEEDS_INFORMATION:
        act.happen(EventType.CORRECTED, facts=_was(case), **act.note("note"))
        move(builder, act.case, place, category=command.category or "")
        return
    changed = {**act.note("note"), **accepted(act)}
    refiled = _filed(case, *filed, builder.book)
    changed |= limits_again(builder, act.case.after(changed), refiled, place)
    if place != case.place:
        changed["place"] = place
    changed |= refiled
    facts = _was(case)
    if "limits" in changed:
        facts["due"] = made_of(act.case.after(changed), builder.book)
    corrected = act.happen(EventType.CORRECTED, facts=facts, **changed)
    if case.state is State.NEEDS_INFORMATION:
        join_or_dispatch(builder, corrected, place)
        return
    if case.raised and act.roles.isdisjoint({CaseRole.ASSIGNEE, CaseRole.SUPERIOR}):
        return  # it was raised by decision: a correction by its reporter must not lower it again
    _decide_again(builder, corrected, place)


def _filed(case: Case, category: str, subcategory: str | None, book: CompiledRulebook) -> dict[str, Any]:
    """The changes to a case that is filed under another category or subcategory."""
    now: dict[str, Any] = {}
    if category != case.category:
        now |= {"category": category, "item": case.item if case.pushed_by else book.category(category).item}
    if subcategory != case.subcategory:
        now["subcategory"] = subcategory
    if now:
        now["urgent_by"] = urgent_as(case, category, subcategory, book)
    return now


def _was(case: Case) -> dict[str, Any]:
    return {"was": {"category": case.category, "grid": case.place.grid if case.place else None}}


def _decide_again(builder: DecisionBuilder, case: Case, place: PlaceFound | None) -> None:
    """Route it again. If it stays with the same person, their clocks and state go on."""
    chosen = route(routing_facts_of(case, place, builder.context), builder.context)
    if chosen.refused:
        refused_case = refuse(builder, case, chosen.because, chosen.item)
        tell_followers(builder, refused_case, chosen.because)
    else:
        assign(builder, case, chosen)


def found_place(act: ActContext) -> PlaceFound | None:
    """The place that the act names; refused when there is none, or more than one."""
    given = act.command.place
    if given is None or given.is_empty:
        return None
    result = act.builder.book.places.locate(given)
    if isinstance(result, Found):
        return result.place
    if isinstance(result, Ambiguous):
        raise RefusedAct(which_place(act.builder.book, result.candidates, result.more))
    raise refused("no_place")


def assign_by_hand(act: ActContext) -> None:
    """Give the case to the person a supervisor names: one hop more, no clock moves."""
    command, case, builder = act.command, act.case, act.builder
    if not command.to:
        raise refused("whom_needed")
    to = builder.book.person(command.to)
    if to is None:
        raise refused("unknown_person", person=command.to)
    if not can_answer(to, case, builder.book.directory):
        raise refused("cannot_answer", person=to.name)
    if builder.book.directory.is_above(to.id, command.by, case):
        raise refused("assign_upwards", person=to.name)
    department = builder.book.department(to.department) if to.department else case.department
    chosen = with_cover(Route(act.reason(), to.id, department=department, item=case.item), builder.context)
    if chosen.assignee == case.assignee:
        raise refused("has_it_already", person=name_of(chosen.assignee, builder.book))
    act.case = assign(builder, case, chosen, acted_ms=max(act.occurred_ms, case.acted_ms), **act.note("note"))


def erase(act: ActContext) -> None:
    """Turn texts and photos into tombstones; only their digests stay. Reporters may erase what they wrote."""
    case, wanted = act.case, act.command.to
    every = CaseRole.SUPERIOR in act.roles
    gone = [ref for ref in case.texts if wanted in {None, ref.id} and (every or ref.by == act.command.by)]
    if not gone:
        raise refused("nothing_to_erase")
    ids = tuple(ref.id for ref in gone)
    act.builder.erase(ids)
    change: dict[str, Any] = {"texts": tuple(ref for ref in case.texts if ref.id not in ids)}
    proofs = [ref for ref in case.texts if ref.role in {"after", "answer"}]
    if proofs and proofs[-1] in gone:
        change["photos"] = ()
    act.happen(EventType.TEXT_ERASED, facts={"texts": list(ids)}, **change)
