"""Messages as the conversation knows them: what somebody did in a chat, and what is said to them.

A door makes an `Incoming` of each thing that its platform brings, and sends each `Outgoing` in its platform's shape.
"""

from typing import Annotated, Literal

from pydantic import Field

from schemas.datum import Datum
from schemas.models import ChoiceEnum, LogModel
from schemas.names import Language
from schemas.report import Photo, Recording

Line = Annotated[str, Field(max_length=200)]


class MediaKind(ChoiceEnum):
    """What kind of file somebody sent."""

    PHOTO = "photo"
    VOICE = "voice"
    VIDEO = "video"
    STICKER = "sticker"
    FILE = "file"


class Media(LogModel):
    """A file as the platform names it; only its door knows how to fetch it."""

    kind: MediaKind
    ref: str
    """What the door needs to fetch it: a file id, an address, a key; opaque to everybody else."""
    bytes: int | None = None
    """How large the platform says that it is."""
    seconds: int | None = None
    """How long it plays, where the platform says so."""
    transcript: str = ""
    """What was said, where the platform writes it down."""


class Wrote(LogModel):
    """Words."""

    kind: Literal["wrote"] = "wrote"
    text: str


class SentMedia(LogModel):
    """A file, with or without words; the parts of one album are separate messages with the same `album`."""

    kind: Literal["media"] = "media"
    media: Media
    text: str = ""
    album: Line = ""
    photo: Photo | None = None
    """The stored photo, once it was fetched."""
    recording: Recording | None = None
    """The stored recording, once it was fetched."""
    trouble: str = ""
    """Why it could not be fetched, or is no photo or recording: a key of `intake`, once that was tried."""
    trouble_limit: int = 0
    """The fact `limit` of that sentence: megabytes or megapixels."""


class SharedPosition(LogModel):
    """A position in degrees. A live position is sent again and again under one `live`."""

    kind: Literal["position"] = "position"
    lon: float = Field(ge=-180, le=180, allow_inf_nan=False)
    lat: float = Field(ge=-90, le=90, allow_inf_nan=False)
    datum: Datum
    label: Annotated[str, Field(max_length=500)] = ""
    """The address that the platform wrote beside it."""
    live: bool = False


class Pressed(LogModel):
    """A button of ours, or a reaction that stands for one. `value` is what the button was sent with."""

    kind: Literal["pressed"] = "pressed"
    value: str


class Edited(LogModel):
    """An earlier message now says something else."""

    kind: Literal["edited"] = "edited"
    of: str
    """The platform's id of the message."""
    text: str


class Withdrawn(LogModel):
    """An earlier message was taken back."""

    kind: Literal["withdrawn"] = "withdrawn"
    of: str


class JoinedChat(LogModel):
    """Somebody opened the chat for the first time, or by a link that carries an `invitation`."""

    kind: Literal["joined"] = "joined"
    invitation: Line = ""


class LeftChat(LogModel):
    """Somebody blocked the bot or left; nothing can be sent to them until they write again."""

    kind: Literal["left"] = "left"


class Unreadable(LogModel):
    """A message of a kind that the door does not know, such as a contact card; `name` is the platform's word."""

    kind: Literal["unreadable"] = "unreadable"
    name: Line = ""


Content = Annotated[
    Wrote | SentMedia | SharedPosition | Pressed | Edited | Withdrawn | JoinedChat | LeftChat | Unreadable,
    Field(discriminator="kind"),
]


class Incoming(LogModel):
    """One thing that somebody did in a chat."""

    id: Annotated[str, Field(min_length=1, max_length=200)]
    """The platform's own id: what it brings twice has the same one; unique within the door."""
    sender: Annotated[str, Field(min_length=1, max_length=200)]
    """The platform's id of the person. It never leaves the gateway."""
    chat: Annotated[str, Field(min_length=1, max_length=200)]
    """Where to answer: equal to `sender`, or a room or group."""
    t_ms: int
    """When it was sent, by the platform's clock."""
    content: Content
    quotes: str = ""
    """The platform's id of the message that this one answers."""
    forwarded: bool = False
    group: bool = False
    """Whether others read along."""
    addressed: bool = True
    """In a group: whether the bot was named. What is not addressed to it is not kept."""
    language: Language | None = None
    """What the platform says of the person."""


class Button(LogModel):
    """One choice. `value` comes back in `Pressed`; at most 60 bytes, which every platform carries."""

    label: str
    value: Annotated[str, Field(max_length=60)]


class Pin(LogModel):
    """A point for the map, WGS-84 degrees; a platform with another datum converts it."""

    lon: float
    lat: float
    label: str = ""


class SayKind(ChoiceEnum):
    """What a message is to its reader: it decides whether it may wait, and the figures count by it."""

    ANSWER = "answer"
    """It follows what they did themselves."""
    REFUSAL = "refusal"
    VERIFY = "verify"
    """A result: fixed or not?"""
    JOB = "job"
    REQUEST = "request"
    """Something else is needed of them: a decision, a word, their coming."""
    NOTICE = "notice"
    """A change that concerns them, and nothing is needed of them."""
    NEWS = "news"
    """Only good to know."""
    DIGEST = "digest"
    """Several notices and news in one message."""


class Outgoing(LogModel):
    """One message to one person. `id` is the same however often it is sent."""

    id: Annotated[str, Field(min_length=1, max_length=200)]
    chat: str
    text: str
    buttons: tuple[Button, ...] = ()
    photos: tuple[str, ...] = ()
    """Digests of stored photos, shown with the text."""
    recordings: tuple[Recording, ...] = ()
    """Stored voice messages, to be played beside the text."""
    pin: Pin | None = None
    link: str = ""
    """A page that says more; it is shown with the text, which has room for it and does not name it."""
    answers: str = ""
    """The platform's id of the message that this one answers, where that is shown."""
    language: Language = Language.ZH
    case: str = ""
    """The case that it is about: who answers this message means that case."""
    kind: SayKind = SayKind.ANSWER
    signs_in: bool = False
    """Whether `link` becomes one that signs its reader in once: made when the message is sent, and stored nowhere."""

    @property
    def words(self) -> str:
        """The text with the link, for platforms that show all in one."""
        link = "" if self.link in self.text else self.link
        return "\n".join(filter(None, (self.text.strip(), link)))
