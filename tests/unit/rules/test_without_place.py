"""What needs no place goes at once to whom the list names; a past without places can be closed."""

from typing import Any

import pytest

from rules.decide import questions
from schemas.case import Case, Count, State, share_of
from schemas.command import Act, Open, Record, RecordWhat, Trouble
from schemas.event import EventType
from schemas.place import Candidate, PlaceGiven
from schemas.rulebook import Rulebook
from tests.unit.rules.acts.test_handle import code
from tests.unit.rules.cases.test_waiting import supply
from tests.worlds.street import DAY, HOUR, ON_S1, T0, Street, a_book, a_report, a_rulebook


def a_list(**policy: Any) -> Rulebook:
    """Leaks, of which a department answers, need no place; nor do questions."""
    told = a_rulebook(**{"without_place": ["question"], **policy}).model_dump(mode="json")
    told["categories"][2] |= {"place": "optional", "limits": {"accept": "1h", "resolve": "1d"}}
    return Rulebook.model_validate(told)


def a_street(*, decides_history: bool = False) -> Street:
    return Street(a_book(rulebook=a_list(), decides_history=decides_history))


def test_it_goes_at_once_to_the_desk_that_the_list_names() -> None:
    street = a_street()
    case = street.report(None, text="漏水的服务热线打不通")
    assert (case.state, case.assignee, case.gap, case.home) == (State.DISPATCHED, "water-desk", False, "R1-U")
    assert sorted(case.deadlines.values()) == [T0 + HOUR, T0 + DAY]
    assert [draft.grid for draft in street.drafts] == ["U", "U"]


def test_a_kind_that_needs_none_goes_to_the_fallback_owner_where_the_list_asks_for_the_place() -> None:
    street = a_street()
    case = street.report(None, text="路面油污多久清洗一次？", kind="question")
    assert (case.state, case.assignee, case.gap) == (State.DISPATCHED, "fallback", True)
    why = street.drafts[-1].because
    assert why is not None
    assert (why.code, "无需地点" in why.zh, "needs no place" in why.en) == ("fallback_without_place", True, True)


def test_everything_else_still_waits_for_its_place() -> None:
    assert a_street().report(None, text="路面油污").state is State.NEEDS_INFORMATION


@pytest.mark.parametrize("reason", ["unknown_address", "ambiguous"])
def test_a_place_that_was_not_understood_holds_nothing_up(reason: str) -> None:
    street = a_street()
    trouble = Trouble(reason=reason, candidates=(Candidate(code="S1", label="测试路"),))
    report = a_report(text="漏水投诉")
    street.apply(Open(id="r1", home="R1-U", report=report, trouble=trouble), T0)
    case = street.case_of("R1-U", "r1")
    assert case is not None
    assert case.state is State.DISPATCHED


def test_a_place_that_is_known_counts() -> None:
    assert a_street().report(ON_S1, text="路面油污多久清洗？", kind="question").assignee == "owner-1"


def test_the_whole_way_to_the_end() -> None:
    street = a_street()
    case = street.report(None, text="怎么报漏水？", kind="question")
    case = street.act(case, Act.ANSWER, "water-desk", note="拨打热线", at=T0 + HOUR)
    assert case.state is State.RESOLVED
    case = street.act(case, Act.VERIFY, "patrol-1")
    [figures] = [draft.facts["figures"] for draft in street.drafts if draft.type is EventType.CLOSED]
    assert (figures["grid"], figures["segment"], figures["resolution_ms"]) == (None, None, HOUR)
    assert street.counts() == {Count.ROUTED: 1}


@pytest.mark.parametrize("act", [Act.RETURN, Act.RAISE, Act.CORRECT])
def test_what_may_be_done_to_it(act: Act) -> None:
    """Returned, raised, or filed as something else that needs no place."""
    street = a_street()
    case = street.report(None, text="漏水", kind="question")
    fields: dict[str, Any] = {
        Act.RETURN: {"reason": "wrong_trade", "note": "不归我们", "cite": "I1"},
        Act.RAISE: {"note": "请上级"},
        Act.CORRECT: {"category": "dirty"},
    }[act]
    after = street.act(case, act, "water-desk", **fields)
    if act is Act.RAISE:
        assert code(street) == "top_of_ladder"
    else:
        assert (after.state, after.assignee) == (State.DISPATCHED, "fallback")


def test_filed_as_what_needs_a_place_it_wants_one() -> None:
    street = a_street()
    case = street.report(None, text="漏水")
    street.act(case, Act.CORRECT, "office", category="dirty")
    assert code(street) == "needs_place"
    after = street.act(case, Act.CORRECT, "office", category="dirty", place=PlaceGiven(code="S1"))
    assert (after.state, after.assignee, after.home) == (State.DISPATCHED, "owner-1", "R1-U")


def test_what_waits_for_words_goes_on_with_them() -> None:
    street = a_street()
    case = street.report(None, text="", kind="question")
    assert case.state is State.NEEDS_INFORMATION
    supply(street, text="漏水找谁？")
    assert street.cases[case.number].state is State.DISPATCHED


def test_what_it_asks_of_the_matcher_is_asked_ahead() -> None:
    street = a_street()
    for text, asked in (("漏水", 1), ("油污", 0)):
        assert len(questions(Open(id="r", home="R1-U", report=a_report("r", text=text)), street)) == asked


def past(street: Street, what: RecordWhat, at_ms: int) -> Case:
    report = a_report("old", text="路面油污", door="replay")
    street.apply(Record(id=f"old/{what}", home="R1-U", what=what, report=report, at_ms=at_ms), at_ms)
    case = street.case_of("R1-U", "old")
    assert case is not None
    return case


@pytest.mark.parametrize("decides", [False, True])
def test_a_past_case_without_a_place_is_taken_and_closed(decides: bool) -> None:
    """Of the past nobody can be asked; it counts apart, under no grid."""
    street = a_street(decides_history=decides)
    case = past(street, RecordWhat.OPENED, T0)
    assert (case.state, case.place, share_of(case)) == (State.DISPATCHED, None, Count.ROUTED)
    case = past(street, RecordWhat.CLOSED, T0 + 3 * HOUR)
    assert case.state is State.CLOSED
    [figures] = [draft.facts["figures"] for draft in street.drafts if draft.type is EventType.CLOSED]
    assert (figures["grid"], figures["resolution_ms"]) == (None, 3 * HOUR)
