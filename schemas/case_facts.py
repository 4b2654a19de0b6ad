"""What subscribers outside are told of a case: facts about a place, no person, and no words unless they may read them.

Reasons: docs/adr/0033 and 0035.
"""

from typing import Final, Literal

from schemas.case import State
from schemas.command import Outcome
from schemas.models import LogModel
from schemas.order import Written
from schemas.report import Department, ReportKind

FACTS_KIND: Final = "grid36.case"
"""CloudEvents type of the facts of a case."""
FACTS_END_KIND: Final = f"{FACTS_KIND}.finished"
"""CloudEvents type that says that nothing more comes of a case: it is archived, or no longer what was asked for."""


class FactsPlace(LogModel):
    """Where it is, WGS-84; `label` is the address in the region's own words."""

    grid: str
    segment: str | None = None
    road: str | None = None
    label: str = ""
    lon: float | None = None
    lat: float | None = None


class CaseFacts(LogModel):
    """A case as it stands. Times are milliseconds UTC; what is unknown is left out."""

    v: Literal[1] = 1
    case: str
    seq: int
    """Grows with every event of the case."""
    state: State
    kind: ReportKind
    category: str
    subcategory: str | None = None
    department: Department | None = None
    """Who has it."""
    place: FactsPlace | None = None
    submitted_ms: int
    dispatched_ms: int | None = None
    due_ms: int | None = None
    resolved_ms: int | None = None
    closed_ms: int | None = None
    outcome: Outcome | None = None
    master: str | None = None
    """The case that it was merged into."""
    written: tuple[Written, ...] = ()
    """The reporter's words, for subscribers who may read them."""
