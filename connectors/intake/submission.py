"""Submissions as typed values: a report, a supplement, an act, or an absence.

A door builds one of these models from form fields (`validation.validated`) or from typed values. The models check
single values; `accept` checks them against the region, the rulebook and each other.
"""

from hashlib import sha256
from http import HTTPStatus
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from connectors.intake.field_types import (
    Address,
    Attributes,
    Day,
    FieldMistake,
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
    is_id,
)
from connectors.intake.refusal import refused
from connectors.subscriptions.urls import MOST_URL
from schemas.action import BY
from schemas.command import Act, Outcome, Rating, ReturnReason
from schemas.datum import Datum
from schemas.joint import Scores
from schemas.names import Language
from schemas.people import Role
from schemas.platform_facts import PlatformFacts
from schemas.remedy import Remedy
from schemas.report import MAX_BYTES, Photo, Recording, ReportKind

MOST_HOURS: Final = 24 * 365
MOST_RECORDINGS: Final = 20
MOST_EVENTS: Final = 1_000_000
"""More than any case has."""
MOST_CASES: Final = 100
FOR_SEVERAL: Final = (Act.ASSIGN, Act.URGE, Act.APPROVE, Act.DENY, Act.RAISE, Act.CORRECT)
"""Acts that can be meant for several cases alike: none of them needs a photo of each."""
OF: Final = "."
"""Between the id of several acts and the number of one case; no such id contains it."""
SEVERAL_ID: Final = r"^[A-Za-z0-9_-]{1,30}$"
MOST_ID: Final = 100
MOST_NUMBER: Final = 69
"""A longer number does not fit into an id."""
_NOT_HERE: Final = (Role.IMPORTER, Role.SYSTEM)


SeveralId = Annotated[str, Field(pattern=SEVERAL_ID), FieldMistake("bad_several_id")]
Recordings = Annotated[tuple[Recording, ...], Field(max_length=MOST_RECORDINGS)]
"""Voice messages in the recording store."""


class Submission(BaseModel):
    """Fields of every submission. Sent again with the same `id`, it is accepted once; without one it gets a new id."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, validate_by_name=True)

    id: Id | None = None
    door: Line = ""
    """The name by which the log knows the door; empty means the door's first name."""


class PlaceFields(BaseModel):
    """Where something is: a position with its datum, an address, or a code; all may be absent."""

    lat: Latitude | None = None
    lon: Longitude | None = None
    datum: Annotated[Datum, OneOf("unknown_datum")] | None = None
    address: Address = ""
    code: PlaceCode = ""

    @property
    def says_where(self) -> bool:
        """True if any of the fields is present."""
        return self.lat is not None or self.lon is not None or bool(self.address or self.code)


class ReporterFields(BaseModel):
    """Who reports: `reporter` is a pseudonym; the other fields are optional for people of the region."""

    reporter: Id | None = None
    reporter_kind: Annotated[Role, OneOf(without=_NOT_HERE)] | None = None
    reporter_lang: Annotated[Language, OneOf()] | None = None
    team: Line = ""


class ReportSubmission(Submission, ReporterFields, PlaceFields):
    """A report. `category`, `item` and `change` are as in `schemas.report.Report`, not checked yet."""

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
    recordings: Recordings = ()


class SupplementSubmission(Submission, ReporterFields, PlaceFields):
    """What the reporter of `report` adds later."""

    report: Id
    text: Text = ""
    photos: tuple[Photo, ...] = ()
    after_photos: tuple[Photo, ...] = ()
    recordings: Recordings = ()


class RemedyReport(ReportSubmission):
    """A standing remedy that is proposed, under the id `remedies.remedy_id`; built by `remedies.remedy_report` only."""

    id: str
    reporter: str
    category: str
    code: str
    """Of the segment."""
    remedy: Remedy


class PlatformReport(ReportSubmission):
    """A report that a neighbouring platform has as well, under the id `platform_report_id`."""

    id: str
    reporter: str
    platforms: tuple[PlatformFacts, ...]


class PlatformSupplement(SupplementSubmission):
    """What a neighbouring platform says later, or says besides, of such a report."""

    id: str
    report: str
    reporter: str
    platform: PlatformFacts


class ActSubmission(Submission, PlaceFields):
    """One act of the person `by` on a case; `to` and the other fields are as in `schemas.command.Do`."""

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
    day: Day | None = None
    seen: Annotated[int, Whole(0, MOST_EVENTS)] | None = None
    cooperation: Annotated[int, Whole(1, 5)] | None = None
    professionalism: Annotated[int, Whole(1, 5)] | None = None
    responsibility: Annotated[int, Whole(1, 5)] | None = None
    photos: tuple[Photo, ...] = ()
    after_photos: tuple[Photo, ...] = ()
    recordings: Recordings = ()

    @property
    def scores(self) -> dict[str, int]:
        """The scores of a report-in that were given."""
        named = {name: getattr(self, name) for name in Scores.model_fields}
        return {name: score for name, score in named.items() if score is not None}


class ActionSubmission(ActSubmission):
    """One act as a department's program sends it; without `by` it is its officer's."""

    by: Id = ""


class DepartmentAct(ActSubmission):
    """One act that the program of `department` sent, under an id of that department's own: `department_act_id`."""

    department: str
    taken_ms: int | None = None
    """When it was safe, if that was before it got here (ms UTC)."""


class SeveralActsSubmission(Submission):
    """One act of the person `by` on several cases: number to the `seen` of `ActSubmission`, or None.

    Each case is decided by itself, under the id `several_id(id, number)`.
    """

    id: SeveralId | None = None
    cases: Annotated[dict[Line, Annotated[int, Whole(0, MOST_EVENTS)] | None], Field(max_length=MOST_CASES)] = Field(
        default_factory=dict
    )
    act: Annotated[Act, OneOf("not_for_several", without=tuple(act for act in Act if act not in FOR_SEVERAL))]
    by: Id
    to: Line = ""
    note: Text = ""
    category: Line = ""


def several_id(id: str, number: str) -> str:
    """The id of the act on one of several cases: a form that is sent twice acts once."""
    return f"{id}{OF}{number}"


class PhotoUpload(BaseModel):
    """Photos that acts are to name later."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    photos: tuple[Photo, ...] = ()


class SubscriptionSubmission(BaseModel):
    """What a department's program subscribes to: its own orders, or some of them, posted to `url`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: Annotated[str, Field(min_length=1, max_length=MOST_URL), FieldMistake("no_url")]
    batch: Flag = False
    """Whether it takes several events in one request."""
    category: Line = ""
    area: Line = ""
    case: Line = ""


def department_act_id(department: str, id: str) -> str:
    """An act's id in the log: what two departments count from 1 stays apart, and nobody else can send such an id."""
    return f"{department}{BY}{id}"


def platform_report_id(platform: str, theirs: str) -> str:
    """The id of the report that a case of a platform becomes, always the same; nobody else can send such an id."""
    return f"{platform}{BY}{theirs if is_id(theirs) else sha256(theirs.encode()).hexdigest()[:32]}"


class RemedySubmission(BaseModel):
    """A standing remedy for a segment and a category, proposed by the person `by` in the words of `text`.

    It is for the cases of `kind` that were reported in the days `from` to `to`, both included.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", validate_by_name=True)

    segment: Line
    category: Line
    kind: Line = ReportKind.PROBLEM.value
    from_day: Day = Field(alias="from")
    to_day: Day = Field(alias="to")
    text: Text
    by: Id


class CoverSubmission(Submission):
    """An absence of `person` from `from_ms` to `until` (ms UTC); `cover` is who takes over, if anybody."""

    person: Id
    cover: Id | None = None
    by: Id
    from_ms: WhenMs = Field(alias="from")
    until: WhenMs


TOO_LARGE: Final = "too_large"


def too_large(where: str = "", most: int = MAX_BYTES, code: str = TOO_LARGE) -> Exception:
    """The refusal (413) of a submission over 64 kB, or over `most` bytes; photos not counted."""
    return refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, code, where, limit=most)
