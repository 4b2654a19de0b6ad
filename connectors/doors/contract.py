"""What a door is: a way in for people or programs."""

from typing import Protocol

from connectors.intake.accept import Accepted
from connectors.intake.submission import Submission


class Accept(Protocol):
    """The way in."""

    async def __call__(self, submission: Submission) -> Accepted:
        """Store a submission durably; on return it cannot get lost. Raises `Refused` with every mistake."""
