"""Subcategories and kinds of land in the checks: what the broken rulebooks cannot say in one patch."""

from typing import Any

from rules.check.all import check
from rules.check.boxes import Boxes
from rules.check.overlaps import overlaps
from schemas.names import Language
from schemas.table import Table
from tests.strategies.broken_books import broken, example

HILL = {"land_kinds": [{"id": "hill", "name": {"zh": "山坡"}}], "segments.XMJ-1.land_kind": "hill"}


def crossing(**other: Any) -> list[str]:
    """Codes of what two rows of one priority are said to do, where one asks for a subcategory of `tree`."""
    rows = [
        {"id": "a", "when": {"subcategory": "fallen"}, "then": {"assign": "x"}},
        {"id": "b", "when": other, "then": {"assign": "y"}},
    ]
    table = Table.model_validate({"name": "t", "hit_policy": "U", "inputs": ["category", "subcategory"], "rows": rows})
    return [problem.code for problem in overlaps(Boxes(table, {"fallen": "tree"}))]


def test_a_subcategory_meets_only_rows_of_its_category() -> None:
    """Without this a steward is told of conflicts that no report can show."""
    assert crossing(category="tree") == ["overlap_unique"]
    assert crossing(category="manhole") == []
    assert crossing(category=["manhole", "tree"]) == ["overlap_unique"]


def test_words_of_subcategories_are_words_of_their_category() -> None:
    """A category needs none of its own then, and another one that has the same word is a clash."""
    part = {"id": "fallen", "category": "tree", "name": {"zh": "倒伏"}, "words": ["井盖"]}
    patch = {"set": {"subcategories": [part], "categories.tree.words": []}}
    codes = {problem.code for problem in check(*broken(patch))}
    assert "shared_word" in codes
    assert "category_without_words" not in codes


def test_a_row_for_one_kind_of_land_leaves_all_other_places_open() -> None:
    """Every grid, unit and segment of the region but the one that has it."""
    row = {"id": "o", "priority": 900, "when": {"category": "other", "land_kind": "hill"}, "then": {"assign": "x"}}
    patch = {
        "region": {"set": HILL},
        "set": {"routing.inputs": ["category", "kind", "land_kind"]},
        "remove": ["routing.default"],
        "add": {"routing.rows": [row]},
    }
    region = example()[0]
    places = len(region.grids) + len(region.units) + len(region.segments)
    (gap,) = [problem for problem in check(*broken(patch)) if problem.code == "gap"]
    assert f"at {places - 1} places" in gap.say(Language.EN)
