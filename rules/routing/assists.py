"""Joint cases: departments called besides the owner, their steps with limits, and when they did them."""

from collections.abc import Iterable
from typing import Any, Literal

from rules.book.compiled_rulebook import CompiledRulebook
from rules.decision.draft import DecisionContext
from rules.facts.routing_facts import RoutingFacts, question
from rules.time.working import due_at
from schemas.case import Case, Deadline
from schemas.items import Item
from schemas.joint import Assist, ReportInStep
from schemas.whistles import ReportIn, Whistle

Assists = tuple[Assist, ...]


def call(
    codes: Iterable[str],
    *,
    cause: Literal["list", "whistle"],
    item: str | None,
    limits: ReportIn,
    t_ms: int,
    book: CompiledRulebook,
) -> Assists:
    """Call departments at `t_ms`: each has to sign, contact and attend within its own working hours."""
    by_step = {ReportInStep.SIGN: limits.sign, ReportInStep.CONTACT: limits.contact, ReportInStep.ATTEND: limits.attend}
    calendar = book.region.calendar
    return tuple(
        Assist(
            department=book.department(code),
            cause=cause,
            item=item,
            called_ms=t_ms,
            due={step: due_at(t_ms, limit, calendar, code) for step, limit in by_step.items()},
        )
        for code in dict.fromkeys(codes)
    )


def listed(routing_facts: RoutingFacts, item: Item | None, lead: str | None, context: DecisionContext) -> Assists:
    """The departments called at dispatch: those of a dual item, and of every matching row of the joint table."""
    book, codes = context.book, list(item.assists) if item is not None and item.dual else []
    joint = book.rulebook.joint
    if joint is not None:
        rows = book.matcher.matches(*question(routing_facts, joint, book, context.t_ms))
        codes += [str(joint.rows[joint.numbers[row] - 1].then["department"]) for row in rows]
    return call(
        (code for code in codes if code != lead),
        cause="list",
        item=item.id if item else None,
        limits=book.rulebook.policy.assist,
        t_ms=context.t_ms,
        book=book,
    )


def limits_of(whistle: Whistle, book: CompiledRulebook) -> ReportIn:
    """The limits of a report-in: the whistle's own, those of its class, or the sample values."""
    return whistle.limits or book.rulebook.policy.whistles.get(whistle.whistle_class) or ReportIn()


def assists_now(case: Case, assists: Assists) -> dict[str, Any]:
    """The change to these assists: one deadline represents the step that falls due first."""
    deadlines = {name: at for name, at in case.deadlines.items() if name is not Deadline.REPORT_IN}
    return {"assists": assists, "deadlines": {**deadlines, **first_due(assists)}}


def first_due(assists: Assists) -> dict[Deadline, int]:
    """The one deadline of all report-ins."""
    steps = [at for each in assists for at in each.open_steps().values()]
    return {Deadline.REPORT_IN: min(steps)} if steps else {}


def reported_in(assist: Assist, step: ReportInStep, at_ms: int, rate_until_ms: int) -> Assist:
    """Mark a step and those before it as done at `at_ms`. A missed step done in time is no longer missed.

    A step done before keeps its time. A department that attended a whistle is rated until `rate_until_ms`, also where
    it was missed before and the time to rate that is over: how it came at last is to be rated, too.
    """
    steps = tuple(ReportInStep)
    done = dict(assist.done)
    for each in steps[: steps.index(step) + 1]:
        done.setdefault(each, at_ms)
    missed = tuple(each for each in assist.missed if each not in done or done[each] > assist.due[each])
    rated = assist.cause == "whistle" and step is ReportInStep.ATTEND and assist.scores is None
    change = {"done": done, "missed": missed} | ({"rate_until_ms": rate_until_ms} if rated else {})
    return assist.model_copy(update=change)


def fallen_due(assist: Assist, t_ms: int, rate_until_ms: int) -> Assist:
    """Mark steps due by `t_ms` and not done as missed; a department that did not attend can be rated for it."""
    late = tuple(step for step, at in assist.open_steps().items() if at <= t_ms)
    if not late:
        return assist
    rated = assist.cause == "whistle" and ReportInStep.ATTEND in late and assist.rate_until_ms is None
    change: dict[str, Any] = {"missed": (*assist.missed, *late)}
    return assist.model_copy(update=change | ({"rate_until_ms": rate_until_ms} if rated else {}))


def assist_of(case: Case, department: str | None) -> Assist | None:
    """The assist of a department in a case, if it was called."""
    return next((each for each in case.assists if each.department.code == department), None)


def with_assist(case: Case, changed: Assist) -> Assists:
    """The assists of a case with one of them replaced."""
    code = changed.department.code
    return tuple(changed if each.department.code == code else each for each in case.assists)
