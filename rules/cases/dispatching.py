"""Dispatch 派遣: a placed case gets one accountable person, waits at the admission gate, or is refused."""

from typing import Any

from rules.book.reasons import because
from rules.clocks import platform_dues
from rules.clocks.clocks import after, dispatched, for_remedy, without
from rules.decision.builder import DecisionBuilder
from rules.facts.routing_facts import RoutingFacts, routing_facts_of
from rules.routing.admission import Held, gate
from rules.routing.alerts import handed_over, hop_facts
from rules.routing.assists import Assists, first_due, listed
from rules.routing.list_changes import proposed, to_steward
from rules.routing.offering import offered
from rules.routing.remedies import why_not
from rules.routing.route import Route, name_of, route
from rules.time.working import due_at
from schemas.case import WAITING, Case, Deadline, State
from schemas.change_steps import steps_of
from schemas.event import Because, EventType
from schemas.report import Report, SourceFacts
from schemas.rights import may_propose

_NEVER_DISPATCHED = WAITING | {State.MERGED}


def dispatch(builder: DecisionBuilder, case: Case, *, source: Report | None = None) -> Case:
    """Route a case to one accountable person and start its clocks, or refuse it with the item cited."""
    if case.change is not None:
        return _to_steward(builder, case, source)
    if case.remedy is not None and (wrong := why_not(case, builder.context)) is not None:
        return refuse(builder, case, wrong)
    new = case.state in _NEVER_DISPATCHED
    held = at_gate(builder, case) if new else None
    if held is not None and not case.urgent_by:
        return _held(builder, case, held)
    if held is not None:
        case = builder.happen(
            case, EventType.ADMITTED, because("urgent_at_gate"), by="system", admitted=True, deadlines={}
        )
    asked = routing_facts_of(case, case.place, builder.context)
    chosen = route(asked, builder.context)
    if chosen.refused:
        return refuse(builder, case, chosen.because, chosen.item)
    if chosen.offer is not None and new and not (case.history or case.urgent_by or case.remedy):
        return offered(builder, case, chosen.offer, chosen.because)
    return assign(builder, case, chosen, source=source, asked=asked)


def _to_steward(builder: DecisionBuilder, case: Case, source: Report | None) -> Case:
    """Give a proposed change of the list to a list steward."""
    item = proposed(case)
    if item is None:
        return refuse(builder, case, because("bad_change"))
    if not may_propose(case.reporter, case.place.grid if case.place else None, builder.book.directory):
        return refuse(builder, case, because("may_not_propose", by=name_of(case.reporter, builder.book)))
    steps = steps_of(builder.book.rulebook.policy.change_steps) if case.dispatched_ms is None else ()
    if not steps:
        return assign(builder, case, to_steward(case, item, builder.book), source=source)
    chosen = to_steward(case.after({"change_steps": steps}), item, builder.book)
    return assign(builder, case, chosen, source=source, change_steps=steps)


def _said(builder: DecisionBuilder, case: Case) -> str:
    """The texts of a pushed task; only the gate needs them."""
    return "" if case.pushed_by is None else "\n".join(words.text for words in builder.words_of(case))


def at_gate(builder: DecisionBuilder, case: Case) -> Held | None:
    """Why the gate holds a case without an assignee; None: it may pass."""
    return gate(case, _said(builder, case), builder.book, builder.t_ms)


def _held(builder: DecisionBuilder, case: Case, held: Held) -> Case:
    """Hold a pushed task at the admission gate: refuse it, or wait for the approver for a time."""
    if not held.waits:
        return refuse(builder, case, held.reason)
    book = builder.book
    lapses_ms = due_at(builder.t_ms, book.rulebook.policy.admission_lapses, book.region.calendar)
    return builder.happen(
        case,
        EventType.ADMISSION_REQUESTED,
        held.reason,
        by="system",
        facts={"to": held.approver},
        state=State.SUBMITTED,
        deadlines={Deadline.ADMISSION: lapses_ms},
    )


def refuse(builder: DecisionBuilder, case: Case, reason: Because, item: str | None = None) -> Case:
    """Refuse a case: its reporter learns why and where to go. It is archived when the window is over."""
    return builder.happen(
        case,
        EventType.REFUSED,
        reason,
        by="system",
        facts={"code": reason.code},
        state=State.REFUSED,
        item=case.item if case.pushed_by and case.item else item or case.item,
        row=reason.row,
        request=None,
        deadlines={Deadline.ARCHIVE: after(builder.t_ms, builder.book.rulebook.policy.reopen_window)},
    )


def assign(
    builder: DecisionBuilder,
    case: Case,
    chosen: Route,
    *,
    source: Report | None = None,
    asked: RoutingFacts | None = None,
    **note: Any,
) -> Case:
    """Assign a case to the person of the route. The clocks start now, unless they run already.

    If that person has it already, their state and clocks go on. `asked`: the routing facts, if known already.
    """
    t_ms, fresh = builder.t_ms, case.dispatched_ms is None
    now: dict[str, Any] = {
        **note,
        "assignee": chosen.assignee,
        "accountable": chosen.accountable,
        "department": chosen.department,
        "item": case.item if case.pushed_by and case.item else chosen.item,
        "gap": chosen.gap,
        "row": chosen.because.row,
    }
    facts = source.source if source else None
    if facts is not None and facts.department is not None and not builder.book.decides_history:
        now["department"] = facts.department
    if fresh or chosen.assignee != case.assignee:
        now |= {"state": State.DISPATCHED, "executor": None}
    if fresh:
        asked = asked or routing_facts_of(case, case.place, builder.context)
        clocks = platform_dues.begun(_clocks(builder, case, chosen, facts, asked), case, t_ms)
        assists = _called(case, chosen, builder, asked)
        now |= {"dispatched_ms": t_ms, **clocks}
        if assists:
            now |= {"assists": assists, "deadlines": {**clocks["deadlines"], **first_due(assists)}}
    elif chosen.assignee != case.assignee:
        now |= {**handed_over(case, chosen.assignee), **request_dropped(case)}
    hops = hop_facts(case, now)
    case = builder.happen(case, EventType.DISPATCHED, chosen.because, by="system", facts=hops, **now)
    if fresh and facts is not None and facts.due_ms is not None and facts.due_ms <= t_ms:
        case = builder.happen(
            case,
            EventType.DEADLINE_MISSED,
            because("as_in_source"),
            by="source",
            facts={"clock": Deadline.RESOLVE, "silent": True},
            missed=(Deadline.RESOLVE,),
            fired={Deadline.RESOLVE: facts.due_ms},
        )
    return case


def _clocks(
    builder: DecisionBuilder, case: Case, chosen: Route, facts: SourceFacts | None, asked: RoutingFacts
) -> dict[str, Any]:
    """Our clocks, or those of another system; in a history that we decide, ours where the source set none.

    In such a history only the resolution counts: the source does not say when somebody answered or reached a milestone.
    """
    if case.remedy is not None:
        return for_remedy(asked, chosen.item, chosen.department, builder.context)
    if facts is None:
        return dispatched(asked, chosen.item, chosen.department, builder.context)
    if facts.due_ms is not None or not (case.history and builder.book.decides_history):
        return source_due(facts.due_ms, builder.t_ms)
    ours = dispatched(asked, chosen.item, chosen.department, builder.context)
    deadlines = {name: at for name, at in ours.pop("deadlines").items() if name is Deadline.RESOLVE}
    ours.pop("milestones", None)
    return {**ours, "deadlines": deadlines}


def _called(case: Case, chosen: Route, builder: DecisionBuilder, asked: RoutingFacts) -> Assists:
    """The departments that the list calls besides the owner; none in a history."""
    if case.history and not builder.book.decides_history:
        return ()
    item, lead = builder.book.item(chosen.item, builder.t_ms), chosen.department.code if chosen.department else None
    return listed(asked, item, lead, builder.context)


def request_dropped(case: Case) -> dict[str, Any]:
    """The change that drops a request for more time, because its requester no longer has the case."""
    return {} if case.request is None else {"request": None, "deadlines": without(case, Deadline.REQUEST)}


def source_due(due_ms: int | None, t_ms: int) -> dict[str, Any]:
    """The clocks of an imported case: only those its source set; one already past does not escalate."""
    ahead = due_ms is not None and due_ms > t_ms
    return {"deadlines": {Deadline.RESOLVE: due_ms} if ahead else {}, "due_ms": due_ms}
