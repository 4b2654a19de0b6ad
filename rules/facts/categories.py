"""Finds category and subcategory of a report by the words of the rulebook, and returns those words."""

from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from rules.book.compiled_rulebook import CompiledRulebook
from rules.facts.attributes import weighed_attributes
from rules.words.vocabulary import Found, among, explained
from schemas.report import Report
from schemas.rulebook import Category

MOST_LOST: Final = 3
"""How many other categories are remembered."""


@dataclass(frozen=True, slots=True)
class Categorised:
    """A category id and the words that led to it: empty when none were found, None when it was named.

    The same for the subcategory, which always belongs to the category.
    """

    category: str
    words: tuple[str, ...] | None = None
    subcategory: str | None = None
    subcategory_words: tuple[str, ...] = ()
    lost: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Other categories whose words were found, with those words; the strongest first."""
    equal: tuple[str, ...] = ()
    """Those of them with as much evidence as the winner, which the order of the list decided."""


class _Evidence(NamedTuple):
    """The evidence for a category; compared in this order."""

    explained: int
    """Characters that its words explain, plus those of an attribute that a row combines with it."""
    by_attribute: int
    by_parts: int
    """Of these, characters that words of its subcategories explain."""


def categorise(report: Report, book: CompiledRulebook) -> Categorised:
    """The category named by the report, if the rulebook or an importer knows it; else the one with the best evidence.

    Its words weigh together, each once, by how much of the text they explain: "路灯不亮" beats "路". Words of its
    subcategories weigh for it, and so do those of an attribute where a row asks for both: for a tree it counts that it
    stands beside a house. Of equal evidence an attribute decides, then a subcategory, then who stands first in the
    rulebook. Who names a subcategory names both.
    """
    name = named(report)
    category, subcategory = (name and book.filed(name)) or (None, None)
    if category is None and name and report.source is not None:
        category = name
    text = report.text.casefold()
    if category is None:
        found = book.words.categories.found(text)
        return _divided(_by_words(report, found, book), found, book)
    if subcategory is not None or not book.subcategories(category):
        return Categorised(category, None, subcategory)
    return _divided(Categorised(category, None), book.words.categories.found(text), book)


def _by_words(report: Report, found: Found, book: CompiledRulebook) -> Categorised:
    if not found:
        return Categorised(book.rulebook.default_category, ())
    said = {each.id: words for each in book.rulebook.categories if (words := among(_words(each, book), found))}
    weights = _weighed(said, report, found, book) if len(said) > 1 else {}
    ranked = sorted(said, key=lambda category: weights.get(category, _NOTHING), reverse=True)
    lost = tuple((other, said[other]) for other in ranked[1 : MOST_LOST + 1])
    most = weights.get(ranked[0], _NOTHING)
    equal = tuple(other for other, _ in lost if weights.get(other, _NOTHING) == most)
    return Categorised(ranked[0], said[ranked[0]], lost=lost, equal=equal)


_NOTHING: Final = _Evidence(0, 0, 0)


def _weighed(
    said: dict[str, tuple[str, ...]], report: Report, found: Found, book: CompiledRulebook
) -> dict[str, _Evidence]:
    values = weighed_attributes(report, book)
    weights = dict[str, _Evidence]()
    for category, words in said.items():
        parts = among((word for part in book.subcategories(category) for word in part.words), found)
        more = sum(n for name, (value, n) in values.items() if category in book.words.asked_with(name, value))
        weights[category] = _Evidence(explained(words, found) + more, more, explained(parts, found))
    return weights


def _words(category: Category, book: CompiledRulebook) -> tuple[str, ...]:
    parts = book.subcategories(category.id)
    return (*category.words, *(word for part in parts for word in part.words)) if parts else category.words


def _divided(filed: Categorised, found: Found, book: CompiledRulebook) -> Categorised:
    """Adds the subcategory whose words explain most, unless one was named."""
    weight = 0
    for part in book.subcategories(filed.category):
        words = among(part.words, found)
        if (score := explained(words, found)) > weight:
            filed, weight = replace(filed, subcategory=part.id, subcategory_words=words), score
    return filed


def named(report: Report) -> str | None:
    """The category that the reporter or the source named, known to the rulebook or not."""
    return report.category or (report.source.category if report.source else None)
