"""Telegram as the contract of all chats holds it: a fake and its phones, by any name."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.contract.chat_worlds import ChatWorld, Shown, Trouble
from tests.worlds.telegram.mailbox import BOT, Json, now_s
from tests.worlds.telegram.phone import Phone
from tests.worlds.telegram.server import TOKEN, FakeTelegram, Refusal

FIRST_PERSON = 5001


@dataclass
class TelegramWorld:
    """A `ChatWorld`."""

    telegram: FakeTelegram
    phones: dict[str, Phone] = field(default_factory=dict)

    @property
    def options(self) -> Mapping[str, str]:
        """The fake has no limits of its own."""
        limits = {"per_second": "1000", "per_chat_per_minute": "10000"}
        return {"token": TOKEN, "url": self.telegram.url, "poll_s": "2", **limits}

    def phone(self, who: str) -> Phone:
        """Theirs; the bot may write to them."""
        mail = self.telegram.mail
        phone = self.phones.setdefault(who, Phone(mail, FIRST_PERSON + len(self.phones)))
        mail.known.add(str(phone.id))
        return phone

    def account(self, who: str) -> tuple[str, str]:
        """In a private chat the same number twice."""
        id = str(self.phone(who).id)
        return id, id

    async def writes(self, who: str, text: str, quotes: str = "") -> str:
        """With a message of the bot that it answers."""
        phone = self.phone(who)
        answered: Json = {}
        if quotes:
            number = int(quotes.partition("/")[2])
            answered = {"reply_to_message": {"message_id": number, "date": now_s(), "chat": phone.chat, "from": BOT}}
        return self._handle(phone, phone.writes(text, **answered))

    async def sends_photo(self, who: str, content: bytes) -> str:
        """As a photo."""
        phone = self.phone(who)
        return self._handle(phone, phone.photo(content))

    async def sends_voice(self, who: str, content: bytes) -> str:
        """As a voice message."""
        phone = self.phone(who)
        return self._handle(phone, phone.voice(content=content))

    async def sends_position(self, who: str, lon: float, lat: float) -> str:
        """Once."""
        phone = self.phone(who)
        return self._handle(phone, phone.position(lon, lat))

    async def again(self, message: str) -> None:
        """The same message in another update."""
        self.telegram.mail.push("message", self.telegram.mail.messages[message])

    def plan(self, who: str, *troubles: Trouble) -> None:
        """In Telegram's words."""
        self.telegram.refuse_to(self.account(who)[1], *map(_refusal, troubles))

    def plan_files(self, *troubles: Trouble) -> None:
        """At `getFile`."""
        self.telegram.refuse("getFile", *map(_refusal, troubles))

    def shown(self, who: str) -> list[Shown]:
        """What their phone shows."""
        heard = self.phone(who).heard()
        return [Shown(each.text, tuple(each.keys), f"{each.chat}/{each.id}") for each in heard]

    def _handle(self, phone: Phone, message: Json) -> str:
        id = f"{phone.id}/{message['message_id']}"
        self.telegram.mail.messages[id] = message
        return id


def _refusal(trouble: Trouble) -> Refusal:
    match trouble:
        case ("later", after_s):
            return Refusal(429, f"Too Many Requests: retry after {after_s}", retry_after=after_s)
        case ("blocked", _):
            return Refusal(403, "Forbidden: bot was blocked by the user")
        case (_, says):
            return Refusal(400, f"Bad Request: {says}")


@asynccontextmanager
async def telegram_world(_: Path) -> AsyncIterator[ChatWorld]:
    """A fake on a free port; it needs no folder."""
    async with FakeTelegram().running() as telegram:
        yield TelegramWorld(telegram)
