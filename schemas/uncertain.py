"""What the reporter is still to say although their case goes on: of two categories with equal evidence, which one."""

from collections.abc import Iterable
from typing import Final

from schemas.case import Case
from schemas.command import Act
from schemas.event import Event, EventType
from schemas.rights import states_allow

EQUAL: Final = "categories_equal"
"""The fact of the first event: categories for which the words spoke as much as for the one that it was filed under."""
_ANSWERED: Final = frozenset({EventType.CORRECTED, EventType.CONTACTED, EventType.RESOLVED})


def categories_asked(case: Case, events: Iterable[Event]) -> tuple[str, ...]:
    """The other categories that it may be; none once somebody has said so, or has seen it."""
    told: tuple[str, ...] = ()
    for event in events:
        if event.type is EventType.OPENED:
            told = tuple(str(each) for each in event.facts.get(EQUAL, ()))
        if not told or event.type in _ANSWERED:
            return ()
    return tuple(each for each in told if each != case.category) if states_allow(Act.CORRECT, case) else ()
