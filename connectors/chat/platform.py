"""What a chat platform is to us: three verbs and what it can show. `ChatDoor` makes a door of it.

A new chat door is a folder `connectors/doors/NAME/` with `open_platform(setup.platform)`, which returns a `Platform`,
and `open_door(setup)`, which returns `ChatDoor(setup, open_platform(setup.platform))`; and a line in `CHATS` of
`grid36/gateway/doors.py`. `grid36 door check NAME` opens the platform alone.
The platform verifies who sends, and acknowledges what it brought only when `take` has returned.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from connectors.chat.messages import Incoming, Media, Outgoing


@dataclass(frozen=True, slots=True)
class Features:
    """What a chat shows and how much of it. What it cannot show is said in words."""

    buttons: int = 0
    """How many buttons one message may have; without any, choices are a numbered list."""
    photos: bool = True
    """Whether photos can be sent to a person."""
    recordings: bool = False
    """Whether it plays stored voice messages; without, people get a link or hear where to find them."""
    pins: bool = False
    """Whether a point of the map can be sent; without, it is a link."""
    characters: int = 2000
    """The longest text of one message."""
    positions: bool = True
    """Whether people can send a position; without, they are asked for an address, a code, or to open a page."""
    per_second: float = 20.0
    """How many messages may be sent in a second, to all together."""
    per_chat_per_minute: float = 20.0
    """How many may be sent to one chat in a minute."""
    unasked_within_h: float | None = None
    """Hours after somebody's last message in which they can be written to; None: always."""
    most_unasked: int | None = None
    """How many messages can be sent to somebody in that time."""


class TryLater(Exception):  # it is no error: the platform asks for patience
    """Nothing was sent; the same message may be sent again after `after_s` seconds (None: the caller's own pause)."""

    def __init__(self, why: str, after_s: float | None = None) -> None:
        super().__init__(why)
        self.after_s = after_s


class Unreachable(Exception):
    """This person cannot be written to: they blocked the bot, left, or are unknown. Sending again would not help."""


class Unsendable(Exception):
    """The platform will never take this message, or this file cannot be fetched any more; `why` is for the operator."""


class TooLarge(Unsendable):
    """The platform gives no file of this size to us."""

    def __init__(self, limit_bytes: int) -> None:
        super().__init__(f"the file has more than {limit_bytes} bytes")
        self.limit_mb = limit_bytes // 1_000_000


class Take(Protocol):
    """The way in of one platform."""

    async def __call__(self, incoming: Incoming) -> bool:
        """Store it durably; on return it cannot get lost and may be acknowledged. Whether it was new.

        Raises `connectors.outbox.store.OutboxUnwritableError` when nothing was stored: do not acknowledge it.
        """


class PhotoFile(Protocol):
    """A stored photo, a JPEG."""

    @property
    def name(self) -> str:
        """A file name; another one for another content."""

    def read_bytes(self) -> bytes:
        """The content. Blocks; raises `OSError` if it is gone."""


class Platform(Protocol):
    """One account of one chat platform."""

    @property
    def features(self) -> Features:
        """What can be shown in its chats."""

    async def receive(self, take: Take) -> None:
        """Bring what people send, until cancelled; wait out the platform's absences with growing pauses.

        Messages of one chat are taken in their order. Raises a `schemas.errors.Stop` for what no waiting mends, such
        as a token that is refused.
        """

    def fetch(self, media: Media) -> AbstractAsyncContextManager[AsyncIterator[bytes]]:
        """The bytes of a file, in pieces. Raises `TryLater`, `TooLarge` or `Unsendable`."""

    async def send(self, message: Outgoing, photos: Sequence[PhotoFile]) -> str:
        """Send one message; the platform's id of it, or "". `photos` are the files of `message.photos`.

        The message was made to fit `features`. Raises `TryLater`, `Unreachable` or `Unsendable`.
        """

    async def check(self) -> Mapping[str, str]:
        """Who we are there, by what the platform calls it, for `grid36 door check`. Raises `WrongInput` or `Retry`."""


@runtime_checkable
class SendsInParts(Protocol):
    """A platform that sends a message as several: the first can be answered while the others are on their way."""

    async def begun(self, message: Outgoing) -> str:
        """The id that `send` will return for a message whose first part is sent; "" before that."""
