"""The category of a report, from the words of the rulebook; explained by the words that were found."""

from dataclasses import dataclass

from rules.book import Book
from schemas.report import Report


@dataclass(frozen=True, slots=True)
class Categorised:
    """A category id, and the words in the text that led to it: empty when none were found, None when it was named."""

    category: str
    words: tuple[str, ...] | None = None


def categorise(report: Report, book: Book) -> Categorised:
    """The category named by the report if the rulebook or an importer knows it, else the one whose words weigh most.

    A word weighs its length, so that "路灯不亮" beats "路"; ties go to the category that stands first in the rulebook.
    """
    name = named(report)
    if name and (report.source is not None or book.knows_category(name)):
        return Categorised(name)
    text = report.text.casefold()
    best, weight = Categorised(book.rulebook.default_category, ()), 0
    for category in book.rulebook.categories:
        found = tuple(word for word in category.words if word.casefold() in text)
        if (score := sum(map(len, found))) > weight:
            best, weight = Categorised(category.id, found), score
    return best


def named(report: Report) -> str | None:
    """The category that the reporter or the source named, known here or not."""
    return report.category or (report.source.category if report.source else None)
