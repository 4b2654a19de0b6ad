"""Free attributes of a report, such as the kind of land: named by its door, or found in its words."""

from rules.book.compiled_rulebook import CompiledRulebook
from rules.words.vocabulary import among, explained
from schemas.report import Report
from schemas.rulebook import Attribute


def attributes_of(report: Report, book: CompiledRulebook) -> dict[str, str]:
    """The values of the rulebook's attributes that the report gives, by id.

    A value named by the door goes before words; of several values whose words are found, the one whose words explain
    most of the text wins. A tie leaves the attribute open: the order of a list decides nothing. A value that
    the rulebook does not know is ignored.
    """
    return {name: value for name, (value, _) in weighed_attributes(report, book).items()}


def attributes_read(report: Report, book: CompiledRulebook) -> tuple[str, ...]:
    """Its attributes that were found in its words, not named by its door, by id."""
    return tuple(name for name, value in attributes_of(report, book).items() if report.attributes.get(name) != value)


def weighed_attributes(report: Report, book: CompiledRulebook) -> dict[str, tuple[str, int]]:
    """Each attribute's value with the number of characters that mean it; 1 if the door named it."""
    text = report.text.casefold()
    values = {each.id: _value(each, report.attributes.get(each.id), text, book) for each in book.rulebook.attributes}
    return {name: value for name, value in values.items() if value is not None}


def _value(attribute: Attribute, named: str | None, text: str, book: CompiledRulebook) -> tuple[str, int] | None:
    if named is not None and named in {value.id for value in attribute.values}:
        return named, 1
    found = book.words.attribute(attribute, text)
    if not found:
        return None
    weights = {value.id: explained(among(value.words, found), found) for value in attribute.values}
    first, second = sorted((*weights.values(), 0), reverse=True)[:2]
    return next((value, weight) for value, weight in weights.items() if weight == first) if first > second else None
