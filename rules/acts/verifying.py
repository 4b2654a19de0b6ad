"""After the work: verify, reject, reopen, withdraw, and what closing means for those who follow."""

from typing import Any, Literal

from rules.acts.doing import Doing, refused
from rules.because import because
from rules.clocks import after, resolution_goes_on
from rules.making import Making
from rules.opening import dispatch
from schemas.case import Case, Deadline, State
from schemas.command import MasterEnded, Outcome
from schemas.event import Because, EventType

Verifier = Literal["reporter", "inspector", "policy", "source"]


def verify(doing: Doing) -> None:
    """Fixed, says the reporter or an inspector: the case closes with its outcome."""
    command = doing.command
    case, note = doing.case, doing.note("note")
    inspector = command.by != case.reporter and command.by not in {f.reporter for f in case.followers}
    verified_by: Verifier = "inspector" if inspector else "reporter"
    close(
        doing.making,
        case,
        doing.occurred_ms,
        verified_by=verified_by,
        reason=doing.reason(),
        outcome=command.outcome,
        **note,
    )


def close(
    making: Making,
    case: Case,
    at_ms: int,
    *,
    verified_by: Verifier,
    reason: Because,
    outcome: Outcome | None = None,
    **note: Any,
) -> Case:
    """Close a resolved case with its figures, and its followers with it."""
    ended = outcome or case.outcome or Outcome.FIXED
    waited = max(0, at_ms - (case.resolved_ms or at_ms))
    closed = making.happen(
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
        deadlines=_archive(making),
    )
    _end_followers(making, closed)
    return closed


def figures(case: Case, sign: int, waited_ms: int = 0) -> dict[str, Any]:
    """What the stream counts when a case closes (sign 1) or reopens (sign -1)."""
    return {
        "sign": sign,
        "resolution_ms": (case.resolved_ms or 0) - case.submitted_ms,
        "verifying_ms": case.verifying_ms + waited_ms,
        "category": case.category,
        "department": case.department.code if case.department else None,
        "segment": case.place.segment if case.place else None,
        "grid": case.place.grid if case.place else None,
        "on_time": case.on_time,
    }


def _archive(making: Making) -> dict[Deadline, int]:
    return {Deadline.ARCHIVE: after(making.t_ms, making.book.rulebook.policy.reopen_window)}


def _end_followers(making: Making, master: Case) -> None:
    for follower in master.followers:
        here = making.around.case(follower.case)
        if here is not None and here.home == master.home:
            end_with_master(making, here, master.number, master.outcome)
        else:
            making.send(
                MasterEnded(
                    id=f"{making.command}/{follower.case}",
                    home=follower.case.rsplit("-", 2)[0],
                    case=follower.case,
                    master=master.number,
                    state=master.state,
                    outcome=master.outcome,
                )
            )


def end_with_master(making: Making, case: Case, master: str, outcome: Outcome | None) -> None:
    """A follower ends with its master; one that was split off meanwhile does not."""
    if case.master != master or case.state is not State.MERGED:
        return
    making.happen(
        case,
        EventType.CLOSED,
        because("master_ended", master=master),
        by="system",
        state=State.CLOSED,
        closed_ms=making.t_ms,
        outcome=outcome,
        deadlines=_archive(making),
    )


def reject(doing: Doing) -> None:
    """Not fixed: back to the assignee, one rework more; the resolution clock goes on with what is left."""
    case = doing.case
    _back_to_work(doing, EventType.REWORK_ORDERED, State.REWORK, reworks=case.reworks + 1)


def reopen(doing: Doing) -> None:
    """The reporter disputes a closed case within the window. Self-handled ones are routed now."""
    case, policy = doing.case, doing.making.book.rulebook.policy
    if case.master is not None:
        raise refused("wrong_state", state="merged", act="reopen", can="split")
    if Deadline.ARCHIVE not in case.deadlines or case.outcome is Outcome.WITHDRAWN:
        raise refused("window_closed")
    if case.reopenings >= policy.reopen_limit:
        raise refused("reopen_capped")
    undone = {} if case.self_handled else {"figures": figures(case, -1)}
    reopened = _back_to_work(doing, EventType.REOPENED, State.REOPENED, facts=undone, reopenings=case.reopenings + 1)
    if reopened.assignee is None:
        dispatch(doing.making, reopened)


def _back_to_work(doing: Doing, kind: EventType, state: State, facts: dict[str, Any] | None = None, **now: Any) -> Case:
    case = doing.case
    if not doing.command.note and not doing.command.photos and state is State.REOPENED:
        raise refused("words_needed")
    waited = max(0, doing.occurred_ms - (case.resolved_ms or doing.occurred_ms)) if state is State.REWORK else 0
    cleared = case.after({"deadlines": {}})
    going_on = resolution_goes_on(cleared, doing.t_ms, doing.making.book.rulebook.policy)
    return doing.happen(
        kind,
        facts=facts or {},
        **{
            "deadlines": {},
            **doing.note("note"),
            **going_on,
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


def withdraw(doing: Doing) -> None:
    """The reporter's mistake: closed as withdrawn. A follower leaves its master; a master is handed to nobody."""
    case = doing.case
    others = [f for f in case.followers if f.reporter != doing.command.by]
    if others:
        raise refused("wrong_state", state="master", act="withdraw", can="split, verify")
    doing.happen(
        EventType.CLOSED,
        **doing.note("note"),
        state=State.CLOSED,
        outcome=Outcome.WITHDRAWN,
        closed_ms=doing.occurred_ms,
        deadlines=_archive(doing.making),
        request=None,
    )
    if case.master is not None:
        leave(doing.making, case)


def leave(making: Making, follower: Case) -> None:
    """The master's side when a follower leaves it, inside one home."""
    master = making.around.case(follower.master) if follower.master else None
    if master is None:
        return
    making.happen(
        master,
        EventType.FOLLOWER_LEFT,
        facts={"case": follower.number},
        followers=tuple(f for f in master.followers if f.case != follower.number),
    )
