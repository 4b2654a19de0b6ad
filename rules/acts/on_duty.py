"""Acts on a duty: it can only be done, with or without a photo."""

from rules.acts.act_context import ActContext, refused
from rules.acts.handle import ended
from rules.book.labels import ACT_NAMES
from rules.cases.duties import closed, figures
from rules.routing.alerts import photo_facts, photos_judged, same_photos
from schemas.case import Case, Deadline
from schemas.command import Act, Do, Outcome
from schemas.duty import ACTS
from schemas.event import EventType


def check(act: ActContext) -> None:
    """Raises `RefusedAct` for any other act."""
    if act.case.duty is not None and act.command.act not in ACTS:
        raise refused("not_for_duties", act=ACT_NAMES[act.command.act])


def told_late(case: Case, command: Do) -> bool:
    """Whether a duty was done within its window but the act came after it was recorded as not done."""
    if case.outcome is not Outcome.NOT_DONE or command.act is not Act.RESOLVE:
        return False
    return command.occurred_ms is not None and case.due_ms is not None and command.occurred_ms <= case.due_ms


def done(act: ActContext) -> None:
    """Close it at once. Withdraws a notice sent too early, and corrects the counts."""
    case, at_ms = act.case, act.occurred_ms
    anew = {"anew": True} if case.outcome is Outcome.NOT_DONE else {}
    change = {name: now for name, now in ended(act, Deadline.RESOLVE).items() if name != "deadlines"}
    case = act.case
    same = same_photos(act.command.photos, act.builder, case)
    act.happen(
        EventType.CLOSED,
        facts={"figures": figures(case, done=True) | anew, **photo_facts(same)},
        **{
            **photos_judged(case, same),
            **act.note("after"),
            **change,
            **closed(act.builder, at_ms),
            "resolved_ms": at_ms,
            "acknowledged_ms": case.acknowledged_ms if case.acknowledged_ms is not None else at_ms,
            "on_time": case.due_ms is None or at_ms <= case.due_ms,
            "outcome": Outcome.FIXED,
            "photos": act.command.photos,
        },
    )
