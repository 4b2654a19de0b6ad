"""The admission gate: a pushed task is on the list, or refused, or waits for the named approver; all of it is said."""

from typing import Any

import pytest

from schemas.case import WAITING, Case, Count, Deadline, State
from schemas.command import Act
from schemas.event import EventType
from tests.street import DAY, ON_S1, ON_S2, T0, Street, a_book, a_rulebook
from tests.unit.rules.test_waiting import supply


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


@pytest.mark.parametrize("item", ["I3", "ghost", None])
def test_one_that_is_not_is_refused_with_the_item_cited(item: str | None) -> None:
    """Refused by the list, not on it, or naming no item at all."""
    street = a_street()
    case = pushed(street, item)
    assert case.state is State.REFUSED
    assert street.counts() == {Count.REFUSED: 1}
    said = street.drafts[-1].because
    assert said is not None
    assert said.code == "not_admitted"
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
    street = a_street()
    street.report(ON_S1, text="坑", name="first")
    case = street.report(ON_S1, text="坑", name="second", pushed_by="water", item="ghost")
    assert case.state is State.MERGED
