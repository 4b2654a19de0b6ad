"""What another platform says of a case that it has as well: that it has it, when it is due there, or its end there."""

from typing import Any

from rules.book.reasons import because
from rules.clocks import platform_dues
from rules.decision.builder import DecisionBuilder
from schemas.case import Alert, Case
from schemas.event import Because, EventType
from schemas.platform_facts import PlatformFacts


def said(builder: DecisionBuilder, case: Case, facts: PlatformFacts) -> Case:
    """The case after it; unchanged when nothing is new.

    A case that was withdrawn there goes on here, and whoever has it is asked to look.
    """
    was = next((each for each in case.platforms if each.platform == facts.platform), None)
    if was == facts:
        return case
    here = tuple(facts if each is was else each for each in case.platforms) if was else (*case.platforms, facts)
    alerts: tuple[Alert, ...] = tuple(each for each in case.alerts if each is not Alert.WITHDRAWN_THERE)
    if any(each.withdrawn for each in here):
        alerts = (*alerts, Alert.WITHDRAWN_THERE)
    now: dict[str, Any] = {"platforms": here, **platform_dues.moved(case, was, facts, builder.t_ms)}
    shown: dict[str, Any] = {"platform": facts.platform, "theirs": facts.theirs}
    if facts.due_ms is not None:
        shown["due_ms"] = facts.due_ms
    if alerts != case.alerts:
        now["alerts"] = alerts
        shown |= {"alerts": list(alerts), "to": case.assignee}
    case = builder.happen(case, EventType.CORRECTED, _why(was, facts), by="system", facts=shown, **now)
    master = builder.context.case(case.master) if case.master is not None else None
    if master is not None and (change := platform_dues.joined(master, case, builder.t_ms)):
        reason = because("platform_due", platform=facts.name)
        builder.happen(master, EventType.CORRECTED, reason, by="system", facts=shown, **change)
    return case


def _why(was: PlatformFacts | None, facts: PlatformFacts) -> Because:
    if facts.withdrawn and not (was is not None and was.withdrawn):
        return because("platform_withdrew", platform=facts.name, theirs=facts.theirs)
    if was is not None and was.due_ms != facts.due_ms:
        return because("platform_due", platform=facts.name)
    return because("platform_has_it", platform=facts.name, theirs=facts.theirs)
