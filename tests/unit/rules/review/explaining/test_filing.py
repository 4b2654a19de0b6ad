"""What led to the category of a case."""

from typing import Any

import pytest

from rules.review.explaining.filing import HOW_NAMES, Filed, explain_filing

TREE = {"category": "tree"}


@pytest.mark.parametrize(
    ("facts", "case", "found"),
    [
        ({"words": ["倒树"]}, TREE, Filed("tree", None, "words", ("倒树",))),
        ({"words": None}, TREE, Filed("tree", None, "named")),
        ({"words": []}, TREE, Filed("tree", None, "default")),
        ({}, TREE, Filed("tree", None, None)),
        ({"words": ["倒树"]}, {"category": "car"}, Filed("car", None, "corrected")),
        ({"words": ["倒树"]}, {**TREE, "subcategory": "old"}, Filed("tree", "old", "corrected")),
        ({"words": ["a"]}, {}, None),
    ],
)
def test_by_what_the_first_event_tells(facts: dict[str, Any], case: dict[str, Any], found: Filed | None) -> None:
    assert explain_filing(TREE, facts, case) == found
    assert found is None or found.how is None or HOW_NAMES[found.how].en


def test_words_of_the_subcategory_and_what_makes_it_urgent() -> None:
    facts = {"words": ["油", "漏油"], "subcategory_words": ["漏油"], "urgent_words": ["伤人"]}
    case = {"category": "dirty", "subcategory": "oil", "urgent_by": ["words"]}
    assert explain_filing(case, facts, case) == Filed("dirty", "oil", "words", ("油", "漏油"), ("words",), ("伤人",))
