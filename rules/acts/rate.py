"""A reporter rates the result; and how long it can be rated or disputed."""

from typing import Any

from rules.acts.act_context import ActContext, refused
from rules.clocks.clocks import after
from rules.decision.builder import DecisionBuilder
from schemas.case import Case, Deadline
from schemas.command import Outcome, Rating
from schemas.event import EventType


def rate(act: ActContext) -> None:
    """Satisfied 满意 or not 不满意. It changes nothing else; within the window the latest rating counts."""
    case, rating = act.case, act.command.rating
    if rating is None:
        raise refused("rating_needed")
    if act.command.cite is not None and act.command.cite != case.item:
        raise refused("rate_other_case", item=case.item)
    if case.self_handled:
        raise refused("own_work")
    if case.outcome is Outcome.WITHDRAWN:
        raise refused("was_withdrawn")
    if not window_open(case, case.rate_until_ms, act.t_ms):
        raise refused("rating_over")
    if rating is case.rating:
        raise refused("nothing_to_change")
    act.happen(EventType.RATED, facts={"rating": rating}, **act.note("rating"), rating=rating)


def rated_with(rating: Rating | None, verified_by: str) -> dict[str, Any]:
    """The change when a reporter confirms and rates in one tap."""
    return {"rating": rating} if rating is not None and verified_by == "reporter" else {}


def windows(builder: DecisionBuilder) -> dict[str, Any]:
    """The change when a case closes: it is archived after both windows, for disputes and for ratings, have ended."""
    policy = builder.book.rulebook.policy
    reopen_ms, rate_ms = after(builder.t_ms, policy.reopen_window), after(builder.t_ms, policy.rating_window)
    archive_ms = max(reopen_ms, rate_ms)
    change: dict[str, Any] = {"deadlines": {Deadline.ARCHIVE: archive_ms}}
    if reopen_ms < archive_ms:
        change["reopen_until_ms"] = reopen_ms
    if rate_ms < archive_ms:
        change["rate_until_ms"] = rate_ms
    return change


def no_windows(case: Case) -> dict[str, Any]:
    """The change when a case opens again: its rating no longer counts."""
    fresh = {"reopen_until_ms": None, "rate_until_ms": None, "rating": None}
    return {name: value for name, value in fresh.items() if getattr(case, name) != value}


def window_open(case: Case, until_ms: int | None, t_ms: int) -> bool:
    """Whether a window of a closed case is open at `t_ms`; without an end of its own it lasts until archiving."""
    return Deadline.ARCHIVE in case.deadlines and (until_ms is None or t_ms <= until_ms)
