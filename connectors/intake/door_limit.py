"""Limits how many reports one door may bring, so that a flood at one does not hold up those at the others."""

from collections.abc import Sequence
from http import HTTPStatus
from math import ceil

from pydantic import BaseModel, ConfigDict, Field

from connectors.intake.accept import Accept, Accepted
from connectors.intake.context import SCOPE, Gateway
from connectors.intake.refusal import FieldFault, refused
from connectors.intake.submission import ReportSubmission, Submission
from connectors.intake.token_bucket import TokenBucket


class DoorLimitSettings(BaseModel):
    """A setting of every door: `GRID36_DOOR_NAME_REPORTS_AN_HOUR`."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    reports_an_hour: int = Field(default=50_000, ge=0)
    """How many reports the door brings at once; they come back within an hour. 0: as many as come."""


class DoorLimit:
    """Accepts for one door. What is beyond the limit is refused with a sentence that says when to send it again.

    Never refused: what was accepted before, what adds to a report, what people do to cases, and danger to people.
    """

    def __init__(self, gateway: Gateway, accept: Accept, settings: DoorLimitSettings) -> None:
        self._gateway, self._accept = gateway, accept
        size = settings.reports_an_hour
        self._bucket = TokenBucket.full(size, gateway.clock()) if size else None

    async def __call__(self, submission: Submission, wrong: Sequence[FieldFault] = ()) -> Accepted:
        """Satisfies `Accept`. Raises `Refused` (429) beyond the limit."""
        if self._bucket is None or wrong or not isinstance(submission, ReportSubmission):
            return await self._accept(submission, wrong)
        bucket = self._bucket.at(self._gateway.clock())
        if (
            bucket.is_empty
            and not told_of_danger(self._gateway, submission.text, urgent=submission.urgent)
            and not await self._is_known(submission)
        ):
            seconds = ceil((bucket.again_ms - bucket.at_ms) / 1000)
            raise refused(HTTPStatus.TOO_MANY_REQUESTS, "door_is_full", seconds=max(1, seconds))
        self._bucket = bucket.taken()
        return await self._accept(submission)

    async def _is_known(self, report: ReportSubmission) -> bool:
        return report.id is not None and await self._gateway.outbox.knows(SCOPE, report.id)


def told_of_danger(gateway: Gateway, text: str, *, urgent: bool) -> bool:
    """Whether a report says that people are in danger: such reports are never held up."""
    words = text.casefold()
    return urgent or any(word.casefold() in words for word in gateway.rulebook.policy.urgent_words)
