"""The admission gate: a pushed task is on the list, or refused, or waits for the named approver; all of it is said."""

from typing import Any

import pytest

from schemas.case import WAITING, Case, Count, Deadline, State
from schemas.command import Act
from schemas.event import EventType
from schemas.people import Role
from schemas.report import Reporter
from schemas.rulebook import Rulebook
from tests.unit.rules.cases.test_waiting import supply
from tests.worlds.street import DAY, ON_S1, ON_S2, T0, Street, a_book, a_rulebook


def a_street(**policy: Any) -> Street:
    return Street(a_book(rulebook=a_rulebook(**policy)))


def with_approver() -> Street:
    return a_street(off_list="approve", approver="street-chief", admission_lapses="2d")


def pushed(street: Street, item: str | None, *, text: str = "漏水", **more: Any) -> Case:
    return street.report(pushed_by="water", item=item, text=text, **more)


def test_a_task_that_is_on_the_list_passes() -> None:
    street = a_street()
    case = pushed(street, "I2")
    assert (case.state, case.pushed_by, case.item) == (State.DISPATCHED, "water", "I2")


@pytest.mark.parametrize(
    ("item", "text", "code"),
    [
        ("ghost", "漏水", "not_admitted"),
        ("I3", "办证", "not_admitted_refused"),
        (None, "漏水", "not_admitted_uncited"),
        ("I1", "路面油污", "not_admitted_of_another"),
        ("I2", "请每周统计商户", "not_admitted_unfit"),
        ("I2", "请清扫路面油污", "not_admitted_unfit"),
    ],
)
def test_one_that_is_not_is_refused_with_the_item_cited(item: str | None, text: str, code: str) -> None:
    """Not on the list, refused by it, naming no item, another's item, or one that is about something else."""
    street = a_street()
    case = pushed(street, item, text=text)
    assert case.item == item, "what was cited stays on the case"
    assert case.state is State.REFUSED
    assert street.counts() == {Count.REFUSED: 1}
    said = street.drafts[-1].because
    assert said is not None
    assert said.code == code
    assert "供水" in said.zh
    assert "Water" in said.en


def test_what_a_citizen_reports_is_no_pushed_task() -> None:
    assert a_street().report(text="坑").state is State.DISPATCHED


def test_the_named_approver_admits_it_and_both_are_events() -> None:
    street = with_approver()
    case = pushed(street, "ghost")
    assert case.state in WAITING
    assert case.deadlines == {Deadline.ADMISSION: T0 + 2 * DAY}
    assert street.counts() == {Count.WAITING: 1}
    street.act(case, Act.ADMIT, "office")
    assert street.drafts[-1].facts["code"] == "not_allowed"
    case = street.act(case, Act.ADMIT, "street-chief", note="同意")
    assert (case.state, case.admitted) == (State.DISPATCHED, True)
    kinds = street.types(case)
    assert (
        kinds.index(EventType.ADMISSION_REQUESTED) < kinds.index(EventType.ADMITTED) < kinds.index(EventType.DISPATCHED)
    )


def test_correcting_what_waits_for_words_does_not_lead_past_the_gate() -> None:
    """The department cited that item, whatever its category is found to be."""
    street = with_approver()
    case = street.act(pushed(street, "ghost", text=""), Act.CORRECT, "office", category="leak")
    assert (case.category, case.item, case.deadlines) == ("leak", "ghost", {Deadline.ADMISSION: T0 + 2 * DAY})


def test_the_list_does_not_refuse_again_what_was_admitted() -> None:
    """Its words say a permit, which the list refuses to this level; somebody answerable has decided otherwise."""
    street = with_approver()
    case = street.act(pushed(street, "I3", text="办证"), Act.ADMIT, "street-chief")
    assert (case.state, case.admitted, case.item) == (State.DISPATCHED, True, "I3")
    assert street.act(case, Act.CORRECT, "supervisor", category="permit").state is State.DISPATCHED


def test_who_covers_for_the_approver_admits_as_well() -> None:
    street = with_approver()
    case = pushed(street, "ghost")
    street.away("street-chief", "lane-chief")
    assert street.act(case, Act.ADMIT, "lane-chief").state is State.DISPATCHED


def test_the_approver_turns_it_away_and_it_is_refused() -> None:
    street = with_approver()
    case = street.act(pushed(street, "ghost"), Act.TURN_AWAY, "street-chief", note="不属本级")
    assert case.state is State.REFUSED
    assert case.texts[-1].by == "street-chief"


def test_what_nobody_admits_is_refused_in_the_end() -> None:
    street = with_approver()
    case = pushed(street, "ghost")
    street.wait_until(T0 + 2 * DAY + 1)
    assert street.cases[case.number].state is State.REFUSED
    assert street.drafts[-1].because is not None
    assert street.drafts[-1].because.code == "nobody_admitted"


def test_a_task_that_waits_for_its_place_comes_to_the_gate_afterwards() -> None:
    street = a_street()
    case = street.report(None, pushed_by="water", item="ghost", text="漏水")
    assert case.state is State.NEEDS_INFORMATION
    supply(street, place=ON_S2)
    [moved] = [each for each in street.cases.values() if each.moved_from == case.number]
    assert (moved.state, moved.pushed_by) == (State.REFUSED, "water")


def test_a_task_that_repeats_an_open_case_joins_it() -> None:
    raw = a_rulebook().model_dump(mode="json")
    raw["items"][0]["assists"] = ["water"]
    street = Street(a_book(rulebook=Rulebook.model_validate(raw)))
    street.report(ON_S1, name="first")
    case = street.report(ON_S1, name="second", pushed_by="water", item="I1")
    assert case.state is State.MERGED


def test_a_task_that_the_gate_holds_is_not_swallowed_by_an_open_case() -> None:
    street = a_street()
    street.report(ON_S1, text="坑", name="first")
    assert street.report(ON_S1, text="坑", name="second", pushed_by="water", item="ghost").state is State.REFUSED


def test_what_the_list_refuses_and_what_is_not_on_it_are_two_sentences() -> None:
    said = []
    for item in ("ghost", "I3"):
        street = with_approver()
        pushed(street, item, text="办证")
        why = street.drafts[-1].because
        assert why is not None
        said.append((why.zh, why.en))
    assert ("不在本级清单内" in said[0][0], "not handled here" in said[1][1]) == (True, True)
    assert said[0][0].replace("ghost", "") != said[1][0].replace("办证", "")


@pytest.mark.parametrize("text", ["楼道水管漏水", "请核查供水情况", "漏水，路面油污很多"])
def test_words_or_category_make_an_item_fit(text: str) -> None:
    """Also where other words weigh more, or only the item's name is said."""
    assert pushed(a_street(), "I2", text=text).state is State.DISPATCHED


def with_item(assists: tuple[str, ...] = ("water",)) -> Street:
    """I4 is an item to which no category leads; the department assists."""
    raw = a_rulebook().model_dump(mode="json")
    raw["items"].append({"id": "I4", "name": {"zh": "商户台账", "en": "Shop register"}, "verdict": "handle",
                         "lead": "street", "assists": assists})  # fmt: skip
    return Street(a_book(rulebook=Rulebook.model_validate(raw)))


def test_a_department_that_assists_is_named_and_a_part_of_the_name_fits_where_no_category_leads_there() -> None:
    assert pushed(with_item(), "I4", text="请核查商户").state is State.DISPATCHED
    assert pushed(with_item(), "I4", text="请更新 register").state is State.DISPATCHED
    assert pushed(with_item(), "I4", text="请打印材料").state is State.REFUSED
    assert pushed(with_item(()), "I4", text="请核查商户").state is State.REFUSED


def test_the_cited_item_stays_when_it_is_routed_by_another() -> None:
    street = with_item()
    case = pushed(street, "I4", text="漏水，请核查商户台账")
    assert (case.state, case.category, case.item) == (State.DISPATCHED, "leak", "I4")
    street.act(case, Act.CORRECT, "office", category="pothole")
    assert street.cases[case.number].item == "I4"


@pytest.mark.parametrize("guise", ["department_officer", "resident", "patroller"])
@pytest.mark.parametrize("text", ["请每周统计商户并上报", "请街道代为办证"])
def test_an_officers_task_without_the_departments_name_is_recognised(guise: Role, text: str) -> None:
    """Whatever they call themselves; it waits for the approver as if it had been said."""
    raw = a_rulebook(off_list="approve", approver="street-chief").model_dump(mode="json")
    raw["categories"][-1]["item"] = "I1"  # what is filed under the rest has cited nothing
    street = Street(a_book(rulebook=Rulebook.model_validate(raw)))
    case = street.report(text=text, reporter=Reporter(id="water-desk", kind=guise))
    assert (case.pushed_by, case.state, Deadline.ADMISSION in case.deadlines) == ("water", State.SUBMITTED, True)
    why = street.drafts[-1].because
    assert why is not None
    assert (case.item, why.code) in {(None, "needs_admission_uncited"), ("I3", "needs_admission_refused")}


@pytest.mark.parametrize(
    "told",
    [
        {"text": "坑"},
        {"text": "漏水"},
        {"text": "请问怎么办理", "kind": "question"},
        {"text": "服务态度不好", "kind": "complaint"},
    ],
)
def test_an_officer_may_report_a_problem_ask_or_complain_like_anybody(told: dict[str, Any]) -> None:
    rulebook = a_rulebook().model_dump(mode="json")
    rulebook["categories"][1]["item"] = "I1"
    street = Street(a_book(rulebook=Rulebook.model_validate(rulebook)))
    case = street.report(by="water-desk", **told)
    assert (case.pushed_by, case.state) == (None, State.DISPATCHED)


def test_an_officer_who_asks_the_street_for_a_service_pushes_a_task_down() -> None:
    assert a_street().report(by="water-desk", text="漏水", kind="service_request").pushed_by == "water"
    assert with_approver().report(by="patrol-1", text="请每周统计商户").pushed_by is None
