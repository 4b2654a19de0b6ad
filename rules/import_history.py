"""Imports facts of another system as they are; checks only the order of times and states."""

from typing import Any

from rules.acts.act_context import wrong_state
from rules.acts.merge import takes
from rules.acts.verify import close
from rules.book.compiled_rulebook import CompiledRulebook
from rules.book.reasons import because
from rules.cases.dispatching import assign
from rules.cases.following import follow
from rules.cases.opening import opened, settle
from rules.clocks.clocks import without
from rules.decision.builder import DecisionBuilder
from rules.decision.draft import Decision, DecisionContext
from rules.routing.route import Route
from schemas.case import WITH_ORDER, WORKING, Case, Deadline, State
from schemas.command import Outcome, Record, RecordWhat
from schemas.event import Because, EventType


def record(case: Case | None, command: Record, context: DecisionContext) -> Decision:
    """Record one fact of a past case. A fact that does not fit its case is refused and counted, never an error."""
    builder = DecisionBuilder(context, command.id, "source", command.home)
    if command.what is RecordWhat.OPENED:
        if context.case_of(command.home, command.report.id) is None:
            _open(builder, command)
        return builder.done()
    if case is None:
        builder.note(
            EventType.ACTION_REFUSED,
            because("unknown_case", case=command.report.id),
            {"act": command.what, "report": command.report.id, "code": "unknown_case"},
        )
        return builder.done()
    if command.id in case.acts:
        return Decision()
    if command.at_ms < case.acted_ms:
        _refuse(builder, case, command, because("times_wrong"))
    else:
        _FACTS[command.what](builder, case, command)
    return builder.done()


def _refuse(builder: DecisionBuilder, case: Case, command: Record, reason: Because) -> None:
    builder.happen(case, EventType.ACTION_REFUSED, reason, facts={"act": command.what, "code": reason.code})


def _wrong_state(builder: DecisionBuilder, case: Case, command: Record) -> None:
    _refuse(builder, case, command, wrong_state(case.state, command.what).reason)


def _open(builder: DecisionBuilder, command: Record) -> None:
    report = command.report
    case = opened(builder, report, command.place, command.trouble, submitted_ms=command.at_ms, history=True)
    if builder.book.decides_history:
        settle(builder, case, report, command.place)
        return
    source = report.source
    department = source.department if source and source.department else None
    chosen = Route(
        because("as_in_source"),
        department.code if department else builder.book.region.fallback_owner,
        None,
        department or builder.book.department(builder.book.region.fallback_department),
        case.item,
    )
    assign(builder, case, chosen, source=report)


def _acknowledged(builder: DecisionBuilder, case: Case, command: Record) -> None:
    if case.state is not State.DISPATCHED:
        _wrong_state(builder, case, command)
        return
    builder.happen(
        case,
        EventType.ACKNOWLEDGED,
        because("as_in_source"),
        occurred_ms=command.at_ms,
        state=State.ACKNOWLEDGED,
        acknowledged_ms=command.at_ms,
        acted_ms=command.at_ms,
        deadlines=without(case, Deadline.ACCEPT),
    )


def _closed(builder: DecisionBuilder, case: Case, command: Record) -> None:
    if case.state not in WORKING:
        _wrong_state(builder, case, command)
        return
    at_ms, now = command.at_ms, dict[str, Any](by_day=True) if command.by_day else {}
    reason = because("as_in_source_by_day" if command.by_day else "as_in_source")
    on_time = _in_time(case.due_ms, command, builder.book)
    left_ms = None if case.due_ms is None else case.due_ms - at_ms
    resolved = builder.happen(
        case,
        EventType.RESOLVED,
        reason,
        occurred_ms=at_ms,
        state=State.RESOLVED,
        resolved_ms=at_ms,
        acted_ms=at_ms,
        deadlines={},
        outcome=Outcome.FIXED,
        on_time=on_time,
        left_ms=max(left_ms, 0) if left_ms is not None and on_time else left_ms,
        **now,
    )
    close(builder, resolved, at_ms, verified_by="source", reason=reason)


def _in_time(due_ms: int | None, command: Record, book: CompiledRulebook) -> bool | None:
    """Whether a case was closed on time; by the day if only the day is known."""
    if due_ms is None:
        return None
    return command.at_ms <= due_ms or (command.by_day and book.day(command.at_ms) == book.day(due_ms))


def _merged(builder: DecisionBuilder, case: Case, command: Record) -> None:
    master = builder.context.case_of(command.home, command.into) if command.into else None
    if case.state not in WITH_ORDER or case.state is State.RETURNED or case.followers:
        _wrong_state(builder, case, command)
    elif master is None or not takes(master) or master.number == case.number:
        _refuse(builder, case, command, because("not_a_master", master=command.into))
    else:
        merged = builder.happen(
            case,
            EventType.MERGED,
            because("as_in_source"),
            occurred_ms=command.at_ms,
            state=State.MERGED,
            master=master.number,
            acted_ms=command.at_ms,
            deadlines={},
        )
        follow(builder, master, merged)


_FACTS = {
    RecordWhat.ACKNOWLEDGED: _acknowledged,
    RecordWhat.CLOSED: _closed,
    RecordWhat.MERGED: _merged,
}
