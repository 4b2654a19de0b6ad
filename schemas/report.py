"""What comes through a door: a report, and what its reporter supplies later. Topic `reports`, key = report id."""

from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, Field, TypeAdapter

from schemas.models import ChoiceEnum, LogModel
from schemas.moments import TimeMs
from schemas.names import Language
from schemas.people import Role
from schemas.place import PlaceGiven
from schemas.platform_facts import PlatformFacts
from schemas.remedy import Remedy

Id = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^\s\x00-\x1f]+$")]
"""An id given by a door or another system: opaque, without white space."""
Text = Annotated[str, Field(max_length=4000)]

FROM_OPEN311: Final = "open311-"
"""How the ids of reports that programs filed by Open311 begin; the name of the program follows."""
FROM_NEIGHBOUR: Final = "neighbour-"
"""How the ids of reports that a neighbour's server told begin; its own id there follows."""

Attribute = Annotated[str, Field(min_length=1, max_length=60)]
MOST_ATTRIBUTES: Final = 20
MOST_ITEM: Final = 200
"""Characters of the id of a list item."""
MOST_DEPTH: Final = 16
"""How deep a proposed change may nest: twice what an item does, and far from where readers of JSON give up."""


def _of_an_item(change: dict[str, Any]) -> dict[str, Any]:
    """The same proposed change; raises `ValueError` when it names no item or is nested too deep."""
    item = change.get("id")
    if not isinstance(item, str) or not 0 < len(item) <= MOST_ITEM:
        raise ValueError(f"a proposed change names its item: `id`, a text of 1 to {MOST_ITEM} characters")
    if _deeper(change, MOST_DEPTH):
        raise ValueError(f"a proposed change nests at most {MOST_DEPTH} deep")
    return change


def _of_an_item_or_new(change: dict[str, Any]) -> dict[str, Any]:
    return _of_an_item(change) if change else change


def _deeper(value: Any, most: int) -> bool:
    """Whether lists and objects are nested more than `most` deep; never looks deeper."""
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return most < 0 or any(_deeper(each, most - 1) for each in inside if isinstance(each, dict | list))


class ReportKind(ChoiceEnum):
    """What the reporter wants. A question closes by an answer, everything else by work."""

    PROBLEM = "problem"
    QUESTION = "question"
    SUGGESTION = "suggestion"
    COMPLAINT = "complaint"
    SERVICE_REQUEST = "service_request"


class Urgency(ChoiceEnum):
    """Whether a case can wait; the fact `urgency` of decision tables."""

    NORMAL = "normal"
    URGENT = "urgent"


class Photo(LogModel):
    """A stored picture: its SHA-256 in hex names it in the photo store; EXIF is removed, position and time remain."""

    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    taken_ms: TimeMs | None = None
    lon: float | None = None
    lat: float | None = None
    dhash: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None
    """What it looks like (`schemas/likeness.py`); none of a picture that shows too little, or was stored before."""


class Recording(LogModel):
    """A stored voice message, named by the SHA-256 of its bytes in hex. Nobody has written down what it says."""

    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    format: Annotated[str, Field(pattern=r"^[a-z0-9]{2,5}$")]
    """The ending of its file's name, such as `ogg`."""
    seconds: Annotated[int, Field(ge=0, le=86_400)] | None = None
    """How long it plays, as far as the sender's app says."""


ANONYMOUS: Final = "anonymous"
"""The reporter of whatever names nobody: many people."""


class Reporter(LogModel):
    """Who reports: a pseudonym, never contact data."""

    id: Id
    kind: Role = Role.RESIDENT
    team: str | None = None
    language: Language = Language.ZH


class Department(LogModel):
    """A department as another system names it: `code` fits a topic, `name` is as in the source."""

    code: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,60}$")]
    name: str


class SourceFacts(LogModel):
    """What another system decided already; accepted only from doors that the region names as importers."""

    occurred_ms: TimeMs | None = None
    by_day: bool = False
    """Only the day is known: `occurred_ms` is its beginning."""
    due_ms: TimeMs | None = None
    department: Department | None = None
    category: str | None = None


class Report(LogModel):
    """A report as its door accepted it. `received_ms` is the door's clock."""

    v: Literal[1] = 1
    type: Literal["report"] = "report"
    id: Id
    kind: ReportKind = ReportKind.PROBLEM
    text: Text = ""
    category: str | None = None
    """Id of a category or a subcategory of the rulebook, or another system's own name for it."""
    urgent: bool = False
    """The sender says that it cannot wait."""
    attributes: Annotated[dict[Attribute, Attribute], Field(max_length=MOST_ATTRIBUTES)] = Field(default_factory=dict)
    """Free attributes from the door, by id; the rulebook defines them."""
    photos: tuple[Photo, ...] = ()
    after_photos: tuple[Photo, ...] = ()
    recordings: tuple[Recording, ...] = ()
    fixed: bool = False
    """Self-handled on the spot, with a before and an after photo: opened and closed in one step."""
    place: PlaceGiven = PlaceGiven()
    reporter: Reporter
    door: str
    received_ms: TimeMs
    pushed_by: Annotated[str, Field(max_length=60)] | None = None
    """The department that pushes this task down to the street, by its code."""
    item: Annotated[str, Field(max_length=MOST_ITEM)] | None = None
    """The list item that it cites."""
    change: Annotated[dict[str, Any], AfterValidator(_of_an_item)] | None = None
    """A proposed version of a list item, as JSON of `schemas.items.Item`: this is a proposal, not a problem."""
    change_before: Annotated[dict[str, Any], AfterValidator(_of_an_item_or_new)] | None = None
    """The version in force on the day of the proposal, which it would replace; {}: the item is new."""
    duty: Annotated[str, Field(max_length=61)] | None = None
    """Id of the duty that is due; only from the internal door `duties`. `received_ms` is its beginning."""
    remedy: Remedy | None = None
    """A standing remedy is proposed for what it collects, in the words of `text`; only from our own pages and API."""
    links: str | None = None
    """The number of an earlier case that this report follows up."""
    source: SourceFacts | None = None
    platforms: Annotated[tuple[PlatformFacts, ...], Field(max_length=10)] = ()
    """Other platforms that have it as well; only from their own doors."""


class Supplement(LogModel):
    """What a reporter supplies later for a report without a place or words."""

    v: Literal[1] = 1
    type: Literal["supplement"] = "supplement"
    id: Id
    report: Id
    text: Text = ""
    photos: tuple[Photo, ...] = ()
    recordings: tuple[Recording, ...] = ()
    place: PlaceGiven = PlaceGiven()
    reporter: Reporter
    door: str
    received_ms: TimeMs
    platform: PlatformFacts | None = None
    """What another platform says of it now; only from its own door."""


class Unusable(LogModel):
    """A row of another system that its importer could not read: parked with its reason, and counted."""

    v: Literal[1] = 1
    type: Literal["unusable"] = "unusable"
    id: Id
    reason: str
    door: str
    received_ms: TimeMs


class Activation(LogModel):
    """Search places in another region from a moment on; goes to every partition, with the command to the cases."""

    v: Literal[1] = 1
    type: Literal["activation"] = "activation"
    id: Id
    rulebook: str
    region: str
    effective_ms: TimeMs


AnyIncoming = Report | Supplement | Unusable | Activation
INCOMING: TypeAdapter[AnyIncoming] = TypeAdapter(Annotated[AnyIncoming, Field(discriminator="type")])
MAX_BYTES = 64_000
"""A report or action, without its photos, may not be larger; refused at the door (413) and in `locate`."""
