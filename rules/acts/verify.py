"""After the work: verify, reject, reopen, withdraw, and what closing means for followers."""

from typing import Any, Literal, Unpack

from rules.acts.act_context import ActContext, refused
from rules.acts.rate import no_windows, rated_with, window_open, windows
from rules.book.reasons import because
from rules.cases.dispatching import dispatch, refuse
from rules.cases.following import leave
from rules.cases.self_handled import figures as self_handled_figures
from rules.clocks.clocks import resolution_goes_on, unpaused
from rules.decision.builder import DecisionBuilder
from rules.routing.assists import first_due
from rules.succession import take_over
from schemas.case import Case, State
from schemas.case_change import CaseChange
from schemas.command import NOBODY_SAYS, MasterEnded, Outcome
from schemas.event import Because, EventType
from schemas.people import Role
from schemas.rights import CaseRole, to_inspect
from schemas.topics import home_of
from schemas.trust import kind_of, trust_of

Verifier = Literal["reporter", "inspector", "policy", "source"]


def verify(act: ActContext) -> None:
    """The reporter or an inspector confirms the fix: the case closes with its outcome."""
    command, case = act.command, act.case
    if command.outcome in NOBODY_SAYS:
        raise refused("not_withdrawn")
    if to_inspect(case):
        act.happen(EventType.INSPECTED, **act.note("note"), verified_by="inspector", inspected="passed")
        return
    verifier = _verifier(act)
    rating = command.rating if CaseRole.REPORTER in act.roles else None
    close(
        act.builder,
        case,
        act.occurred_ms,
        verified_by=verifier,
        reason=act.reason(),
        outcome=command.outcome,
        **act.note("note"),
        **rated_with(rating, verifier),
    )


def _verifier(act: ActContext) -> Verifier:
    """In which role somebody verifies; the table of rights prevents that of one's own work."""
    return "reporter" if act.roles & {CaseRole.REPORTER, CaseRole.FOLLOWER} else "inspector"


def close(
    builder: DecisionBuilder,
    case: Case,
    at_ms: int,
    *,
    verified_by: Verifier,
    reason: Because,
    outcome: Outcome | None = None,
    **note: Any,
) -> Case:
    """Close a resolved case and its followers, and count it."""
    ended = outcome or case.outcome or Outcome.FIXED
    waited = max(0, at_ms - (case.resolved_ms or at_ms))
    closed = builder.happen(
        case,
        EventType.CLOSED,
        reason,
        occurred_ms=at_ms,
        facts={"figures": figures(case, 1, waited)},
        **note,
        state=State.CLOSED,
        closed_ms=at_ms,
        acted_ms=max(at_ms, case.acted_ms),
        outcome=ended,
        verified_by=verified_by,
        verifying_ms=case.verifying_ms + waited,
        **_still_called(case, windows(builder)),
    )
    tell_followers(builder, closed)
    return closed


def _still_called(case: Case, ended: dict[str, Any]) -> dict[str, Any]:
    """Report-ins go on after an early close: a called department can still come, or misses its limit."""
    return {**ended, "deadlines": {**ended["deadlines"], **first_due(case.assists)}}


def figures(case: Case, sign: int, waited_ms: int = 0) -> dict[str, Any]:
    """Figures to count when a case closes (sign 1) or reopens (sign -1)."""
    return {
        "sign": sign,
        "resolution_ms": (case.resolved_ms or 0) - case.submitted_ms,
        "verifying_ms": case.verifying_ms + waited_ms,
        "category": case.category,
        "department": case.department.code if case.department else None,
        "segment": case.place.segment if case.place else None,
        "grid": case.place.grid if case.place else None,
        "on_time": case.on_time,
        **({"by_day": True} if case.by_day else {}),
    }


def tell_followers(builder: DecisionBuilder, master: Case, reason: Because | None = None) -> None:
    """Close or reopen the followers of a case with it: in this home at once, elsewhere by a command."""
    for follower in master.followers:
        if home_of(follower.case) == master.home:
            here = builder.context.case(follower.case)
            if here is not None:
                follow_master(builder, here, master.number, master.state, master.outcome, reason)
            continue
        builder.send(
            MasterEnded(
                id=builder.follow_up(master.number, str(master.seq), follower.case),
                home=home_of(follower.case),
                case=follower.case,
                master=master.number,
                state=master.state,
                outcome=master.outcome,
                because=reason,
            )
        )


def follow_master(
    builder: DecisionBuilder,
    case: Case,
    master: str,
    state: str,
    outcome: Outcome | None,
    reason: Because | None = None,
) -> None:
    """Do to a follower what happened to its master, unless it was split or withdrawn meanwhile."""
    if case.master != master:
        return
    if state == State.REFUSED and case.state is State.MERGED:
        refuse(builder, case, reason or because("master_ended", master=master))
    elif state == State.CLOSED and case.state is State.MERGED:
        builder.happen(
            case,
            EventType.CLOSED,
            because("master_ended", master=master),
            by="system",
            state=State.CLOSED,
            closed_ms=builder.t_ms,
            outcome=outcome,
            **windows(builder),
        )
    elif state == State.REOPENED and case.state is State.CLOSED and case.outcome is not Outcome.WITHDRAWN:
        builder.happen(
            case,
            EventType.MERGED,
            because("master_reopened", master=master),
            by="system",
            state=State.MERGED,
            closed_ms=None,
            outcome=None,
            deadlines={},
            **no_windows(case),
        )


def reject(act: ActContext) -> None:
    """Not fixed: back to the assignee, one more rework; the resolution clock goes on with what is left."""
    _check_weight(act)
    _back_to_work(act, EventType.REWORK_ORDERED, State.REWORK, reworks=act.case.reworks + 1)


def _check_weight(act: ActContext) -> None:
    """Refuses a "not fixed" of somebody who is trusted no further; inspectors and superiors are."""
    if act.roles & {CaseRole.INSPECTOR, CaseRole.SUPERIOR}:
        return
    by, case, book = act.command.by, act.case, act.builder.book
    known = book.person(by)
    roles = known.roles if known is not None else ()
    if known is None and by == case.reporter and case.reporter_kind is not Role.RESIDENT:
        roles = (case.reporter_kind,)
    times = trust_of(book.rulebook.policy.trust, kind_of(roles)).not_fixed
    if times is not None and case.reworks >= times:
        raise refused("not_fixed_capped", times=times)


def check_disputable(act: ActContext) -> None:
    """Refuses when the end of the case can no longer be disputed."""
    case, policy = act.case, act.builder.book.rulebook.policy
    if case.outcome is Outcome.WITHDRAWN:
        raise refused("was_withdrawn")
    if not window_open(case, case.reopen_until_ms, act.t_ms):
        raise refused("window_closed")
    if case.reopenings >= policy.reopen_limit:
        raise refused("reopen_capped")


def check_words(act: ActContext) -> None:
    """Refuses without words, a photo or a recording of what is wrong."""
    if not act.command.says_something:
        raise refused("words_needed")


def reopen(act: ActContext) -> None:
    """The reporter disputes a closed case within the window. A self-handled case is routed now."""
    case = act.case
    check_disputable(act)
    check_words(act)
    undone = self_handled_figures(case, -1) if case.self_handled else figures(case, -1)
    facts = {"figures": undone}
    now: dict[str, Any] = {"reopenings": case.reopenings + 1}
    if to_inspect(case) and CaseRole.INSPECTOR in act.roles and CaseRole.DID_IT not in act.roles:
        now["inspected"] = "failed"
    reopened = _back_to_work(act, EventType.REOPENED, State.REOPENED, facts=facts, **now)
    reopened = take_over(act.builder, reopened)
    tell_followers(act.builder, reopened)
    if reopened.assignee is None:
        dispatch(act.builder, reopened)


def _back_to_work(
    act: ActContext, kind: EventType, state: State, /, facts: dict[str, Any] | None = None, **now: Unpack[CaseChange]
) -> Case:
    case = act.case
    waited = max(0, act.occurred_ms - (case.resolved_ms or act.occurred_ms)) if state is State.REWORK else 0
    called = first_due(case.assists)
    going_on = resolution_goes_on(case.after({"deadlines": called}), act.t_ms, act.builder.book)
    return act.happen(
        kind,
        facts=facts or {},
        **{
            "deadlines": called,
            **act.note("note"),
            **going_on,
            **no_windows(case),
            **now,
            "state": state,
            "verifying_ms": case.verifying_ms + waited,
            "on_time": None,
            "outcome": None,
            "verified_by": None,
            "closed_ms": None,
            "self_handled": False,
        },
    )


def withdraw(act: ActContext) -> None:
    """Close a case as withdrawn, with the reporter's own duplicates. It goes on if others follow it."""
    case = act.case
    if any(follower.reporter != act.command.by for follower in case.followers):
        raise refused("has_followers")
    closed = act.happen(
        EventType.CLOSED,
        **{**act.note("note"), **unpaused(case, act.occurred_ms)},
        state=State.CLOSED,
        outcome=Outcome.WITHDRAWN,
        closed_ms=act.occurred_ms,
        **windows(act.builder),
        request=None,
    )
    tell_followers(act.builder, closed)
    if case.master is not None:
        leave(act.builder, case.number, case.master)
