"""Records of the past: facts of another system taken as they were, checking only the order of times and states."""

from typing import Any

from rules.acts.act_context import wrong_state
from rules.acts.merge import takes
from rules.acts.verify import close
from rules.book.compiled_rulebook import Book
from rules.book.reasons import because
from rules.cases.dispatching import assign
from rules.cases.following import follow
from rules.cases.opening import opened, settle
from rules.clocks.clocks import without
from rules.decision.builder import Making
from rules.decision.draft import Around, Decision
from rules.routing.route import Route
from schemas.case import WITH_ORDER, WORKING, Case, Deadline, State
from schemas.command import Outcome, Record, RecordWhat
from schemas.event import Because, EventType


def record(case: Case | None, command: Record, around: Around) -> Decision:
    """One fact of a past case. What does not fit its case is refused and counted, never an error."""
    making = Making(around, command.id, "source", command.home)
    if command.what is RecordWhat.OPENED:
        if around.case_of(command.home, command.report.id) is None:
            _open(making, command)
        return making.done()
    if case is None:
        making.note(
            EventType.ACTION_REFUSED,
            because("unknown_case", case=command.report.id),
            {"act": command.what, "report": command.report.id, "code": "unknown_case"},
        )
        return making.done()
    if command.id in case.acts:
        return Decision()
    if command.at_ms < case.acted_ms:
        _refuse(making, case, command, because("times_wrong"))
    else:
        _FACTS[command.what](making, case, command)
    return making.done()


def _refuse(making: Making, case: Case, command: Record, reason: Because) -> None:
    making.happen(case, EventType.ACTION_REFUSED, reason, facts={"act": command.what, "code": reason.code})


def _wrong_state(making: Making, case: Case, command: Record) -> None:
    _refuse(making, case, command, wrong_state(case.state, command.what).reason)


def _open(making: Making, command: Record) -> None:
    report = command.report
    case = opened(making, report, command.place, command.trouble, submitted_ms=command.at_ms, history=True)
    if making.book.decides_history:
        settle(making, case, report, command.place)
        return
    source = report.source
    department = source.department if source and source.department else None
    chosen = Route(
        because("as_in_source"),
        department.code if department else making.book.region.fallback_owner,
        None,
        department or making.book.department(making.book.region.fallback_department),
        case.item,
    )
    assign(making, case, chosen, source=report)


def _acknowledged(making: Making, case: Case, command: Record) -> None:
    if case.state is not State.DISPATCHED:
        _wrong_state(making, case, command)
        return
    making.happen(
        case,
        EventType.ACKNOWLEDGED,
        because("as_in_source"),
        occurred_ms=command.at_ms,
        state=State.ACKNOWLEDGED,
        acknowledged_ms=command.at_ms,
        acted_ms=command.at_ms,
        deadlines=without(case, Deadline.ACCEPT),
    )


def _closed(making: Making, case: Case, command: Record) -> None:
    if case.state not in WORKING:
        _wrong_state(making, case, command)
        return
    at_ms, now = command.at_ms, dict[str, Any](by_day=True) if command.by_day else {}
    reason = because("as_in_source_by_day" if command.by_day else "as_in_source")
    on_time = _in_time(case.due_ms, command, making.book)
    left_ms = None if case.due_ms is None else case.due_ms - at_ms
    resolved = making.happen(
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
    close(making, resolved, at_ms, verified_by="source", reason=reason)


def _in_time(due_ms: int | None, command: Record, book: Book) -> bool | None:
    """Whether a closing is in time; of which only the day is known, by the day."""
    if due_ms is None:
        return None
    return command.at_ms <= due_ms or (command.by_day and book.day(command.at_ms) == book.day(due_ms))


def _merged(making: Making, case: Case, command: Record) -> None:
    master = making.around.case_of(command.home, command.into) if command.into else None
    if case.state not in WITH_ORDER or case.state is State.RETURNED or case.followers:
        _wrong_state(making, case, command)
    elif master is None or not takes(master) or master.number == case.number:
        _refuse(making, case, command, because("not_a_master", master=command.into))
    else:
        merged = making.happen(
            case,
            EventType.MERGED,
            because("as_in_source"),
            occurred_ms=command.at_ms,
            state=State.MERGED,
            master=master.number,
            acted_ms=command.at_ms,
            deadlines={},
        )
        follow(making, master, merged)


_FACTS = {
    RecordWhat.ACKNOWLEDGED: _acknowledged,
    RecordWhat.CLOSED: _closed,
    RecordWhat.MERGED: _merged,
}
