"""Who may do what: act × role × area × rank, held against what is really decided."""

from typing import Any

import pytest
from hypothesis import given, settings

from rules.acts.check_right import what_of
from schemas.case import Case, State
from schemas.command import Act, Cover, Do
from schemas.event import EventType
from schemas.names import Name
from schemas.people import Person, Role
from schemas.region import Region
from schemas.rights import RIGHTS, CaseRole, may
from tests.unit.rules.life import STEPS, Step, one_street
from tests.worlds.street import HOUR, IN_G2, ON_S1, PHOTO, T0, Street, a_book, a_region, a_rulebook

LADDER = ["steward", "lane-chief", "street-chief", "district", "city"]


def two_lanes(**more: Any) -> Region:
    """Two grids under one street, each with a steward and a lane chief of its own; `far` is of no ladder."""
    raw = a_region().model_dump(mode="json")
    raw["grids"][0]["ladder"] = LADDER
    raw["grids"][1]["ladder"] = ["steward-2", "lane-chief-2", *LADDER[2:]]
    people = {"steward-2": "steward", "lane-chief-2": "lane_chief", "district": "coordinator", "city": "coordinator"}
    people |= {"far": "coordinator", "lost-chief": "lane_chief", "resident": "resident", "rider": "volunteer"}
    people |= {"keeper": "list_steward", "driver": "executor"}
    raw["persons"] += [{"id": id, "name": {"zh": id}, "roles": [role]} for id, role in people.items()]
    raw["persons"] += [
        {"id": "plumber", "name": {"zh": "水工"}, "roles": ["executor"], "department": "water"},
        {"id": "sweeper", "name": {"zh": "保洁"}, "roles": ["executor"], "department": "street"},
    ]
    return Region.model_validate(raw | more)


def a_street(**more: Any) -> Street:
    return Street(a_book(two_lanes(**more)))


def code(street: Street) -> str | None:
    """Why the last act was refused; None when it was done."""
    last = street.drafts[-1]
    return str(last.facts["code"]) if last.type is EventType.ACTION_REFUSED else None


def raised(street: Street, rungs: int) -> Case:
    """A case of the first lane, so many rungs up, whose holder asks for a pause."""
    case = street.report(ON_S1, at=T0)
    for _ in range(rungs):
        case = street.act(case, Act.RAISE, case.assignee or "")
    assert case.raised == rungs
    return street.act(case, Act.REQUEST_PAUSE, case.assignee or "", hours=5, note="等材料")


# who, from which rung on up they have no say any more (0: never any)
REACH = {
    "steward": 2,
    "lane-chief": 3,
    "street-chief": 4,
    "office": 4,
    "district": 5,
    "city": 6,
    "far": 6,
    "lane-chief-2": 0,
    "steward-2": 0,
    "lost-chief": 0,
    "owner-2": 0,
    "inspector": 0,
    "keeper": 0,
    "resident": 0,
    "water-desk": 0,
}
STEERING = (Act.DENY, Act.APPROVE, Act.ASSIGN, Act.URGE, Act.CORRECT, Act.RAISE, Act.WHISTLE, Act.MERGE)
FIELDS: dict[Act, dict[str, Any]] = {
    Act.ASSIGN: {"to": "owner-2"},
    Act.CORRECT: {"category": "leak"},
    Act.WHISTLE: {"cite": "W1"},
    Act.MERGE: {"to": "R1-G1-2611-00099"},
}


@pytest.mark.parametrize("rung", range(6))
@pytest.mark.parametrize("person", REACH)
def test_somebody_above_decides_in_their_area_and_up_to_their_rung(person: str, rung: int) -> None:
    for act in STEERING:
        street = a_street()
        case = raised(street, rung)
        if case.request is not None and case.request.by == person:
            continue  # who asks is the holder, who may do other things for other reasons
        street.act(case, act, person, **FIELDS.get(act, {}))
        may_not = {"not_allowed", "above_your_rung", "not_your_area"}
        stewards = act is Act.WHISTLE and person == "steward"
        told = code(street)
        expected = (rung < REACH[person] and not stewards) or (person == "inspector" and act is Act.MERGE)
        assert (told not in may_not) == expected, (act, told)


def test_a_refusal_says_whether_it_is_the_area_or_the_rank_in_both_languages() -> None:
    street = a_street()
    street.act(raised(street, 5), Act.APPROVE, "lane-chief-2")
    assert code(street) == "not_your_area"
    street.act("R1-G1-2611-00001", Act.APPROVE, "lane-chief")
    why = street.drafts[-1].because
    assert why is not None
    assert (why.code, why.en) == (
        "above_your_rung", "The case is at the level of city; Test lane-chief is below that and cannot decide on it.",
    )  # fmt: skip
    street.act("R1-G1-2611-00001", Act.APPROVE, "resident")
    assert code(street) == "not_allowed"


def test_who_stands_in_has_what_the_covered_one_has_and_no_more() -> None:
    street = a_street()
    case = raised(street, 3)
    street.act(case, Act.APPROVE, "owner-2")
    assert code(street) == "not_allowed"
    street.away("lane-chief", "owner-2")
    street.act(case, Act.APPROVE, "owner-2")
    assert code(street) == "not_allowed", "the lane chief could not either"
    street.away("district", "owner-2")
    assert street.act(case, Act.APPROVE, "owner-2").state is State.SUSPENDED


def test_a_case_that_a_stand_in_has_stands_on_the_rung_of_whom_it_is() -> None:
    street = a_street()
    street.away("city", "lane-chief-2")
    case = street.report(ON_S1, at=T0)
    for _ in range(5):
        case = street.act(case, Act.RAISE, case.assignee or "")
    assert (case.assignee, case.accountable) == ("lane-chief-2", "city")
    street.act(case, Act.ASSIGN, "district", to="owner-1")
    assert code(street) == "above_your_rung"


@pytest.mark.parametrize(
    ("to", "why"),
    [
        ("resident", "cannot_answer"),
        ("rider", "cannot_answer"),
        ("inspector", "cannot_answer"),
        ("lane-chief-2", "cannot_answer"),
        ("keeper", "cannot_answer"),
        ("street-chief", "assign_upwards"),
        ("nobody", "unknown_person"),
        ("owner-2", None),
        ("head-2", None),
        ("water-desk", None),
        ("steward", None),
        ("driver", None),
    ],
)
def test_a_case_is_assigned_to_somebody_whose_role_answers_for_it(to: str, why: str | None) -> None:
    street = a_street()
    street.act(street.report(), Act.ASSIGN, "lane-chief", to=to)
    assert code(street) == why


@pytest.mark.parametrize(
    ("words", "to", "why"),
    [
        ("路面油污", "resident", "cannot_work"),
        ("路面油污", "lane-chief", "cannot_work"),
        ("路面油污", "water-desk", "cannot_work"),
        ("路面油污", "sweeper", None),
        ("路面油污", "steward", None),
        ("漏水", "steward", "cannot_work"),
        ("漏水", "owner-1", "cannot_work"),
        ("漏水", "sweeper", None),
        ("漏水", "plumber", None),
        ("漏水", "driver", None),
    ],
)
def test_work_is_handed_on_to_somebody_who_does_such_work(words: str, to: str, why: str | None) -> None:
    """Executors work for everybody; beside them a bureau names its own people, the street whoever works on it."""
    street = a_street()
    case = street.report(text=words)
    street.act(case, Act.HAND_ON, case.assignee or "", to=to)
    assert code(street) == why


@pytest.mark.parametrize(
    ("by", "person", "cover", "why"),
    [
        ("owner-1", "owner-1", "owner-2", None),
        ("owner-2", "owner-1", "owner-2", "may_not_place"),
        ("lane-chief", "owner-1", "owner-2", None),
        ("lane-chief", "street-chief", "owner-2", "may_not_place"),
        ("lane-chief-2", "owner-1", "owner-2", "may_not_place"),
        ("lane-chief", "water-desk", None, "may_not_place"),
        ("office", "water-desk", None, None),
        ("office", "far", "office", "may_not_place"),
        ("office", "fallback", None, "may_not_place"),
        ("far", "office", "far", None),
        ("office", "owner-1", "resident", "cannot_cover"),
        ("office", "owner-1", "rider", "cannot_cover"),
        ("office", "rider", "rider", None),
        ("office", "owner-1", "nobody", "unknown_person"),
    ],
)
def test_who_registers_an_absence_and_who_covers(by: str, person: str, cover: str | None, why: str | None) -> None:
    street = a_street()
    street.apply(Cover(id="c", home="*", person=person, cover=cover, by=by, from_ms=T0, until_ms=T0 + HOUR), T0)
    assert code(street) == why


POWERS = [
    {"power": "coordination", "roles": ["street_office"]},
    {"power": "evaluation", "roles": ["street_office"], "persons": ["keeper"], "grids": ["G2"]},
    {"power": "emergency", "roles": ["lane_chief"]},
]


@pytest.mark.parametrize(
    ("by", "why"),
    [("office", None), ("lane-chief", None), ("lane-chief-2", "not_your_area"), ("street-chief", "not_allowed")],
)
def test_the_region_says_who_holds_a_power(by: str, why: str | None) -> None:
    """The whistle of the sample is an emergency: the lane's chief has that power in their own lanes."""
    street = a_street(powers=POWERS)
    street.act(street.report(), Act.WHISTLE, by, cite="W1")
    assert code(street) == why


def test_the_power_of_emergency_calls_nobody_to_an_inspection() -> None:
    street = a_street(powers=POWERS)
    raw = street.book.rulebook.model_dump(mode="json")
    raw["whistles"][0]["whistle_class"] = "management_service"
    street.book = a_book(street.book.region, type(street.book.rulebook).model_validate(raw))
    street.act(street.report(), Act.WHISTLE, "lane-chief", cite="W1")
    assert code(street) == "emergency_only"


def test_a_power_by_name_holds_in_the_grids_of_its_row() -> None:
    street = a_street(powers=POWERS)
    for name, place in (("a", ON_S1), ("b", IN_G2)):
        case = street.report(place, name=name)
        street.act(case, Act.WHISTLE, "office", cite="W1")
        street.act(case, Act.ATTEND, "water-desk")
        street.act(case, Act.RATE_REPORT_IN, "keeper", to="water")
        assert code(street) == ("not_allowed" if place is ON_S1 else None)


def test_a_chief_who_has_a_power_by_name_has_it_everywhere() -> None:
    street = a_street(powers=[{"power": "coordination", "persons": ["lost-chief"]}])
    street.act(street.report(), Act.WHISTLE, "lost-chief", cite="W1")
    assert code(street) is None


@given(STEPS)
@settings(max_examples=120)
def test_nothing_is_done_that_the_table_does_not_allow(steps: list[Step]) -> None:
    street, life = one_street()
    before: dict[str, Case] = {}
    allowed: dict[str, bool] = {}

    def look(command: Do) -> None:
        case = before.get(command.case)
        if case is not None:
            occurred = min(max(command.occurred_ms or life.t_ms, case.acted_ms), max(life.t_ms, case.acted_ms))
            parts = what_of(command.by, case, street, occurred, frozenset(CaseRole))
            allowed[command.id] = may(command.act, case, parts) or case.duty is not None

    decide = street.apply

    def apply(command: Any, t_ms: int) -> Any:
        street.wait_until(t_ms)
        before.update(street.cases)
        if isinstance(command, Do):
            look(command)
        return decide(command, t_ms)

    street.apply = apply  # type: ignore[method-assign]  # looks first, then does the same
    for _ in life.play(steps):
        pass
    done = {draft.command for draft in street.drafts if draft.type is not EventType.ACTION_REFUSED}
    assert [id for id, ok in allowed.items() if not ok and id in done] == []


def test_the_one_who_did_it_is_told_who_else_verifies() -> None:
    """Reporter, accountable and verifier in one: another reporter says it, an inspector, or the policy."""
    street = a_street()
    case = street.act(street.report(by="owner-1"), Act.RESOLVE, "owner-1", photos=(PHOTO,))
    for act in (Act.VERIFY, Act.REJECT):
        street.act(case, act, "owner-1", note="好")
        assert code(street) == "own_work"
    assert street.act(case, Act.VERIFY, "inspector").verified_by == "inspector"
    street.act(case, Act.RATE, "owner-1", rating="satisfied")
    assert code(street) == "own_work"
    assert street.act(case, Act.REOPEN, "owner-1", note="又脏了").state is State.REOPENED


def test_the_executor_who_reported_it_does_not_verify_it() -> None:
    street = a_street()
    case = street.act(street.report(by="driver"), Act.HAND_ON, "owner-1", to="driver")
    case = street.act(case, Act.RESOLVE, "driver", photos=(PHOTO,))
    street.act(case, Act.VERIFY, "driver")
    assert code(street) == "own_work"


def test_a_follower_verifies_what_the_reporter_did_themselves() -> None:
    street = a_street()
    case = street.report(by="owner-1")
    assert street.report(name="r2", by="patrol-1").master == case.number
    case = street.act(case, Act.RESOLVE, "owner-1", photos=(PHOTO,))
    assert street.act(case, Act.VERIFY, "patrol-1").state is State.CLOSED


def test_who_covered_and_did_it_does_not_verify_it_when_the_cover_is_over() -> None:
    street = a_street()
    case = street.report(by="patrol-1")
    street.away("owner-1", "patrol-1", hours=1)
    case = street.act(case, Act.RESOLVE, "patrol-1", photos=(PHOTO,))
    assert case.resolved_by == "patrol-1"
    street.act(case, Act.VERIFY, "patrol-1", at=T0 + 2 * HOUR)
    assert code(street) == "own_work"


def test_a_desk_does_not_verify_its_own_work() -> None:
    region = two_lanes().model_dump(mode="json")
    second = {"id": "w2", "name": {"zh": "水二"}, "roles": ["department_officer"], "department": "water"}
    region["persons"].append(second)
    street = Street(a_book(Region.model_validate(region)))
    case = street.act(street.report(text="漏水", by="w2"), Act.RESOLVE, "water-desk", photos=(PHOTO,))
    street.act(case, Act.VERIFY, "w2")
    assert code(street) == "own_work"


def test_only_the_reporter_rates_when_a_follower_confirms() -> None:
    street = a_street()
    case = street.report(by="patrol-2")
    street.report(name="r2", by="patrol-1")
    street.act(case, Act.RESOLVE, "owner-1", photos=(PHOTO,))
    assert street.act(case, Act.VERIFY, "patrol-1", rating="satisfied").rating is None


KEEPERS = [{"power": "list_drafting", "roles": ["list_steward", "lane_chief"], "persons": ["owner-2"], "grids": ["G1"]}]
ITEM = {"id": "I3", "name": {"zh": "办证"}, "verdict": "handle", "lead": "water"}


@pytest.mark.parametrize(
    ("by", "place", "told"),
    [
        ("keeper", ON_S1, State.DISPATCHED),
        ("owner-2", ON_S1, State.DISPATCHED),
        ("lane-chief", ON_S1, State.DISPATCHED),
        ("lane-chief-2", ON_S1, State.REFUSED),
        ("keeper", IN_G2, State.REFUSED),
        ("office", ON_S1, State.REFUSED),
        ("resident", ON_S1, State.REFUSED),
        ("somebody", ON_S1, State.REFUSED),
    ],
)
def test_a_change_of_the_list_is_drafted_by_who_holds_that_power_there(by: str, place: Any, told: State) -> None:
    street = a_street(powers=KEEPERS)
    case = street.report(place, by=by, text="应由本级办理", change=ITEM)
    assert case.state is told
    if told is State.REFUSED:
        assert street.drafts[-1].facts["code"] == "may_not_propose"


def test_everybody_may_report_that_the_list_is_wrong() -> None:
    street = a_street(powers=KEEPERS)
    assert street.report(ON_S1, by="resident", text="清单不对", kind="suggestion").state is State.DISPATCHED


def test_a_steward_on_no_ladder_is_told_who_may_and_not_that_the_area_is_wrong() -> None:
    """The head of a grid has the case, but does not whistle; that the grid is not theirs would be a wrong sentence."""
    people = [*a_region().persons, Person(id="head-9", name=Name(zh="网格长9"), roles=(Role.PATROLLER, Role.STEWARD))]
    street = Street(a_book(a_region().model_copy(update={"persons": tuple(people)})))
    street.act(street.report(), Act.WHISTLE, "head-9", cite="W1")
    because = street.drafts[-1].because
    assert because is not None
    assert because.code == "not_allowed"


def test_who_has_a_case_approves_no_more_time_for_it() -> None:
    """Whoever asked for it: the one who answers for the clock, who stands in for them, and the desk do not decide."""
    street = a_street()
    case = raised_to_chief(street)
    case = street.act(case, Act.HAND_ON, "lane-chief", to="driver")
    case = street.act(case, Act.REQUEST_EXTENSION, "driver", hours=5, note="等材料")
    street.act(case, Act.APPROVE, "lane-chief")
    assert code(street) == "own_request"
    street.away("lane-chief", "office")
    street.act(case, Act.APPROVE, "office")
    assert code(street) == "own_request"
    assert street.act(case, Act.APPROVE, "street-chief").extensions == 1


def raised_to_chief(street: Street) -> Case:
    case = street.act(street.report(), Act.RAISE, "owner-1", note="要协调")
    return street.act(case, Act.RAISE, "steward", note="要协调")


def test_a_chief_who_covers_for_the_holder_leaves_their_request_to_another() -> None:
    street = a_street()
    case = street.act(street.report(), Act.REQUEST_PAUSE, "owner-1", hours=5, note="等材料")
    street.away("owner-1", "lane-chief")
    street.act(case, Act.APPROVE, "lane-chief")
    assert code(street) == "own_request"


OFFICERS = [
    {"id": "both", "name": {"zh": "兼职", "en": "Both"}, "roles": ["department_officer", "street_office"],
     "department": "water"},
]  # fmt: skip


@pytest.mark.parametrize(("by", "covers"), [("both", None), ("water-desk", "office")])
def test_nobody_rates_how_their_own_department_reported_in(by: str, covers: str | None) -> None:
    street = with_officers()
    case = street.act(street.report(), Act.WHISTLE, "office", cite="W1")
    street.act(case, Act.ATTEND, "water-desk")
    if covers is not None:
        street.away(covers, by)
    street.act(case, Act.RATE_REPORT_IN, by, to="water")
    assert code(street) == "own_department"
    street.act(case, Act.RATE_REPORT_IN, "district", to="water")
    assert code(street) is None


def with_officers(**policy: Any) -> Street:
    region = two_lanes().model_dump(mode="json")
    region["persons"] += OFFICERS
    return Street(a_book(Region.model_validate(region), a_rulebook(**policy)))


def test_nobody_admits_what_their_own_department_pushed_down() -> None:
    street = with_officers(off_list="approve", approver="street-chief")
    case = street.report(by="both", text="别的", pushed_by="water")
    street.away("street-chief", "water-desk")
    street.act(case, Act.ADMIT, "water-desk")
    assert code(street) == "own_department"
    assert street.act(case, Act.ADMIT, "street-chief").admitted


def test_who_covers_for_somebody_with_a_power_by_name_has_it() -> None:
    street = a_street(powers=[{"power": "evaluation", "persons": ["keeper"]}])
    case = street.act(street.report(), Act.WHISTLE, "office", cite="W1")
    street.act(case, Act.ATTEND, "water-desk")
    street.away("keeper", "inspector")
    street.act(case, Act.RATE_REPORT_IN, "inspector", to="water")
    assert code(street) is None


@pytest.mark.parametrize("named", [{"category": "leak"}, {"category": "permit"}, {"place": {"code": "S2"}}])
@pytest.mark.parametrize("reporter", ["lane-chief", "resident"])
def test_its_reporter_takes_no_case_down_from_where_it_was_raised_to(reporter: str, named: dict[str, Any]) -> None:
    """What they set right is on the case; whoever has it by decision says where it goes."""
    street = a_street()
    case = street.report(by=reporter)
    for _ in range(5):
        case = street.act(case, Act.RAISE, case.assignee or "")
    after = street.act(case, Act.CORRECT, reporter, **named)
    assert code(street) is None
    assert (after.assignee, after.state) == ("city", State.DISPATCHED)
    assert (after.category, after.place) != (case.category, case.place)
    after = street.act(case, Act.CORRECT, "city", category="pothole")
    assert after.assignee != "city"


def test_who_reported_a_merged_case_is_told_where_to_do_what_they_may() -> None:
    """What a follower may do is done to the master; what only a reporter may do, to neither."""
    street = a_street()
    master = street.report(by="patrol-1")
    case = street.report(name="r2", by="patrol-2")
    for act in Act:
        if CaseRole.FOLLOWER in RIGHTS[act].who:
            street.act(case, act, "patrol-2", note="快点")
            because = street.drafts[-1].because
            assert because is not None
            assert (because.code, master.number in because.zh, master.number in because.en) == (
                "done_there",
                True,
                True,
            )
    street.act(case, Act.RATE, "patrol-2", rating="satisfied")
    assert code(street) == "wrong_state"


def test_where_no_whistle_called_nobody_is_rated() -> None:
    street = a_street()
    street.act(street.report(), Act.RATE_REPORT_IN, "office", to="water")
    assert code(street) == "none_whistled"
