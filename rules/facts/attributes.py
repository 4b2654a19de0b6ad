"""Free attributes of a report, such as on what land a tree stands: named by its door, or found in its words."""

from rules.book.compiled_rulebook import CompiledRulebook
from rules.words.vocabulary import among, explained
from schemas.report import Report
from schemas.rulebook import Attribute


def attributes_of(report: Report, book: CompiledRulebook) -> dict[str, str]:
    """The value of each attribute of the rulebook that the report gives, by id.

    A value named by the door counts before words; of several values whose words are found, the one whose words explain
    most of the text. Two that explain as much leave it open: nothing is decided by the order of a list. A value that
    the rulebook does not know is no value.
    """
    return {name: value for name, (value, _) in told_by(report, book).items()}


def attributes_read(report: Report, book: CompiledRulebook) -> tuple[str, ...]:
    """Those of its attributes that were found in its words, by id: its door did not name them."""
    return tuple(name for name, value in attributes_of(report, book).items() if report.attributes.get(name) != value)


def told_by(report: Report, book: CompiledRulebook) -> dict[str, tuple[str, int]]:
    """The value of each attribute with how many characters of the text say it; 1 where the door named it."""
    text = report.text.casefold()
    told = {each.id: _value(each, report.attributes.get(each.id), text, book) for each in book.rulebook.attributes}
    return {name: value for name, value in told.items() if value is not None}


def _value(attribute: Attribute, named: str | None, text: str, book: CompiledRulebook) -> tuple[str, int] | None:
    if named is not None and named in {value.id for value in attribute.values}:
        return named, 1
    found = book.words.attribute(attribute, text)
    if not found:
        return None
    weights = {value.id: explained(among(value.words, found), found) for value in attribute.values}
    first, second = sorted((*weights.values(), 0), reverse=True)[:2]
    return next((value, weight) for value, weight in weights.items() if weight == first) if first > second else None
