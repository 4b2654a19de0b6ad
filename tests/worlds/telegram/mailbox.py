"""What Telegram holds for a bot: updates in their order, messages by chat, files, who blocked it."""

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any, Final

BOT_ID: Final = 4242
BOT: Final = {"id": BOT_ID, "is_bot": True, "first_name": "Grid", "username": "Grid36Bot"}
FIRST_UPDATE: Final = 700_000_000

Json = dict[str, Any]


@dataclass
class Sent:
    """One message of the bot, as it arrived."""

    chat: str
    id: int
    method: str
    fields: Json
    photos: list[bytes] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Its words."""
        return str(self.fields.get("text") or self.fields.get("caption") or "")

    @property
    def keys(self) -> dict[str, str]:
        """Its buttons: label to value."""
        rows = self.fields.get("reply_markup", {}).get("inline_keyboard", [])
        return {key["text"]: key["callback_data"] for row in rows for key in row}


class Mailbox:
    """The state of the fake."""

    def __init__(self) -> None:
        self.waiting: list[Json] = []
        """Updates that were not acknowledged yet."""
        self.pushed: list[tuple[str, Json]] = []
        """All that ever came, to be brought again."""
        self.new = asyncio.Event()
        self.sent: list[Sent] = []
        self.files: dict[str, bytes] = {}
        self.messages: dict[str, Json] = {}
        """Messages that can be brought again, by any handle."""
        self.known: set[str] = set()
        """Chats that the bot may write to."""
        self.blocked: set[str] = set()
        self.moved: dict[str, int] = {}
        """Groups that became supergroups, and their new ids."""
        self._updates = FIRST_UPDATE
        self._messages: dict[str, int] = {}
        self._names = 0

    def push(self, kind: str, content: Json) -> Json:
        """A new update for the bot."""
        self._updates += 1
        self.pushed.append((kind, content))
        update = {"update_id": self._updates, kind: content}
        self.waiting.append(update)
        self.new.set()
        return update

    def acknowledge(self, offset: int) -> None:
        """All before `offset` is forgotten."""
        self.waiting = [each for each in self.waiting if each["update_id"] >= offset]

    def next_message(self, chat: str) -> int:
        """Numbers are unique in one chat only."""
        self._messages[chat] = self._messages.get(chat, 0) + 1
        return self._messages[chat]

    def name(self, what: str) -> str:
        """An id of a query or a file."""
        self._names += 1
        return f"{what}-{self._names}"

    def store(self, content: bytes) -> Json:
        """A file that somebody sent, as messages name it."""
        id = self.name("file")
        self.files[id] = content
        return {"file_id": id, "file_unique_id": f"u-{id}", "file_size": len(content)}

    def to(self, chat: object) -> list[Sent]:
        """What the bot sent to a chat."""
        return [each for each in self.sent if each.chat == str(chat)]


def now_s() -> int:
    """As messages have it."""
    return int(time.time())
