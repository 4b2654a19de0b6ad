"""Pauses 缓办 and extensions 延期: requested, then approved or denied. A request alone stops no clock."""

from typing import Any

from rules.acts.act_context import ActContext, refused
from rules.acts.handle import accepted, ended
from rules.cases.again import resumed
from rules.clocks.clocks import between, extended, later, notify_at, resolution_stopped, without
from schemas.case import Deadline, State
from schemas.event import EventType
from schemas.pending import Request

HOUR_MS = 3_600_000
MOST_HOURS = 24 * 365


def request_pause(act: ActContext) -> None:
    """Request a pause of some hours."""
    _request(act, "pause")


def request_extension(act: ActContext) -> None:
    """Request some more hours."""
    _request(act, "extension")


def _request(act: ActContext, kind: str) -> None:
    command, case, policy = act.command, act.case, act.builder.book.rulebook.policy
    if case.request is not None:
        raise refused("request_open")
    hours = _hours(act, kind)
    if hours is None:
        raise refused("hours_needed")
    if not command.note:
        raise refused("words_needed")
    change = {**act.note("note"), **accepted(act)}
    deadlines = change.get("deadlines", act.case.deadlines)
    lapses_ms = later(case, act.t_ms, policy.request_lapses, act.builder.book)
    pause = kind == "pause"
    request = Request(
        kind="pause" if pause else "extension",
        by=command.by,
        asked_ms=act.occurred_ms,
        hours=hours,
        note=command.id,
    )
    act.happen(
        EventType.PAUSE_REQUESTED if pause else EventType.EXTENSION_REQUESTED,
        **{**change, "deadlines": {**deadlines, Deadline.REQUEST: lapses_ms}},
        request=request,
    )


def _hours(act: ActContext, kind: str) -> int | None:
    """The requested length: the hours given, or the whole hours until a future moment.

    A pause counts hours of the clock; an extension counts working hours if the resolution is due in those.
    """
    command, case, at_ms = act.command, act.case, act.occurred_ms
    if command.hours is not None or command.until_ms is None or command.until_ms <= at_ms:
        return command.hours
    book, ahead_ms = act.builder.book, command.until_ms - at_ms
    if kind == "extension":
        ahead_ms = between(case, at_ms, command.until_ms, book)
    return min(max(1, -(-ahead_ms // HOUR_MS)), MOST_HOURS)


def approve(act: ActContext) -> None:
    """A superior approves: the pause begins when the act occurred, or the limit moves."""
    request = _open_request(act)
    facts = {"by": request.by, "hours": request.hours}
    if request.kind == "pause":
        _suspend(act, request, facts)
        return
    case = act.case.after({"deadlines": without(act.case, Deadline.REQUEST)})
    longer = extended(case, request.hours * HOUR_MS, act.t_ms, act.builder.book)
    change = {**act.note("note"), "deadlines": case.deadlines, **longer}
    act.happen(EventType.EXTENDED, facts=facts, **change, extensions=case.extensions + 1, request=None)


def _suspend(act: ActContext, request: Request, facts: dict[str, Any]) -> None:
    at_ms, change = act.occurred_ms, ended(act, Deadline.RESOLVE, Deadline.LADDER, Deadline.REQUEST)
    case = act.case.after(change)
    stopped = resolution_stopped(case, at_ms, act.builder.book)
    until_ms = notify_at(case, max(at_ms + request.hours * HOUR_MS, act.t_ms), act.builder.book)
    act.happen(
        EventType.SUSPENDED,
        facts=facts,
        **{
            **act.note("note"),
            **change,
            **stopped,
            "deadlines": {**stopped["deadlines"], Deadline.RESUME: until_ms},
            "state": State.SUSPENDED,
            "suspended_ms": at_ms,
            "suspended_from": case.state,
            "request": None,
        },
    )


def deny(act: ActContext) -> None:
    """A superior denies the request."""
    request = _open_request(act)
    act.happen(
        EventType.REQUEST_DENIED,
        facts={"kind": request.kind, "by": request.by},
        **act.note("note"),
        deadlines=without(act.case, Deadline.REQUEST),
        request=None,
    )


def _open_request(act: ActContext) -> Request:
    request = act.case.request
    if request is None:
        raise refused("no_request")
    if request.by == act.command.by:
        raise refused("own_request")
    return request


def resume(act: ActContext) -> None:
    """The pause ends early."""
    act.happen(EventType.RESUMED, **{**act.note("note"), **resumed(act.case, act.builder)})
