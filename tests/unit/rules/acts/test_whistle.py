"""A whistle calls departments, each reports in by its own clocks, and the street rates it. The owner stays one."""

from typing import Any

import pytest

from schemas.case import Case, Deadline, State
from schemas.command import Act
from schemas.event import EventType
from schemas.joint import Assist, ReportInStep, Scores
from tests.worlds.street import T0, Street, a_book, a_region, a_rulebook

HOUR = 3_600_000
WATER = {
    "id": "W1",
    "name": {"zh": "片区用水", "en": "Water of a block"},
    "whistle_class": "emergency",
    "departments": ["water", "drainage"],
}


def a_street(**more: Any) -> Street:
    """The tiny street with two more departments, their desks, and a whistle list."""
    region = a_region().model_dump(mode="json")
    for code in ("drainage", "housing"):
        region["organisations"].append({"code": code, "name": {"zh": code, "en": code}, "kind": "department"})
        desk = {"id": f"{code}-desk", "name": {"zh": code}, "roles": ["department_officer"], "department": code}
        region["persons"].append(desk)
    rulebook = a_rulebook().model_dump(mode="json") | {"whistles": [WATER]} | more
    return Street(a_book(a_region().model_validate(region), a_rulebook().model_validate(rulebook)))


def part(case: Case, department: str) -> Assist:
    return next(each for each in case.assists if each.department.code == department)


def test_a_whistle_calls_the_departments_of_its_item_and_the_owner_stays() -> None:
    street = a_street()
    case = street.report(text="漏水")
    owner = case.assignee
    case = street.act(case, Act.WHISTLE, "office", cite="W1")
    assert [each.department.code for each in case.assists] == ["water", "drainage"]
    assert (case.assignee, case.hops, case.state) == (owner, 0, State.DISPATCHED)
    assert part(case, "water").due == {"sign": T0 + HOUR, "contact": T0 + 24 * HOUR, "attend": T0 + 72 * HOUR}
    assert case.deadlines[Deadline.REPORT_IN] == T0 + HOUR
    assert street.act(case, Act.WHISTLE, "office", cite="W1", to="housing").assists == case.assists


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({}, "whistle_needed"),
        ({"cite": "ghost"}, "whistle_needed"),
        ({"cite": "W1", "to": "ghost"}, "unknown_department"),
        ({"cite": "W1", "to": "housing"}, "whistle_not_named"),
        ({"cite": "W1", "to": "water，housing"}, "whistle_not_named"),
    ],
)
def test_what_is_no_whistle(fields: dict[str, Any], code: str) -> None:
    street = a_street()
    case = street.act(street.report(), Act.WHISTLE, "office", **fields)
    assert street.drafts[-1].facts["code"] == code
    assert case.assists == ()


def test_nobody_whistles_twice_for_the_same_and_only_a_superior_whistles() -> None:
    street = a_street()
    case = street.act(street.report(), Act.WHISTLE, "office", cite="W1")
    street.act(case, Act.WHISTLE, "office", cite="W1")
    assert street.drafts[-1].facts["code"] == "already_called"
    street.act(case, Act.WHISTLE, "patrol-1", cite="W1")
    assert street.drafts[-1].facts["code"] == "not_allowed"


def test_departments_report_in_each_by_its_own_clocks() -> None:
    street = a_street()
    case = street.act(street.report(), Act.WHISTLE, "office", cite="W1")
    case = street.act(case, Act.SIGN, "water-desk", at=T0 + HOUR)
    street.wait_until(T0 + 2 * HOUR)
    case = street.cases[case.number]
    assert part(case, "water").missed == ()
    assert part(case, "drainage").missed == (ReportInStep.SIGN,)
    assert case.deadlines[Deadline.REPORT_IN] == T0 + 24 * HOUR
    case = street.act(case, Act.CONTACT, "drainage-desk", at=T0 + 3 * HOUR)
    assert part(case, "drainage").missed == (ReportInStep.SIGN,)
    case = street.act(case, Act.ATTEND, "water-desk", at=T0 + 4 * HOUR)
    assert part(case, "water").done == {"sign": T0 + HOUR, "contact": T0 + 4 * HOUR, "attend": T0 + 4 * HOUR}
    assert case.contacted_ms is None  # the owner's clocks are the owner's
    case = street.act(case, Act.CONTACT, "owner-1", at=T0 + 4 * HOUR)
    assert case.contacted_ms == T0 + 4 * HOUR
    street.act(case, Act.ATTEND, "water-desk", at=T0 + 5 * HOUR)
    assert street.drafts[-1].facts["code"] == "reported_in"


def test_a_step_done_in_time_but_told_late_is_not_missed() -> None:
    street = a_street()
    case = street.act(street.report(), Act.WHISTLE, "office", cite="W1")
    street.wait_until(T0 + 2 * HOUR)
    case = street.act(case, Act.SIGN, "water-desk", at=T0 + 3 * HOUR, occurred_ms=T0 + HOUR // 2)
    assert part(case, "water").missed == ()
    assert part(case, "water").done == {"sign": T0 + HOUR // 2}


def test_all_that_falls_due_at_one_moment_is_missed_once() -> None:
    street = a_street()
    case = street.act(street.report(), Act.WHISTLE, "office", cite="W1")
    street.wait_until(T0 + 200 * HOUR)
    missed = [draft.facts for draft in street.drafts if draft.type is EventType.REPORT_IN_MISSED]
    assert [(each["department"], each["steps"]) for each in missed] == [
        (code, [step]) for step in ("sign", "contact", "attend") for code in ("water", "drainage")
    ]
    assert Deadline.REPORT_IN not in street.cases[case.number].deadlines


def test_the_street_rates_who_attended_or_did_not_in_time() -> None:
    street = a_street()
    case = street.act(street.report(), Act.WHISTLE, "office", cite="W1")
    street.act(case, Act.RATE_REPORT_IN, "office", to="water")
    assert street.drafts[-1].facts["code"] == "rate_too_early"
    case = street.act(case, Act.ATTEND, "water-desk", at=T0 + HOUR)
    case = street.act(case, Act.RATE_REPORT_IN, "office", to="water", at=T0 + 2 * HOUR)
    assert part(case, "water").scores == Scores(cooperation=3, professionalism=3, responsibility=3)
    street.act(case, Act.RATE_REPORT_IN, "office", to="water")
    assert street.drafts[-1].facts["code"] == "rated_already"
    low = Scores(cooperation=1, professionalism=2, responsibility=1)
    case = street.act(case, Act.RATE_REPORT_IN, "office", to="drainage", scores=low, at=T0 + 73 * HOUR)
    assert part(case, "drainage").scores == low
    street.act(case, Act.RATE_REPORT_IN, "office", to="ghost")
    because = street.drafts[-1].because
    assert because is not None
    assert (because.code, because.zh) == (
        "rate_whom",
        "请指明要评价的部门，此案吹哨召来的有：供水(water)、drainage(drainage)",
    )


def test_a_report_in_that_nobody_rates_stays_not_rated() -> None:
    street = a_street()
    case = street.act(street.report(), Act.WHISTLE, "office", cite="W1")
    case = street.act(case, Act.ATTEND, "water-desk", at=T0 + HOUR)
    case = street.act(case, Act.RATE_REPORT_IN, "office", to="water", at=T0 + 170 * HOUR)
    assert street.drafts[-1].facts["code"] == "rate_too_late"
    assert part(case, "water").scores is None


def test_who_comes_after_the_time_to_rate_their_absence_is_rated_for_how_they_came() -> None:
    """Nine days away, and the absence was not rated: there is time again from the day they attend, once."""
    street = a_street()
    case = street.act(street.report(), Act.WHISTLE, "office", cite="W1")
    street.wait_until(T0 + 72 * HOUR)
    came = T0 + 250 * HOUR
    street.act(street.cases[case.number], Act.RATE_REPORT_IN, "office", to="water", at=came)
    assert street.drafts[-1].facts["code"] == "rate_too_late"
    case = street.act(street.cases[case.number], Act.ATTEND, "water-desk", at=came)
    assert part(case, "water").missed == tuple(ReportInStep)
    case = street.act(case, Act.RATE_REPORT_IN, "office", to="water", at=came + 168 * HOUR)
    assert part(case, "water").scores == Scores()
    street.act(case, Act.RATE_REPORT_IN, "office", to="water", at=came + 168 * HOUR)
    assert street.drafts[-1].facts["code"] == "rated_already"


def test_whose_absence_was_rated_is_not_rated_again_when_they_come() -> None:
    street = a_street()
    case = street.act(street.report(), Act.WHISTLE, "office", cite="W1")
    street.wait_until(T0 + 72 * HOUR)
    case = street.act(street.cases[case.number], Act.RATE_REPORT_IN, "office", to="water", at=T0 + 80 * HOUR)
    until = part(case, "water").rate_until_ms
    case = street.act(case, Act.ATTEND, "water-desk", at=T0 + 250 * HOUR)
    assert part(case, "water").rate_until_ms == until


def test_who_was_not_called_does_not_report_in() -> None:
    street = a_street()
    case = street.act(street.report(), Act.WHISTLE, "office", cite="W1")
    street.act(case, Act.SIGN, "housing-desk")
    assert street.drafts[-1].facts["code"] == "not_allowed"


def resolved(street: Street, *, closed: bool) -> Case:
    """Called at T0, finished by the owner after half an hour, before anybody came; confirmed at once, or not yet."""
    case = street.act(street.report(text="坑"), Act.WHISTLE, "office", cite="W1")
    case = street.act(case, Act.RESOLVE, "owner-1", at=T0 + HOUR // 2)
    return street.act(case, Act.VERIFY, "patrol-1", at=T0 + HOUR // 2) if closed else case


@pytest.mark.parametrize("closed", [False, True])
def test_who_comes_after_the_owner_finished_still_reports_in(closed: bool) -> None:
    """Being called ends with its limits, not with somebody else's tap: in time, late and not at all."""
    street = a_street()
    case = resolved(street, closed=closed)
    assert case.deadlines[Deadline.REPORT_IN] == T0 + HOUR
    case = street.act(case, Act.ATTEND, "water-desk", at=T0 + HOUR - 60_000)
    assert part(case, "water").done.keys() == set(ReportInStep)
    assert (part(case, "water").missed, case.state) == ((), State.CLOSED if closed else State.RESOLVED)
    street.wait_until(T0 + 73 * HOUR)
    case = street.cases[case.number]
    assert part(case, "drainage").missed == tuple(ReportInStep)
    case = street.act(case, Act.ATTEND, "drainage-desk", at=T0 + 74 * HOUR)
    assert part(case, "drainage").missed == tuple(ReportInStep), "late is late"
    case = street.act(case, Act.RATE_REPORT_IN, "office", to="drainage", at=T0 + 75 * HOUR)
    assert part(case, "drainage").scores == Scores()
    street.wait_until(T0 + 20 * 24 * HOUR)
    assert [each.number for each in street.archived] == [case.number]


def test_sent_back_for_rework_a_case_keeps_the_clocks_of_those_it_called() -> None:
    street = a_street()
    case = street.act(resolved(street, closed=False), Act.REJECT, "patrol-1", note="还漏")
    assert (case.state, case.deadlines[Deadline.REPORT_IN]) == (State.REWORK, T0 + HOUR)


def test_what_its_reporter_withdrew_calls_nobody_any_more_and_says_so() -> None:
    street = a_street()
    case = street.act(street.report(text="坑"), Act.WHISTLE, "office", cite="W1")
    case = street.act(case, Act.WITHDRAW, "patrol-1")
    assert Deadline.REPORT_IN not in case.deadlines
    street.act(case, Act.ATTEND, "water-desk")
    assert street.drafts[-1].facts["code"] == "called_off"


def test_a_case_that_is_split_off_starts_without_those_called_before() -> None:
    """They were called for what it was taken for; whoever is needed is called again."""
    street = a_street()
    street.report(text="坑", name="first", by="patrol-2")
    case = street.act(street.report(text="漏水", name="second"), Act.WHISTLE, "office", cite="W1")
    case = street.act(case, Act.MERGE, "office", to="R1-G1-2611-00001", at=T0 + 60_000)
    case = street.act(case, Act.SPLIT, "office", at=T0 + 120_000)
    assert (case.state, case.assists) == (State.DISPATCHED, ())
    assert Deadline.REPORT_IN not in case.deadlines


def test_the_list_calls_departments_at_dispatch() -> None:
    """Dual dispatch: a dual item names its assisting departments, and every row of the joint table one more."""
    items = a_rulebook().model_dump(mode="json")["items"]
    items[1] |= {"assists": ["drainage", "water"], "dual": True}
    joint = {
        "name": "joint",
        "hit_policy": "C",
        "inputs": ["category"],
        "rows": [
            {"id": "J1", "when": {"category": "leak"}, "then": {"department": "housing"}},
            {"id": "J2", "when": {"category": "dirty"}, "then": {"department": "street"}},
            {"id": "J3", "then": {"department": "drainage"}},
        ],
    }
    street = a_street(items=items, joint=joint)
    case = street.report(text="漏水")
    assert case.department is not None
    assert case.department.code == "water"
    assert [(each.department.code, each.cause) for each in case.assists] == [("drainage", "list"), ("housing", "list")]
    assert case.deadlines[Deadline.REPORT_IN] == T0 + HOUR
    case = street.act(case, Act.ATTEND, "housing-desk", at=T0 + HOUR // 2)
    assert part(case, "housing").rate_until_ms is None  # the list called: nothing is rated


def test_who_whistles_for_a_department_that_the_item_does_not_name_learns_which_items_do() -> None:
    other = {**WATER, "id": "W2", "departments": ["housing"]}
    street = a_street(whistles=[WATER, other])
    street.act(street.report(), Act.WHISTLE, "office", cite="W1", to="housing")
    why = street.drafts[-1].because
    assert why is not None
    assert (why.code, why.en.endswith("Items that name them: W2"), "W2" in why.zh) == ("whistle_not_named", True, True)


@pytest.mark.parametrize(
    ("cite", "why"), [("W1", None), (None, None), ("W2", "rate_other_item"), ("I1", "rate_other_item")]
)
def test_a_report_in_is_rated_for_the_item_that_called_it(cite: str | None, why: str | None) -> None:
    street = a_street()
    case = street.act(street.report(), Act.WHISTLE, "office", cite="W1")
    street.act(case, Act.ATTEND, "water-desk")
    street.act(case, Act.RATE_REPORT_IN, "office", to="water", cite=cite)
    last = street.drafts[-1]
    assert (last.facts["code"] if last.type is EventType.ACTION_REFUSED else None) == why


def test_departments_are_named_with_spaces_and_twice() -> None:
    street = Street()
    case = street.act(street.report(), Act.WHISTLE, "office", cite="W1", to=" water， water")
    assert [each.department.code for each in case.assists] == ["water"]
    assert street.drafts[-1].facts["departments"] == ["water"]
