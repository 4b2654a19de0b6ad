"""A request of a neighbour, as we read it, and as a report of ours; pure."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Annotated, Any, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from connectors.intake.field_types import MOST_ADDRESS, MOST_TEXT, is_id
from connectors.intake.submission import ReportSubmission
from schemas.datum import Datum
from schemas.region import Region

PREFIX: Final = "neighbour-"
"""How the ids of their reports begin; their own id follows, where ours may look so."""
LONGEST_ID: Final = 80


def _text(value: Any) -> Any:
    """Servers send numbers for ids, and null for what is not there."""
    if value is None:
        return ""
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _status(value: Any) -> Any:
    return str(_text(value)).strip().lower() or "open"


def _moment(value: Any) -> Any:
    """ms UTC; what has no zone is taken for UTC, as it is only compared with others of the same server."""
    if not isinstance(value, str) or not value:
        return 0
    time = datetime.fromisoformat(value)
    return round((time if time.tzinfo else datetime.fromisoformat(f"{value}+00:00")).timestamp() * 1000)


def _degrees(value: Any) -> Any:
    return None if value == "" else value


Told = Annotated[str, BeforeValidator(_text)]
Moment = Annotated[int, BeforeValidator(_moment)]
Degrees = Annotated[float | None, BeforeValidator(_degrees)]


class NeighbourRequest(BaseModel):
    """The fields that we read; WGS-84."""

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)

    service_request_id: Annotated[str, BeforeValidator(_text), Field(min_length=1, max_length=300)]
    status: Annotated[str, BeforeValidator(_status)] = "open"
    status_notes: Told = ""
    service_code: Told = ""
    service_name: Told = ""
    description: Told = ""
    address: Told = ""
    lat: Degrees = None
    long: Degrees = None
    media_url: Told = ""
    requested_datetime: Moment = 0
    updated_datetime: Moment = 0

    @property
    def changed_ms(self) -> int:
        """When something happened to it last, by their clock."""
        return max(self.updated_datetime, self.requested_datetime)

    @property
    def words_digest(self) -> str:
        """Which version of their words it is."""
        return sha256(repr((self.description, self.address, self.media_url)).encode()).hexdigest()[:32]

    def is_outside(self, region: Region) -> bool:
        """Whether it has a position that cannot be meant here."""
        if self.lat is None or self.long is None:
            return False
        box = region.box
        return not (box.west <= self.long <= box.east and box.south <= self.lat <= box.north)


def report_id(theirs: str) -> str:
    """The id of the report that one of their requests becomes, always the same."""
    if len(theirs) <= LONGEST_ID and is_id(theirs):
        return f"{PREFIX}{theirs}"
    return f"{PREFIX}{sha256(theirs.encode()).hexdigest()[:32]}"


def own_id(theirs: str) -> str | None:
    """Our own id, where they have it from us; None where it is theirs."""
    return theirs.removeprefix(PREFIX) if theirs.startswith(PREFIX) else None


def submission_of(told: NeighbourRequest, categories: Mapping[str, str]) -> ReportSubmission:
    """What is reported here: their service by name where no category of ours is named for it."""
    category = categories.get(told.service_code, "")
    said = [told.description] if category or not told.service_name else [told.service_name, told.description]
    text = "\n".join(filter(None, [*said, told.media_url]))
    here = told.lat is not None and told.long is not None
    return ReportSubmission(
        id=report_id(told.service_request_id),
        text=text[:MOST_TEXT],
        category=category,
        address=told.address[:MOST_ADDRESS],
        lat=told.lat if here else None,
        lon=told.long if here else None,
        datum=Datum.WGS84 if here else None,
    )
