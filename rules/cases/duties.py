"""Duties 值守: one person, one window, then done or not done. They are never routed, merged or verified.

One that opens late, after an outage, can be confirmed for the length of its window from then on.
"""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from rules.book.compiled_rulebook import CompiledRulebook
from rules.book.reasons import because
from rules.clocks.clocks import after
from rules.decision.builder import DecisionBuilder
from rules.routing.route import Route, name_of, with_cover
from schemas.case import Case, Deadline, State
from schemas.command import Outcome
from schemas.duty import DOOR, Duty, Occurrence
from schemas.event import EventType
from schemas.report import Report


def duty_of(report: Report) -> str | None:
    """The duty that a report makes due: only the internal door can say so."""
    return report.duty if report.door == DOOR else None


def take_up(builder: DecisionBuilder, case: Case, report: Report) -> Case | None:
    """Give it to its person or their cover; None when the duty or its place no longer exists."""
    book = builder.book
    duty = next((each for each in book.rulebook.duties if each.id == case.duty), None)
    if duty is None or case.place is None:
        return None
    window = _window(duty, report, book)
    reason = because("duty", duty=duty.name, person=name_of(duty.person, book), until=_clock(window.end_ms, book))
    chosen = with_cover(Route(reason, duty.person), builder.context)
    fires_ms = max(window.end_ms, builder.t_ms + window.end_ms - window.begin_ms if _late(builder, window) else 0)
    return builder.happen(
        case,
        EventType.DISPATCHED,
        chosen.because,
        by="system",
        state=State.DISPATCHED,
        assignee=chosen.assignee,
        accountable=chosen.accountable,
        gap=chosen.gap,
        dispatched_ms=builder.t_ms,
        due_ms=window.end_ms,
        deadlines={Deadline.RESOLVE: fires_ms},
    )


def _late(builder: DecisionBuilder, window: Occurrence) -> bool:
    return builder.t_ms >= window.end_ms


def _window(duty: Duty, report: Report, book: CompiledRulebook) -> Occurrence:
    zone = ZoneInfo(book.region.zone)
    return duty.on(datetime.fromtimestamp(report.received_ms / 1000, zone).date(), zone)


def _clock(at_ms: int, book: CompiledRulebook) -> str:
    return f"{datetime.fromtimestamp(at_ms / 1000, ZoneInfo(book.region.zone)):%H:%M}"


def not_done(builder: DecisionBuilder, case: Case) -> Case:
    """Close it as not done when its window is over. The first rung of the ladder has been notified."""
    return builder.happen(
        case,
        EventType.CLOSED,
        because("duty_not_done", person=name_of(case.assignee or "", builder.book)),
        facts={"figures": figures(case, done=False)},
        **closed(builder, builder.t_ms),
        outcome=Outcome.NOT_DONE,
        on_time=False,
    )


def closed(builder: DecisionBuilder, at_ms: int) -> dict[str, Any]:
    """The change that ends a duty, done or not: nobody verifies, disputes or rates it."""
    window_ms = after(builder.t_ms, builder.book.rulebook.policy.reopen_window)
    return {
        "state": State.CLOSED,
        "closed_ms": at_ms,
        "request": None,
        "deadlines": {Deadline.ARCHIVE: window_ms},
    }


def figures(case: Case, *, done: bool) -> dict[str, Any]:
    """Figures to count for a duty, apart from all other cases."""
    grid = case.place.grid if case.place else None
    return {"sign": 1, "duty": case.duty, "done": done, "person": case.assignee, "grid": grid}
