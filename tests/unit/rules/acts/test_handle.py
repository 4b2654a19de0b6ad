"""The way to "done": acknowledge, contact, resolve, hand on, return, raise."""

from typing import Any

import pytest

from schemas.case import Deadline, State
from schemas.command import Act, Outcome, ReturnReason
from schemas.event import EventType as E
from schemas.region import Region
from schemas.report import ReportKind
from schemas.rulebook import Rulebook
from tests.unit.rules.states import in_state
from tests.worlds.street import HOUR, ON_S1, PHOTO, T0, Street, a_book, a_region, a_rulebook

MINUTE = 60_000


def code(street: Street) -> str:
    """Why the last act was refused."""
    assert street.types()[-1] is E.ACTION_REFUSED
    return str(street.drafts[-1].facts["code"])


def test_the_36_minutes() -> None:
    """Reported 7:21, done 7:57, verified: 36 minutes, no hop, in time."""
    street = Street()
    case = street.report(at=T0)
    assert (case.assignee, case.state, case.hops) == ("owner-1", State.DISPATCHED, 0)
    done = street.act(case, Act.RESOLVE, "owner-1", at=T0 + 36 * MINUTE, photos=(PHOTO,))
    assert (done.acknowledged_ms, done.contacted_ms, done.resolved_ms) == (T0 + 36 * MINUTE,) * 3
    closed = street.act(done, Act.VERIFY, "patrol-1", at=T0 + 40 * MINUTE)
    assert (closed.state, closed.outcome, closed.on_time, closed.hops) == (State.CLOSED, Outcome.FIXED, True, 0)
    figures = street.drafts[-1].facts["figures"]
    assert figures == {
        "sign": 1,
        "resolution_ms": 36 * MINUTE,
        "verifying_ms": 4 * MINUTE,
        "category": "dirty",
        "department": "street",
        "segment": "S1",
        "grid": "G1",
        "on_time": True,
    }


@pytest.mark.parametrize("act", [Act.ASK, Act.ANSWER, Act.HAND_ON, Act.REQUEST_PAUSE, Act.CONTACT, Act.CORRECT])
def test_any_act_of_the_assignee_ends_the_accept_clock(act: Act) -> None:
    street = Street()
    case = street.report()
    case = street.act(case, act, "owner-1", at=T0 + 5, note="话", to="cleaner-1", hours=5, category="pothole")
    assert case.acknowledged_ms == T0 + 5
    assert Deadline.ACCEPT not in case.deadlines


def test_an_act_of_somebody_else_does_not() -> None:
    street = Street()
    case = street.act(street.report(), Act.URGE, "office", at=T0 + 5)
    assert case.acknowledged_ms is None
    assert case.deadlines[Deadline.ACCEPT] == T0 + HOUR


def test_signing_later_does_not_move_what_an_act_has_signed() -> None:
    street = Street()
    case = street.act(street.report(), Act.ASK, "owner-1", at=T0 + 5, note="哪里?")
    case = street.act(case, Act.ACKNOWLEDGE, "owner-1", at=T0 + 50)
    assert (case.state, case.acknowledged_ms) == (State.ACKNOWLEDGED, T0 + 5)


def test_contact_ends_the_response_clock_once() -> None:
    street = Street()
    case = street.act(street.report(), Act.CONTACT, "owner-1", at=T0 + 5)
    case = street.act(case, Act.CONTACT, "owner-1", at=T0 + 50)
    assert case.contacted_ms == T0 + 5
    assert set(case.deadlines) == {Deadline.RESOLVE}
    assert case.state is State.DISPATCHED


def test_a_category_can_ask_for_an_after_photo() -> None:
    street = Street()
    case = street.act(street.report(), Act.RESOLVE, "owner-1")
    assert (code(street), case.state) == ("photo_needed", State.DISPATCHED)
    case = street.act(case, Act.RESOLVE, "owner-1", outcome=Outcome.NOTHING_FOUND)
    assert (case.state, case.outcome) == (State.RESOLVED, Outcome.NOTHING_FOUND)


def test_a_category_without_that_rule_needs_no_photo() -> None:
    street = Street()
    case = street.act(street.report(text="坑"), Act.RESOLVE, "owner-1")
    assert case.state is State.RESOLVED
    assert (case.due_ms, case.on_time) == (None, None)


def test_nobody_but_the_reporter_withdraws() -> None:
    street = Street()
    street.act(street.report(), Act.RESOLVE, "owner-1", photos=(PHOTO,), outcome=Outcome.WITHDRAWN)
    assert code(street) == "not_withdrawn"


def test_a_question_closes_by_an_answer() -> None:
    """Not by an after-photo: resolving it takes words, and so does an answer of the assignee."""
    street = Street()
    case = street.report(kind=ReportKind.QUESTION)
    street.act(case, Act.RESOLVE, "owner-1", photos=(PHOTO,))
    assert code(street) == "words_needed"
    case = street.act(case, Act.ANSWER, "owner-1", note="每天六点清扫")
    assert case.state is State.RESOLVED
    again = street.act(case, Act.ANSWER, "owner-1", at=T0 + HOUR, note="周日不扫")
    assert (again.resolved_ms, again.state) == (T0, State.RESOLVED), "one more word resolves nothing anew"


def test_to_hand_on_is_no_hop_and_moves_no_clock() -> None:
    street = Street()
    case = street.act(street.report(), Act.ACKNOWLEDGE, "owner-1")
    before = case.deadlines
    case = street.act(case, Act.HAND_ON, "owner-1", to="cleaner-1")
    assert (case.executor, case.assignee, case.hops, case.deadlines) == ("cleaner-1", "owner-1", 0, before)
    assert street.drafts[-1].facts == {"to": "cleaner-1"}
    assert street.act(case, Act.RESOLVE, "cleaner-1", photos=(PHOTO,)).state is State.RESOLVED


@pytest.mark.parametrize(("to", "why"), [(None, "whom_needed"), ("ghost", "unknown_person")])
@pytest.mark.parametrize(("act", "by"), [(Act.HAND_ON, "owner-1"), (Act.ASSIGN, "office")])
def test_to_whom_must_be_somebody(act: Act, by: str, to: str | None, why: str) -> None:
    street = Street()
    street.act(street.report(), act, by, to=to)
    assert code(street) == why


def give_back(street: Street, number: str, by: str) -> None:
    street.act(number, Act.RETURN, by, reason=ReturnReason.WRONG_PLACE, note="不是我的路段")


def test_returned_it_goes_to_the_next_then_to_the_fallback_owner_for_good() -> None:
    street = Street()
    number = street.report().number
    give_back(street, number, "owner-1")
    case = street.cases[number]
    assert (case.assignee, case.state, case.hops, case.returns) == ("head-1", State.DISPATCHED, 1, 1)
    give_back(street, number, "head-1")
    case = street.cases[number]
    assert (case.assignee, case.gap, case.hops, case.returns) == ("fallback", True, 2, 2)
    assert case.returned_by == ("owner-1", "head-1")
    give_back(street, number, "fallback")
    assert code(street) == "return_capped"
    assert street.cases[number].due_ms == T0 + 4 * HOUR, "all this moved no clock"


def test_the_cap_holds_for_everybody() -> None:
    street = Street(a_book(rulebook=a_rulebook(return_cap=0)))
    give_back(street, street.report().number, "owner-1")
    assert code(street) == "return_capped"


@pytest.mark.parametrize(
    "told", [{"note": "不是"}, {"reason": ReturnReason.UNSAFE}, {"cite": "I1", "note": "清单上没有"}]
)
def test_a_person_returns_with_a_reason_and_words_or_a_photo(told: dict[str, Any]) -> None:
    street = Street()
    street.act(street.report(), Act.RETURN, "owner-1", **told)
    assert code(street) == "reason_needed"


def test_a_department_cites_a_list_item_and_three_are_suggested() -> None:
    street = Street()
    case = street.report(text="漏水")
    assert case.assignee == "water-desk"
    street.act(case, Act.RETURN, "water-desk", reason=ReturnReason.WRONG_TRADE, note="不归我们", cite="I9")
    assert code(street) == "cite_needed"
    why = street.drafts[-1].because
    assert why is not None
    assert [item in why.en for item in ("I1", "I2", "I3")] == [True, False, True], "its own is no way out"
    case = street.act(case, Act.RETURN, "water-desk", cite="I3", note="须办证")
    assert (case.assignee, case.department and case.department.code) == ("owner-1", "water")
    returned = next(d for d in street.drafts if d.type is E.RETURNED)
    assert returned.facts == {"reason": None, "cite": "I3"}


def with_desks() -> Street:
    """Parks has a desk and an item, roads an item and no desk; the words of parks are about trees."""
    region, book = a_region().model_dump(mode="json"), a_rulebook().model_dump(mode="json")
    for code in ("parks", "roads"):
        region["organisations"].append({"code": code, "name": {"zh": code, "en": code}, "kind": "department"})
    desk = {"id": "parks-desk", "name": {"zh": "园林"}, "roles": ["department_officer"], "department": "parks"}
    region["persons"].append(desk)
    book["items"] += [
        {"id": "A1", "name": {"zh": "路面"}, "verdict": "handle", "lead": "roads"},
        {"id": "Z8", "name": {"zh": "绿地"}, "verdict": "handle", "lead": "parks"},
        {"id": "Z9", "name": {"zh": "树木"}, "verdict": "handle", "lead": "parks"},
        {"id": "Z7", "name": {"zh": "花坛"}, "verdict": "handle", "lead": "parks", "life": "suspended"},
    ]
    book["categories"].append({"id": "tree", "name": {"zh": "树"}, "words": ["树"], "item": "Z9"})
    return Street(a_book(Region.model_validate(region), Rulebook.model_validate(book)))


def test_suggestions_begin_with_items_whose_lead_could_take_the_case() -> None:
    """Of those, what its words are about; the department's own and what is not in force are no way out."""
    street = with_desks()
    street.act(street.report(text="漏水漏水，在树下"), Act.RETURN, "water-desk")
    why = street.drafts[-1].because
    assert why is not None
    assert why.en.endswith("Z9 / Z8 / I3")


@pytest.mark.parametrize(
    ("told", "why", "assignee"),
    [
        ({"cite": "I2", "note": "不归我们"}, "cite_own", "water-desk"),
        ({"cite": "Z8"}, "cite_why", "water-desk"),
        ({"cite": "Z7", "note": "花坛渗水"}, "cite_needed", "water-desk"),
        ({"cite": "Z9"}, None, "parks-desk"),
        ({"cite": "Z8", "note": "绿地喷灌漏水"}, None, "parks-desk"),
        ({"cite": "A1", "note": "路面积水"}, None, "owner-1"),
    ],
)
def test_a_department_returns_to_whom_the_cited_item_names(
    told: dict[str, Any], why: str | None, assignee: str
) -> None:
    """One that fits the words, or is explained; its lead's desk has the case next, without a desk the next in line."""
    street = with_desks()
    case = street.act(street.report(text="漏水漏水，在树下"), Act.RETURN, "water-desk", **told)
    last = street.drafts[-1]
    assert (last.facts["code"] if last.type is E.ACTION_REFUSED else None) == why
    assert case.assignee == assignee
    if assignee == "parks-desk":
        assert case.department is not None
        assert case.department.code == "parks"


def test_what_came_back_from_a_desk_is_not_sent_there_again() -> None:
    street = with_desks()
    case = street.act(street.report(text="漏水漏水，在树下"), Act.RETURN, "water-desk", cite="Z9")
    case = street.act(case, Act.RETURN, "parks-desk", cite="I2")
    assert case.assignee == "fallback", "the second return goes to the fallback owner"


def test_what_a_person_cites_freely_stays_out_of_the_log() -> None:
    """Events are for ever and hold no free text."""
    street = Street()
    case = street.report()
    street.act(case, Act.RETURN, "owner-1", reason=ReturnReason.UNSAFE, note="高压线", cite="打电话给老王")
    returned = next(d for d in street.drafts if d.type is E.RETURNED)
    assert returned.facts["cite"] is None


def test_a_returned_case_passes_by_who_is_away() -> None:
    """To the head's cover; without one, to the next; and the fallback owner's cover when nobody is left."""
    street = Street()
    street.away("head-1", "cleaner-1")
    number = street.report().number
    give_back(street, number, "owner-1")
    assert street.cases[number].assignee == "cleaner-1"
    street = Street()
    street.away("head-1")
    street.away("fallback", "office")
    number = street.report().number
    give_back(street, number, "owner-1")
    case = street.cases[number]
    assert (case.assignee, case.accountable, case.gap) == ("office", "fallback", True)
    give_back(street, number, "office")
    assert code(street) == "fallback_keeps", "who covers for the fallback owner keeps it as well"


def test_a_request_does_not_outlive_the_one_who_asked() -> None:
    street = Street()
    case = street.act(street.report(), Act.REQUEST_PAUSE, "owner-1", hours=5, note="等材料")
    give_back(street, case.number, "owner-1")
    case = street.cases[case.number]
    assert case.request is None
    assert Deadline.REQUEST not in case.deadlines


def test_to_raise_gives_it_to_the_next_rung_who_signs_anew() -> None:
    street = Street()
    case = street.act(street.report(), Act.ACKNOWLEDGE, "owner-1")
    due = case.due_ms
    for rung, person in enumerate(("steward", "lane-chief", "street-chief"), 1):
        case = street.act(case, Act.RAISE, case.assignee or "", note="本级解决不了")
        assert (case.assignee, case.state, case.hops, case.raised) == (person, State.DISPATCHED, rung, rung)
        assert street.drafts[-1].facts["to"] == person
    street.act(case, Act.RAISE, "street-chief", note="本级解决不了")
    assert code(street) == "top_of_ladder"
    assert case.due_ms == due


def test_to_raise_never_leads_down() -> None:
    """Who stands on the ladder raises to the rung above, also when a superior gave it to them by hand."""
    street = Street()
    case = street.act(street.report(), Act.ASSIGN, "office", to="lane-chief")
    assert street.act(case, Act.RAISE, "lane-chief").assignee == "street-chief"


def test_who_raises_a_case_from_below_raises_it_above_themselves() -> None:
    """A chief who says that this level cannot solve it does not become accountable by that."""
    street = Street()
    case = street.act(street.report(), Act.RAISE, "lane-chief", note="本级解决不了")
    assert (case.assignee, case.raised, case.hops) == ("street-chief", 3, 1)
    because = street.drafts[-1].because
    assert because is not None
    assert because.zh == "测试lane-chief上报至测试street-chief。"


def test_to_raise_finds_who_covers() -> None:
    street = Street()
    street.away("steward", "cleaner-1")
    case = street.act(street.report(), Act.RAISE, "owner-1")
    assert (case.assignee, case.accountable) == ("cleaner-1", "steward")


def test_without_a_ladder_nothing_can_be_raised() -> None:
    region = a_region()
    flat = region.model_copy(update={"grids": tuple(g.model_copy(update={"ladder": ()}) for g in region.grids)})
    street = Street(a_book(region=flat))
    street.act(street.report(), Act.RAISE, "owner-1")
    assert code(street) == "top_of_ladder"


class TestCovers:
    """Who stands in for whom, at dispatch and later."""

    def test_a_case_goes_to_the_cover_and_says_so(self) -> None:
        street = Street()
        street.away("owner-1", "owner-2")
        case = street.report()
        assert (case.assignee, case.accountable, case.gap) == ("owner-2", "owner-1", False)
        why = street.drafts[-1].because
        assert why is not None
        assert "Test owner-2" in why.en

    def test_away_without_cover_it_goes_to_the_fallback_owner(self) -> None:
        street = Street()
        street.away("owner-1")
        case = street.report()
        assert (case.assignee, case.accountable, case.gap) == ("fallback", "owner-1", True)

    def test_who_covers_acts_on_what_was_dispatched_before(self) -> None:
        street = Street()
        case = street.report()
        street.away("owner-1", "owner-2")
        assert street.act(case, Act.ACKNOWLEDGE, "owner-2").state is State.ACKNOWLEDGED

    def test_an_act_that_comes_after_the_cover_is_over_counts_when_it_occurred(self) -> None:
        street = Street()
        case = street.report()
        street.away("owner-1", "owner-2", hours=1)
        late = T0 + 3 * HOUR
        case = street.act(case, Act.ACKNOWLEDGE, "owner-2", at=late, occurred_ms=T0 + HOUR // 2)
        assert case.acknowledged_ms == T0 + HOUR // 2
        street.act(case, Act.CONTACT, "owner-2", at=late)
        assert code(street) == "not_allowed"

    def test_whose_matter_it_is_may_act_meanwhile(self) -> None:
        street = Street()
        street.away("owner-1", "owner-2")
        assert street.act(street.report(), Act.ACKNOWLEDGE, "owner-1").state is State.ACKNOWLEDGED


def test_every_officer_of_a_department_may_act_at_its_desk() -> None:
    region = a_region()
    second = next(p for p in region.persons if p.id == "water-desk").model_copy(update={"id": "water-two"})
    street = Street(a_book(region=region.model_copy(update={"persons": (*region.persons, second)})))
    case = street.report(text="漏水")
    assert street.act(case, Act.ACKNOWLEDGE, "water-two").state is State.ACKNOWLEDGED
    given = street.act(case, Act.ASSIGN, "office", to="cleaner-1")
    street.act(given, Act.CONTACT, "water-two")
    assert code(street) == "not_allowed", "the case stands with a person of the street now"


def test_an_act_is_dated_between_the_last_act_and_now() -> None:
    """The door's clock is believed, but nobody acts before the act before, nor in the future."""
    street = Street()
    case = street.act(street.report(at=T0), Act.ACKNOWLEDGE, "owner-1", at=T0 + 50, occurred_ms=T0 + 20)
    assert case.acknowledged_ms == T0 + 20
    case = street.act(case, Act.CONTACT, "owner-1", at=T0 + 60, occurred_ms=T0 - HOUR)
    assert case.contacted_ms == T0 + 20
    case = street.act(case, Act.RESOLVE, "owner-1", at=T0 + 70, occurred_ms=T0 + HOUR, photos=(PHOTO,))
    assert (case.resolved_ms, case.acted_ms) == (T0 + 70, T0 + 70)


def test_a_fix_that_comes_after_an_outage_still_took_36_minutes() -> None:
    """Report and fix reach the log together, an hour late: the fix occurred before the dispatch."""
    street = Street()
    street.t_ms = T0 + HOUR
    case = street.report(ON_S1, at=T0)
    assert (case.submitted_ms, case.dispatched_ms) == (T0, T0 + HOUR)
    case = street.act(case, Act.RESOLVE, "owner-1", at=T0 + HOUR, occurred_ms=T0 + 36 * MINUTE, photos=(PHOTO,))
    assert (case.resolved_ms, case.on_time) == (T0 + 36 * MINUTE, True)
    assert case.left_ms == 4 * HOUR, "no more is left than the limit"


@pytest.mark.parametrize("state", [State.REWORK, State.REOPENED, State.SUSPENDED])
def test_work_can_be_done_in_every_working_state(state: State) -> None:
    street, case = in_state(state)
    assert street.act(case, Act.RESOLVE, "owner-1", photos=(PHOTO,)).state is State.RESOLVED
