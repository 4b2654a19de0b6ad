"""A storm day on the example street: 420 reports in twelve hours, 30 × what comes on other days.

`make_storm(seed)` gives the messages and the fate of every report; each story is one way a case can go in a storm.
"""

from collections.abc import Callable
from typing import Final

from schemas.command import Act
from tests.generators.month_street import HOUR, MINUTE
from tests.generators.storm_plan import QUIET, Storm, StormPlan, late, soon

MEAN: Final = 14
"""Reports on a usual day of this street."""
REPORTS: Final = 30 * MEAN
URGENT: Final = ("flooding", "sewage", "manhole", "sign")


def make_storm(seed: int = 36, partitions: int = 8) -> Storm:
    """The storm of a seed; `partitions` is the N of the system that will go through it."""
    plan = StormPlan(seed, partitions)
    stories = [story for story, times in STORIES.items() for _ in range(times)]
    stories += [unheard] * (REPORTS - len(stories))
    plan.random.shuffle(stories)
    for story in stories:
        story(plan)
    return plan.storm()


def unheard(plan: StormPlan) -> None:
    """Nobody does anything: up the whole ladder, rung by rung."""
    plan.report("unheard")


def signed(plan: StormPlan) -> None:
    """Signed, and left lying."""
    told = plan.report("signed")
    plan.sign(told, soon(told))


def signed_late(plan: StormPlan) -> None:
    """Signed after the steward was told: that stays told."""
    told = plan.report("signed late")
    plan.sign(told, late(told, "accept"))


def told_late(plan: StormPlan) -> None:
    """Signed in time, but the log hears of it when the steward was told: taken back."""
    told = plan.report("told late")
    plan.sign(told, late(told, "accept"), occurred=told.clocks["accept"] - MINUTE)


def met_late(plan: StormPlan) -> None:
    """On site within the first minutes, but out of reach for hours: two notices are taken back at once."""
    told = plan.report("met late")
    plan.act(told, Act.CONTACT, told.assignee, late(told, "respond"), "accept", "respond", occurred=soon(told))


def fenced_late(plan: StormPlan) -> None:
    """A burst pipe was fenced off in time, and the log hears of it when somebody had been told."""
    told = plan.report("fenced late", "burst-pipe")
    plan.act(told, Act.CONTACT, told.assignee, soon(told), "accept", "respond")
    fenced = told.clocks["fence"] - MINUTE
    plan.act(told, Act.MILESTONE, told.assignee, late(told, "fence"), "fence", occurred=fenced, to="fence")


def fixed(plan: StormPlan) -> None:
    """Signed, visited and fixed in time: nobody has to be told anything."""
    told = plan.report("fixed")
    plan.act(told, Act.CONTACT, told.assignee, soon(told), "accept", "respond")
    plan.resolve(told, soon(told) + HOUR)


def fixed_late(plan: StormPlan) -> None:
    """Fixed when it had begun to climb: it climbs no further, and what was told stays told."""
    told = plan.report("fixed late")
    plan.resolve(told, late(told, "resolve") + plan.random.choice((0, 30)) * HOUR)


def reported_late(plan: StormPlan) -> None:
    """Fixed in time, but the log hears of it when it had climbed twice: both are taken back."""
    told = plan.report("reported late", *URGENT)
    plan.act(told, Act.CONTACT, told.assignee, soon(told), "accept", "respond")
    plan.resolve(told, late(told, "resolve") + 25 * HOUR, occurred=told.clocks["resolve"] - MINUTE)


def handed_on(plan: StormPlan) -> None:
    """Somebody else does the work, or does not: no clock moves."""
    told = plan.report("handed on")
    plan.act(told, Act.HAND_ON, told.assignee, late(told, "accept"), "accept", to="cleaner-01")


def corrected(plan: StormPlan) -> None:
    """The place was wrong: corrected before and after deadlines, and no clock moves."""
    told = plan.report("corrected", "manhole", "tree", "street-light", "railing", "burst-pipe")
    plan.move(told, plan.random.choice((soon(told), late(told, "accept"), late(told, "respond"))))


def doubled(plan: StormPlan) -> None:
    """Somebody else reports the same: it follows the first one, and nobody is told twice."""
    for first in reversed(plan.told[-60:]):
        if first.master is None and first.state == "dispatched" and "moved" not in first.story:
            told = plan.report("doubled", master=first)
            told.master, told.state = first.report, "merged"
            return


STORIES: Final[dict[Callable[[StormPlan], None], int]] = {
    signed: 50, signed_late: 25, told_late: 30, met_late: 20, fenced_late: 8, fixed: 60, fixed_late: 40,
    reported_late: 12, handed_on: 25, corrected: 30, doubled: 40,
}  # fmt: skip
"""Every story and how often it happens; `unheard` fills up to 420."""

__all__ = ["QUIET", "REPORTS", "Storm", "make_storm"]
