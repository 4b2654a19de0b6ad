"""What another platform says of a case that it has as well: its id there, and when it is due there."""

from typing import Annotated

from pydantic import Field

from schemas.models import LogModel
from schemas.moments import TimeMs
from schemas.names import Name

STEP: str = "platform-"
"""How the id of the milestone begins that stands for a due date of another platform."""


class PlatformFacts(LogModel):
    """Facts of one row of another platform. Times are milliseconds UTC; nothing about who called is among them."""

    platform: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
    name: Name
    theirs: Annotated[str, Field(min_length=1, max_length=100)]
    """The id of the case there."""
    reported_ms: TimeMs | None = None
    due_ms: TimeMs | None = None
    """When it is due there; our own deadlines do not follow it."""
    withdrawn: bool = False
    """It was withdrawn there. Whoever has the case here decides what follows."""
    urgent: bool = False
    """It is urgent there. A case that is not urgent here shows it to whoever has it."""

    @property
    def step(self) -> str:
        """The id of the milestone that stands for its due date."""
        return STEP + self.platform
