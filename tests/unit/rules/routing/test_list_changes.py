"""The list changes by proposal: from the front line, decided by a second person, and effective from a day on."""

from datetime import date, timedelta
from typing import Any

import pytest

from rules.routing.list_changes import with_change
from schemas.case import Case, State
from schemas.command import Act, Outcome
from schemas.event import EventType
from schemas.items import Item, Life
from schemas.rights import possible
from schemas.rulebook import Rulebook
from tests.worlds.street import Street, a_book, a_region, a_rulebook

HANDLED = {"id": "I3", "name": {"zh": "办证", "en": "Permits"}, "verdict": "handle", "lead": "water"}


def a_street() -> Street:
    region = a_region().model_dump(mode="json")
    for person in ("keeper-1", "keeper-2"):
        region["persons"].append({"id": person, "name": {"zh": person}, "roles": ["list_steward"]})
    return Street(a_book(a_region().model_validate(region)))


def proposal(street: Street, change: dict[str, Any] | None = None, **more: Any) -> Case:
    told = {"name": "p1", "text": "居民多次申请", "change": HANDLED if change is None else change, **more}
    return street.report(**told)


def code(street: Street) -> object:
    return street.drafts[-1].facts["code"]


def test_a_proposal_is_a_case_that_the_list_steward_has() -> None:
    street = a_street()
    case = proposal(street)
    assert (case.state, case.assignee, case.gap) == (State.DISPATCHED, "keeper-1", False)
    assert street.drafts[-1].because is not None
    assert street.drafts[-1].because.code == "list_change"


def test_without_a_list_steward_the_fallback_owner_has_it() -> None:
    case = proposal(Street())
    assert (case.assignee, case.gap) == ("fallback", True)


def test_a_second_person_approves_and_it_is_over() -> None:
    street = a_street()
    case = street.act(proposal(street), Act.APPROVE_CHANGE, "keeper-2", note="已有两名申请人")
    assert (case.state, case.change_approved, case.outcome) == (State.CLOSED, True, Outcome.FIXED)
    assert EventType.LIST_CHANGE_APPROVED in street.types(case)
    assert case.change == HANDLED


def test_an_approval_says_from_which_day_on_the_change_holds() -> None:
    """That of the act unless another is named; not one that has passed."""
    street = a_street()
    today = street.book.day(street.t_ms)
    case = street.act(proposal(street), Act.APPROVE_CHANGE, "keeper-2")
    assert (case.change_approved, case.change_from) == (True, today)
    later = street.act(proposal(street, name="p2"), Act.APPROVE_CHANGE, "keeper-2", day=today + timedelta(days=9))
    assert later.change_from == today + timedelta(days=9)
    assert street.drafts[-2].facts["from"] == later.change_from.isoformat()
    past = street.act(proposal(street, name="p3"), Act.APPROVE_CHANGE, "keeper-2", day=today - timedelta(days=1))
    assert (past.change_approved, past.change_from, code(street)) == (None, None, "change_day_passed")


def test_a_second_person_denies_and_the_list_stays() -> None:
    street = a_street()
    case = street.act(proposal(street), Act.DENY_CHANGE, "office")
    assert (case.state, case.change_approved, case.outcome) == (State.CLOSED, False, Outcome.NOTHING_FOUND)


def test_nobody_approves_their_own_proposal() -> None:
    street = a_street()
    case = proposal(street, by="keeper-2")
    street.act(case, Act.APPROVE_CHANGE, "keeper-2")
    assert code(street) == "second_person"
    street.act(case, Act.APPROVE_CHANGE, "owner-1")
    assert code(street) == "no_steward"
    assert street.act(case, Act.APPROVE_CHANGE, "keeper-1").change_approved


def test_its_owner_does_not_resolve_it_like_a_pothole() -> None:
    street = a_street()
    street.act(proposal(street), Act.RESOLVE, "keeper-1")
    assert code(street) == "change_undecided"


def test_what_is_no_item_is_refused() -> None:
    assert proposal(a_street(), {"id": "I3"}).state is State.REFUSED


def test_a_proposal_is_no_duplicate_of_what_it_is_about() -> None:
    street = a_street()
    street.report(text="坑", name="first")
    assert proposal(street, text="坑").state is State.DISPATCHED


def test_no_problem_is_joined_to_a_proposal() -> None:
    street = a_street()
    proposal(street, text="坑")
    assert street.report(text="坑", name="later").state is State.DISPATCHED


def test_a_case_that_proposes_nothing_has_nothing_to_approve() -> None:
    street = a_street()
    street.act(street.report(), Act.APPROVE_CHANGE, "keeper-1")
    assert code(street) == "no_change"


def test_the_new_version_holds_from_its_day_and_the_old_one_until_then() -> None:
    day = date(2026, 12, 1)
    item = Item.model_validate({**HANDLED, "life": "proposed"})
    changed = with_change(a_rulebook(), item, day)
    old, new = (each for each in changed.items if each.id == "I3")
    assert (old.verdict, old.valid_to, new.verdict, new.valid_from) == ("refuse", day, "handle", day)
    again = with_change(changed, item.model_copy(update={"basis": "2"}), day)
    assert [each.basis for each in again.items if each.id == "I3"] == ["", "2"]


def suspended(**more: Any) -> Street:
    """The water's item is suspended, on a list with these fields changed."""
    plain = a_rulebook().model_dump(mode="json")
    water = next(each for each in plain["items"] if each["id"] == "I2")
    water |= {"life": "suspended", "redirect": more.get("redirect")}
    plain["items"] += more.get("items", [])
    return Street(a_book(rulebook=a_rulebook().model_validate(plain)))


def test_a_suspended_item_leaves_its_cases_to_the_fallback_owner() -> None:
    """As the check says, and as a gap that shows; never to a row as if nothing had happened."""
    case = suspended().report(text="漏水")
    assert (case.state, case.assignee, case.gap, case.item) == (State.DISPATCHED, "fallback", True, "I2")


def test_or_to_the_level_that_handles_it() -> None:
    other = {"id": "I2", "level": "district", "name": {"zh": "供水"}, "verdict": "handle", "lead": "water"}
    case = suspended(items=[other]).report(text="漏水")
    assert (case.assignee, case.department and case.department.code, case.gap) == ("water-desk", "water", False)


def test_or_it_is_refused_to_whom_the_list_names() -> None:
    street = suspended(redirect={"name": {"zh": "示例水务", "en": "Sample water"}, "phone": "000"})
    case = street.report(text="漏水")
    assert case.state is State.REFUSED
    assert street.drafts[-1].because is not None
    assert "Sample water" in street.drafts[-1].because.en


def test_an_item_is_suspended_by_a_proposal_and_resumed_by_another() -> None:
    day, later = date(2026, 12, 1), date(2026, 12, 8)
    item = next(each for each in a_rulebook().items if each.id == "I2")
    once = with_change(a_rulebook(), item.model_copy(update={"life": Life.SUSPENDED}), day)
    again = with_change(once, item, later)

    def lives(when: date) -> list[str]:
        return [
            each.life.value for each in again.items if each.id == "I2" and (each.holds_on(when) or each.rests_on(when))
        ]

    assert lives(date(2026, 11, 30)) == ["active"]
    assert lives(day) == ["suspended"]
    assert "active" in lives(later)


def test_a_resident_drafts_no_list() -> None:
    street = a_street()
    case = proposal(street, by="resident-9")
    assert (case.state, street.drafts[-1].facts["code"]) == (State.REFUSED, "may_not_propose")


def test_what_would_fail_the_check_cannot_be_approved() -> None:
    """Nothing is decided by it: the proposal waits for a better one, or to be denied."""
    street = a_street()
    wrong = {**HANDLED, "verdict": "refuse", "lead": None, "redirect": None}
    case = street.act(proposal(street, wrong), Act.APPROVE_CHANGE, "keeper-2")
    assert (case.state, case.change_approved, code(street)) == (State.DISPATCHED, None, "change_fails")
    withdrawn = {"id": "I1", "name": {"zh": "路面保洁"}, "verdict": "handle", "life": "withdrawn"}
    street.act(proposal(street, withdrawn, name="p2"), Act.APPROVE_CHANGE, "keeper-2")
    assert code(street) == "change_fails"
    resting = street.act(proposal(street, withdrawn | {"life": "suspended"}, name="p3"), Act.APPROVE_CHANGE, "keeper-2")
    assert resting.change_approved


def test_a_proposal_keeps_what_was_in_force_on_its_day() -> None:
    before = {"id": "I3", "name": {"zh": "办证"}, "verdict": "refuse"}
    assert proposal(a_street(), change_before=before).change_before == before
    assert proposal(a_street(), change_before={}).change_before == {}
    assert proposal(a_street()).change_before is None


def test_a_proposal_goes_to_somebody_else_who_can_decide_it() -> None:
    """Not to its own proposer, who would have it and could not decide it; returned, to the next who can."""
    street = a_street()
    case = proposal(street, by="keeper-1")
    assert case.assignee == "keeper-2"
    street.act(case, Act.ASSIGN, "office", to="keeper-1")
    assert code(street) == "cannot_answer"
    case = street.act(case, Act.RETURN, "keeper-2", reason="wrong_trade", note="请街道定")
    assert (case.assignee, case.gap) == ("office", False)


ASIDE: dict[Act, dict[str, Any]] = {
    Act.RESOLVE: {}, Act.HAND_ON: {"to": "cleaner-1"}, Act.RAISE: {}, Act.CORRECT: {"category": "leak"},
    Act.WHISTLE: {"cite": "W1"}, Act.MERGE: {"to": "R1-G1-2611-00001"},
}  # fmt: skip


@pytest.mark.parametrize("act", ASIDE)
@pytest.mark.parametrize("by", ["keeper-1", "office"])
def test_no_act_takes_a_proposal_from_those_who_decide_about_the_list(act: Act, by: str) -> None:
    street = a_street()
    street.report(by="patrol-1", name="other")
    case = proposal(street)
    after = street.act(case, act, by, **{"note": "说明", **ASIDE[act]})
    assert code(street) in {"change_undecided", "not_allowed"}
    assert (after.assignee, after.state) == (case.assignee, case.state)
    assert act not in possible(after)


def test_no_case_is_joined_to_a_proposal_by_hand() -> None:
    street = a_street()
    case, other = proposal(street), street.report(by="patrol-1", name="other")
    street.act(other, Act.MERGE, "office", to=case.number)
    assert code(street) == "not_a_master"


STEPS: list[dict[str, Any]] = [
    {"id": "talk", "name": {"zh": "集体讨论", "en": "Discussion"}, "roles": ["list_steward"]},
    {"id": "law", "name": {"zh": "法制审核", "en": "Legal check"}, "persons": ["office"]},
]


def stepped() -> Street:
    """A street whose list changes are talked about and checked by law before somebody approves them."""
    street = a_street()
    rulebook = street.book.rulebook.model_dump(mode="json")
    rulebook["policy"]["change_steps"] = STEPS
    return Street(a_book(street.book.region, Rulebook.model_validate(rulebook)))


def test_a_change_goes_through_its_steps_and_is_approved_at_the_end() -> None:
    """Each yes is recorded with who, when and why, and the case is with whoever is next; the last says from when."""
    street = stepped()
    case = proposal(street)
    assert (case.assignee, case.gap, [each.id for each in case.change_steps]) == ("keeper-1", False, ["talk", "law"])
    case = street.act(case, Act.APPROVE_CHANGE, "keeper-2", note="三次申请")
    assert (case.state, case.assignee, case.change_approved) == (State.DISPATCHED, "office", None)
    case = street.act(case, Act.APPROVE_CHANGE, "office", note="合法")
    assert case.assignee == "keeper-1"
    assert [(each.id, each.by) for each in case.change_steps] == [("talk", "keeper-2"), ("law", "office")]
    assert {each.note for each in case.change_steps} <= {each.id for each in case.texts}
    today = street.book.day(street.t_ms)
    case = street.act(case, Act.APPROVE_CHANGE, "keeper-2", day=today)
    assert (case.state, case.change_approved, case.change_from) == (State.CLOSED, True, today)
    assert street.types(case).count(EventType.LIST_CHANGE_AGREED) == 2
    agreed = [each.because for each in street.drafts if each.type is EventType.LIST_CHANGE_AGREED]
    assert [each and each.en for each in agreed] == [
        "keeper-2 agrees in the step “Discussion” to change the item “Permits”.",
        "Test office agrees in the step “Legal check” to change the item “Permits”.",
    ]


def test_in_a_step_only_those_whose_step_it_is_say_yes() -> None:
    street = stepped()
    case = proposal(street)
    street.act(case, Act.APPROVE_CHANGE, "office", note="合法")
    assert code(street) == "not_this_step"
    street.act(case, Act.APPROVE_CHANGE, case.reporter, note="我提的")
    assert code(street) == "second_person"
    street.act(case, Act.APPROVE_CHANGE, "keeper-2")
    assert code(street) == "step_why"
    case = street.act(case, Act.APPROVE_CHANGE, "keeper-1", note="同意")
    street.act(case, Act.APPROVE_CHANGE, "keeper-1", note="直接批准")
    assert code(street) == "not_this_step", "nobody approves past a step"


def test_a_no_in_a_step_ends_it_with_the_reason() -> None:
    """Of whoever has the step, or of somebody who decides about the list."""
    for by in ("office", "keeper-2"):
        street = stepped()
        case = street.act(proposal(street), Act.APPROVE_CHANGE, "keeper-1", note="同意")
        case = street.act(case, Act.DENY_CHANGE, by, note="缺少依据")
        assert (case.state, case.change_approved, case.outcome) == (State.CLOSED, False, Outcome.NOTHING_FOUND)
        assert any(each.role == "answer" and each.by == by for each in case.texts)


def test_steps_stay_as_they_were_when_the_case_was_opened() -> None:
    street = stepped()
    case = proposal(street)
    later = a_street()
    street.book = later.book
    case = street.act(case, Act.APPROVE_CHANGE, "keeper-2", note="同意")
    assert (case.change_approved, case.assignee) == (None, "office")
