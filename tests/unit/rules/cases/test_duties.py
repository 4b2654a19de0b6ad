"""Duties: straight to their person, done or not done by the end of the window, and nothing else can be done to them."""

from typing import Any

from schemas.case import Case, Deadline, State
from schemas.command import Act, Outcome
from schemas.duty import DOOR
from schemas.event import EventType
from schemas.people import Role
from schemas.report import Reporter
from schemas.rulebook import Rulebook
from tests.worlds.street import DAY, HOUR, ON_S1, PHOTO, Street, a_book, a_rulebook
from tests.worlds.working_street import at

DUTY = {
    "id": "school-run", "name": {"zh": "护学岗", "en": "School run"}, "place": "S1", "window": "07:20-08:10",
    "person": "patrol-1", "category": "dirty",
}  # fmt: skip
BEGIN, END = at("03-04 07:20"), at("03-04 08:10")


def a_street(now: int = BEGIN, **policy: Any) -> Street:
    rulebook = Rulebook.model_validate(a_rulebook(**policy).model_dump(mode="json") | {"duties": [DUTY]})
    street = Street(a_book(rulebook=rulebook))
    street.t_ms = now
    return street


def due(street: Street, *, now: int | None = None, **fields: Any) -> Case:
    """The report of its begin arrives now."""
    told = {"door": DOOR, "duty": "school-run", "category": "dirty", "text": "护学岗", "received_ms": BEGIN} | fields
    reporter = Reporter(id=DOOR, kind=Role.SYSTEM)
    return street.report(ON_S1, at=now, name="duty/school-run/2024-03-04", reporter=reporter, **told)


def test_it_goes_straight_to_its_person_until_the_window_ends() -> None:
    street = a_street()
    case = due(street)
    assert (case.state, case.assignee, case.department, case.gap) == (State.DISPATCHED, "patrol-1", None, False)
    assert (case.due_ms, case.deadlines) == (END, {Deadline.RESOLVE: END})
    assert street.types(case) == [EventType.OPENED, EventType.DISPATCHED]
    reason = street.drafts[-1].because
    assert reason is not None
    assert "08:10" in reason.zh


def test_who_covers_has_it() -> None:
    street = a_street()
    street.away("patrol-1", "head-1")
    case = due(street)
    assert (case.assignee, case.accountable) == ("head-1", "patrol-1")


def test_done_closes_it_with_or_without_a_photo() -> None:
    """Its category would ask for a photo, and for a verification."""
    for photos in ((), (PHOTO,)):
        street = a_street()
        case = street.act(due(street), Act.RESOLVE, "patrol-1", at=BEGIN + HOUR // 2, photos=photos)
        assert (case.state, case.outcome, case.on_time, case.photos) == (State.CLOSED, Outcome.FIXED, True, photos)
        figures = street.drafts[-1].facts["figures"]
        assert (figures["duty"], figures["done"], figures["person"]) == ("school-run", True, "patrol-1")
        street.wait_until(BEGIN + 9 * DAY)
        assert EventType.ESCALATED not in street.types(case)
        assert [one.number for one in street.archived] == [case.number]


def test_not_done_is_closed_at_the_end_and_the_first_rung_is_told() -> None:
    street = a_street()
    case = due(street)
    street.wait_until(END + 2 * DAY)
    case = street.cases[case.number]
    assert (case.state, case.outcome, case.on_time, case.closed_ms) == (State.CLOSED, Outcome.NOT_DONE, False, END)
    assert street.types(case)[2:] == [EventType.DEADLINE_MISSED, EventType.ESCALATED, EventType.CLOSED]
    assert [draft.facts["to"] for draft in street.drafts if draft.type is EventType.ESCALATED] == ["steward"]
    assert street.drafts[-1].facts["figures"]["done"] is False


def test_done_in_time_but_told_late_takes_everything_back() -> None:
    street = a_street()
    case = due(street)
    case = street.act(case, Act.RESOLVE, "patrol-1", at=END + HOUR, occurred_ms=END - 60_000)
    assert (case.outcome, case.on_time, case.missed, case.rung) == (Outcome.FIXED, True, (), 0)
    assert street.types(case)[-2:] == [EventType.NOTICE_WITHDRAWN, EventType.CLOSED]
    assert street.drafts[-1].facts["figures"]["anew"] is True


def test_done_after_the_window_stays_not_done() -> None:
    street = a_street()
    case = street.act(due(street), Act.RESOLVE, "patrol-1", at=END + HOUR, occurred_ms=END + 60_000)
    assert case.outcome is Outcome.NOT_DONE
    assert street.drafts[-1].type is EventType.ACTION_REFUSED


def test_what_comes_after_an_outage_can_be_confirmed_as_long_as_its_window_lasts() -> None:
    street = a_street(END + 3 * HOUR)
    case = due(street, now=END + 3 * HOUR)
    assert case.due_ms == END
    assert case.deadlines == {Deadline.RESOLVE: END + 3 * HOUR + 50 * 60_000}
    done = street.act(case, Act.RESOLVE, "patrol-1", at=END + 3 * HOUR + 60_000)
    assert (done.outcome, done.on_time) == (Outcome.FIXED, False)


def test_it_is_never_merged_and_nothing_is_merged_into_it() -> None:
    street = a_street()
    problem = street.report(ON_S1, at=BEGIN)
    duty = due(street)
    later = street.report(ON_S1, at=BEGIN + 1000, name="r2")
    assert (problem.category, duty.category, later.category) == ("dirty", "dirty", "dirty")
    assert (duty.master, later.master) == (None, problem.number)
    other = street.report(ON_S1, at=BEGIN + 2000, name="r3", text="坑")
    street.act(other, Act.MERGE, "office", to=duty.number)
    assert street.drafts[-1].facts["code"] == "not_a_master"
    alone = a_street()
    due(alone)
    assert alone.report(ON_S1, at=BEGIN + 1000).master is None


def test_only_what_makes_sense_can_be_done_to_it() -> None:
    street = a_street()
    case = due(street)
    for act, by in ((Act.RETURN, "patrol-1"), (Act.CORRECT, "office"), (Act.REQUEST_EXTENSION, "patrol-1")):
        case = street.act(case, act, by, note="x", hours=3, category="pothole")
        assert street.drafts[-1].facts["code"] == "not_for_duties"
    case = street.act(case, Act.HAND_ON, "patrol-1", to="cleaner-1")
    case = street.act(case, Act.RESOLVE, "cleaner-1")
    assert case.outcome is Outcome.FIXED


def test_nobody_can_say_that_it_was_not_done() -> None:
    street = a_street()
    case = street.report(ON_S1, at=BEGIN)
    street.act(case, Act.RESOLVE, "owner-1", outcome=Outcome.NOT_DONE, photos=(PHOTO,))
    assert street.drafts[-1].facts["code"] == "not_withdrawn"


def test_another_door_cannot_make_a_duty_due() -> None:
    """A report that says so is a report like any other."""
    case = due(a_street(), door="web")
    assert (case.duty, case.assignee) == (None, "owner-1")


def test_a_duty_that_is_no_more_is_refused() -> None:
    case = due(a_street(), duty="gone")
    assert case.state is State.REFUSED
