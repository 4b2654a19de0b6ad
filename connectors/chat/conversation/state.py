"""What the conversation remembers of one person between two messages. Stored by the door, as JSON."""

from pydantic import Field

from schemas.datum import Datum
from schemas.models import ChoiceEnum, LogModel
from schemas.names import Language
from schemas.report import Photo


class Asking(ChoiceEnum):
    """The one question that is open, if any."""

    NOTHING = "nothing"
    PLACE = "place"
    """Where is it?"""
    WHAT = "what"
    """What is wrong?"""
    SUBMIT = "submit"
    """A draft lies there: send it, or drop it?"""
    WHICH_JOB = "which_job"
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


class DraftPart(LogModel):
    """What one message gave to a draft; it goes when the message is withdrawn."""

    message: str
    """The platform's id."""
    text: str = ""
    photo: Photo | None = None
    voice: str = ""
    lon: float | None = None
    lat: float | None = None
    datum: Datum | None = None
    label: str = ""
    album: str = ""


class ReportDraft(LogModel):
    """A report that is being put together."""

    parts: tuple[DraftPart, ...] = ()
    began_ms: int = 0
    touched_ms: int = 0


class Conversation(LogModel):
    """One person's conversation."""

    language: Language | None = None
    """What the person chose; None: what the platform says, else the gateway's."""
    draft: ReportDraft = Field(default_factory=ReportDraft)
    asking: Asking = Asking.NOTHING
    case: str = ""
    """The case that the question is about."""
    act: str = ""
    """The act that the answer belongs to, as `schemas.command.Act` has it."""
    held: tuple[DraftPart, ...] = ()
    """What was sent and waits for the answer to the question."""
    choices: tuple[tuple[str, str], ...] = ()
    """What was offered last, label and value, for people who answer with its number or its words."""
    report: str = ""
    """The report that was submitted last, to which what comes soon after belongs."""
    report_ms: int = 0
    wake_ms: int | None = None
    """When the conversation wants to be woken (`tick`) if nothing is said before."""
