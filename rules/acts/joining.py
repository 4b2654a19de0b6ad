"""Merge and split, inside a home and across homes (by two commands that answer each other)."""

from rules.acts.doing import Doing, refused
from rules.acts.verifying import end_with_master, leave
from rules.because import because
from rules.draft import Around, Decision
from rules.making import Making
from rules.opening import dispatch, follow
from schemas.case import WITH_ORDER, Case, Follower, State
from schemas.command import Join, Joined, MasterEnded
from schemas.event import EventType
from schemas.topics import home_of


def merge(doing: Doing) -> None:
    """A person says it is the same as case `to`. Across homes the other one is asked first; nothing stops meanwhile."""
    command, case, making = doing.command, doing.case, doing.making
    into = command.to
    if not into or "-" not in into:
        raise refused("whom_needed")
    if case.followers or into == case.number:
        raise refused("not_a_master", master=into)
    if home_of(into) != case.home:
        making.send(
            Join(
                id=f"{command.id}/join",
                home=home_of(into),
                case=into,
                source=case.number,
                report=case.report,
                reporter=case.reporter,
                by=command.by,
            )
        )
        doing.happen(EventType.MERGE_REQUESTED, facts={"into": into}, **doing.note("note"))
        return
    master = making.around.case(into)
    if master is None or not takes(master):
        raise refused("not_a_master", master=into)
    merged = doing.happen(
        EventType.MERGED,
        because("merged_by_person", by=doing.name(command.by), master=into),
        **doing.note("note"),
        state=State.MERGED,
        master=into,
        deadlines={},
        request=None,
    )
    follow(making, master, merged)


def takes(master: Case) -> bool:
    """Whether a case can be a master: routed, not ended, not merged itself."""
    return master.master is None and master.state in WITH_ORDER


def join(case: Case | None, command: Join, around: Around) -> Decision:
    """Another home asks this case to take a follower; the answer goes back in the same transaction."""
    if case is not None and command.id in case.acts:
        return Decision()
    making = Making(around, command.id, command.by, command.home)
    accepted = case is not None and takes(case)
    if case is not None and accepted:
        follower = Follower(case=command.source, reporter=command.reporter)
        making.happen(
            case, EventType.FOLLOWER_JOINED, facts={"case": command.source}, followers=(*case.followers, follower)
        )
    making.send(
        Joined(
            id=f"{command.id}ed",
            home=home_of(command.source),
            case=command.source,
            into=command.case,
            accepted=accepted,
            reason="" if accepted else "not_a_master",
            by=command.by,
        )
    )
    return making.done()


def joined(case: Case | None, command: Joined, around: Around) -> Decision:
    """The other home's answer: merged now, or refused with the reason; a case that ended meanwhile stays as it is."""
    if case is None or command.id in case.acts:
        return Decision()
    making = Making(around, command.id, command.by, command.home)
    mergeable = case.state in WITH_ORDER - {State.RETURNED} or case.state is State.NEEDS_INFORMATION
    if not command.accepted or not mergeable:
        reason = because("not_a_master", master=command.into)
        making.happen(case, EventType.ACTION_REFUSED, reason, facts={"act": "merge", "code": reason.code})
        return making.done()
    making.happen(
        case,
        EventType.MERGED,
        because("merged_by_person", by=command.by, master=command.into),
        state=State.MERGED,
        master=command.into,
        deadlines={},
        request=None,
    )
    return making.done()


def master_ended(case: Case | None, command: MasterEnded, around: Around) -> Decision:
    """The master in another home closed: its follower here closes with it."""
    if case is None or command.id in case.acts:
        return Decision()
    making = Making(around, command.id, "system", command.home)
    end_with_master(making, case, command.master, command.outcome)
    return making.done()


def split(doing: Doing) -> None:
    """ "Not the same": the case goes its own way, and is never merged into that master again."""
    case, making = doing.case, doing.making
    master = case.master
    assert master is not None, "only a merged case is split"
    leave(making, case)
    apart = doing.happen(
        EventType.SPLIT,
        facts={"master": master},
        **doing.note("note"),
        master=None,
        split_from=(*case.split_from, master),
        dispatched_ms=None,  # its clocks start anew
    )
    if apart.place is None:
        raise refused("no_place")
    dispatch(making, apart)
