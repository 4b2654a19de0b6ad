"""Merges and splits cases, inside a home and across homes (by two commands that answer each other)."""

from typing import Any

from rules.acts import verify
from rules.acts.act_context import ActContext, RefusedAct, refused, wrong_state
from rules.acts.handle import accepted
from rules.acts.rate import no_windows
from rules.acts.verify import check_disputable, check_words, follow_master
from rules.book.labels import LOST_NAMES
from rules.book.reasons import because
from rules.cases.dispatching import dispatch
from rules.cases.following import follow, leave, without_follower
from rules.cases.opening import ask_for_place, lacks_place
from rules.clocks.clocks import forgotten, unpaused
from rules.decision.builder import DecisionBuilder
from rules.decision.draft import Decision, DecisionContext
from rules.routing.route import name_of
from schemas.case import WITH_ORDER, Case, Follower, State
from schemas.command import Act, Join, Joined, Leave, MasterEnded
from schemas.event import Because, EventType
from schemas.joining import Lost, brings_along, claims_of, lost
from schemas.rights import possible
from schemas.topics import home_of


def merge(act: ActContext) -> None:
    """A person merges the case into `to`. Across homes the other one is asked first; nothing stops meanwhile."""
    command, case, builder = act.command, act.case, act.builder
    into = command.to
    if not into or "-" not in into:
        raise refused("whom_needed")
    if not brings_along(case, into):
        raise refused("has_followers")
    if into == case.number:
        raise refused("not_a_master", master=into)
    if into in case.split_from:
        raise refused("was_split", master=into)
    change = {**act.note("note"), **accepted(act)}
    if home_of(into) != case.home:
        builder.send(
            Join(
                id=builder.follow_up(command.id, "join"),
                home=home_of(into),
                case=into,
                source=case.number,
                report=case.report,
                reporter=case.reporter,
                claims=claims_of(case),
                by=command.by,
            )
        )
        act.happen(EventType.MERGE_REQUESTED, facts={"into": into}, **change)
        return
    master = builder.context.case(into)
    if master is None or not takes(master):
        raise refused("not_a_master", master=into)
    loses = lost(claims_of(case), master)
    if loses is not None:
        raise RefusedAct(_not_joined(loses, into))
    along = _followers(act, master)
    reason = because("merged_by_person", by=act.name(command.by), master=into)
    gone = {"followers": ()} if along else {}
    merged = act.happen(EventType.MERGED, reason, **{**change, **_merged(act.case, into, act.occurred_ms), **gone})
    follow(builder, master, merged)
    for each in along:
        case = builder.happen(each, EventType.MERGED, reason, by="system", master=into)
        follow(builder, master, case)


def _followers(act: ActContext, master: Case) -> list[Case]:
    """The followers that move to `master` with the case; refused when one of them was split from it."""
    found = [act.builder.context.case(each.case) for each in act.case.followers]
    along = [each for each in found if each is not None and each.master == act.case.number]
    if any(master.number in each.split_from for each in along):
        raise refused("was_split", master=master.number)
    return along


def _merged(case: Case, into: str, at_ms: int) -> dict[str, Any]:
    """The change that makes a case a follower: all its clocks end."""
    return {
        **unpaused(case, at_ms),
        "state": State.MERGED,
        "master": into,
        "deadlines": {},
        "request": None,
    }


def takes(master: Case) -> bool:
    """Whether a case can be a master: routed, not ended, not merged itself, and about something on the street."""
    about = master.duty is None and master.change is None and master.remedy is None
    return master.master is None and about and master.state in WITH_ORDER


def _not_joined(why: str, into: str) -> Because:
    """Why a case cannot follow another one: what it would lose, or that the other one accepts no followers."""
    if why == Lost.KIND:
        return because("other_kind", master=into)
    if why in set(Lost):
        return because("would_lose", master=into, why=LOST_NAMES[Lost(why)])
    return because("not_a_master", master=into)


def join(case: Case | None, command: Join, context: DecisionContext) -> Decision:
    """Another home asks this case to accept a follower; the answer goes back in the same transaction."""
    if case is not None and command.id in case.acts:
        return Decision()
    builder = DecisionBuilder(context, command.id, command.by, command.home)
    why = "" if case is not None and takes(case) else "not_a_master"
    if case is not None and not why and command.claims is not None:
        why = lost(command.claims, case) or ""
    if case is not None and not why:
        follower = Follower(case=command.source, reporter=command.reporter)
        others = tuple(each for each in case.followers if each.case != command.source)
        builder.happen(case, EventType.FOLLOWER_JOINED, facts={"case": command.source}, followers=(*others, follower))
    builder.send(
        Joined(
            id=builder.follow_up(command.id, "joined"),
            home=home_of(command.source),
            case=command.source,
            into=command.case,
            accepted=not why,
            reason=why,
            by=command.by,
        )
    )
    return builder.done()


def joined(case: Case | None, command: Joined, context: DecisionContext) -> Decision:
    """The other home's answer: merged now, or refused with the reason; a case that ended meanwhile stays as it is.

    The other home then learns that it has no follower.
    """
    if case is not None and command.id in case.acts:
        return Decision()
    builder = DecisionBuilder(context, command.id, command.by, command.home)
    if case is not None and command.accepted and _can_follow(case):
        reason = because("merged_by_person", by=name_of(command.by, context.book), master=command.into)
        builder.happen(case, EventType.MERGED, reason, **_merged(case, command.into, builder.t_ms))
        return builder.done()
    follows = case is not None and case.master == command.into
    if case is not None and not follows:
        reason = because("has_followers") if case.followers else _not_joined(command.reason, command.into)
        builder.happen(case, EventType.ACTION_REFUSED, reason, facts={"act": "merge", "code": reason.code})
    if command.accepted and not follows:
        leave(builder, command.case, command.into)
    return builder.done()


def _can_follow(case: Case) -> bool:
    return case.state in WITH_ORDER - {State.RETURNED} | {State.NEEDS_INFORMATION} and not case.followers


def left(case: Case | None, command: Leave, context: DecisionContext) -> Decision:
    """Remove a follower in another home that left this case."""
    if case is None or command.id in case.acts:
        return Decision()
    builder = DecisionBuilder(context, command.id, command.by, command.home)
    without_follower(builder, case, command.source)
    return builder.done()


def master_ended(case: Case | None, command: MasterEnded, context: DecisionContext) -> Decision:
    """The master in another home closed, was refused or reopened: the same happens to its follower here."""
    if case is None or command.id in case.acts:
        return Decision()
    builder = DecisionBuilder(context, command.id, "system", command.home)
    follow_master(builder, case, command.master, command.state, command.outcome, command.because)
    return builder.done()


def split(act: ActContext) -> None:
    """ "Not the same": the case leaves its master and is never merged into it again.

    Possible after both have ended too, as long as the end can be disputed.
    """
    case = act.case
    if case.master is None:
        raise wrong_state(case.state, Act.SPLIT, possible(case))
    if case.state is not State.MERGED:
        check_disputable(act)
    go_own_way(act, EventType.SPLIT)


def reopen(act: ActContext) -> None:
    """The reporter of a follower disputes its end within the window: it leaves its master."""
    if act.case.master is None:
        verify.reopen(act)
        return
    check_disputable(act)
    check_words(act)
    go_own_way(act, EventType.REOPENED, reopenings=act.case.reopenings + 1)


def go_own_way(act: ActContext, kind: EventType, **now: Any) -> None:
    """A follower leaves its master and is decided by its own report; its clocks start again."""
    case, builder = act.case, act.builder
    master = case.master
    assert master is not None, "only a follower leaves its master"
    ended: dict[str, Any] = {}
    if case.state is not State.MERGED:
        ended = {"state": State.REOPENED, "closed_ms": None, "deadlines": {}, "row": None, **no_windows(case)}
    leave(builder, case.number, master)
    apart = act.happen(
        kind,
        facts={"master": master},
        **{**act.note("note"), **forgotten(case), **ended, **now},
        master=None,
        split_from=tuple(dict.fromkeys((*case.split_from, master))),
    )
    if lacks_place(builder, apart, apart.place):
        ask_for_place(builder, apart)
    else:
        dispatch(builder, apart)
