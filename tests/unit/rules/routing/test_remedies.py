"""A standing remedy: proposed by somebody above the grid, one at a time, routed by the list, apart from its cases."""

from typing import Any

import pytest

from rules.routing.remedies import open_remedy
from schemas.case import Case, Deadline, State
from schemas.command import Act
from schemas.remedy import Remedy
from schemas.rights import possible
from tests.worlds.street import DAY, ON_S2, PHOTO, T0, Street, a_book, a_rulebook

BINS = Remedy(
    segment="S1", category="dirty", kind="problem", from_ms=T0 - 30 * DAY, until_ms=T0, count=9,
    cases=("R1-G1-2611-00001",),
)  # fmt: skip


def proposed(street: Street, name: str = "remedy", by: str = "lane-chief", **more: Any) -> Case:
    told: dict[str, Any] = {"category": "dirty", "text": "每天冲洗两次", "remedy": BINS, **more}
    return street.report(name=name, by=by, **told)


def code(street: Street) -> object:
    because = street.drafts[-1].because
    return because and because.code


def test_the_list_says_who_has_it_and_the_policy_by_when() -> None:
    street = Street(a_book(rulebook=a_rulebook(remedy_within="20d")))
    case = proposed(street)
    assert (case.state, case.assignee, case.remedy) == (State.DISPATCHED, "owner-1", BINS)
    assert code(street) == "segment_owner"
    assert (case.due_ms, case.deadlines[Deadline.ACCEPT]) == (street.t_ms + 20 * DAY, street.t_ms + DAY // 24)
    assert case.limits is not None
    assert (case.limits.respond, case.limits.resolve) == ("2h", "20d")


def test_the_usual_limit_leaves_the_address_of_a_list_as_it_was() -> None:
    assert "remedy_within" not in a_rulebook().model_dump(mode="json")["policy"]
    assert a_rulebook(remedy_within="20d").model_dump(mode="json")["policy"]["remedy_within"] == "20d"


def test_where_the_department_has_the_category_its_desk_has_the_remedy() -> None:
    street = Street()
    case = proposed(street, category="leak", remedy=BINS.model_copy(update={"category": "leak"}))
    assert (case.assignee, case.department and case.department.code) == ("water-desk", "water")


@pytest.mark.parametrize("by", ["patrol-1", "owner-1", "water-desk", "inspector", "nobody"])
def test_who_is_not_above_the_grid_proposes_none(by: str) -> None:
    street = Street()
    assert proposed(street, by=by).state is State.REFUSED
    assert code(street) == "may_not_remedy"


def test_who_covers_for_somebody_above_it_may() -> None:
    street = Street()
    street.away("lane-chief", "patrol-1")
    assert proposed(street, by="patrol-1").state is State.DISPATCHED


def test_one_is_open_for_a_segment_and_category_at_a_time() -> None:
    street = Street()
    first = proposed(street)
    assert proposed(street, "again", "office").state is State.REFUSED
    assert street.drafts[-1].because is not None
    assert first.number in street.drafts[-1].because.en
    assert proposed(street, "beside", place=ON_S2).state is State.DISPATCHED
    street.act(first, Act.RESOLVE, "owner-1", photos=(PHOTO,))
    street.act(first, Act.VERIFY, "lane-chief")
    later = proposed(street, "later")
    assert later.state is State.DISPATCHED
    assert open_remedy(later, street) is None


def test_a_proposal_that_comes_again_is_one_case() -> None:
    street = Street()
    case, events = proposed(street), len(street.drafts)
    assert proposed(street) == case
    assert len(street.drafts) == events


def test_it_is_no_duplicate_and_nothing_is_joined_to_it() -> None:
    street = Street()
    problem = street.report(name="first", text="油污")
    remedy = proposed(street, text="油污太多")
    later = street.report(name="later", text="油污")
    assert (remedy.state, later.master) == (State.DISPATCHED, problem.number)
    other = Street()
    proposed(other, text="油污太多")
    apart = other.report(name="later", text="油污")
    assert apart.state is State.DISPATCHED
    other.act(apart, Act.MERGE, "owner-1", to=next(iter(other.cases)))
    assert code(other) == "not_a_master"


def test_words_of_danger_in_it_report_none() -> None:
    street = Street(a_book(rulebook=a_rulebook(urgent_words=["摔伤"])))
    case = proposed(street, text="多人摔伤过，每天冲洗")
    assert (case.urgent_by, case.alerts) == ((), ())
    street.act(case, Act.ANSWER, "lane-chief", note="昨天又有人摔伤")
    assert street.cases[case.number].urgent_by == ()


@pytest.mark.parametrize("act", [Act.CORRECT, Act.MERGE])
def test_what_it_is_for_stays(act: Act) -> None:
    street = Street()
    case = proposed(street)
    assert act not in possible(case)
    street.act(case, act, "owner-1", category="pothole", to="R1-G1-2611-00009")
    assert code(street) == "not_for_remedies"


def test_it_is_not_offered_to_volunteers() -> None:
    rulebook = a_rulebook().model_dump(mode="json")
    rulebook["routing"]["rows"][0]["then"]["offer"] = "volunteers"
    street = Street(a_book(rulebook=a_rulebook().model_validate(rulebook)))
    assert street.report(name="other", text="油污").state is State.SUBMITTED
    assert proposed(street).state is State.DISPATCHED
