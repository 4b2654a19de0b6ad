"""What is added to a case that somebody works on: danger decides it again, and what is not certain is looked at."""

from typing import Any

import pytest

from schemas.case import Alert, Case, Deadline, State, UrgentBy
from schemas.command import Act, Supply
from schemas.event import EventType
from schemas.rulebook import Rulebook
from tests.worlds.street import CLEAN, DAY, HOUR, T0, Street, a_book, a_rulebook

HURT = "刚才有人在这里受伤"
DENIED = "没有人受伤"


def a_street() -> Street:
    told: dict[str, Any] = a_rulebook(urgent_words=["受伤", "injured"]).model_dump(mode="json")
    told["routing"]["inputs"].append("urgency")
    told["routing"]["rows"] += [
        {"id": "R-danger", "priority": 5, "when": {"urgency": "urgent"}, "then": {"assign": "grid_head"}},
        {
            "id": "R-offer",
            "priority": 9,
            "when": {"category": "leak"},
            "then": {"assign": "department", "offer": "workers"},
        },
    ]
    told["limits"] = {
        "name": "limits",
        "hit_policy": "F",
        "inputs": ["urgency"],
        "rows": [{"id": "now", "priority": 1, "when": {"urgency": "urgent"}, "then": {"resolve": "4uh"}}],
        "default": {"resolve": "5d"},
    }
    return Street(a_book(rulebook=Rulebook.model_validate(told)))


def add(street: Street, case: Case, text: str, *, at: int) -> Case:
    """What its reporter adds by the form for more information, not by an answer."""
    command = Supply(id=f"s{at}", home=case.home, report=case.report, by=case.reporter, text=text)
    street.apply(command, at)
    return street.cases[case.number]


def code(street: Street) -> str | None:
    told = next(draft.because for draft in reversed(street.drafts) if draft.type is EventType.CORRECTED)
    return None if told is None else told.code


def test_what_its_reporter_adds_makes_a_running_case_urgent() -> None:
    street = a_street()
    case = add(street, street.report(text="坑"), HURT, at=T0 + HOUR)
    assert (case.urgent_by, case.assignee, case.due_ms) == ((UrgentBy.WORDS,), "head-1", T0 + 5 * HOUR)
    assert (case.alerts, code(street)) == ((), "danger_told")


def test_it_ends_a_pause() -> None:
    street = a_street()
    case = street.act(street.report(text="坑"), Act.REQUEST_PAUSE, "owner-1", hours=48, note="等料")
    case = add(street, street.act(case, Act.APPROVE, "lane-chief"), HURT, at=T0 + HOUR)
    assert (case.state, case.suspended_ms, case.due_ms) == (State.DISPATCHED, None, T0 + 5 * HOUR)


def test_what_is_on_offer_goes_to_somebody_at_once() -> None:
    street = a_street()
    case = street.report(text="漏水")
    assert case.offer is not None
    case = add(street, case, HURT, at=T0 + HOUR)
    assert (case.state, case.offer, case.assignee) == (State.DISPATCHED, None, "head-1")


@pytest.mark.parametrize("supplied", [True, False])
def test_what_is_not_certain_is_shown_to_whoever_has_it(supplied: bool) -> None:
    street = a_street()
    case = street.report(text="坑")
    due_ms = case.due_ms
    if supplied:
        case = add(street, case, DENIED, at=T0 + HOUR)
    else:
        case = street.act(case, Act.ANSWER, "patrol-1", note=DENIED, at=T0 + HOUR)
    assert (case.urgent_by, case.due_ms, case.alerts, code(street)) == ((), due_ms, (Alert.DANGER,), "danger_doubted")
    assert street.drafts[-1].facts["to"] == "owner-1"
    assert street.drafts[-1].facts["danger_words"] == ("受伤",)
    count = len(street.drafts)
    case = add(street, case, DENIED, at=T0 + 2 * HOUR)
    assert len(street.drafts) == count + 1, "it is shown once"
    assert add(street, case, HURT, at=T0 + 3 * HOUR).urgent_by == (UrgentBy.WORDS,)


def test_danger_after_the_work_is_looked_at_before_the_case_closes_by_itself() -> None:
    """Thanks for what was repaired reads like danger that is still there, so nothing is decided."""
    street = a_street()
    case = street.act(street.report(text="坑"), Act.RESOLVE, "owner-1", photos=(CLEAN,))
    closes_ms = case.deadlines[Deadline.VERIFY]
    case = add(street, case, HURT, at=T0 + DAY)
    assert (case.state, case.alerts, code(street)) == (State.RESOLVED, (Alert.DANGER,), "danger_done")
    assert case.deadlines[Deadline.VERIFY] == closes_ms + DAY


def test_a_follower_who_is_not_certain_asks_whoever_has_the_master() -> None:
    street = a_street()
    master = street.report(text="坑")
    follower = street.report(text="坑", name="r2", by="patrol-2", at=T0 + 1)
    assert follower.master == master.number
    follower = add(street, follower, DENIED, at=T0 + HOUR)
    assert (follower.state, street.cases[master.number].alerts) == (State.MERGED, (Alert.DANGER,))
    follower = add(street, follower, HURT, at=T0 + 2 * HOUR)
    assert (follower.master, follower.assignee) == (None, "head-1")
