"""Standing remedies 专项治理: proposed from a hot spot by somebody above it, one at a time for a segment and category.

A remedy is a case like any other: the list says who has it, and it has a number, clocks and a history.
"""

from typing import Final

from rules.book.reasons import because
from rules.decision.draft import DecisionContext
from rules.routing.route import name_of
from schemas.case import WITH_ORDER, Case
from schemas.event import Because
from schemas.rights import may_remedy
from schemas.rulebook import Merge

_SAME_SEGMENT: Final = Merge(linear=True)


def why_not(case: Case, context: DecisionContext) -> Because | None:
    """Why a proposed remedy becomes no job: its proposer may not, or there is an open one; None: it does.

    One that has been dispatched stays a job.
    """
    if case.dispatched_ms is not None:
        return None
    t_ms, by = context.t_ms, case.reporter

    def covers(other: str) -> bool:
        return other != by and context.stands_in(other, t_ms) == by

    if not may_remedy(by, case.place.grid if case.place else None, context.book.directory, covers):
        return because("may_not_remedy", by=name_of(by, context.book))
    other = open_remedy(case, context)
    return None if other is None else because("remedy_open", case=other.number)


def open_remedy(case: Case, context: DecisionContext) -> Case | None:
    """The open remedy for the same segment and category, under any name that the category has had."""
    place = case.place
    if place is None or place.segment is None:
        return None
    for name in context.book.names_of(case.category):
        for other in context.open_cases(case.home, name, place, _SAME_SEGMENT):
            here = other.place is not None and other.place.segment == place.segment
            if other.remedy is not None and here and other.state in WITH_ORDER and other.number != case.number:
                return other
    return None
