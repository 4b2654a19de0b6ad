"""What a system is and works by: records in `rulebooks`, under the key `system`, of content, and of each switch."""

from typing import Literal

from schemas.models import ChoiceEnum, LogModel
from schemas.report import TimeMs


class Mode(ChoiceEnum):
    """A system takes live input, or it holds a past that was replayed into it; never both."""

    NEW = "new"
    LIVE = "live"
    HISTORY = "history"


class System(LogModel):
    """Chosen at creation: the number of partitions for life; then the mode, and what was active first."""

    v: Literal[1] = 1
    partitions: int
    mode: Mode = Mode.NEW
    region: str
    """Content hash of the region."""
    rulebook: str
    """Content hash of the rulebook."""
    decide: bool = False
    """In a history: our rulebook routes and merges instead of the source."""


class Switched(LogModel):
    """A switch to another rulebook and region (key `switch/{id}`), told to every partition in the same transaction."""

    v: Literal[1] = 1
    id: str
    rulebook: str
    """Content hash."""
    region: str
    """Content hash."""
    by: str
    at_ms: TimeMs
    """When it was asked for."""
    effective_ms: TimeMs
    in_flight: bool = False
    """Cases in flight go along."""
    note: str = ""


class Content(LogModel):
    """One part of a region or rulebook in `rulebooks` (key `{hash}/{part}`): JSON split at 512 kB."""

    v: Literal[1] = 1
    kind: Literal["region", "rulebook"]
    part: int
    parts: int
    json_text: str
