"""Explanations of decisions on the example street."""

from datetime import datetime
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from grid36.review.explain import Explained, explain_report
from rules.book.compiled_rulebook import book_of
from rules.review.explain import KnownFacts, explain
from rules.time.working import due_at
from schemas.event import Because
from schemas.limit import is_working
from schemas.names import Language
from schemas.place import PlaceGiven
from schemas.report import Report, Reporter
from schemas.rulebook import Rulebook
from schemas.table import Facts
from tests.strategies.broken_books import example, patched

NOW = int(datetime(2026, 11, 20, 9, tzinfo=ZoneInfo("Asia/Shanghai")).timestamp() * 1000)
NIGHT = NOW + 14 * 3_600_000

LIMITS = {
    "name": "limits",
    "hit_policy": "F",
    "inputs": ["category", "hour"],
    "rows": [
        {"id": "trees-at-night", "when": {"category": "tree", "hour": {"ge": 20}}, "then": {"resolve": "3h"}},
        {"id": "trees", "when": {"category": "tree"}, "then": {"resolve": "2d"}, "note": "by day"},
    ],
}
JOINT = {
    "name": "joint",
    "hit_policy": "C",
    "inputs": ["category", "hour"],
    "rows": [
        {"id": "light", "when": {"category": "tree", "hour": {"ge": 20}}, "then": {"department": "street-lighting"}},
        {"id": "works", "when": {"category": "tree"}, "then": {"department": "municipal-works"}},
        {"id": "itself", "when": {"category": "tree"}, "then": {"department": "parks"}},
    ],
}


def explained(patch: dict[str, Any] | None = None, at_ms: int = NOW, **report: Any) -> Explained:
    """What would become of a report under the example with a patch, and why."""
    region, rulebook = example()
    book = book_of(region, Rulebook.model_validate(patched(rulebook.model_dump(mode="json"), patch or {})))
    given = {"id": "r1", "place": PlaceGiven(code="G003"), "reporter": Reporter(id="a"), "door": "cli"}
    return explain_report(Report.model_validate({**given, "received_ms": at_ms, **report}), book, at_ms)


def test_the_row_its_facts_and_cells_and_the_item() -> None:
    found = explained(category="tree")
    why = found.why
    assert found.outcome == "dispatched"
    assert why.routing is not None
    assert [(won.row, won.number) for won in why.routing.won] == [("parks", 10)]
    met = why.routing.facts[0]
    assert (met.fact, met.value, met.cell) == ("category", "tree", "tree, green-area")
    assert why.listed is not None
    assert why.listed.item is not None
    assert (why.listed.item.basis, why.listed.by and why.listed.by.en) == ("Sample list, part P, 1", "category tree")
    assert why.say(Language.ZH) != why.say(Language.EN)
    assert [(near.number, near.why.en) for near in why.routing.near] == [
        (1, "kind is problem, and the row asks for question")
    ]


def test_rows_that_lost_are_those_on_record() -> None:
    row = {"id": "trees", "priority": 500, "when": {"category": "tree"}, "then": {"assign": "grid_head"}}
    why = explained({"add": {"routing.rows": [row]}}, category="tree", kind="question").why
    assert why.routing is not None
    assert (why.because.row, [lost.number for lost in why.routing.lost]) == ("questions", [10, 17])


def test_rows_in_conflict_are_all_shown_and_nothing_is_said_to_hold() -> None:
    """A unique table that was not checked: the fallback owner has it, and no item was chosen."""
    why = explained({"set": {"routing.hit_policy": "U"}}, category="tree", kind="question").why
    assert why.because.code == "fallback"
    assert why.routing is not None
    assert (why.routing.conflict, len(why.routing.lost), why.listed) == (True, 2, None)


def test_the_default_a_refusal_and_a_wait() -> None:
    why = explained(category="other").why
    assert why.routing is not None
    assert (why.routing.won, bool(why.routing.default)) == ((), True)
    found = explained(category="medical")
    assert found.why.listed is not None
    assert found.why.listed.item is not None
    assert (found.outcome, found.why.listed.item.id, found.why.said) == ("refused", "S03", ())
    found = explained(category="tree", place=PlaceGiven(code="nowhere"))
    assert (found.outcome, found.why.because.code) == ("information_needed", "needs_place")
    assert (found.why.routing, found.why.limits, found.why.said) == (None, None, ())


def test_a_row_names_an_item_that_is_not_in_force() -> None:
    """It is passed over, and the category's counts."""
    patch = {"set": {"routing.rows.parks.then": {"assign": "department", "item": "P02"}, "items.P02.life": "suspended"}}
    why = explained(patch, category="tree").why
    assert why.listed is not None
    assert why.listed.item is not None
    assert (why.listed.item.id, [over.row for over in why.listed.passed_over]) == ("P01", ["P02"])
    assert why.listed.passed_over[0].why.en == "it is suspended"


def test_why_three_hours() -> None:
    """By the hour at which it comes: the row that won, who lost to it, and what other sources said."""
    patch = {"set": {"limits": LIMITS, "items.P01.limits": {"respond": "7h"}}}
    found = explained(patch, NIGHT, category="tree")
    why = found.why
    assert why.limits is not None
    assert [won.row for won in why.limits.won] == ["trees-at-night"]
    assert [lost.row for lost in why.limits.lost] == ["trees"]
    number = next(i for i, item in enumerate(example()[1].items, 1) if item.id == "P01")
    category = next(i for i, each in enumerate(example()[1].categories, 1) if each.id == "tree")
    assert [(said.clock, said.limit, why.source(said)) for said in why.said] == [
        ("accept", "1wh", ("categories", "tree", category)),
        ("respond", "7h", ("items", "P01", number)),
        ("resolve", "3h", ("limits", "trees-at-night", 1)),
    ]
    assert found.decided["deadlines"]["resolve"] == NIGHT + 3 * 3_600_000
    by_day = explained(patch, category="tree").why
    assert by_day.limits is not None
    assert [near.why.en for near in by_day.limits.near] == ["hour is 9, and the row asks for ≥ 20"]


def test_why_others_were_called_in() -> None:
    """Each row that matches; who leads is not called; the facts are on record although routing never asks for them."""
    found = explained({"set": {"joint": JOINT}}, NIGHT, category="tree")
    assert [(each.department, each.leads) for each in found.why.called] == [
        ("street-lighting", False),
        ("municipal-works", False),
        ("parks", True),
    ]
    assert [each["department"]["code"] for each in found.decided["assists"]] == ["street-lighting", "municipal-works"]
    by_day = explained({"set": {"joint": JOINT}}, category="tree").why.joint
    assert by_day is not None
    assert ([won.row for won in by_day.won], [near.row for near in by_day.near]) == (["works", "itself"], ["light"])


def test_why_a_pushed_task_was_held() -> None:
    patch = {"set": {"policy.off_list": "approve", "policy.approver": "street-chief"}}
    found = explained(patch, category="tree", pushed_by="parks", item="P03")
    assert (found.outcome, found.version is None, found.why.routing) == ("admission_requested", False, None)
    assert found.why.gate is not None
    assert (found.why.gate.passes, found.why.gate.approver) == (False, "street-chief")
    passed = explained(category="tree", pushed_by="parks", item="P01").why
    assert passed.gate is not None
    assert (passed.gate.passes, passed.routing is None) == (True, False)
    assert explained(category="tree").why.gate is None, "nobody pushed it"


def test_an_offer_names_the_row_that_offers() -> None:
    row = {"id": "errands", "priority": 1, "when": {}, "then": {"assign": "grid_head", "offer": "volunteers"}}
    found = explained({"add": {"routing.rows": [row]}}, category="tree")
    assert (found.outcome, found.why.because.row) == ("offered", "errands")
    assert [said.by for said in found.why.said] == ["category"] * 3, "what will hold for whoever accepts"


def test_what_an_early_release_did_not_keep_is_not_made_up() -> None:
    """Its log has only what routing asked for: nobody knows by what hour a limit was found."""
    rulebook = Rulebook.model_validate(patched(example()[1].model_dump(mode="json"), {"set": {"limits": LIMITS}}))
    because = Because(code="department", zh="甲", en="a", version="1", facts={"category": "tree"})
    asked: list[tuple[Facts, bool]] = [({"category": "tree"}, False), ({"category": "tree", "hour": 9}, True)]
    for facts, known in asked:
        why = explain(because, rulebook, KnownFacts(category="tree", begun=facts))
        assert (why.limits is not None, bool(why.said)) == (known, known)


def test_an_unknown_row_of_another_version_is_no_trap() -> None:
    why = explain(Because(code="department", zh="甲", en="a", version="1", row="gone", row_number=3), example()[1])
    assert why.routing is None


@pytest.mark.parametrize("category", [each.id for each in example()[1].categories])
@pytest.mark.parametrize("at_ms", [NOW, NIGHT])
def test_what_is_explained_is_what_was_decided(category: str, at_ms: int) -> None:
    """Limits, milestones and departments of the explanation give the deadlines and the calls of the decision."""
    steps = [{"id": "fence", "name": {"zh": "围挡"}, "limit": "3uh"}]
    limits = {**LIMITS, "default": {"accept": "5h"}}
    patch = {
        "set": {
            "limits": limits,
            "joint": JOINT,
            "categories.pothole.milestones": steps,
            "items.M01.limits": {"respond": "2h"},
        }
    }
    found = explained(patch, at_ms, category=category)
    why, now = found.why, found.decided
    if found.outcome != "dispatched":
        assert (why.said, why.called) == ((), ())
        return
    calendar, lead = example()[0].calendar, now["department"]["code"]
    due = {said.clock: due_at(at_ms, said.limit, calendar, lead) for said in why.said if said.limit is not None}
    clocks = {clock: due[clock] for clock in ("resolve", "respond", "accept") if clock in due}
    limit_of = {said.clock: said.limit for said in why.said}
    for later, clock in pairwise(clocks):  # who resolves has responded, and who responds has accepted
        if is_working(limit_of[later]) or is_working(limit_of[clock]):
            clocks[clock] = min(clocks[clock], clocks[later])
    assert clocks == {clock: now["deadlines"].get(clock) for clock in clocks}
    assert {"accept", "respond", "resolve"} & set(now["deadlines"]) == set(clocks)
    assert {step["id"]: step["due_ms"] for step in now.get("milestones", ())} == {
        clock: at for clock, at in due.items() if clock not in clocks
    }
    assert [each.department for each in why.called if not each.leads] == [
        each["department"]["code"] for each in now.get("assists", ())
    ]
    assert (why.listed.item.id if why.listed and why.listed.item else None) == now["item"]
