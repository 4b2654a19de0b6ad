"""Due dates of other platforms: milestones that no list changes and no pause of ours moves. Ours stay as they are."""

from typing import Any

from rules.clocks import milestones
from rules.clocks.milestones import Steps
from schemas.case import WORKING, Case, State
from schemas.clock import CaseMilestone
from schemas.names import Name
from schemas.platform_facts import PlatformFacts

_RUNS = WORKING | {State.SUSPENDED, State.RETURNED}


def begun(clocks: dict[str, Any], case: Case, t_ms: int) -> dict[str, Any]:
    """The clocks of a case that is dispatched at `t_ms`, with the due dates of the platforms that have it."""
    own = tuple(_step(each, each.due_ms, t_ms) for each in case.platforms if each.due_ms is not None)
    if not own:
        return clocks
    steps = (*clocks.get("milestones", ()), *own)
    return {**clocks, "milestones": steps, "deadlines": {**clocks["deadlines"], **milestones.first_due(steps)}}


def moved(case: Case, was: PlatformFacts | None, now: PlatformFacts, t_ms: int) -> dict[str, Any]:
    """The change when a platform says another due date. An earlier one that a follower brought stays."""
    if case.state not in _RUNS or (was.due_ms if was else None) == now.due_ms:
        return {}
    here = next((step for step in case.milestones if step.id == now.step), None)
    brought = here is not None and (was is None or here.due_ms != was.due_ms)
    due_ms = now.due_ms
    if here is not None and brought:
        due_ms = here.due_ms if due_ms is None else min(due_ms, here.due_ms)
    return _with(case, now, due_ms, t_ms)


def joined(master: Case, follower: Case, t_ms: int) -> dict[str, Any]:
    """The change to a master whose follower has due dates of its own: of each platform the earliest counts."""
    change: dict[str, Any] = {}
    for facts in follower.platforms:
        now = master.after(change)
        here = next((step for step in now.milestones if step.id == facts.step), None)
        if (
            facts.due_ms is not None
            and now.state in _RUNS
            and (here is None or (here.open and facts.due_ms < here.due_ms))
        ):
            change |= _with(now, facts, facts.due_ms, t_ms)
    return change


def _with(case: Case, facts: PlatformFacts, due_ms: int | None, t_ms: int) -> dict[str, Any]:
    others: Steps = tuple(step for step in case.milestones if step.id != facts.step)
    steps = others if due_ms is None else (*others, _step(facts, due_ms, t_ms))
    return milestones.changed(case, steps)


def _step(facts: PlatformFacts, due_ms: int, t_ms: int) -> CaseMilestone:
    """One that was over before we knew it is missed, and troubles nobody on the ladder."""
    name = Name.of("reasons.due_there", platform=facts.name)
    late = due_ms <= t_ms
    return CaseMilestone(id=facts.step, name=name, limit="", due_ms=due_ms, missed=late, platform=facts.platform)
