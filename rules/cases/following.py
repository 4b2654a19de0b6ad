"""The side of the master when a report joins it or leaves it."""

from rules.clocks import platform_dues
from rules.decision.builder import DecisionBuilder
from schemas.case import Case, Follower
from schemas.command import Leave
from schemas.event import EventType
from schemas.topics import home_of


def follow(builder: DecisionBuilder, master: Case, follower: Case) -> Case:
    """The master's side of a merge inside one home."""
    master = builder.standing(master)
    joined = Follower(case=follower.number, reporter=follower.reporter)
    return builder.happen(
        master,
        EventType.FOLLOWER_JOINED,
        facts={"case": follower.number},
        followers=(*(f for f in master.followers if f.case != follower.number), joined),
        **platform_dues.joined(master, follower, builder.t_ms),
    )


def leave(builder: DecisionBuilder, follower: str, master: str) -> None:
    """The master's side when a follower leaves it: in this home at once, elsewhere by a command."""
    if home_of(follower) != home_of(master):
        builder.send(
            Leave(
                id=builder.follow_up(builder.command, "leave", follower),
                home=home_of(master),
                case=master,
                source=follower,
                by=builder.by,
            )
        )
        return
    here = builder.context.case(master)
    if here is not None:
        without_follower(builder, here, follower)


def without_follower(builder: DecisionBuilder, master: Case, follower: str) -> None:
    """The change that removes a follower, if it is one."""
    left = tuple(each for each in master.followers if each.case != follower)
    if len(left) < len(master.followers):
        builder.happen(master, EventType.FOLLOWER_LEFT, facts={"case": follower}, followers=left)
