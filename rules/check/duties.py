"""Checks duties 值守: person and place exist, and nobody is in two places at once."""

from collections.abc import Iterator
from itertools import combinations

from rules.check.known import References
from rules.check.problem import Problem
from rules.check.said import listed, near, problem
from schemas.calendar import minutes_of
from schemas.duty import Duty

_PLACES = ("segment", "unit", "grid")


def duties(known: References) -> Iterator[Problem]:
    """Problems of each duty, and of each two duties of one person."""
    places = frozenset[str]().union(*(known.values[kind] for kind in _PLACES))
    for number, duty in enumerate(known.rulebook.duties, 1):
        facts = {"duty": duty.id}
        if duty.person not in known.persons:
            alike = near(duty.person, known.persons)
            yield problem("duty_unknown_person", "duties", (number,), "person", value=duty.person, near=alike, **facts)
        if duty.place not in places:
            alike = near(duty.place, places)
            yield problem("duty_unknown_place", "duties", (number,), "place", value=duty.place, near=alike, **facts)
    for (first, one), (second, other) in combinations(enumerate(known.rulebook.duties, 1), 2):
        if one.person == other.person and one.place != other.place and (days := _together(one, other)):
            rows = (first, second)
            yield problem("duty_overlap", "duties", rows, "window", person=one.person, days=listed(days))


def _together(one: Duty, other: Duty) -> list[str]:
    """The weekdays on which their windows overlap."""
    (begin, end), (starts, ends) = minutes_of(one.window), minutes_of(other.window)
    if begin >= ends or starts >= end:
        return []
    return [day.value for day in one.weekdays if day in other.weekdays]
