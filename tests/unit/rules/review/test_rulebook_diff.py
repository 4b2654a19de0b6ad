"""Differences of two rulebooks, by id."""

from typing import Any

from rules.review.rulebook_diff import Changed, RulebookChange, compare
from schemas.rulebook import Rulebook
from tests.strategies.broken_books import example, patched


def changes(patch: dict[str, Any]) -> list[Changed]:
    rulebook = example()[1]
    return list(compare(rulebook, Rulebook.model_validate(patched(rulebook.model_dump(mode="json"), patch))))


def test_equal_books_have_none_and_names_do_not_matter() -> None:
    assert changes({"set": {"name": "another", "author": "somebody", "note": "x"}}) == []


def test_rows_by_id_with_their_numbers() -> None:
    added = {"id": "swings", "when": {"category": "tree"}, "then": {"assign": "grid_head"}}
    patch = {
        "set": {"routing.rows.lighting.priority": 311},
        "remove": ["routing.rows.food"],
        "add": {"routing.rows": [added]},
    }
    assert [(c.change, c.sheet, c.id, c.row, c.fields) for c in changes(patch)] == [
        (RulebookChange.CHANGED, "routing", "lighting", 6, (("priority", 310, 311),)),
        (RulebookChange.ADDED, "routing", "swings", 16, ()),
        (RulebookChange.REMOVED, "routing", "food", 14, ()),
    ]


def test_items_categories_policy_default_and_whole_tables() -> None:
    limits = {"name": "limits", "hit_policy": "A", "inputs": ["category"], "rows": []}
    patch = {
        "set": {
            "items.C01.verdict": "assist",
            "categories.tree.words": ["树"],
            "policy.return_cap": 3,
            "routing.default.assign": "duty-desk",
            "limits": limits,
            "level": "district",
        }
    }
    found = {(c.sheet, c.id): [field for field, _, _ in c.fields] for c in changes(patch)}
    assert found == {
        ("routing", "routing"): ["default"],
        ("limits", "limits"): ["hit_policy", "inputs", "default"][:2],
        ("items", "C01"): ["verdict"],
        ("categories", "tree"): ["words"],
        ("level", "level"): ["level"],
        ("policy", "policy"): ["return_cap"],
    }


def test_versions_of_an_item_are_told_apart_by_their_days() -> None:
    later = {"id": "C01", "name": {"zh": "清扫"}, "verdict": "handle", "lead": "sanitation", "valid_from": "2027-01-01"}
    patch = {"set": {"items.C01.valid_to": "2027-01-01"}, "add": {"items": [later]}}
    assert [(c.change, c.row) for c in changes(patch)] == [(RulebookChange.CHANGED, 1), (RulebookChange.ADDED, 33)]


def test_duties_are_compared_too() -> None:
    duty = {"id": "school-run", "name": {"zh": "护学岗"}, "place": "HBN-1", "window": "07:20-08:10", "person": "x"}
    found = changes({"add": {"duties": [duty]}})
    assert [(c.change, c.sheet, c.id) for c in found] == [(RulebookChange.ADDED, "duties", "school-run")]
