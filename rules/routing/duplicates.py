"""Finds open cases of the same home that may be duplicates of a report."""

from dataclasses import dataclass

from rules.decision.draft import DecisionContext
from schemas.case import WITH_ORDER, Case
from schemas.duplicate_distance import FAR, apart
from schemas.limit import limit_ms
from schemas.place import PlaceFound


@dataclass(frozen=True, slots=True)
class Duplicate:
    """An open case that a report may duplicate; `metres` is None when the segment alone decided."""

    master: Case
    metres: float | None


def duplicates(
    place: PlaceFound,
    category: str,
    submitted_ms: int,
    home: str,
    context: DecisionContext,
    *,
    never: tuple[str, ...] = (),
) -> list[Duplicate]:
    """The open cases of the same category within its radius and window, nearest first, then oldest first.

    Cases in `never` are left out: a person said "not the same" before.
    """
    merge = context.book.category(category).merge
    if merge is None:
        return []
    near = [
        Duplicate(case, metres)
        for name in context.book.names_of(category)
        for case in context.open_cases(home, name, place, merge)
        if case.number not in never
        and case.master is None
        and case.change is None
        and case.duty is None
        and case.remedy is None
        and case.state in WITH_ORDER
        and abs(submitted_ms - case.submitted_ms) <= limit_ms(merge.window)
        and case.place is not None
        and (metres := apart(place, case.place, merge)) is not FAR
    ]
    return sorted(near, key=lambda d: d.metres or 0.0)
