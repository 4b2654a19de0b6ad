"""A case with its timeline and its texts, and the open cases around it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from connectors.ledger.queries.cases import Ledger
from schemas.case import WITH_ORDER, Case
from schemas.event import Event, EventType
from schemas.joining import claims_of, lost
from schemas.order import Written
from schemas.uncertain import categories_asked

E = EventType
LOOKED_AT: Final = 60
NEAR: Final = 12
"""The most nearby cases offered; a list must be short on a phone."""
DECISIONS = frozenset({E.DISPATCHED, E.MERGED, E.REFUSED, E.INFORMATION_NEEDED, E.MOVED})
"""Events whose reason explains the current state."""


@dataclass(frozen=True, slots=True)
class Story:
    """A case with all that the ledger knows of it."""

    case: Case
    events: Sequence[Event]
    written: Sequence[Written]
    near: Sequence[Case] = ()
    """Other open cases of its segment or grid, those of its category first."""

    @classmethod
    def read(cls, ledger: Ledger, case: Case, *, near: bool = False) -> "Story":
        """Read it from the ledger, in its thread; with `near`, also other open cases there."""
        others = neighbours(ledger, case) if near else ()
        return cls(case, ledger.timeline(case.number), ledger.texts(case.number), others)

    def other_categories(self) -> tuple[str, ...]:
        """Other categories the reporter may have meant; empty once that is settled."""
        return categories_asked(self.case, self.events)

    def decision(self) -> Event | None:
        """The last decision about the case."""
        return next((event for event in reversed(self.events) if event.type in DECISIONS), None)

    def last(self, *roles: str) -> Written | None:
        """The newest text by one of these roles."""
        return next((text for text in reversed(self.written) if text.role in roles), None)

    def reported(self) -> list[Written]:
        """The reporter's texts."""
        return [text for text in self.written if text.role in {"report", "supplement"}]

    def open_question(self) -> Written | None:
        """The question that the reporter has not answered yet."""
        said = self.last("ask", "answer")
        return said if said is not None and said.role == "ask" else None


def neighbours(ledger: Ledger, case: Case) -> list[Case]:
    """A choice of open cases that this one may duplicate and can be merged into."""
    if case.place is None:
        return []
    if case.place.segment is not None:
        found = ledger.cases(segment=case.place.segment, state=WITH_ORDER, limit=LOOKED_AT)
    else:
        found = ledger.cases(grid=case.place.grid, state=WITH_ORDER, limit=LOOKED_AT)
    claims = claims_of(case)
    others = [
        each
        for each in found
        if each.number not in {case.number, *case.split_from} and each.master is None and lost(claims, each) is None
    ]
    return sorted(others, key=lambda each: each.category != case.category)[:NEAR]
