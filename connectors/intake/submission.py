"""What somebody submits at a door, as typed values: a report, a supplement, an act, or who is away.

A door makes one of these models, from text of a form (`validation.validated`) or from values it has. The models know
what a value may be; what the region, the rulebook and other fields have to say comes with accepting (`accept`).
"""

from http import HTTPStatus
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from connectors.intake.field_types import (
    Address,
    Attributes,
    Flag,
    Id,
    Latitude,
    Line,
    Longitude,
    Object,
    OneOf,
    PlaceCode,
    Text,
    WhenMs,
    Whole,
)
from connectors.intake.refusal import refused
from schemas.command import Act, Outcome, Rating, ReturnReason
from schemas.datum import Datum
from schemas.joint import Scores
from schemas.names import Language
from schemas.people import Role
from schemas.report import MAX_BYTES, Photo, ReportKind

MOST_HOURS: Final = 24 * 365
_NOT_HERE: Final = (Role.IMPORTER, Role.SYSTEM)


class Submission(BaseModel):
    """What all submissions share. Sent again under the same `id`, it is accepted once; without one it gets its own."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, validate_by_name=True)

    id: Id | None = None
    door: Line = ""
    """The name by which the log knows the door; empty: the door's first."""


class PlaceFields(BaseModel):
    """Where something is: a position with its datum, an address, a code; all of it may be absent."""

    lat: Latitude | None = None
    lon: Longitude | None = None
    datum: Annotated[Datum, OneOf("unknown_datum")] | None = None
    address: Address = ""
    code: PlaceCode = ""

    @property
    def says_where(self) -> bool:
        """Whether anything at all was said about the place."""
        return self.lat is not None or self.lon is not None or bool(self.address or self.code)


class ReporterFields(BaseModel):
    """Who reports: `reporter` is a pseudonym; of a person the region knows the rest need not be sent."""

    reporter: Id | None = None
    reporter_kind: Annotated[Role, OneOf(without=_NOT_HERE)] | None = None
    reporter_lang: Annotated[Language, OneOf()] | None = None
    team: Line = ""


class ReportSubmission(Submission, ReporterFields, PlaceFields):
    """A report. `category`, `item` and `change` are as `schemas.report.Report` has them, not checked yet."""

    kind: Annotated[ReportKind, OneOf()] = ReportKind.PROBLEM
    text: Text = ""
    category: Line = ""
    fixed: Flag = False
    urgent: Flag = False
    links: Line = ""
    pushed_by: Line = ""
    item: Line = ""
    change: Object | None = None
    attributes: Attributes = Field(default_factory=dict)
    photos: tuple[Photo, ...] = ()
    after_photos: tuple[Photo, ...] = ()


class SupplementSubmission(Submission, ReporterFields, PlaceFields):
    """What the reporter of `report` supplies later."""

    report: Id
    text: Text = ""
    photos: tuple[Photo, ...] = ()
    after_photos: tuple[Photo, ...] = ()


class ActSubmission(Submission, PlaceFields):
    """One act of the person `by` on a case; `to` and the rest are as `schemas.command.Do` has them."""

    case: Line
    act: Annotated[Act, OneOf("unknown_act")]
    by: Id
    to: Line = ""
    note: Text = ""
    cite: Line = ""
    category: Line = ""
    reason: Annotated[ReturnReason, OneOf()] | None = None
    outcome: Annotated[Outcome, OneOf()] | None = None
    rating: Annotated[Rating, OneOf()] | None = None
    hours: Annotated[int, Whole(1, MOST_HOURS)] | None = None
    until: WhenMs | None = None
    cooperation: Annotated[int, Whole(1, 5)] | None = None
    professionalism: Annotated[int, Whole(1, 5)] | None = None
    responsibility: Annotated[int, Whole(1, 5)] | None = None
    photos: tuple[Photo, ...] = ()
    after_photos: tuple[Photo, ...] = ()

    @property
    def scores(self) -> dict[str, int]:
        """How a report-in is rated: what was named of it."""
        named = {name: getattr(self, name) for name in Scores.model_fields}
        return {name: score for name, score in named.items() if score is not None}


class CoverSubmission(Submission):
    """Who stands in for `person`, from when to when (ms UTC); without `cover` the person is away."""

    person: Id
    cover: Id | None = None
    by: Id
    from_ms: WhenMs = Field(alias="from")
    until: WhenMs


def too_large(where: str = "") -> Exception:
    """The refusal (413) of what is over 64 kB without its photos."""
    return refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large", where, limit=MAX_BYTES)
