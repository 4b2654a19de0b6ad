"""Records of the past: taken as they were, checking only the order of times and states."""

from typing import Any

import pytest

from rules.decision.draft import Decision
from schemas.case import Case, Count, Deadline, State
from schemas.command import Record, RecordWhat
from schemas.event import EventType as E
from schemas.report import Department, SourceFacts
from tests.worlds.street import DAY, HOUR, ON_S1, ON_S2, T0, Street, a_book, a_report

W = RecordWhat
POLICE = Department(code="police", name="NYPD")


def tell(street: Street, what: RecordWhat, at: int, *, report: str = "r1", name: str = "", **more: Any) -> Decision:
    """One fact of a row."""
    source = more.pop("source", SourceFacts(department=POLICE, category="Noise"))
    place = more.pop("place", ON_S1)
    row = a_report(report, at=at, door="replay", text="", source=source)
    home = f"R1-{place.grid}" if place else "R1-U"
    command = Record(
        id=name or f"{report}.{what}", home=home, what=what, report=row, at_ms=at,
        place=place if what is W.OPENED else None, **more,
    )  # fmt: skip
    decision = street.apply(command, at)
    street.settle()
    return decision


def case_of(street: Street, report: str = "r1", home: str = "R1-G1") -> Case:
    case = street.case_of(home, report)
    assert case is not None
    return case


def refusal(decision: Decision) -> str:
    (draft,) = decision.drafts
    assert draft.type is E.ACTION_REFUSED
    return str(draft.facts["code"])


def test_a_row_is_a_case_with_the_source_s_department_and_times() -> None:
    street = Street()
    tell(street, W.OPENED, T0)
    tell(street, W.ACKNOWLEDGED, T0 + HOUR)
    tell(street, W.CLOSED, T0 + 2 * HOUR)
    case = case_of(street)
    assert (case.history, case.category, case.department, case.assignee) == (True, "Noise", POLICE, "police")
    assert (case.submitted_ms, case.acknowledged_ms, case.resolved_ms, case.closed_ms) == (
        T0, T0 + HOUR, T0 + 2 * HOUR, T0 + 2 * HOUR,
    )  # fmt: skip
    assert (case.state, case.verified_by, case.outcome, case.on_time) == (State.CLOSED, "source", "fixed", None)
    assert {d.because.code for d in street.drafts if d.because} == {"received", "as_in_source"}
    assert street.drafts[-1].facts["figures"]["resolution_ms"] == 2 * HOUR


def test_a_row_without_a_department_goes_to_the_fallback() -> None:
    street = Street()
    tell(street, W.OPENED, T0, source=None)
    assert case_of(street).assignee == "fallback"


@pytest.mark.parametrize(("hours", "in_time"), [(3, True), (5, False)])
def test_the_source_s_due_date_judges(hours: int, in_time: bool) -> None:
    street = Street()
    tell(street, W.OPENED, T0, source=SourceFacts(due_ms=T0 + 4 * HOUR))
    tell(street, W.CLOSED, T0 + hours * HOUR)
    case = case_of(street)
    assert case.on_time is in_time
    assert case.missed == (() if in_time else (Deadline.RESOLVE,))
    assert E.ESCALATED not in street.types(), "nobody is told of the past"


def test_nobody_is_told_of_the_past_by_a_ladder_step_either() -> None:
    street = Street()
    tell(street, W.OPENED, T0, source=SourceFacts(due_ms=T0 + 4 * HOUR))
    street.wait_until(T0 + 30 * DAY)
    assert case_of(street).deadlines == {}


def test_a_row_without_a_place_is_taken_and_closed() -> None:
    street = Street()
    tell(street, W.OPENED, T0, place=None)
    case = case_of(street, home="R1-U")
    assert (case.state, case.deadlines) == (State.DISPATCHED, {})
    tell(street, W.CLOSED, T0 + HOUR, place=None)
    assert case_of(street, home="R1-U").state is State.CLOSED
    assert street.counts() == {Count.ROUTED: 1}


def test_what_comes_again_changes_nothing() -> None:
    street = Street()
    for what in (W.OPENED, W.ACKNOWLEDGED, W.CLOSED):
        tell(street, what, T0)
        assert tell(street, what, T0) == Decision()


def test_what_closed_before_it_opened_is_refused() -> None:
    street = Street()
    tell(street, W.OPENED, T0)
    assert refusal(tell(street, W.CLOSED, T0 - 1)) == "times_wrong"
    assert case_of(street).state is State.DISPATCHED


def test_what_was_never_opened_is_refused() -> None:
    assert refusal(tell(Street(), W.CLOSED, T0)) == "unknown_case"


def test_what_is_closed_is_not_acknowledged() -> None:
    street = Street()
    tell(street, W.OPENED, T0)
    tell(street, W.CLOSED, T0)
    assert refusal(tell(street, W.ACKNOWLEDGED, T0)) == "wrong_state"
    assert refusal(tell(street, W.CLOSED, T0, name="again")) == "wrong_state"


class TestMerges:
    def two(self) -> Street:
        street = Street()
        tell(street, W.OPENED, T0, report="first")
        tell(street, W.OPENED, T0, place=ON_S2)
        return street

    def test_as_in_the_source_and_to_the_end(self) -> None:
        street = self.two()
        tell(street, W.MERGED, T0 + HOUR, into="first")
        assert case_of(street).master == case_of(street, "first").number
        tell(street, W.CLOSED, T0 + 2 * HOUR, report="first")
        assert (case_of(street).state, street.counts()) == (State.CLOSED, {Count.ROUTED: 1, Count.MERGED: 1})

    @pytest.mark.parametrize("into", [None, "ghost", "r1"])
    def test_only_into_another_open_case(self, into: str | None) -> None:
        assert refusal(tell(self.two(), W.MERGED, T0 + HOUR, into=into)) == "not_a_master"

    def test_a_case_that_others_follow_is_not_merged(self) -> None:
        street = self.two()
        tell(street, W.MERGED, T0 + HOUR, into="first")
        assert refusal(tell(street, W.MERGED, T0 + HOUR, report="first", into="r1")) == "wrong_state"


def test_our_rules_decide_when_asked_to() -> None:
    """Routing and merging as for live reports; times and closings stay the source's."""
    street = Street(a_book(decides_history=True))
    for name in ("first", "r1"):
        tell(street, W.OPENED, T0, report=name, source=SourceFacts(category="dirty"))
    assert (case_of(street, "first").assignee, case_of(street).state) == ("owner-1", State.MERGED)
    tell(street, W.ACKNOWLEDGED, T0 + HOUR, report="first")
    tell(street, W.CLOSED, T0 + 2 * HOUR, report="first")
    assert case_of(street).state is State.CLOSED


def test_a_signature_ends_the_accept_clock_that_our_rules_started() -> None:
    street = Street(a_book(decides_history=True))
    row = a_report(at=T0, door="replay")
    opened = Record(id="o", home="R1-G1", what=W.OPENED, report=row, at_ms=T0, place=ON_S1)
    street.apply(opened, T0)
    assert Deadline.ACCEPT in case_of(street).deadlines
    street.apply(opened.model_copy(update={"id": "a", "what": W.ACKNOWLEDGED, "place": None}), T0)
    assert Deadline.ACCEPT not in case_of(street).deadlines


@pytest.mark.parametrize(("opened", "closed"), [(True, False), (False, True), (True, True)])
def test_of_days_without_an_hour_no_duration_is_counted(opened: bool, closed: bool) -> None:
    street = Street()
    tell(street, W.OPENED, T0, source=SourceFacts(occurred_ms=T0, by_day=opened))
    tell(street, W.CLOSED, T0 + 2 * HOUR, by_day=closed)
    assert case_of(street).by_day
    assert street.drafts[-1].facts["figures"]["by_day"]
    assert {d.because.code for d in street.drafts if d.because} >= {
        "received_by_day" if opened else "received", "as_in_source_by_day" if closed else "as_in_source",
    }  # fmt: skip


@pytest.mark.parametrize(("days", "in_time"), [(0, True), (1, False)])
def test_a_closing_by_day_is_in_time_on_the_day_it_was_due(days: int, in_time: bool) -> None:
    """Whatever hour either of them has."""
    street = Street()
    tell(street, W.OPENED, T0, source=SourceFacts(due_ms=T0 + HOUR))
    tell(street, W.CLOSED, T0 + 2 * HOUR + days * DAY, by_day=True)
    case = case_of(street)
    assert case.on_time is in_time
    assert case.left_ms is not None
    assert (case.left_ms >= 0) is in_time


@pytest.mark.parametrize(("decides", "theirs"), [(True, False), (True, True), (False, False)])
def test_our_deadline_judges_a_past_that_we_decide(decides: bool, theirs: bool) -> None:
    """Where its source set none; only the resolution counts, and nobody is told."""
    street = Street(a_book(decides_history=decides))
    due_ms = T0 + HOUR if theirs else None
    tell(street, W.OPENED, T0, source=SourceFacts(category="dirty", due_ms=due_ms))
    live = Street()
    ours = live.report(at=T0)
    assert ours.due_ms is not None
    wanted = due_ms if theirs else ours.due_ms if decides else None
    assert case_of(street).due_ms == wanted
    assert set(case_of(street).deadlines) == ({Deadline.RESOLVE} if wanted else set())
    tell(street, W.CLOSED, ours.due_ms + 1)
    assert case_of(street).on_time is (None if wanted is None else False)
    assert E.ESCALATED not in street.types()
