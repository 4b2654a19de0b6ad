"""Pauses and extensions: a request alone stops nothing; approved, the clock stands still or ends later."""

from typing import Any

import pytest

from schemas.case import Case, Deadline, State
from schemas.command import Act
from schemas.event import EventType as E
from tests.unit.rules.acts.test_handle import code
from tests.worlds.street import DAY, HOUR, PHOTO, T0, Street

D = Deadline


def asked(kind: Act = Act.REQUEST_PAUSE, *, hours: int = 5) -> tuple[Street, Case]:
    """A signed case whose owner has asked."""
    street = Street()
    case = street.act(street.report(at=T0), Act.ACKNOWLEDGE, "owner-1")
    return street, street.act(case, kind, "owner-1", hours=hours, note="等材料")


def test_a_request_alone_stops_nothing() -> None:
    street, case = asked()
    assert case.state is State.ACKNOWLEDGED
    assert case.deadlines[D.RESOLVE] == T0 + 4 * HOUR
    street.wait_until(T0 + 4 * HOUR + 1)
    assert street.cases[case.number].missed == (D.RESPOND, D.RESOLVE)


def test_an_unanswered_request_lapses_as_denied_and_the_asker_is_told() -> None:
    street, case = asked()
    street.wait_until(T0 + DAY + 1)
    case = street.cases[case.number]
    assert case.request is None
    lapsed = next(d for d in street.drafts if d.type is E.REQUEST_DENIED)
    assert (lapsed.t_ms, lapsed.facts) == (T0 + DAY, {"kind": "pause", "by": "owner-1", "lapsed": True})


def test_a_denied_request_is_over() -> None:
    street, case = asked()
    case = street.act(case, Act.DENY, "office", note="不行")
    assert (case.request, case.state) == (None, State.ACKNOWLEDGED)
    assert D.REQUEST not in case.deadlines
    assert street.drafts[-1].facts == {"kind": "pause", "by": "owner-1"}


@pytest.mark.parametrize(
    ("told", "why"),
    [({"note": "x"}, "hours_needed"), ({"hours": 5}, "words_needed")],
)
def test_a_request_says_how_long_and_why(told: dict[str, Any], why: str) -> None:
    street = Street()
    street.act(street.report(), Act.REQUEST_EXTENSION, "owner-1", **told)
    assert code(street) == why


@pytest.mark.parametrize(("ahead", "hours"), [(5 * HOUR, 5), (5 * HOUR + 1, 6), (1, 1), (400 * DAY, 8760)])
def test_it_may_say_until_when_instead(ahead: int, hours: int) -> None:
    """In whole hours, and a year at most."""
    street = Street()
    case = street.act(street.report(at=T0), Act.REQUEST_PAUSE, "owner-1", until_ms=T0 + ahead, note="等材料")
    assert case.request is not None
    assert case.request.hours == hours


def test_until_when_must_lie_ahead() -> None:
    street = Street()
    street.act(street.report(at=T0), Act.REQUEST_PAUSE, "owner-1", until_ms=T0, note="等材料")
    assert code(street) == "hours_needed"


def test_one_request_at_a_time() -> None:
    street, case = asked()
    street.act(case, Act.REQUEST_EXTENSION, "owner-1", hours=5, note="再久一点")
    assert code(street) == "request_open"


@pytest.mark.parametrize("act", [Act.APPROVE, Act.DENY])
def test_who_decides_needs_a_request_of_somebody_else(act: Act) -> None:
    street = Street()
    case = street.report()
    street.act(case, act, "office")
    assert code(street) == "no_request"
    case = street.act(case, Act.ASSIGN, "office", to="lane-chief")
    street.act(case, Act.REQUEST_PAUSE, "lane-chief", hours=5, note="等材料")
    street.act(case, act, "lane-chief")
    assert code(street) == "own_request"


def test_while_paused_the_resolution_clock_stands_still() -> None:
    """Approved an hour in: three hours are left, also after the five hours of the pause."""
    street, case = asked()
    case = street.act(case, Act.APPROVE, "office", at=T0 + HOUR)
    assert (case.state, case.left_ms) == (State.SUSPENDED, 3 * HOUR)
    assert case.deadlines == {D.RESPOND: T0 + 2 * HOUR, D.RESUME: T0 + 6 * HOUR}
    street.wait_until(T0 + 6 * HOUR + 1)
    case = street.cases[case.number]
    assert (case.state, case.paused_ms, case.due_ms) == (State.ACKNOWLEDGED, 5 * HOUR, T0 + 9 * HOUR)
    assert case.deadlines[D.RESOLVE] == T0 + 9 * HOUR
    assert street.types(case)[-1] is E.RESUMED


@pytest.mark.parametrize("by", ["owner-1", "office"])
def test_a_pause_can_end_early(by: str) -> None:
    street, case = asked()
    case = street.act(case, Act.APPROVE, "office", at=T0 + HOUR)
    case = street.act(case, Act.RESUME, by, at=T0 + 2 * HOUR)
    assert (case.state, case.paused_ms, case.due_ms) == (State.ACKNOWLEDGED, HOUR, T0 + 5 * HOUR)
    assert D.RESUME not in case.deadlines


def test_done_while_paused_is_judged_by_what_was_left() -> None:
    """Due at four hours, paused after one, done after five: three hours were left, so it is in time."""
    street, case = asked()
    case = street.act(case, Act.APPROVE, "office", at=T0 + HOUR)
    case = street.act(case, Act.RESOLVE, "owner-1", at=T0 + 5 * HOUR, photos=(PHOTO,))
    assert (case.on_time, case.left_ms, case.paused_ms) == (True, 3 * HOUR, 4 * HOUR)
    assert (case.suspended_ms, case.suspended_from) == (None, None)
    case = street.act(case, Act.REJECT, "patrol-1", at=T0 + 10 * HOUR)
    assert case.due_ms == T0 + 13 * HOUR, "rework goes on with what was left before the pause"


def test_a_rework_can_be_paused_too_and_is_a_rework_afterwards() -> None:
    street = Street()
    case = street.act(street.report(at=T0), Act.RESOLVE, "owner-1", at=T0 + HOUR, photos=(PHOTO,))
    case = street.act(case, Act.REJECT, "patrol-1", at=T0 + 2 * HOUR)
    street.act(case, Act.REQUEST_PAUSE, "owner-1", hours=5, note="下雨")
    case = street.act(case, Act.APPROVE, "office", at=T0 + 2 * HOUR)
    case = street.act(case, Act.RESUME, "owner-1", at=T0 + 4 * HOUR)
    assert (case.state, case.due_ms) == (State.REWORK, T0 + 7 * HOUR)


def test_an_approval_that_comes_late_stops_the_clock_when_it_was_given() -> None:
    """Given a minute before the deadline, received after it: the notice is withdrawn, the rung taken back."""
    street, case = asked()
    street.wait_until(T0 + 4 * HOUR + 1)
    assert street.cases[case.number].rung == 2
    case = street.act(case, Act.APPROVE, "office", at=T0 + 5 * HOUR, occurred_ms=T0 + 4 * HOUR - 60_000)
    assert (case.state, case.left_ms, case.missed, case.rung) == (State.SUSPENDED, 60_000, (D.RESPOND,), 1)
    assert E.NOTICE_WITHDRAWN in street.types(case)


def test_a_pause_that_is_over_when_its_approval_comes_ends_at_once() -> None:
    street, case = asked(hours=1)
    case = street.act(case, Act.APPROVE, "office", at=T0 + 3 * HOUR, occurred_ms=T0 + HOUR)
    assert case.deadlines[D.RESUME] == T0 + 3 * HOUR
    street.wait_until(T0 + 3 * HOUR + 1)
    assert street.cases[case.number].state is State.ACKNOWLEDGED


def test_an_extension_moves_the_deadline_and_is_counted() -> None:
    street, case = asked(Act.REQUEST_EXTENSION)
    case = street.act(case, Act.APPROVE, "office", at=T0 + HOUR)
    assert (case.due_ms, case.extensions, case.request) == (T0 + 9 * HOUR, 1, None)
    assert case.deadlines[D.RESOLVE] == T0 + 9 * HOUR
    done = street.act(case, Act.RESOLVE, "owner-1", at=T0 + 8 * HOUR, photos=(PHOTO,))
    assert done.on_time is True


def test_an_extension_after_the_deadline_counts_as_not_missed_until_it_is_missed_again() -> None:
    street, case = asked(Act.REQUEST_EXTENSION)
    case = street.act(case, Act.APPROVE, "office", at=T0 + 6 * HOUR)
    assert (case.missed, D.LADDER in case.deadlines) == ((D.RESPOND,), False)
    street.wait_until(T0 + 9 * HOUR + 1)
    assert street.cases[case.number].missed == (D.RESPOND, D.RESOLVE)


def test_an_extension_that_ends_in_the_past_changes_nothing_that_fired() -> None:
    street, case = asked(Act.REQUEST_EXTENSION, hours=1)
    case = street.act(case, Act.APPROVE, "office", at=T0 + 6 * HOUR)
    assert case.missed == (D.RESPOND, D.RESOLVE)
    assert D.LADDER in case.deadlines
    assert case.due_ms == T0 + 5 * HOUR


def test_an_extension_of_a_case_without_a_deadline_only_counts() -> None:
    street = Street()
    case = street.act(street.report(text="坑"), Act.REQUEST_EXTENSION, "owner-1", hours=5, note="等材料")
    case = street.act(case, Act.APPROVE, "office")
    assert (case.extensions, case.due_ms, case.deadlines) == (1, None, {})


def test_an_overdue_case_goes_on_climbing_after_its_pause() -> None:
    street, case = asked()
    street.wait_until(T0 + 4 * HOUR + 1)
    case = street.act(case, Act.APPROVE, "office", at=T0 + 5 * HOUR)
    assert D.LADDER not in case.deadlines
    case = street.act(case, Act.RESUME, "owner-1", at=T0 + 6 * HOUR)
    assert case.left_ms is None
    assert case.deadlines == {D.LADDER: T0 + 6 * HOUR + DAY}
