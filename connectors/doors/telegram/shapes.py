"""What we read of an update of the Bot API; all else in it is ignored.

The models accept any content of a message: a field of a kind that we do not read is in `model_extra`.
"""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

Id = Annotated[int, Field(ge=-(2**63), lt=2**63)]
Unix = Annotated[int, Field(ge=0, lt=2**40)]


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)


class TelegramUser(_Shape):
    """Somebody, or a bot."""

    id: Id
    is_bot: bool = False
    username: str = ""
    language_code: str | None = None


class TelegramChat(_Shape):
    """A conversation: private, group, supergroup or channel."""

    id: Id
    type: str = ""


class MessageHead(_Shape):
    """What every message has."""

    message_id: Id
    chat: TelegramChat
    date: Unix = 0
    sender: TelegramUser | None = Field(default=None, alias="from")


class Entity(_Shape):
    """A part of a text with a meaning; offset and length count UTF-16 units."""

    type: str
    offset: Annotated[int, Field(ge=0, le=1_000_000)]
    length: Annotated[int, Field(ge=0, le=1_000_000)]
    user: TelegramUser | None = None


class TelegramFile(_Shape):
    """A file of any kind; a picture has a size in pixels too."""

    file_id: Annotated[str, Field(min_length=1, max_length=500)]
    file_size: Annotated[int, Field(ge=0, lt=2**63)] | None = None
    mime_type: str = ""
    duration: Annotated[int, Field(ge=0, lt=2**31)] | None = None
    width: Id = 0
    height: Id = 0


class Pictures(_Shape):
    """One picture in several sizes."""

    sizes: Annotated[tuple[TelegramFile, ...], Field(min_length=1)]

    @property
    def largest(self) -> TelegramFile:
        """The one with the most pixels."""
        return max(self.sizes, key=lambda each: each.width * each.height)


class Location(_Shape):
    """A point, WGS-84 degrees; `live_period` (s) where it will move."""

    longitude: float
    latitude: float
    live_period: int | None = None


class Venue(_Shape):
    """A point with a name and an address."""

    location: Location
    title: str = ""
    address: str = ""


class TelegramMessage(MessageHead):
    """A message; what is sent in it is read by `contents`, so that no content makes the rest of it unreadable."""

    model_config = ConfigDict(frozen=True, extra="allow", populate_by_name=True)

    edit_date: Unix | None = None
    text: str | None = None
    caption: str | None = None
    entities: tuple[Entity, ...] = ()
    caption_entities: tuple[Entity, ...] = ()
    media_group_id: Annotated[str, Field(max_length=200)] = ""
    reply_to_message: MessageHead | None = None
    forward_origin: Any = None
    is_automatic_forward: bool = False

    @property
    def words(self) -> str:
        """Its text, or what is written below its picture."""
        return self.text or self.caption or ""

    @property
    def marked(self) -> tuple[Entity, ...]:
        """The entities of `words`."""
        return self.entities if self.text else self.caption_entities


class CallbackQuery(_Shape):
    """A button of ours was pressed; the message may be one that the bot cannot see any more."""

    id: Annotated[str, Field(min_length=1, max_length=200)]
    sender: TelegramUser = Field(alias="from")
    message: MessageHead | None = None
    data: str | None = None


class Membership(_Shape):
    """What somebody is in a chat now."""

    status: str


class MembershipChange(_Shape):
    """What became of the bot in a chat."""

    chat: TelegramChat
    sender: TelegramUser = Field(alias="from")
    date: Unix
    new_chat_member: Membership


class Update(_Shape):
    """One thing that happened."""

    update_id: Id
    message: TelegramMessage | None = None
    edited_message: TelegramMessage | None = None
    callback_query: CallbackQuery | None = None
    my_chat_member: MembershipChange | None = None


KINDS = ("message", "edited_message", "callback_query", "my_chat_member")
"""The kinds of updates that we ask for."""
