"""Data of a case's clocks besides their due times: limits, stops and milestones."""

from schemas.models import LogModel
from schemas.names import Name


class ShiftClock(LogModel):
    """A resolution clock that runs only within shifts."""

    limit: str
    organisation: str | None = None
    """Whose shifts; None: the region's own."""


class CaseLimits(LogModel):
    """The limits by which the three clocks of a case run, counted from its dispatch; None: that clock does not run."""

    accept: str | None = None
    respond: str | None = None
    resolve: str | None = None


class Stretch(LogModel):
    """A time in which the resolution clock was stopped: a pause, or a wait for verification. Milliseconds UTC."""

    from_ms: int
    until_ms: int


class CaseMilestone(LogModel):
    """A step on the way to the resolution with its own limit. Times are milliseconds UTC."""

    id: str
    name: Name
    limit: str
    organisation: str | None = None
    """Whose shifts, if the limit is a working one; None: the region's own."""
    due_ms: int
    left_ms: int | None = None
    """How much was left when it stopped, as working time if the limit is a working one."""
    done_ms: int | None = None
    missed: bool = False
    climbed: int = 0
    """How many rungs its miss climbed, to undo when the notice is withdrawn."""
    platform: str | None = None
    """The other platform whose due date it stands for: no list changes it, and no pause of ours moves it."""

    @property
    def open(self) -> bool:
        """Whether it can still fall due."""
        return self.done_ms is None and not self.missed
