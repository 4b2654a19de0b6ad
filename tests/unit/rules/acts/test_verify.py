"""After the work: verify, reject, reopen, withdraw."""

import pytest

from schemas.case import Case, Count, Deadline, State, share_of
from schemas.command import Act, Outcome
from schemas.event import EventType as E
from schemas.people import Role
from tests.unit.rules.acts.test_handle import code
from tests.unit.rules.states import in_state
from tests.worlds.street import CLEAN, DAY, HOUR, ON_S1, PHOTO, T0, Street, a_book, a_rulebook

D = Deadline


def resolved(street: Street | None = None) -> tuple[Street, Case]:
    """Done after one of its four hours."""
    street = street or Street()
    case = street.report(at=T0)
    return street, street.act(case, Act.RESOLVE, "owner-1", at=T0 + HOUR, photos=(PHOTO,))


@pytest.mark.parametrize(("by", "as_whom"), [("patrol-1", "reporter"), ("inspector", "inspector")])
def test_who_reported_or_inspects_confirms(by: str, as_whom: str) -> None:
    street, case = resolved()
    case = street.act(case, Act.VERIFY, by, at=T0 + 2 * HOUR)
    assert (case.state, case.verified_by, case.verifying_ms) == (State.CLOSED, as_whom, HOUR)
    assert case.deadlines == {D.ARCHIVE: T0 + 2 * HOUR + 7 * DAY}


@pytest.mark.parametrize("by", ["owner-1", "office", "stranger"])
@pytest.mark.parametrize("act", [Act.VERIFY, Act.REJECT])
def test_nobody_else_does(act: Act, by: str) -> None:
    street, case = resolved()
    street.act(case, act, by)
    assert code(street) == "not_allowed"


@pytest.mark.parametrize("act", [Act.VERIFY, Act.REJECT])
def test_nobody_inspects_their_own_work(act: Act) -> None:
    street = Street()
    street.away("owner-1", "inspector")
    case = street.act(street.report(), Act.RESOLVE, "inspector", photos=(PHOTO,))
    street.act(case, act, "inspector")
    assert code(street) == "own_work"


def test_who_verifies_may_know_a_better_outcome() -> None:
    street, case = resolved()
    assert street.act(case, Act.VERIFY, "patrol-1", outcome=Outcome.TEMPORARY_MEASURE).outcome == "temporary_measure"


def test_unverified_it_closes_by_policy_after_its_time() -> None:
    street, case = resolved()
    street.wait_until(T0 + HOUR + 3 * DAY + 1)
    case = street.cases[case.number]
    assert (case.state, case.verified_by, case.verifying_ms) == (State.CLOSED, "policy", 3 * DAY)
    why = street.drafts[-1].because
    assert why is not None
    assert ("3天" in why.zh, "3 days" in why.en) == (True, True)


def test_nobody_is_late_because_somebody_else_has_not_tapped_yet() -> None:
    """Done after one hour, verified after days: in time, and nothing was missed meanwhile."""
    street, case = resolved()
    case = street.act(case, Act.VERIFY, "patrol-1", at=T0 + 2 * DAY)
    assert (case.on_time, case.missed) == (True, ())


@pytest.mark.parametrize(("kind", "by"), [("staff", "patrol-1"), ("stranger", "passer-by")])
def test_not_fixed_weighs_as_much_as_its_reporter_is_trusted(kind: str, by: str) -> None:
    """After that, an inspector decides."""
    street = Street(a_book(rulebook=a_rulebook(trust={kind: {"not_fixed": 1}})))
    case = street.report(by=by, reporter_kind=Role.RESIDENT) if by == "passer-by" else street.report()
    for _ in range(2):
        case = street.act(case, Act.RESOLVE, "owner-1", photos=(PHOTO,))
        case = street.act(case, Act.REJECT, by)
    assert (code(street), case.state, case.reworks) == ("not_fixed_capped", State.RESOLVED, 1)
    assert street.act(case, Act.REJECT, "inspector").reworks == 2


def test_rework_goes_on_with_what_is_left() -> None:
    street, case = resolved()
    assert case.left_ms == 3 * HOUR
    case = street.act(case, Act.REJECT, "patrol-1", at=T0 + 10 * HOUR)
    assert (case.state, case.reworks, case.due_ms) == (State.REWORK, 1, T0 + 13 * HOUR)
    assert (case.deadlines, case.on_time, case.outcome) == ({D.RESOLVE: T0 + 13 * HOUR}, None, None)
    assert case.verifying_ms == 9 * HOUR


@pytest.mark.parametrize(("hours", "in_time"), [(12, True), (14, False)])
def test_on_time_is_judged_at_the_last_resolved(hours: int, in_time: bool) -> None:
    street, case = resolved()
    case = street.act(case, Act.REJECT, "patrol-1", at=T0 + 10 * HOUR)
    case = street.act(case, Act.RESOLVE, "owner-1", at=T0 + hours * HOUR, photos=(PHOTO,))
    case = street.act(case, Act.VERIFY, "patrol-1", at=T0 + 20 * HOUR)
    assert case.on_time is in_time
    figures = street.drafts[-1].facts["figures"]
    assert figures["resolution_ms"] == hours * HOUR, "rework included"
    assert figures["verifying_ms"] == 9 * HOUR + (20 - hours) * HOUR
    assert figures["on_time"] is in_time


def test_an_overdue_rework_goes_on_climbing() -> None:
    street = Street()
    case = street.report(at=T0)
    case = street.act(case, Act.RESOLVE, "owner-1", at=T0 + 5 * HOUR, photos=(PHOTO,))
    assert (case.on_time, D.RESOLVE in case.missed) == (False, True)
    case = street.act(case, Act.REJECT, "patrol-1", at=T0 + 6 * HOUR)
    assert set(case.deadlines) <= {D.LADDER}
    again = street.act(case, Act.RESOLVE, "owner-1", at=T0 + 7 * HOUR, photos=(PHOTO,))
    assert again.on_time is False


class TestReopening:
    def test_the_reporter_disputes_within_the_window(self) -> None:
        street, case = in_state(State.CLOSED)
        case = street.act(case, Act.REOPEN, "patrol-1", at=T0 + 2 * HOUR, note="又脏了")
        assert (case.state, case.reopenings, case.assignee) == (State.REOPENED, 1, "owner-1")
        assert case.due_ms == T0 + 5 * HOUR, "three hours were left"
        assert (case.verified_by, case.closed_ms, case.outcome, case.on_time) == (None, None, None, None)
        undone = street.drafts[-1].facts["figures"]
        closing = next(d for d in street.drafts if d.type is E.CLOSED).facts["figures"]
        assert undone == {**closing, "sign": -1}

    def test_with_words(self) -> None:
        street, case = in_state(State.CLOSED)
        street.act(case, Act.REOPEN, "patrol-1")
        assert code(street) == "words_needed"

    def test_not_for_ever(self) -> None:
        street = Street(a_book(rulebook=a_rulebook(reopen_limit=1)))
        _, case = resolved(street)
        for _ in range(2):
            case = street.act(case, Act.VERIFY, "patrol-1")
            case = street.act(case, Act.REOPEN, "patrol-1", note="又脏了")
            if case.state is State.REOPENED:
                case = street.act(case, Act.RESOLVE, "owner-1", photos=(PHOTO,))
        assert code(street) == "reopen_capped"
        assert (case.state, case.reopenings) == (State.CLOSED, 1)

    def test_after_the_window_it_is_archived(self) -> None:
        street, case = in_state(State.CLOSED)
        street.wait_until(T0 + HOUR + 7 * DAY + 1)
        assert case.number not in street.cases
        assert street.types(case)[-1] is E.ARCHIVED

    def test_a_window_that_is_lost_is_closed(self) -> None:
        street, case = in_state(State.CLOSED)
        street.cases[case.number] = case.after({"deadlines": {}})
        street.act(case, Act.REOPEN, "patrol-1", note="又脏了")
        assert code(street) == "window_closed"

    def test_what_was_withdrawn_stays_so(self) -> None:
        street = Street()
        case = street.act(street.report(), Act.WITHDRAW, "patrol-1")
        street.act(case, Act.REOPEN, "patrol-1", note="还是要")
        assert code(street) == "was_withdrawn"

    def test_a_self_handled_report_is_routed_when_an_inspector_disputes_it(self) -> None:
        street = Street()
        case = street.report(fixed=True, photos=(PHOTO,), after_photos=(CLEAN,))
        assert (case.state, case.self_handled, case.assignee) == (State.CLOSED, True, None)
        closing = street.drafts[-1].facts["figures"]
        case = street.act(case, Act.REOPEN, "inspector", at=T0 + HOUR, note="没有打扫")
        assert (case.state, case.assignee, case.self_handled) == (State.DISPATCHED, "owner-1", False)
        assert case.deadlines[D.RESOLVE] == T0 + 5 * HOUR, "the clock starts at dispatch"
        reopened = next(d for d in street.drafts if d.type is E.REOPENED)
        assert reopened.facts["figures"] == {**closing, "sign": -1}


class TestWithdrawing:
    @pytest.mark.parametrize(
        "state", [State.NEEDS_INFORMATION, State.DISPATCHED, State.ACKNOWLEDGED, State.SUSPENDED, State.REWORK]
    )
    def test_the_reporter_takes_it_back(self, state: State) -> None:
        street, case = in_state(state)
        case = street.act(case, Act.WITHDRAW, "patrol-1")
        assert (case.state, case.outcome) == (State.CLOSED, Outcome.WITHDRAWN)
        assert set(case.deadlines) == {D.ARCHIVE}
        assert (case.request, case.suspended_ms) == (None, None)
        assert "figures" not in street.drafts[-1].facts, "nobody's time to resolution"

    def test_before_anybody_got_it_it_counts_as_refused_afterwards_as_routed(self) -> None:
        street, case = in_state(State.NEEDS_INFORMATION)
        assert share_of(street.act(case, Act.WITHDRAW, "patrol-1")) is Count.REFUSED
        street, case = in_state(State.DISPATCHED)
        assert share_of(street.act(case, Act.WITHDRAW, "patrol-1")) is Count.ROUTED

    def test_nobody_else_may(self) -> None:
        street = Street()
        master = street.report()
        street.report(ON_S1, name="r2", by="patrol-2")
        street.act(master, Act.WITHDRAW, "patrol-2")
        assert code(street) == "not_allowed"

    def test_a_case_that_others_follow_goes_on_for_them(self) -> None:
        street = Street()
        master = street.report()
        street.report(ON_S1, name="r2", by="patrol-2")
        street.act(master, Act.WITHDRAW, "patrol-1")
        assert code(street) == "has_followers"

    def test_the_reporters_own_doubles_end_with_it(self) -> None:
        street = Street()
        master, double = street.report(), street.report(name="r2")
        street.act(master, Act.WITHDRAW, "patrol-1")
        ended = street.cases[double.number]
        assert (ended.state, ended.outcome) == (State.CLOSED, Outcome.WITHDRAWN)

    def test_a_follower_leaves_its_master(self) -> None:
        street = Street()
        master = street.report()
        double = street.report(name="r2", by="patrol-2")
        gone = street.act(double, Act.WITHDRAW, "patrol-2")
        assert (gone.state, share_of(gone)) == (State.CLOSED, Count.MERGED)
        assert street.cases[master.number].followers == ()
