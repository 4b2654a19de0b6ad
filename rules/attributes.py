"""Free attributes of a report, such as on what land a tree stands: named by its door, or found in its words."""

from rules.book import Book
from schemas.report import Report
from schemas.rulebook import Attribute


def attributes_of(report: Report, book: Book) -> dict[str, str]:
    """The value of each attribute of the rulebook that the report gives, by id.

    A value named by the door counts before words; of several values whose words are found, the longest word wins, then
    the one that stands first. A value that the rulebook does not know is no value.
    """
    text = report.text.casefold()
    told = {each.id: _value(each, report.attributes.get(each.id), text) for each in book.rulebook.attributes}
    return {name: value for name, value in told.items() if value is not None}


def attributes_read(report: Report, book: Book) -> tuple[str, ...]:
    """Those of its attributes that were found in its words, by id: its door did not name them."""
    return tuple(name for name, value in attributes_of(report, book).items() if report.attributes.get(name) != value)


def _value(attribute: Attribute, named: str | None, text: str) -> str | None:
    if named in {value.id for value in attribute.values}:
        return named
    best, weight = None, 0
    for value in attribute.values:
        for word in value.words:
            if len(word) > weight and word.casefold() in text:
                best, weight = value.id, len(word)
    return best
