"""What requests about proofs may say: the query and the statement of a partner."""

from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from connectors.doors.http.queries import Query
from connectors.intake.field_types import Day, FieldMistake, Line, OneOf, Whole
from schemas.proof import ProofWay

MOST_RECORDS: Final = 1_000_000
MOST_BYTES: Final = 2_000_000
"""Of a statement with its list: some forty thousand records."""


class ProofQuery(Query):
    """Which partner is meant, where the key does not say it, and which day; without one the last days."""

    partner: Line = ""
    day: Day | None = None


class ProofListQuery(Query):
    """Which partner and which way; without one the first that is counted."""

    partner: Line = ""
    way: Annotated[ProofWay, OneOf()] | None = None


class StatementSubmission(BaseModel):
    """What a partner says of one of its days and one way, in place of what it said before."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    day: Day
    partner: Line = ""
    """With a department's own key it need not be named."""
    way: Annotated[ProofWay, OneOf()]
    count: Annotated[int, Whole(0, MOST_RECORDS)]
    """How many different records."""
    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$"), FieldMistake("wrong_type", wanted="SHA-256")]
    records: Annotated[str, Field(max_length=MOST_BYTES)] = ""
    """The list itself, if the digests differ: a line `id<TAB>case` for each. Then the answer names what differs."""
