"""The category of a report, explained by the words that led to it."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.book.compiled_rulebook import CompiledRulebook
from rules.facts.categories import Categorised, categorise, named
from rules.words.vocabulary import Vocabulary, explained
from schemas.report import SourceFacts
from schemas.rulebook import Rulebook
from schemas.uncertain import EQUAL
from tests.worlds.street import Street, a_book, a_report, a_rulebook


@pytest.mark.parametrize(
    ("text", "category", "words"),
    [
        ("路面油污很滑", "dirty", ("油污",)),
        ("GREASY surface", "dirty", ("greasy",)),
        ("坑里漏水", "leak", ("漏水",)),  # the longer word weighs more
        ("油污漏水", "dirty", ("油污",)),  # ties go to the first in the rulebook
        ("说不清", "other", ()),
        ("", "other", ()),
    ],
)
def test_words_choose(text: str, category: str, words: tuple[str, ...]) -> None:
    found = categorise(a_report(text=text), a_book())
    assert (found.category, found.words, found.subcategory) == (category, words, None)


def test_the_words_that_lost_are_told() -> None:
    """Also of a tie, so that everybody sees that the order of the list decided."""
    street = Street()
    street.report(text="油污漏水,坑")
    assert categorise(a_report(text="油污漏水,坑"), a_book()).lost == (("leak", ("漏水",)), ("pothole", ("坑",)))
    assert street.drafts[0].facts["words_lost"] == {"leak": ("漏水",), "pothole": ("坑",)}


def test_of_equal_evidence_the_others_are_asked_for() -> None:
    """The case goes on under the first; stronger or weaker words are no question."""
    street = Street()
    street.report(text="油污漏水,坑")
    assert street.drafts[0].facts[EQUAL] == ("leak",)
    for text in ("坑里漏水", "油污", "说不清"):
        assert categorise(a_report(text=text), a_book()).equal == ()
    assert categorise(a_report(text="油污漏水", category="leak"), a_book()).equal == ()


def book(**words: Any) -> CompiledRulebook:
    """The sample list with other words, `leak_parts` those of a subcategory, and trees that a row asks for by land."""
    plain = a_rulebook().model_dump(mode="json")
    for category in plain["categories"]:
        category["words"] = words.get(category["id"], category["words"])
    plain["subcategories"] = [
        {"id": "main", "category": "leak", "name": {"zh": "干管"}, "words": words.get("main", [])}
    ]
    plain["attributes"] = [
        {"id": "land", "name": {"zh": "地"}, "values": [
            {"id": "house", "name": {"zh": "屋"}, "words": ["屋旁", "beside my house"]},
            {"id": "forest", "name": {"zh": "林"}, "words": ["山林", "woodland"]}]}
    ]  # fmt: skip
    row = {"id": "R-land", "priority": 5, "when": {"category": "pothole", "attr_land": "house"}}
    plain["routing"]["inputs"] += ["attr_land"]
    plain["routing"]["rows"] += [row | {"then": {"assign": "grid_head"}}]
    return a_book(rulebook=Rulebook.model_validate(plain))


@pytest.mark.parametrize(
    ("words", "text", "category"),
    [
        ({"dirty": ["油污", "很滑"], "leak": ["漏水了"]}, "油污很滑,漏水了", "dirty"),  # together they explain more
        ({"dirty": ["垃圾", "垃圾桶"], "leak": ["建筑垃圾"]}, "建筑垃圾", "leak"),  # a word inside a longer one is none
        ({"dirty": ["灯", "路灯", "路灯坏"], "leak": ["漏水了"]}, "路灯坏,漏水了啊漏水了", "dirty"),  # nested: once
        ({"dirty": ["tree"], "leak": ["leak"]}, "street leak", "leak"),  # no tree in a street
        ({"dirty": ["tree"], "leak": ["in"]}, "trees in the way", "dirty"),
        ({"dirty": ["井盖"], "leak": [], "main": ["缺失"]}, "井盖缺失", "leak"),  # equal: the more specific word
        ({"dirty": ["砍树"], "pothole": ["砍树"]}, "砍树", "dirty"),
        ({"dirty": ["砍树"], "pothole": ["砍树"]}, "屋旁要砍树", "pothole"),  # a row asks for it with this attribute
        ({"dirty": ["砍树"], "pothole": ["砍树"]}, "山林里砍树", "dirty"),  # and not with that one
        ({"dirty": ["砍树"]}, "屋旁有人砍树", "dirty"),  # an attribute alone is no evidence
        ({"dirty": ["felling"], "pothole": ["tree"]}, "felling of a TREE beside my house", "pothole"),
    ],
)
def test_the_best_evidence_wins(words: dict[str, list[str]], text: str, category: str) -> None:
    assert categorise(a_report(text=text), book(**words)).category == category


@given(st.text("abc 坑水油", max_size=12), st.lists(st.text("abc坑水油", min_size=1, max_size=3), max_size=4))
@settings(max_examples=150)
def test_what_is_told_stands_in_the_text_and_lost_to_no_weaker_one(text: str, words: list[str]) -> None:
    at = book(dirty=words, leak=["水"], pothole=["坑", "ab"])
    found = categorise(a_report(text=text), at)
    assert all(word.casefold() in text.casefold() for word in found.words or ())
    vocabulary = at.words.categories.found(text.casefold())
    assert all(explained(lost, vocabulary) <= explained(found.words or (), vocabulary) for _, lost in found.lost)


def test_a_category_that_is_named_and_known_is_taken() -> None:
    assert categorise(a_report(text="油污", category="leak"), a_book()) == Categorised("leak")


def test_a_name_nobody_knows_is_not() -> None:
    assert categorise(a_report(text="油污", category="ghost"), a_book()).category == "dirty"


def test_another_systems_own_word_is() -> None:
    report = a_report(text="油污", source=SourceFacts(category="Street Condition"))
    assert categorise(report, a_book()) == Categorised("Street Condition")
    assert named(report) == "Street Condition"
    assert named(a_report()) is None


def test_words_are_found_wherever_they_stand() -> None:
    """Also one of a single character at the end, once; of words in letters only where a word begins."""
    found = Vocabulary(["坑", "ab", "坑水", ""]).found("坑水 ab cab 坑")
    assert found == {"坑": [(0, 1), (10, 11)], "坑水": [(0, 2)], "ab": [(3, 5)]}
