"""Decides a case again that is in work, by what is known now."""

from typing import Any, Unpack

from rules.book.compiled_rulebook import CompiledRulebook
from rules.cases.dispatching import assign
from rules.clocks.clocks import resolution_goes_on, unpaused, without
from rules.clocks.limits import terms_of
from rules.clocks.recounting import limits_changed, made_of
from rules.decision.builder import DecisionBuilder
from rules.facts.routing_facts import routing_facts_of
from rules.routing.route import route
from schemas.case import WITH_ORDER, Case, Deadline, State
from schemas.case_change import CaseChange
from schemas.event import EventType
from schemas.place import PlaceFound


def limits_again(
    builder: DecisionBuilder, case: Case, filed: dict[str, Any], place: PlaceFound | None
) -> dict[str, Any]:
    """The clocks of a case that is filed again, as if it had been dispatched like this.

    Another system's deadlines stay its own.
    """
    book, context, start_ms = builder.book, builder.context, case.counted_ms
    if case.door in book.region.importers or start_ms is None:
        return {}
    now_so = routing_facts_of(case.after(filed), place, context)
    chosen = route(now_so, context)
    before = routing_facts_of(case, case.place, context)
    item = route(before, context).item if case.pushed_by else case.item  # a pushed task keeps the item that it cites
    was = terms_of(before, item, book, start_ms)
    now = terms_of(now_so, chosen.item, book, start_ms)
    department = chosen.department or case.department
    return limits_changed(case, was, now, builder.t_ms, book, department.code if department else None)


def placed_late(
    builder: DecisionBuilder, case: Case, place: PlaceFound, filed: dict[str, Any], /, **now: Unpack[CaseChange]
) -> Case:
    """Decide an urgent case again when its place is found at last. Its home stays."""
    change = limits_again(builder, case, filed, place) | filed
    facts = {"placed": True} | ({"due": made_of(case.after(change), builder.book)} if "limits" in change else {})
    case = builder.happen(case, EventType.SUPPLIED, facts=facts, **{**change, **now}, place=place, trouble=None)
    chosen = route(routing_facts_of(case, place, builder.context), builder.context)
    return case if chosen.refused else assign(builder, case, chosen)


def lacks_place_late(case: Case, book: CompiledRulebook) -> bool:
    """Whether a case is in work without a place, because it was too urgent to wait for one."""
    sought = case.place is None and bool(case.urgent_by) and case.state in WITH_ORDER
    return sought and book.needs_place(case.category, case.kind)


def resumed(case: Case, builder: DecisionBuilder) -> dict[str, Any]:
    """The change that ends a pause now."""
    rest = case.after({"deadlines": without(case, Deadline.RESUME)})
    return {
        "deadlines": rest.deadlines,
        **resolution_goes_on(rest, builder.t_ms, builder.book),
        **unpaused(case, builder.t_ms),
        "state": case.suspended_from or State.ACKNOWLEDGED,
    }
