"""The category of a report, explained by the words that led to it."""

import pytest

from rules.categories import Categorised, categorise, named
from schemas.report import SourceFacts
from tests.street import a_book, a_report


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
    assert categorise(a_report(text=text), a_book()) == Categorised(category, words)


def test_a_category_that_is_named_and_known_is_taken() -> None:
    assert categorise(a_report(text="油污", category="leak"), a_book()) == Categorised("leak")


def test_a_name_nobody_knows_is_not() -> None:
    assert categorise(a_report(text="油污", category="ghost"), a_book()).category == "dirty"


def test_another_systems_own_word_is() -> None:
    report = a_report(text="油污", source=SourceFacts(category="Street Condition"))
    assert categorise(report, a_book()) == Categorised("Street Condition")
    assert named(report) == "Street Condition"
    assert named(a_report()) is None
