"""Pauses 缓办 and extensions 延期: asked for, then approved or denied. A request alone stops nothing."""

from typing import Any

from rules.acts.act_context import Doing, refused
from rules.acts.handle import accepted, ended
from rules.cases.again import resumed
from rules.clocks.clocks import between, extended, later, resolution_stopped, told_at, without
from schemas.case import Deadline, Request, State
from schemas.event import EventType

HOUR_MS = 3_600_000
MOST_HOURS = 24 * 365


def request_pause(doing: Doing) -> None:
    """Ask for a pause of some hours."""
    _request(doing, "pause")


def request_extension(doing: Doing) -> None:
    """Ask for some hours more."""
    _request(doing, "extension")


def _request(doing: Doing, kind: str) -> None:
    command, case, policy = doing.command, doing.case, doing.making.book.rulebook.policy
    if case.request is not None:
        raise refused("request_open")
    hours = _hours(doing, kind)
    if hours is None:
        raise refused("hours_needed")
    if not command.note:
        raise refused("words_needed")
    change = {**doing.note("note"), **accepted(doing)}
    deadlines = change.get("deadlines", doing.case.deadlines)
    lapses_ms = later(case, doing.t_ms, policy.request_lapses, doing.making.book)
    pause = kind == "pause"
    request = Request(
        kind="pause" if pause else "extension",
        by=command.by,
        asked_ms=doing.occurred_ms,
        hours=hours,
        note=command.id,
    )
    doing.happen(
        EventType.PAUSE_REQUESTED if pause else EventType.EXTENSION_REQUESTED,
        **{**change, "deadlines": {**deadlines, Deadline.REQUEST: lapses_ms}},
        request=request,
    )


def _hours(doing: Doing, kind: str) -> int | None:
    """How long it is wanted: hours as told, or the whole hours until a moment that lies ahead.

    A pause is hours of the clock; an extension is hours of work, where the resolution is due in those.
    """
    command, case, at_ms = doing.command, doing.case, doing.occurred_ms
    if command.hours is not None or command.until_ms is None or command.until_ms <= at_ms:
        return command.hours
    book, ahead_ms = doing.making.book, command.until_ms - at_ms
    if kind == "extension":
        ahead_ms = between(case, at_ms, command.until_ms, book)
    return min(max(1, -(-ahead_ms // HOUR_MS)), MOST_HOURS)


def approve(doing: Doing) -> None:
    """A superior agrees: the pause begins when that was said, or the limit moves."""
    request = _open_request(doing)
    facts = {"by": request.by, "hours": request.hours}
    if request.kind == "pause":
        _suspend(doing, request, facts)
        return
    case = doing.case.after({"deadlines": without(doing.case, Deadline.REQUEST)})
    longer = extended(case, request.hours * HOUR_MS, doing.t_ms, doing.making.book)
    change = {**doing.note("note"), "deadlines": case.deadlines, **longer}
    doing.happen(EventType.EXTENDED, facts=facts, **change, extensions=case.extensions + 1, request=None)


def _suspend(doing: Doing, request: Request, facts: dict[str, Any]) -> None:
    at_ms, change = doing.occurred_ms, ended(doing, Deadline.RESOLVE, Deadline.LADDER, Deadline.REQUEST)
    case = doing.case.after(change)
    stopped = resolution_stopped(case, at_ms, doing.making.book)
    until_ms = told_at(case, max(at_ms + request.hours * HOUR_MS, doing.t_ms), doing.making.book)
    doing.happen(
        EventType.SUSPENDED,
        facts=facts,
        **{
            **doing.note("note"),
            **change,
            **stopped,
            "deadlines": {**stopped["deadlines"], Deadline.RESUME: until_ms},
            "state": State.SUSPENDED,
            "suspended_ms": at_ms,
            "suspended_from": case.state,
            "request": None,
        },
    )


def deny(doing: Doing) -> None:
    """A superior does not agree; the asker is told."""
    request = _open_request(doing)
    doing.happen(
        EventType.REQUEST_DENIED,
        facts={"kind": request.kind, "by": request.by},
        **doing.note("note"),
        deadlines=without(doing.case, Deadline.REQUEST),
        request=None,
    )


def _open_request(doing: Doing) -> Request:
    request = doing.case.request
    if request is None:
        raise refused("no_request")
    if request.by == doing.command.by:
        raise refused("own_request")
    return request


def resume(doing: Doing) -> None:
    """The pause ends early."""
    doing.happen(EventType.RESUMED, **{**doing.note("note"), **resumed(doing.case, doing.making)})
