"""Two people act on one case: the second hears what the first did, unless they knew of it."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.acts.meanwhile import DECIDING
from rules.decision.draft import Decision
from schemas.case import Case, State
from schemas.command import Act, AnyCommand, Do
from schemas.event import Because, EventType
from schemas.rights import COLLIDING
from tests.unit.rules.life import STEPS, Step, one_street
from tests.worlds.street import ON_S1, PHOTO, T0, Street


def why(street: Street) -> Because | None:
    """Why the last act was refused; None when it was done."""
    last = street.drafts[-1]
    return last.because if last.type is EventType.ACTION_REFUSED else None


def asked(street: Street) -> Case:
    """A case whose holder asks for a pause."""
    case = street.report(ON_S1, at=T0)
    return street.act(case, Act.REQUEST_PAUSE, case.assignee or "", hours=5, note="等材料")


def test_the_second_assignment_hears_of_the_first() -> None:
    street = Street()
    seen = street.report(ON_S1, at=T0)
    first = street.act(seen, Act.ASSIGN, "street-chief", to="owner-2", seen=seen.seq)
    assert first.assignee == "owner-2"
    assert first.decided is not None
    assert (first.decided.act, first.decided.by) == (Act.ASSIGN, "street-chief")
    after = street.act(first, Act.ASSIGN, "office", to="owner-1", seen=seen.seq)
    reason = why(street)
    assert after.assignee == "owner-2"
    assert reason is not None
    assert reason.code == "meanwhile_with"
    assert all(word in reason.zh for word in ("street-chief", "指派"))
    assert street.act(after, Act.ASSIGN, "office", to="owner-1", seen=after.seq).assignee == "owner-1"


@pytest.mark.parametrize(("first", "second"), [(Act.APPROVE, Act.DENY), (Act.DENY, Act.APPROVE)])
def test_a_request_is_decided_once_and_the_second_hears_who_did(first: Act, second: Act) -> None:
    street = Street()
    case = asked(street)
    street.act(case, first, "street-chief", seen=case.seq)
    street.act(case, second, "office", seen=case.seq)
    reason = why(street)
    assert reason is not None
    assert reason.code == "meanwhile_with"


def test_a_case_that_was_closed_meanwhile_says_by_whom() -> None:
    street = Street()
    case = street.report(ON_S1, at=T0)
    done = street.act(case, Act.RESOLVE, case.assignee or "", photos=(PHOTO,))
    closed = street.act(done, Act.VERIFY, "inspector")
    assert closed.state is State.CLOSED
    street.act(closed, Act.ASSIGN, "office", to="owner-2", seen=case.seq)
    reason = why(street)
    assert reason is not None
    assert reason.code == "meanwhile"


@pytest.mark.parametrize("act", [Act.CORRECT, Act.MERGE, Act.RAISE, Act.HAND_ON])
def test_nobody_undoes_what_they_do_not_know_of(act: Act) -> None:
    street = Street()
    seen = street.report(ON_S1, at=T0)
    case = street.act(seen, Act.ASSIGN, "street-chief", to="owner-2")
    fields: dict[Act, dict[str, Any]] = {
        Act.CORRECT: {"category": "leak"},
        Act.MERGE: {"to": "R1-G1-2611-00099"},
        Act.HAND_ON: {"to": "cleaner-1"},
    }
    street.act(case, act, "office" if act is not Act.HAND_ON else "owner-2", seen=seen.seq, **fields.get(act, {}))
    reason = why(street)
    assert reason is not None
    assert reason.code == "meanwhile_with"


def test_a_holder_who_lost_the_case_hears_to_whom() -> None:
    street = Street()
    seen = street.report(ON_S1, at=T0)
    holder = seen.assignee or ""
    case = street.act(seen, Act.ASSIGN, "office", to="owner-2")
    street.act(case, Act.RESOLVE, holder, photos=(PHOTO,), seen=seen.seq)
    assert (reason := why(street)) is not None
    assert reason.code == "meanwhile_with"


def test_what_changes_nobodys_decision_is_not_in_the_way() -> None:
    """A note, a hurry or a signature of somebody else; one's own act; and commands that do not say what was seen."""
    street = Street()
    seen = street.report(ON_S1, at=T0)
    case = street.act(seen, Act.URGE, "street-chief")
    case = street.act(case, Act.ACKNOWLEDGE, case.assignee or "")
    case = street.act(case, Act.ASSIGN, "office", to="owner-2", seen=seen.seq)
    assert case.assignee == "owner-2"
    case = street.act(case, Act.ASSIGN, "office", to="owner-1", seen=seen.seq)
    assert case.assignee == "owner-1"
    assert street.act(case, Act.ASSIGN, "street-chief", to="owner-2").assignee == "owner-2"


def test_what_can_collide_is_remembered_when_it_is_done() -> None:
    assert COLLIDING <= DECIDING


@given(STEPS, st.integers(0, 12))
@settings(max_examples=120)
def test_whoever_has_seen_the_last_decision_is_never_told_of_another(steps: list[Step], behind: int) -> None:
    """In any life of a street: the reason names a decision of somebody else that came after what was seen."""
    street, life = one_street()
    decide = street.apply

    def apply(command: AnyCommand, t_ms: int) -> Decision:
        street.wait_until(t_ms)
        case = street.cases.get(command.case) if isinstance(command, Do) else None
        if not isinstance(command, Do) or case is None:
            return decide(command, t_ms)
        seen = max(0, case.seq - behind)
        decision = decide(command.model_copy(update={"seen": seen}), t_ms)
        codes = {draft.because.code for draft in decision.drafts if draft.because is not None}
        last = case.decided
        unknown = last is not None and last.seq > seen and last.by != command.by
        assert unknown or codes.isdisjoint({"meanwhile", "meanwhile_with"})
        if unknown and command.act in COLLIDING:
            assert all(draft.type is EventType.ACTION_REFUSED for draft in decision.drafts)
        return decision

    street.apply = apply  # type: ignore[method-assign]  # looks first, then does the same
    for _ in life.play(steps):
        pass
