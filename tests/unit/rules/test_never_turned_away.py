"""Danger never ends in a routine refusal: it goes to somebody at once, whatever the list or the form lacks."""

from typing import Any

import pytest

from grid36.review.sample_rulebooks import Shape, shaped
from schemas.case import Case, State
from schemas.command import Act, Supply
from schemas.event import EventType
from schemas.items import Verdict
from schemas.report import ReportKind
from schemas.rulebook import Rulebook
from tests.worlds.street import DAY, ON_S1, Street, a_book, a_rulebook

DANGER = {"id": "R-danger", "priority": 5, "when": {"urgency": "urgent"}, "then": {"assign": "head-1"}}
OFFER = {
    "id": "R-hole",
    "priority": 10,
    "when": {"category": "pothole"},
    "then": {"assign": "office", "offer": "workers"},
}


def a_street(*rows: dict[str, Any], **policy: Any) -> Street:
    told = a_rulebook(urgent_words=["受伤"], **policy).model_dump(mode="json")
    told["routing"]["inputs"].append("urgency")
    told["routing"]["rows"] = [
        *rows,
        *(row for row in told["routing"]["rows"] if row["id"] not in {r["id"] for r in rows}),
    ]
    return Street(a_book(rulebook=Rulebook.model_validate(told)))


def code(street: Street, case: Case) -> str | None:
    """Why it is where it is."""
    told = [
        draft.because for draft in street.drafts if draft.case == case.number and draft.type is EventType.DISPATCHED
    ]
    return told[-1].code if told and told[-1] is not None else None


def test_what_the_list_refuses_goes_to_the_fallback_owner_when_it_is_urgent() -> None:
    street = a_street()
    assert street.report(text="办证", name="r0").state is State.REFUSED
    case = street.report(text="办证大厅有人受伤", category="permit")
    assert (case.state, case.assignee, case.gap, case.item) == (State.DISPATCHED, "fallback", True, "I3")
    assert code(street, case) == "urgent_not_refused"
    told = street.drafts[-1].because
    assert told is not None
    assert "示例大厅" in told.zh, "who else is to be told"
    assert "Sample hall" in told.en


def test_a_row_for_danger_names_who_goes() -> None:
    street = a_street(DANGER)
    case = street.report(text="有人受伤", category="permit")
    assert (case.assignee, case.gap, code(street, case)) == ("head-1", False, "urgent_not_refused")


@pytest.mark.parametrize("shape", [Shape.VILLAGE, Shape.TOWNSHIP, Shape.WHISTLES])
def test_no_item_of_any_list_refuses_danger(shape: Shape) -> None:
    """Every category of lists as villages, townships and districts keep them."""
    rulebook = shaped(shape)
    street = Street(a_book(rulebook=rulebook))
    for category in rulebook.categories:
        case = street.report(name=f"r-{category.id}", text="有人受伤", category=category.id)
        assert (case.state, case.assignee is None) == (State.DISPATCHED, False), category.id
    assert Verdict.REFUSE in {item.verdict for item in rulebook.items} or shape is Shape.WHISTLES


@pytest.mark.parametrize("item", ["ghost", "I3", None, "I1"])
def test_the_gate_does_not_hold_danger(item: str | None) -> None:
    street = a_street()
    case = street.report(pushed_by="water", item=item, text="漏水，有人受伤")
    assert (case.state, case.admitted) == (State.DISPATCHED, True)
    admitted = next(draft for draft in street.drafts if draft.type is EventType.ADMITTED)
    assert (admitted.by, admitted.because and admitted.because.code) == ("system", "urgent_at_gate")


def test_danger_is_offered_to_nobody_first() -> None:
    street = a_street(OFFER)
    assert street.report(text="坑", name="r0").offer is not None
    case = street.report(text="坑，有人受伤", at=street.t_ms + 1)
    assert (case.offer, case.assignee) == (None, "office")


@pytest.mark.parametrize(
    "said", [{"text": "有人受伤"}, {"text": "", "urgent": True}, {"text": "不知道在哪", "urgent": True}]
)
def test_danger_does_not_wait_for_a_place(said: dict[str, Any]) -> None:
    """Somebody has to find out; the place that is found later decides who has it, with the words that come along."""
    street = a_street(DANGER | {"when": {"urgency": "urgent", "segment": "S1"}, "then": {"assign": "segment_owner"}})
    case = street.report(None, **said)
    assert (case.state, case.assignee, code(street, case)) == (State.DISPATCHED, "fallback", "fallback_place_unknown")
    street.apply(Supply(id="s1", home=case.home, report="r1", by="patrol-1", text="漏水", place=ON_S1), street.t_ms + 1)
    case = street.cases[case.number]
    assert (case.assignee, case.place, case.category) == ("owner-1", ON_S1, "leak")


def test_danger_does_not_wait_for_words() -> None:
    assert a_street().report(text="", urgent=True).state is State.DISPATCHED


def test_a_question_without_danger_waits_as_before() -> None:
    street = a_street(without_place=["question"])
    assert street.report(None, name="r0").state is State.NEEDS_INFORMATION
    case = street.report(None, kind=ReportKind.QUESTION, text="有人受伤怎么办")
    assert code(street, case) == "fallback_without_place"


def test_what_waited_before_this_is_dispatched_at_the_last_reminder() -> None:
    """A claim with one photo for before and after waits; nobody answers; it was urgent."""
    street = a_street()
    photo = {"digest": "ab" * 32}
    case = street.report(text="有人受伤", fixed=True, photos=[photo], after_photos=[photo])
    assert case.state is State.NEEDS_INFORMATION
    street.wait_until(street.t_ms + 5 * DAY)
    case = street.cases[case.number]
    assert (case.state, case.assignee) == (State.DISPATCHED, "fallback")


def test_it_is_refused_by_a_person_all_the_same() -> None:
    """What a person decides stays: a correction does not turn danger away, a withdrawal ends it."""
    street = a_street()
    case = street.report(text="坑，有人受伤")
    case = street.act(case, Act.CORRECT, "office", category="permit")
    assert (case.state, case.assignee) == (State.DISPATCHED, "fallback")
    assert street.act(case, Act.WITHDRAW, "patrol-1").state is State.CLOSED
