"""Danger that is told of later: what becomes of a case that was not urgent."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.case import Case, Deadline, State, UrgentBy
from schemas.command import Act
from schemas.event import EventType as E
from schemas.limit_words import due_words
from schemas.rulebook import Rulebook
from tests.worlds.street import CLEAN, DAY, HOUR, ON_S1, T0, Street, a_book, a_rulebook

HURT = "刚才有人在这里摔倒受伤"
URGENT = {"accept": "15m", "respond": "1uh", "resolve": "4uh"}


def a_street(**limits: str) -> Street:
    """Danger goes to the head of the grid within four hours, a pothole to the owner of the road within three days."""
    told: dict[str, Any] = a_rulebook(urgent_words=["受伤", "injured"]).model_dump(mode="json")
    for each in told["categories"]:
        if each["id"] == "pothole":
            each["limits"] = {"accept": "1d", "respond": "2d", "resolve": "3d"} | limits
    routing = told["routing"]
    routing["inputs"].append({"name": "urgency", "kind": "text"})
    routing["rows"].insert(
        0, {"id": "R-danger", "priority": 5, "when": {"urgency": "urgent"}, "then": {"assign": "grid_head"}}
    )
    told["limits"] = {
        "name": "limits",
        "hit_policy": "P",
        "inputs": [{"name": "urgency", "kind": "text"}],
        "rows": [{"id": "L-danger", "priority": 10, "when": {"urgency": "urgent"}, "then": URGENT}],
    }
    return Street(a_book(rulebook=Rulebook.model_validate(told)))


def a_pothole(street: Street) -> Case:
    return street.report(ON_S1, at=T0, text="路面有坑")


def test_an_answer_that_tells_of_danger_makes_the_case_urgent() -> None:
    """It is routed as an urgent one, its clocks count from that word, and timeline and deadline say so."""
    street = a_street()
    case = street.act(a_pothole(street), Act.ANSWER, "patrol-1", note=HURT, at=T0 + DAY - HOUR)
    told_ms = T0 + DAY - HOUR
    assert (case.urgent_by, case.assignee, case.state) == ((UrgentBy.WORDS,), "head-1", State.DISPATCHED)
    assert (case.dispatched_ms, case.urgent_ms, case.due_ms) == (T0, told_ms, told_ms + 4 * HOUR)
    assert case.deadlines[Deadline.RESPOND] == told_ms + HOUR
    assert street.types(case)[-3:] == [E.ANSWERED, E.CORRECTED, E.DISPATCHED]
    because = next(d.because for d in reversed(street.drafts) if d.type is E.CORRECTED)
    assert because is not None
    assert because.zh == "测试patrol-1说到“受伤”，此案转为紧急。"
    words = due_words(case)
    assert words is not None
    assert (words.zh, words.en) == ("自得知险情起4紧急工作时", "4 urgent hours from when danger was reported")


@pytest.mark.parametrize(
    ("act", "by"), [(Act.URGE, "office"), (Act.CONTACT, "owner-1"), (Act.RAISE, "owner-1")], ids=str
)
def test_whoever_tells_of_it_is_heard(act: Act, by: str) -> None:
    street = a_street()
    case = street.act(a_pothole(street), act, by, note=HURT, at=T0 + HOUR)
    assert (case.urgent_by, case.due_ms) == ((UrgentBy.WORDS,), T0 + 5 * HOUR)


def test_not_fixed_and_somebody_hurt_is_urgent_again() -> None:
    street = a_street()
    case = street.act(a_pothole(street), Act.RESOLVE, "owner-1", photos=(CLEAN,))
    case = street.act(case, Act.REJECT, "patrol-1", note=HURT, at=T0 + HOUR)
    assert (case.state, case.assignee, case.due_ms) == (State.DISPATCHED, "head-1", T0 + 5 * HOUR)


def test_danger_ends_a_pause() -> None:
    street = a_street()
    case = street.act(a_pothole(street), Act.REQUEST_PAUSE, "owner-1", hours=48, note="等料")
    case = street.act(case, Act.APPROVE, "lane-chief")
    case = street.act(case, Act.ANSWER, "patrol-1", note=HURT, at=T0 + HOUR)
    assert (case.state, case.suspended_ms, case.due_ms) == (State.DISPATCHED, None, T0 + 5 * HOUR)
    assert E.RESUMED in street.types(case)


def test_danger_ends_the_pause_of_a_case_that_was_urgent_before() -> None:
    """The second one who is hurt is not left waiting because of the first."""
    street = a_street()
    case = street.act(
        street.report(ON_S1, at=T0, text="路面有坑，有人受伤"), Act.REQUEST_PAUSE, "head-1", hours=48, note="等料"
    )
    case = street.act(case, Act.APPROVE, "lane-chief")
    assert street.act(case, Act.ANSWER, "patrol-1", note="没有人再受伤").state is State.SUSPENDED
    case = street.act(case, Act.ANSWER, "patrol-1", note=HURT, at=T0 + HOUR)
    assert (case.state, case.due_ms) == (State.DISPATCHED, T0 + 5 * HOUR)


def test_what_was_given_to_somebody_by_hand_stays_with_them() -> None:
    street = a_street()
    case = street.act(a_pothole(street), Act.ASSIGN, "office", to="owner-2")
    case = street.act(case, Act.ANSWER, "patrol-1", note=HURT, at=T0 + HOUR)
    assert (case.assignee, case.due_ms) == ("owner-2", T0 + 5 * HOUR)


@pytest.mark.parametrize(
    ("act", "by", "note"),
    [
        (Act.ANSWER, "patrol-1", "没有人受伤"),
        (Act.ANSWER, "patrol-1", "nobody was injured"),
        (Act.ASK, "owner-1", "有人受伤吗"),
        (Act.ANSWER, "owner-1", "受伤的人已送医"),
        (Act.REQUEST_EXTENSION, "owner-1", "工人受伤"),
    ],
)
def test_denials_questions_and_what_was_done_change_nothing(act: Act, by: str, note: str) -> None:
    street = a_street()
    case = a_pothole(street)
    after = street.act(case, act, by, note=note, hours=2 if act is Act.REQUEST_EXTENSION else None)
    assert (after.urgent_by, after.assignee, after.due_ms) == ((), "owner-1", case.due_ms)


def test_an_urgent_case_is_not_decided_again() -> None:
    street = a_street()
    case = street.report(ON_S1, at=T0, text="路面有坑，有人受伤")
    after = street.act(case, Act.ANSWER, "patrol-1", note=HURT, at=T0 + HOUR)
    assert (after.due_ms, E.CORRECTED in street.types(after)) == (case.due_ms, False)


@settings(max_examples=60, deadline=None)
@given(days=st.integers(1, 12), later_h=st.integers(0, 300), extended=st.booleans())
def test_no_deadline_ends_later_by_it_and_none_before_it_was_told(days: int, later_h: int, extended: bool) -> None:
    """Whatever was granted before; a case that is late already stays late."""
    street = a_street(resolve=f"{days}d")
    case = a_pothole(street)
    if extended:
        case = street.act(case, Act.REQUEST_EXTENSION, "owner-1", hours=30, note="等料")
        case = street.act(case, Act.APPROVE, "lane-chief")
    told_ms = T0 + later_h * HOUR
    street.wait_until(told_ms)
    before = street.cases[case.number]
    after = street.act(case, Act.ANSWER, "patrol-1", note=HURT, at=told_ms)
    assert before.due_ms is not None
    assert after.due_ms == min(before.due_ms, told_ms + 4 * HOUR)
    assert set(before.missed) <= set(after.missed)
    assert all(at >= told_ms for at in after.deadlines.values())
    assert all(at <= before.deadlines.get(name, at) for name, at in after.deadlines.items())


def test_a_correction_afterwards_still_counts_from_the_danger() -> None:
    street = a_street()
    case = street.act(a_pothole(street), Act.ANSWER, "patrol-1", note=HURT, at=T0 + DAY)
    case = street.act(case, Act.CORRECT, "office", category="dirty", at=T0 + DAY + HOUR)
    assert (case.urgent_by, case.due_ms) == ((UrgentBy.WORDS,), T0 + DAY + 4 * HOUR)
