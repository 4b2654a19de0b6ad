"""A report follows an open case only if it loses nothing by it: no clock, no hands, no urgency, no own answer."""

from dataclasses import replace
from math import inf
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.book.compiled_rulebook import CompiledRulebook
from schemas.case import Case, Deadline, State, UrgentBy
from schemas.command import Act, Supply
from schemas.event import EventType
from schemas.joining import Lost
from schemas.people import Role
from schemas.report import Department, ReportKind, SourceFacts
from schemas.rulebook import Rulebook
from tests.worlds.street import DAY, HOUR, PHOTO, T0, Street, a_book, a_region, a_rulebook

LISTED: dict[str, Any] = {
    "subcategories": [
        {"id": "open-hole", "category": "pothole", "name": {"zh": "深坑"}, "words": ["深坑"], "urgent": True},
        {"id": "loose", "category": "pothole", "name": {"zh": "松动"}, "words": ["松动"]},
        {"id": "noisy", "category": "pothole", "name": {"zh": "异响"}, "words": ["异响"]},
    ],
    "attributes": [
        {
            "id": "land",
            "name": {"zh": "土地"},
            "values": [
                {"id": "forest", "name": {"zh": "林地"}, "words": ["林地"]},
                {"id": "house", "name": {"zh": "房前"}, "words": ["房前"]},
            ],
        }
    ],
    "joint": {
        "name": "joint",
        "hit_policy": "C",
        "inputs": ["reporter_kind"],
        "rows": [{"id": "J", "when": {"reporter_kind": "volunteer"}, "then": {"department": "water"}}],
    },
    "limits": {
        "name": "limits",
        "hit_policy": "F",
        "inputs": ["urgency", "hour", "attr_land", "door"],
        "rows": [
            {"id": "now", "priority": 1, "when": {"urgency": "urgent"}, "then": {"accept": "15m", "resolve": "4uh"}},
            {
                "id": "house",
                "priority": 2,
                "when": {"attr_land": "house"},
                "then": {"accept": "2h", "respond": "8h", "resolve": "1d"},
            },
            {"id": "cli", "priority": 3, "when": {"door": "cli"}, "then": {"resolve": "10d"}},
        ],
        "default": {"accept": "4h", "respond": "1d", "resolve": "5d"},
    },
}
ROWS: list[dict[str, Any]] = [
    {"id": "R-forest", "priority": 3, "when": {"attr_land": "forest"}, "then": {"assign": "grid_head", "item": "I3"}},
    {"id": "R-night", "priority": 4, "when": {"hour": [0, 1, 2, 3, 4]}, "then": {"assign": "office"}},
    {"id": "R-open", "priority": 5, "when": {"subcategory": "open-hole"}, "then": {"assign": "grid_head"}},
]


def a_list(**more: Any) -> Rulebook:
    """Potholes that are urgent, on forest land, beside houses, at night; others are not."""
    told = a_rulebook(urgent_words=["受伤"]).model_dump(mode="json") | LISTED | more
    told["routing"]["inputs"] = ["category", "subcategory", "attr_land", "hour"]
    told["routing"]["rows"] = [*ROWS, *told["routing"]["rows"]]
    return Rulebook.model_validate(told)


BOOK = a_book(rulebook=a_list())


def two(
    first: dict[str, Any], second: dict[str, Any], *, later: int = HOUR, book: CompiledRulebook = BOOK
) -> tuple[Street, Case]:
    """A street with both, and the case of the second one."""
    street = Street(book)
    street.report(**{"name": "first", "text": "坑", "by": "patrol-2", **first})
    return street, street.report(at=T0 + later, **{"name": "second", "text": "坑", **second})


@pytest.mark.parametrize(
    ("first", "second", "why"),
    [
        ({}, {}, None),
        ({}, {"text": "坑，有人受伤"}, Lost.URGENCY),
        ({}, {"urgent": True}, Lost.URGENCY),
        ({"text": "松动 坑"}, {"text": "深坑"}, Lost.URGENCY),
        ({"text": "深坑"}, {"text": "深坑，有人受伤"}, Lost.URGENCY),
        ({"text": "坑，有人受伤"}, {"text": "坑", "urgent": True}, None),
        ({"urgent": True}, {}, None),
        ({"text": "松动"}, {"text": "异响"}, Lost.SUBCATEGORY),
        ({"text": "松动"}, {}, None),
        ({"text": "深坑"}, {}, Lost.HANDS),
        ({}, {"text": "坑，房前"}, Lost.DEADLINE),
        ({"text": "坑，房前"}, {}, None),
        ({}, {"text": "坑，林地"}, Lost.LIST),
        ({"door": "cli"}, {}, Lost.DEADLINE),
        ({}, {"reporter": {"id": "rider", "kind": Role.VOLUNTEER}}, Lost.CALLED),
        ({}, {"pushed_by": "water", "item": "ghost"}, Lost.LIST),
        ({}, {"kind": "complaint"}, Lost.KIND),
        ({"kind": "complaint"}, {"kind": "complaint"}, None),
        *(({"kind": kind}, {}, Lost.KIND) for kind in ReportKind if kind is not ReportKind.PROBLEM),
        *(({}, {"kind": kind}, Lost.KIND) for kind in ReportKind if kind is not ReportKind.PROBLEM),
    ],
)
def test_what_it_would_lose_keeps_it_apart(first: dict[str, Any], second: dict[str, Any], why: Lost | None) -> None:
    street, case = two(first, second)
    [master] = [each for each in street.cases.values() if each.report == "first"]
    if why is None:
        assert (case.state, case.master) == (State.MERGED, master.number)
        return
    assert case.master is None
    told = [draft for draft in street.drafts if draft.type is EventType.RELATED]
    assert [(each.case, each.facts) for each in told] == [
        (master.number, {"case": case.number, "code": why}),
        (case.number, {"case": master.number, "code": why}),
    ]
    assert all(each.because and each.because.zh and each.because.en for each in told)
    assert (case.related, master.related) == ((master.number,), (case.number,))


@pytest.mark.parametrize("kind", ["question", "suggestion", "service_request"])
def test_each_of_these_gets_an_answer_of_its_own(kind: str) -> None:
    _, case = two({"kind": kind}, {"kind": kind})
    assert (case.master, case.state) == (None, State.DISPATCHED)


def test_who_has_it_by_night_is_not_who_had_it_by_day() -> None:
    _, case = two({}, {}, later=7 * HOUR)  # 02:06 in the region's zone
    assert (case.master, case.assignee) == (None, "office")


def test_nothing_follows_a_case_that_stands_still() -> None:
    street = Street(BOOK)
    master = street.report(text="坑", name="first", by="patrol-2")
    street.act(master, Act.REQUEST_PAUSE, "owner-1", hours=48, note="等料")
    street.act(master, Act.APPROVE, "office")
    own = street.report(text="坑", name="second")
    assert (own.master, own.state) == (None, State.DISPATCHED)
    assert street.report(text="坑", name="third", by="patrol-3").master == own.number, "one case more, not many"


def test_nothing_follows_a_case_that_was_given_more_time() -> None:
    street = Street(BOOK)
    master = street.report(text="坑", name="first", by="patrol-2")
    street.act(master, Act.REQUEST_EXTENSION, "owner-1", hours=48, note="等料")
    street.act(master, Act.APPROVE, "office")
    assert street.report(text="坑", name="second").master is None


def test_what_is_reported_after_the_work_was_not_mended_by_it() -> None:
    street = Street(BOOK)
    master = street.report(text="坑", name="first", by="patrol-2")
    street.act(master, Act.RESOLVE, "owner-1", photos=(PHOTO,), at=T0 + HOUR)
    assert street.report(text="坑", name="second", at=T0 + 2 * HOUR).master is None


def test_a_case_that_a_person_handed_over_still_takes_what_is_the_same_by_the_list() -> None:
    street = Street(BOOK)
    master = street.report(text="坑", name="first", by="patrol-2")
    street.act(master, Act.ASSIGN, "office", to="owner-2")
    assert street.report(text="坑", name="second").master == master.number
    assert street.report(text="坑，林地", name="third").state is State.REFUSED


def test_nothing_follows_a_handed_over_case_under_the_item_that_a_department_cites_for_it() -> None:
    """What is the same by the list is under another item there; limits and guides are those of the item."""
    street = Street(BOOK)
    master = street.report(
        text="漏水 坑", category="pothole", name="first", by="patrol-2", pushed_by="water", item="I2", urgent=True
    )
    master = street.act(master, Act.ASSIGN, "office", to="owner-2")
    assert (master.item, master.hops) == ("I2", 1)
    own = street.report(text="坑", name="second", urgent=True)
    assert (own.master, own.item) == (None, None)


def test_under_a_newer_list_only_those_who_have_it_count() -> None:
    """The list changed its mind about who has potholes; the old case goes on as it was."""
    street = Street(BOOK)
    master = street.report(text="坑", name="first", by="patrol-2")
    told = a_list().model_dump(mode="json")
    told["routing"]["rows"][-3]["then"] = {"assign": "grid_head"}
    street.book = a_book(rulebook=Rulebook.model_validate(told))
    own = street.report(text="坑", name="second")
    assert (own.master, own.assignee, master.assignee) == (None, "head-1", "owner-1")


def test_what_another_system_set_is_its_deadline() -> None:
    book = replace(BOOK, region=a_region())
    source = SourceFacts(due_ms=T0 + 2 * HOUR, department=Department(code="water", name="供水"))
    street, case = two({}, {"source": source}, book=book)
    assert case.master is None
    assert case.due_ms == T0 + 2 * HOUR
    assert street.report(text="坑", name="third", source=source).master == case.number


def test_what_waited_for_words_is_judged_by_them() -> None:
    street = Street(BOOK)
    street.report(text="坑", name="first", by="patrol-2")
    waiting = street.report(text="", name="second")
    assert waiting.state is State.NEEDS_INFORMATION


@pytest.mark.parametrize("text", ["有人受伤了", "还是没修"])
def test_who_follows_and_adds_danger_goes_their_own_way(text: str) -> None:
    """Nobody reads what is added to a follower; danger gets a case, with its clocks from then on."""
    street, case = two({}, {})
    master = case.master
    now = T0 + 2 * HOUR
    command = Supply(id="s1", home=case.home, report="second", by="patrol-1", text=text)
    street.apply(command, now)
    street.apply(command, now)
    case = street.cases[case.number]
    if text == "还是没修":
        assert (case.state, case.master) == (State.MERGED, master)
        return
    assert (case.state, case.master, case.urgent_by) == (State.DISPATCHED, None, (UrgentBy.WORDS,))
    assert (case.dispatched_ms, case.due_ms) == (now, now + 4 * HOUR)
    assert master is not None
    assert street.cases[master].followers == ()
    told = next(draft.because for draft in street.drafts if draft.type is EventType.SPLIT)
    assert told is not None
    assert master in told.en


FACTS = st.fixed_dictionaries(
    {
        "text": st.sampled_from(["坑", "坑，有人受伤", "深坑", "松动", "异响", "坑，林地", "坑，房前", "油污"]),
        "kind": st.sampled_from(["problem", "problem", "problem", "question", "complaint"]),
        "urgent": st.sampled_from([False, False, True]),
        "door": st.sampled_from(["web", "cli"]),
        "pushed_by": st.sampled_from([None, None, None, "water"]),
    }
)
DURING = ("", "ack", "contact", "resolve", "assign", "pause", "extend", "return", "late")


@settings(max_examples=200, deadline=None)
@given(FACTS, FACTS, st.sampled_from([0, HOUR, 6 * HOUR, 12 * HOUR, 2 * DAY]), st.sampled_from(DURING))
def test_joining_never_loses_anything(first: dict[str, Any], second: dict[str, Any], later: int, during: str) -> None:
    """For any two reports: no deadline is later, nobody else has it, and what the list does to it stays the same."""
    street, alone = Street(BOOK), Street(BOOK)
    master = street.report(name="first", by="patrol-2", **first)
    between(street, master, during)
    case = street.report(name="second", at=T0 + later, **second)
    own = alone.report(name="second", at=T0 + later, **second)
    if case.state is not State.MERGED:
        assert (case.state, case.assignee, case.deadlines) == (own.state, own.assignee, own.deadlines)
        return
    master = street.cases[master.number]
    assert own.state is State.DISPATCHED
    assert own.kind is master.kind
    assert bool(master.urgent_by) >= bool(own.urgent_by)
    assert own.item == master.item
    assert master.hops or own.assignee == master.assignee
    assert not own.due_ms or (master.due_ms is not None and master.due_ms <= own.due_ms)
    for clock, ended in ((Deadline.ACCEPT, master.acknowledged_ms), (Deadline.RESPOND, master.contacted_ms)):
        if clock in own.deadlines and ended is None and clock not in master.missed and master.resolved_ms is None:
            assert min(master.deadlines.get(clock, inf), master.due_ms or inf) <= own.deadlines[clock]


def between(street: Street, case: Case, what: str) -> None:
    """What happens to the first case before the second report comes; impossible acts are refused."""
    who = case.assignee or "office"
    if what == "ack":
        street.act(case, Act.ACKNOWLEDGE, who)
    elif what == "contact":
        street.act(case, Act.CONTACT, who)
    elif what == "resolve":
        street.act(case, Act.RESOLVE, who, photos=(PHOTO,))
    elif what == "assign":
        street.act(case, Act.ASSIGN, "office", to="owner-2")
    elif what in {"pause", "extend"}:
        asked = Act.REQUEST_PAUSE if what == "pause" else Act.REQUEST_EXTENSION
        street.act(case, asked, who, hours=24, note="等料")
        street.act(case, Act.APPROVE, "office")
    elif what == "return":
        street.act(case, Act.RETURN, who, reason="wrong_place", note="不对")
