"""Records in `rulebooks`: the system itself (key `system`), content of regions and rulebooks, and switches."""

from typing import Literal

from schemas.models import ChoiceEnum, LogModel
from schemas.moments import TimeMs


class Mode(ChoiceEnum):
    """A system accepts live input, or it is a replayed history; never both."""

    NEW = "new"
    LIVE = "live"
    HISTORY = "history"


class System(LogModel):
    """The system: its number of partitions, which never changes, its mode, and what was active first."""

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
    """A switch to another rulebook and region (key `switch/{id}`); the same transaction sends it to every partition."""

    v: Literal[1] = 1
    id: str
    rulebook: str
    """Content hash."""
    region: str
    """Content hash."""
    by: str
    at_ms: TimeMs
    """When it was requested."""
    effective_ms: TimeMs
    in_flight: bool = False
    """Cases in flight switch too."""
    note: str = ""
    proposed_by: str = ""
    """Who proposed it, where `by` is the second person who approved it."""


class Content(LogModel):
    """One part of a region or rulebook in `rulebooks` (key `{hash}/{part}`): JSON split at 512 kB."""

    v: Literal[1] = 1
    kind: Literal["region", "rulebook"]
    part: int
    parts: int
    json_text: str
