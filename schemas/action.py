"""Acts that a department's program writes to a topic, and the answers to these and to its acts over HTTP.

Topics `actions.<code>` and `answers.<code>`, key = case number.
"""

from typing import Annotated, Final, Literal

from pydantic import Field

from schemas.command import Act, Outcome, Rating, ReturnReason, Word
from schemas.datum import Datum
from schemas.event import Because, EventType
from schemas.models import LogModel
from schemas.report import Id, Text

ANSWER_KIND: Final = "grid36.action.answered"
"""CloudEvents type of an answer."""
BY: Final = "#"
"""In the log between the code of a department and the id that its program gave an act; no other id contains it."""
Score = Annotated[int, Field(ge=1, le=5)]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Action(LogModel):
    """One act of a department on the case that is the record's key. A field that is not named here is a mistake."""

    id: Id | None = None
    """The program's own: written again with the same one, it acts once. Without it, each record is an act."""
    act: Act
    by: Id | None = None
    """One of the department's people; without it its officer."""
    note: Text = ""
    photos: tuple[Digest, ...] = ()
    """SHA-256 of photos that were sent to `POST /api/photos`."""
    after_photos: tuple[Digest, ...] = ()
    to: Word = ""
    """The target: executor, person, case number, milestone, as the act needs it."""
    cite: Word = ""
    """The list item, with `return`."""
    reason: ReturnReason | None = None
    category: Word = ""
    outcome: Outcome | None = None
    rating: Rating | None = None
    hours: Annotated[int, Field(gt=0, le=24 * 365)] | None = None
    """Requested length of a pause or an extension."""
    until: int | str | None = None
    """A time in ms UTC or by RFC 3339."""
    seen: Annotated[int, Field(ge=0)] | None = None
    """`seq` of the order as the program saw it; the act is refused if somebody else decided since."""
    lat: float | None = None
    lon: float | None = None
    datum: Datum | None = None
    address: Text = ""
    code: Word = ""
    """A corrected place: position with its datum, address, or code."""
    cooperation: Score | None = None
    professionalism: Score | None = None
    responsibility: Score | None = None


class ActionAnswer(LogModel):
    """What became of one act; written once it is decided, or at once where it cannot be accepted."""

    v: Literal[1] = 1
    id: str
    """The act's own id; of a record without one, its partition, offset and time."""
    case: str
    state: Literal["done", "refused"]
    because: tuple[Because, ...] = ()
    """The reasons, or every mistake of a record that cannot be accepted."""
    changed: tuple[EventType, ...] = ()
    """What the act did."""
    t_ms: int | None = None
    """Its time on the log, ms UTC: the act counts on that day (`docs/connect/proof.md`). None: it never came there."""
    partition: int | None = None
    """With `offset`, where the act is in `actions.<code>`; an act that came over HTTP has none."""
    offset: int | None = None
