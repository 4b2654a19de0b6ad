"""Whether somebody else acted on a case after the sender of an act had looked at it, and what they did."""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from rules.acts.act_context import RefusedAct
from rules.book.labels import ACT_NAMES, STATE_NAMES
from rules.book.reasons import because
from rules.decision.draft import DecisionContext
from rules.routing.route import name_of
from schemas.case import WITH_ORDER, Case
from schemas.command import Act, Do

DECIDING: Final = frozenset(
    {
        Act.RESOLVE, Act.RETURN, Act.RAISE, Act.APPROVE, Act.DENY, Act.RESUME, Act.VERIFY, Act.REJECT, Act.REOPEN,
        Act.WITHDRAW, Act.CORRECT, Act.ASSIGN, Act.MERGE, Act.SPLIT, Act.APPROVE_CHANGE, Act.DENY_CHANGE, Act.ACCEPT,
        Act.ADMIT, Act.TURN_AWAY, Act.HAND_ON,
    }
)  # fmt: skip
"""Acts that change who has a case, how far it is or what it is; a case remembers the last of them."""


def check_meanwhile(command: Do, case: Case, context: DecisionContext) -> None:
    """Raises `RefusedAct` that says who decided what and when, after the sender had looked at the case.

    Their own decisions are known to them.
    """
    last = case.decided
    if command.seen is None or last is None or last.seq <= command.seen or last.by == command.by:
        return
    book = context.book
    by, at = name_of(last.by, book), _at(last.at_ms, context)
    facts = {"by": by, "done": ACT_NAMES[last.act], "at": at, "state": STATE_NAMES[case.state]}
    if case.assignee is None or case.state not in WITH_ORDER:
        raise RefusedAct(because("meanwhile", **facts))
    raise RefusedAct(because("meanwhile_with", **facts, person=name_of(case.assignee, book)))


def _at(t_ms: int, context: DecisionContext) -> str:
    """The time of day in the region's zone; with the date when it was on another day."""
    zone = ZoneInfo(context.book.region.zone)
    then, now = (datetime.fromtimestamp(each / 1000, zone) for each in (t_ms, context.t_ms))
    return then.strftime("%H:%M" if then.date() == now.date() else "%Y-%m-%d %H:%M")
