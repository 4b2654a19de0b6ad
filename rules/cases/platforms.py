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

    A case that was withdrawn there, or became urgent there, goes on here as it is, and whoever has it is asked to look.
    """
    was = next((each for each in case.platforms if each.platform == facts.platform), None)
    if was == facts:
        return case
    here = tuple(facts if each is was else each for each in case.platforms) if was else (*case.platforms, facts)
    alerts = _alerts(case, here)
    now: dict[str, Any] = {"platforms": here, **platform_dues.moved(case, was, facts, builder.t_ms)}
    shown: dict[str, Any] = {"platform": facts.platform, "theirs": facts.theirs}
    if facts.due_ms is not None:
        shown["due_ms"] = facts.due_ms
    if alerts != case.alerts:
        now["alerts"] = alerts
        shown |= {"alerts": list(alerts), "to": case.assignee}
    urgent = Alert.URGENT_THERE in alerts and Alert.URGENT_THERE not in case.alerts
    case = builder.happen(case, EventType.CORRECTED, _why(was, facts, urgent=urgent), by="system", facts=shown, **now)
    master = builder.context.case(case.master) if case.master is not None else None
    if master is not None:
        _tell(builder, master, case, facts, urgent=urgent)
    return case


def _alerts(case: Case, here: tuple[PlatformFacts, ...]) -> tuple[Alert, ...]:
    """Those that the case shows when other platforms say this of it."""
    others: list[Alert] = [each for each in case.alerts if each not in (Alert.WITHDRAWN_THERE, Alert.URGENT_THERE)]
    if any(each.withdrawn for each in here):
        others.append(Alert.WITHDRAWN_THERE)
    if any(each.urgent for each in here) and not case.urgent_by:
        others.append(Alert.URGENT_THERE)
    return tuple(others)


def _tell(builder: DecisionBuilder, master: Case, case: Case, facts: PlatformFacts, *, urgent: bool) -> None:
    """The case that is worked on hears what was said of a report that was merged into it."""
    change, reason = platform_dues.joined(master, case, builder.t_ms), because("platform_due", platform=facts.name)
    shown: dict[str, Any] = {"platform": facts.platform, "theirs": facts.theirs}
    if facts.due_ms is not None:
        shown["due_ms"] = facts.due_ms
    if urgent and not master.urgent_by and Alert.URGENT_THERE not in master.alerts:
        change = {**change, "alerts": (*master.alerts, Alert.URGENT_THERE)}
        shown |= {"alerts": [Alert.URGENT_THERE], "to": master.assignee}
        reason = because("platform_urgent", platform=facts.name, theirs=facts.theirs)
    if change:
        builder.happen(master, EventType.CORRECTED, reason, by="system", facts=shown, **change)


def _why(was: PlatformFacts | None, facts: PlatformFacts, *, urgent: bool) -> Because:
    if facts.withdrawn and not (was is not None and was.withdrawn):
        return because("platform_withdrew", platform=facts.name, theirs=facts.theirs)
    if urgent:
        return because("platform_urgent", platform=facts.name, theirs=facts.theirs)
    if was is not None and was.due_ms != facts.due_ms:
        return because("platform_due", platform=facts.name)
    return because("platform_has_it", platform=facts.name, theirs=facts.theirs)
