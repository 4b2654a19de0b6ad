"""The side of the master when a report joins it or leaves it."""

from rules.decision.builder import Making
from schemas.case import Case, Follower
from schemas.command import Leave
from schemas.event import EventType
from schemas.topics import home_of


def follow(making: Making, master: Case, follower: Case) -> Case:
    """The master's side of a merge inside one home."""
    master = making.standing(master)
    joined = Follower(case=follower.number, reporter=follower.reporter)
    return making.happen(
        master,
        EventType.FOLLOWER_JOINED,
        facts={"case": follower.number},
        followers=(*(f for f in master.followers if f.case != follower.number), joined),
    )


def leave(making: Making, follower: str, master: str) -> None:
    """The master's side when a follower leaves it: here at once, elsewhere by a command."""
    if home_of(follower) != home_of(master):
        making.send(
            Leave(
                id=making.follow_up(making.command, "leave", follower),
                home=home_of(master),
                case=master,
                source=follower,
                by=making.by,
            )
        )
        return
    here = making.around.case(master)
    if here is not None:
        without_follower(making, here, follower)


def without_follower(making: Making, master: Case, follower: str) -> None:
    """One follower less, if it is one."""
    left = tuple(each for each in master.followers if each.case != follower)
    if len(left) < len(master.followers):
        making.happen(master, EventType.FOLLOWER_LEFT, facts={"case": follower}, followers=left)
