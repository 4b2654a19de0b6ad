"""Questions to the reporter while the case goes on: which of several categories with equal evidence it is."""

from collections.abc import Iterable
from typing import Final

from schemas.case import Case
from schemas.command import Act
from schemas.event import Event, EventType
from schemas.rights import states_allow

EQUAL: Final = "categories_equal"
"""Fact of the first event: categories whose words matched as well as those of the category it was filed under."""
_ANSWERED: Final = frozenset({EventType.CORRECTED, EventType.CONTACTED, EventType.RESOLVED})


def categories_asked(case: Case, events: Iterable[Event]) -> tuple[str, ...]:
    """The other possible categories; empty once somebody has answered or inspected it."""
    possible: tuple[str, ...] = ()
    for event in events:
        if event.type is EventType.OPENED:
            possible = tuple(str(each) for each in event.facts.get(EQUAL, ()))
        if not possible or event.type in _ANSWERED:
            return ()
    return tuple(each for each in possible if each != case.category) if states_allow(Act.CORRECT, case) else ()
