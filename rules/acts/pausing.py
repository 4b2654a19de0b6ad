"""Pauses 缓办 and extensions 延期: asked for, then approved or denied. A request alone stops nothing."""

from typing import Any

from rules.acts.doing import Doing, refused
from rules.acts.handling import accepted
from rules.clocks import after, resolution_goes_on, resolution_stopped, without
from rules.making import Making
from schemas.case import Case, Deadline, Request, State
from schemas.event import EventType

HOUR_MS = 3_600_000


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
    if command.hours is None:
        raise refused("hours_needed")
    if not command.note:
        raise refused("words_needed")
    change = {**doing.note("note"), **accepted(doing)}
    deadlines = change.get("deadlines", doing.case.deadlines)
    pause = kind == "pause"
    request = Request(
        kind="pause" if pause else "extension",
        by=command.by,
        asked_ms=doing.occurred_ms,
        hours=command.hours,
        note=command.id,
    )
    doing.happen(
        EventType.PAUSE_REQUESTED if pause else EventType.EXTENSION_REQUESTED,
        **{**change, "deadlines": {**deadlines, Deadline.REQUEST: after(doing.t_ms, policy.request_lapses)}},
        request=request,
    )


def approve(doing: Doing) -> None:
    """A superior agrees: the pause begins, or the limit moves."""
    case, request = doing.case, _open_request(doing)
    rest = case.after({"deadlines": without(case, Deadline.REQUEST)})
    if request.kind == "pause":
        stopped = resolution_stopped(rest, doing.t_ms)
        until = doing.t_ms + request.hours * HOUR_MS
        doing.happen(
            EventType.SUSPENDED,
            facts={"by": request.by, "hours": request.hours},
            **{**doing.note("note"), **stopped, "deadlines": {**stopped["deadlines"], Deadline.RESUME: until}},
            state=State.SUSPENDED,
            suspended_ms=doing.t_ms,
            suspended_from=case.state,
            request=None,
        )
        return
    doing.happen(
        EventType.EXTENDED,
        facts={"by": request.by, "hours": request.hours},
        **{**doing.note("note"), **_longer(rest, doing.t_ms, request.hours)},
        extensions=case.extensions + 1,
        request=None,
    )


def _longer(case: Case, t_ms: int, hours: int) -> dict[str, Any]:
    """A later due time; a missed one counts as not missed when the new due time lies ahead."""
    if case.due_ms is None:
        return {"deadlines": case.deadlines}
    due = case.due_ms + hours * HOUR_MS
    if due <= t_ms:
        return {"due_ms": due, "deadlines": case.deadlines}
    deadlines = {**without(case, Deadline.LADDER), Deadline.RESOLVE: due}
    return {"due_ms": due, "deadlines": deadlines, "missed": tuple(m for m in case.missed if m is not Deadline.RESOLVE)}


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


def resumed(case: Case, making: Making) -> dict[str, Any]:
    """The change that ends a pause now."""
    rest = case.after({"deadlines": without(case, Deadline.RESUME)})
    return {
        "deadlines": rest.deadlines,
        **resolution_goes_on(rest, making.t_ms, making.book.rulebook.policy),
        "state": case.suspended_from or State.ACKNOWLEDGED,
        "paused_ms": case.paused_ms + making.t_ms - (case.suspended_ms or making.t_ms),
        "suspended_ms": None,
        "suspended_from": None,
    }
