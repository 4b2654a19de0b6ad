"""What the conversation remembers of one person between two messages. Stored by the door, as JSON."""

from schemas.command import Act, Outcome, Rating, ReturnReason
from schemas.datum import Datum
from schemas.models import ChoiceEnum, LogModel
from schemas.names import Language
from schemas.report import Photo, Recording


class Asking(ChoiceEnum):
    """The one question that is open, if any. `table.ANSWERS` says what may answer it."""

    NOTHING = "nothing"
    PLACE = "place"
    """Where is it?"""
    WHAT = "what"
    """What is wrong?"""
    SUBMIT = "submit"
    """A draft lies there: send it, or drop it?"""
    WHOSE = "whose"
    """A photo came out of the blue: which job does it finish, or is it a new report?"""
    AFTER_PHOTO = "after_photo"
    """The after-photo of a job."""
    REASON = "reason"
    """Why it is not theirs."""
    WORDS = "words"
    """Words for an act: a reason, an answer, what is still not fixed."""
    HOURS = "hours"
    """How much more time."""
    PERSON = "person"
    """Who takes it over, or stands in."""
    ITEM = "item"
    """For which item of the whistle list departments are called."""
    SCORES = "scores"
    """How a department reported in, 1 to 5, one score after the other."""


class Verb(ChoiceEnum):
    """What a button stands for."""

    ACT = "act"
    """Do `act` on `case`, once all that it needs is known."""
    SUBMIT = "submit"
    DROP = "drop"
    REPORT = "report"
    """What was sent is a new report."""
    ADD = "add"
    """What was sent belongs to the report that was sent before."""
    HERE = "here"
    """This candidate is the place of `report`."""
    ELSEWHERE = "elsewhere"
    """None of the candidates."""
    OFF = "off"
    """Off today; `person` stands in."""
    REPORTS = "reports"
    JOBS = "jobs"
    HELP = "help"
    LANGUAGE = "language"
    SIGN_IN = "sign_in"


class Choice(LogModel):
    """What a button of ours means. The case and all else is in here, so an old button still means the same."""

    label: str
    verb: Verb
    case: str = ""
    act: Act | None = None
    reason: ReturnReason | None = None
    outcome: Outcome | None = None
    rating: Rating | None = None
    hours: int | None = None
    person: str = ""
    category: str = ""
    report: str = ""
    code: str = ""
    address: str = ""
    lon: float | None = None
    lat: float | None = None
    cite: str = ""
    scores: tuple[int, ...] = ()
    """How a report-in is rated, as far as it is said."""


class Offered(LogModel):
    """The choices of one message; `key` is the part of a button's value that says which message."""

    key: str
    choices: tuple[Choice, ...]


class DraftPart(LogModel):
    """What one message gave to a draft; it goes when the message is withdrawn, and changes when it is edited."""

    message: str
    """The platform's id."""
    text: str = ""
    photo: Photo | None = None
    recording: Recording | None = None
    lon: float | None = None
    lat: float | None = None
    datum: Datum | None = None
    address: str = ""
    code: str = ""
    album: str = ""
    forwarded: bool = False
    """Somebody else's words: nobody may be sent for them before the person says so."""


class Conversation(LogModel):
    """One person's conversation."""

    language: Language | None = None
    """What the person chose; None: what the platform says, else the gateway's."""
    draft: tuple[DraftPart, ...] = ()
    """A report that is being put together, by message."""
    draft_ms: int = 0
    """When the last part of the draft came."""
    asking: Asking = Asking.NOTHING
    pending: Choice | None = None
    """The act that the open question is about, as far as it is known."""
    offers: tuple[Offered, ...] = ()
    """What was offered, the latest last."""
    report: str = ""
    """The report that was sent last, to which what comes soon after belongs."""
    report_ms: int = 0
    tokens: float | None = None
    """How many reports were left at `tokens_ms` before the person is asked about each; None: all."""
    tokens_ms: int = 0
    report_parts: tuple[str, ...] = ()
    """The platform's ids of the messages of that report: an edit of one of them is a supplement."""
    report_lacks: tuple[str, ...] = ()
    """What of photo, place and text that report is without."""
    awaited: str = ""
    """The report or act whose outcome nothing was said about yet."""
    held: tuple[DraftPart, ...] = ()
    """What was sent and waits for the answer to "whose is it?"."""
    album: str = ""
    """The album whose first photo was used already, and the case that its others belong to."""
    album_case: str = ""
    wake_ms: int | None = None
    """When the conversation wants to be woken (`tick`) if nothing is said before."""
