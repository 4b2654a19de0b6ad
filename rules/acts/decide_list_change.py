"""A second person decides on a proposed change of the list; the case records the decision, and each step before it."""

from datetime import date

from rules.acts.act_context import ActContext, refused
from rules.acts.handle import milestones_ended
from rules.acts.verify import close
from rules.book.reasons import because
from rules.cases.dispatching import assign
from rules.clocks.clocks import on_time, resolution_stopped, unpaused
from rules.routing.list_changes import proposed, to_steward, wrong_with
from schemas.case import State
from schemas.change_steps import CaseChangeStep, step_due
from schemas.command import Outcome
from schemas.event import EventType
from schemas.items import Item
from schemas.rights import NOT_FOR_CHANGES


def check(act: ActContext) -> None:
    """Raises `RefusedAct` for an act that would take a proposal away from those who decide about the list."""
    if act.case.change is not None and act.command.act in NOT_FOR_CHANGES:
        raise refused("change_undecided")


def approve_change(act: ActContext) -> None:
    """Say yes in the step that is due; when none is left, approve the change, from a day on."""
    step = step_due(act.case.change_steps)
    if step is not None:
        _agree(act, step)
        return
    _decide(act, EventType.LIST_CHANGE_APPROVED, "change_approved", Outcome.FIXED)


def deny_change(act: ActContext) -> None:
    """Deny the change."""
    _decide(act, EventType.LIST_CHANGE_DENIED, "change_denied", Outcome.NOTHING_FOUND)


def _agree(act: ActContext, step: CaseChangeStep) -> None:
    """A yes with its reason; the case goes to whoever is next."""
    case, book, by = act.case, act.builder.book, act.command.by
    item = proposed(case)
    if item is None:
        raise refused("no_change")
    if not act.command.says_something:
        raise refused("step_why", step=step.name)
    at_ms, noted = act.occurred_ms, act.note("note")
    taken = step.model_copy(update={"by": by, "at_ms": at_ms, "note": act.command.id})
    decided = act.happen(
        EventType.LIST_CHANGE_AGREED,
        because("change_agreed", by=act.name(by), step=step.name, item=item.name),
        facts={"item": item.id, "step": step.id},
        **{
            **noted,
            "acknowledged_ms": case.acknowledged_ms if case.acknowledged_ms is not None else at_ms,
            "contacted_ms": case.contacted_ms if case.contacted_ms is not None else at_ms,
            "change_steps": tuple(taken if each.id == step.id else each for each in case.change_steps),
        },
    )
    act.case = assign(act.builder, decided, to_steward(decided, item, book))


def _decide(act: ActContext, kind: EventType, code: str, outcome: Outcome) -> None:
    case, book, by = act.case, act.builder.book, act.command.by
    item = proposed(case)
    if item is None:
        raise refused("no_change")
    at_ms, approved = act.occurred_ms, kind is EventType.LIST_CHANGE_APPROVED
    day = _first_day(act, item) if approved else None
    reached = milestones_ended(act, at_ms)
    case = act.case
    decided = act.happen(
        kind,
        because(code, by=act.name(by), item=item.name),
        facts={"item": item.id} | ({} if day is None else {"from": day.isoformat()}),
        **{
            **act.note("answer"),
            **reached,
            **resolution_stopped(case.after(reached), at_ms, book),
            **unpaused(case, at_ms),
            "state": State.RESOLVED,
            "resolved_ms": at_ms,
            "acknowledged_ms": case.acknowledged_ms if case.acknowledged_ms is not None else at_ms,
            "contacted_ms": case.contacted_ms if case.contacted_ms is not None else at_ms,
            "on_time": on_time(case, at_ms, book),
            "outcome": outcome,
            "change_approved": approved,
            "change_from": day,
            "request": None,
            "deadlines": {},
        },
    )
    act.case = close(act.builder, decided, at_ms, verified_by="inspector", reason=act.reason(), outcome=outcome)


def _first_day(act: ActContext, item: Item) -> date:
    """From when on the list may have it. Raises `RefusedAct` for a day that passed, and for a list with errors."""
    book = act.builder.book
    today = book.day(act.occurred_ms)
    day = act.command.day or today
    if day < today:
        raise refused("change_day_passed", day=day.isoformat())
    if wrong := wrong_with(item, book, max(day, book.day(act.builder.t_ms))):
        raise refused("change_fails", detail=wrong[0].text)
    return day
