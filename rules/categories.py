"""The category and the subcategory of a report, from the words of the rulebook; explained by those that were found."""

from dataclasses import dataclass, replace

from rules.book import Book
from schemas.report import Report


@dataclass(frozen=True, slots=True)
class Categorised:
    """A category id, and the words in the text that led to it: empty when none were found, None when it was named.

    The same of the subcategory, which is always one of that category.
    """

    category: str
    words: tuple[str, ...] | None = None
    subcategory: str | None = None
    subcategory_words: tuple[str, ...] = ()


def categorise(report: Report, book: Book) -> Categorised:
    """The category named by the report if the rulebook or an importer knows it, else the one whose words weigh most.

    A word weighs its length, so that "路灯不亮" beats "路"; ties go to the category that stands first in the rulebook.
    Words of subcategories weigh for their category; who names a subcategory names both.
    """
    text, name = report.text.casefold(), named(report)
    category, subcategory = (name and book.filed(name)) or (None, None)
    if category is None and name and report.source is not None:
        category = name
    if category is None:
        return _divided(_by_words(text, book), text, book)
    return _divided(Categorised(category, None, subcategory), text, book)


def _by_words(text: str, book: Book) -> Categorised:
    best, weight = Categorised(book.rulebook.default_category, ()), 0
    for category in book.rulebook.categories:
        parts = book.subcategories(category.id)
        words = (*category.words, *(word for part in parts for word in part.words)) if parts else category.words
        found = tuple(word for word in words if word.casefold() in text)
        if (score := sum(map(len, found))) > weight:
            best, weight = Categorised(category.id, found), score
    return best


def _divided(found: Categorised, text: str, book: Book) -> Categorised:
    """With the subcategory whose words weigh most, where none was named."""
    weight = 0
    for part in () if found.subcategory else book.subcategories(found.category):
        words = tuple(word for word in part.words if word.casefold() in text)
        if (score := sum(map(len, words))) > weight:
            found, weight = replace(found, subcategory=part.id, subcategory_words=words), score
    return found


def named(report: Report) -> str | None:
    """The category that the reporter or the source named, known here or not."""
    return report.category or (report.source.category if report.source else None)
