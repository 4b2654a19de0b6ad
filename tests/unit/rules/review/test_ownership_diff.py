"""Changes of hands, against deciding every report at every place under both books."""

from datetime import datetime
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from grid36.review.diff import as_answer, as_lines, differences
from rules.book.compiled_rulebook import CompiledRulebook, book_of
from rules.review.dry_run import outcome, rehearse
from rules.review.ownership_diff import OwnershipChange, Responsible, ownership_changes, situations
from schemas.names import Language
from schemas.place import PlaceGiven
from schemas.report import Report, Reporter
from schemas.rulebook import Rulebook
from tests.strategies.broken_books import example, patched

NOW = int(datetime(2026, 11, 20, 10, tzinfo=ZoneInfo("Asia/Shanghai")).timestamp() * 1000)


def book(patch: dict[str, Any] | None = None) -> CompiledRulebook:
    region, rulebook = example()
    return book_of(region, Rulebook.model_validate(patched(rulebook.model_dump(mode="json"), patch or {})))


def moved(patch: dict[str, Any]) -> list[OwnershipChange]:
    return ownership_changes(book(), book(patch), NOW)


def test_nothing_changes_hands_between_equal_books() -> None:
    assert moved({"set": {"policy.return_cap": 3, "routing.rows.lighting.priority": 311}}) == []


def test_a_row_for_one_grid_moves_its_places_only() -> None:
    row = {"id": "g3", "priority": 499, "when": {"category": "tree", "grid": "G003"}, "then": {"assign": "grid_head"}}
    found = moved({"set": {"routing.inputs": ["category", "kind", "grid"]}, "add": {"routing.rows": [row]}})
    region = example()[0]
    inside = (
        {"G003"}
        | {s.id for s in region.segments if s.grid == "G003"}
        | {u.id for u in region.units if u.grid == "G003"}
    )
    assert [(h.category, h.before.assignee, h.after.assignee) for h in found] == [("tree", "officer-parks", "head-03")]
    assert set(found[0].places) == inside


def test_a_row_for_one_kind_of_land_moves_the_places_that_have_it() -> None:
    """As the region's files say: segments by themselves, the rest of a grid by the grid."""
    when = {"category": "tree", "land_kind": ["river-bank", "collective"]}
    row = {"id": "l", "priority": 499, "when": when, "then": {"assign": "department", "department": "drainage"}}
    found = moved({"set": {"routing.inputs": ["category", "kind", "land_kind"]}, "add": {"routing.rows": [row]}})
    region = example()[0]
    grids = {grid.id for grid in region.grids if grid.land_kind}
    units = {unit.id for unit in region.units if unit.grid in grids}
    inside = grids | units | {segment.id for segment in region.segments if segment.grid in grids}
    assert {hand.category for hand in found} == {"tree"}
    assert {code for hand in found for code in hand.places} == inside | {"XMJ-1", "XMJ-2"}


def test_a_row_for_a_subcategory_moves_its_category_only() -> None:
    """Its cell for the category is empty, and still no other category can have it."""
    part = {"id": "fallen", "category": "tree", "name": {"zh": "倒伏"}, "words": ["倒伏"]}
    row = {"id": "f", "priority": 9, "when": {"subcategory": "fallen"}, "then": {"assign": "duty-desk"}}
    change = {"routing.inputs": ["category", "kind", "subcategory"], "subcategories": [part]}
    found = moved({"set": change, "add": {"routing.rows": [row]}})
    assert {(hand.category, dict(hand.situation)["subcategory"]) for hand in found} == {("tree", "fallen")}


def test_an_item_that_is_refused_from_now_on() -> None:
    redirect = {"name": {"zh": "别处", "en": "elsewhere"}, "phone": "1"}
    found = moved(
        {"set": {"items.P01.verdict": "refuse", "items.P01.redirect": redirect}, "remove": ["items.P01.lead"]}
    )
    assert [(h.category, h.after) for h in found] == [("tree", Responsible(None, None, "P01", False))]
    assert len(found[0].places) == sum(map(len, (example()[0].grids, example()[0].units, example()[0].segments)))


def test_a_row_for_questions_is_found_in_its_situation() -> None:
    found = moved({"set": {"routing.rows.questions.then.assign": "street-chief"}})
    assert {hand.situation for hand in found} == {(("kind", "question"), ("reporter_kind", "resident"))}
    assert {hand.after.assignee for hand in found} == {"street-chief"}


@pytest.mark.parametrize("seed", range(3))
def test_as_whole_decisions_say(seed: int) -> None:
    """Random changes of the table; a sample of reports decided under both books differs exactly where it is said."""
    random, region = Random(seed), example()[0]
    places: list[dict[str, Any]] = [{"grid": ["G001", "G005"]}, {"road": "湖滨南路"}, {"hour": {"ge": 18}}, {}]
    rows = [
        {
            "id": f"new-{i}",
            "priority": random.randint(1, 900),
            "when": {
                "category": random.sample(["tree", "pothole", "noise", "rubbish"], 2),
                **random.choice(places),
            },
            "then": {"assign": random.choice(["grid_head", "segment_owner", "duty-desk", "street-chief"])},
        }
        for i in range(4)
    ]
    patch = {"set": {"routing.inputs": ["category", "kind", "grid", "road", "hour"]}, "add": {"routing.rows": rows}}
    old, new = book(), book(patch)
    said = {(hand.category, place) for hand in ownership_changes(old, new, NOW) for place in hand.places}
    codes = [s.id for s in region.segments] + [g.id for g in region.grids]
    for category in ("tree", "pothole", "noise", "rubbish", "sign"):
        for place in random.sample(codes, 25):
            differs = any(_who(old, category, place, hour) != _who(new, category, place, hour) for hour in (10, 20))
            assert differs == ((category, place) in said)


def _who(book: CompiledRulebook, category: str, place: str, hour: int) -> tuple[Any, ...]:
    at = NOW + (hour - 10) * 3_600_000
    given = {"id": "r", "place": PlaceGiven(code=place), "reporter": Reporter(id="a"), "door": "x", "received_ms": at}
    now = outcome(rehearse(Report.model_validate({**given, "category": category}), book, at)).now
    return now.get("assignee"), now.get("department"), now.get("item")


def test_situations_meet_every_value_of_both_tables() -> None:
    rows = [{"id": "r", "when": {"hour": {"ge": 18, "le": 20}, "kind": "question", "attr_land": "forest"}}]
    rulebook = example()[1]
    inputs = ["category", "hour", "kind", "attr_land", "grid"]
    table = type(rulebook.routing).model_validate({"name": "t", "hit_policy": "F", "inputs": inputs, "rows": rows})
    found = situations([table])
    assert {situation["hour"] for situation in found} == {10, 18, 21}
    assert {situation["kind"] for situation in found} == {"problem", "question"}
    assert {situation["attr_land"] for situation in found} == {None, "forest"}
    assert "grid" not in found[0]
    assert found[0] == {"hour": 10, "kind": "problem", "attr_land": None}


def test_in_words_and_as_json() -> None:
    region, rulebook = example()
    new = book({"set": {"routing.rows.parks.then.department": "housing"}}).rulebook
    changes, found = differences(region, rulebook, new, NOW)
    answer = as_answer(changes, found)
    assert answer["places"] == sum(hand["count"] for hand in answer["hands"])
    assert {hand["after"]["assignee"] for hand in answer["hands"]} == {"officer-housing"}
    lines = as_lines(changes, found, Language.EN)
    assert lines[0].startswith("changed  routing 10 parks  then: ")
    assert "officer-parks parks → officer-housing housing" in lines[1]
    assert lines[-1].startswith("0 added, 0 removed, 1 changed; ")
    assert as_lines(changes, found, Language.ZH)[0].startswith("修改")
