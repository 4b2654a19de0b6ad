"""Whether a report is urgent: by its sender, by its words, or by its category."""

from collections.abc import Iterator
from typing import Final

from rules.book.compiled_rulebook import CompiledRulebook
from rules.facts.categories import Categorised
from rules.words.danger import Danger
from schemas.case import Case, UrgentBy
from schemas.report import Report

_SAID: Final = frozenset({UrgentBy.REPORTER, UrgentBy.WORDS})


def urgent_by(report: Report, found: Categorised, book: CompiledRulebook) -> tuple[UrgentBy, ...]:
    """All reasons why it is urgent, none of which cancels another; empty: it is not."""
    said = [UrgentBy.REPORTER] if report.urgent else []
    if danger_in(report.text, book).said:
        said.append(UrgentBy.WORDS)
    return (*said, *_by_kind(found.category, found.subcategory, book))


def danger_in(said: str, book: CompiledRulebook) -> Danger:
    """The words of danger in a text, and whether they state a fact."""
    return book.words.danger.found(said)


def urgent_as(case: Case, category: str, subcategory: str | None, book: CompiledRulebook) -> tuple[UrgentBy, ...]:
    """Why a case is urgent under another category; what people reported still counts."""
    return (*(each for each in case.urgent_by if each in _SAID), *_by_kind(category, subcategory, book))


def _by_kind(category: str, subcategory: str | None, book: CompiledRulebook) -> Iterator[UrgentBy]:
    part = book.subcategory(subcategory)
    if part is not None and part.urgent:
        yield UrgentBy.SUBCATEGORY
    if book.knows_category(category) and book.category(category).urgent:
        yield UrgentBy.CATEGORY
