"""A chat platform that is a folder. It proves how little a new chat takes, and does what a test tells it to.

`in`: what people did, a file each, deleted when it was taken. `files`: what was sent with it. `out`: what each chat was
sent, a line each. `plan`: what the platform answers to the next sends to a chat, fetches or receipts, instead.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from connectors.chat.messages import Incoming, Media, Outgoing
from connectors.chat.platform import Features, PhotoFile, Platform, Take, TryLater, Unreachable, Unsendable
from connectors.chat.runtime.door import ChatDoor
from connectors.doors.contract import Door, DoorSetup, PlatformSetup
from connectors.outbox.store import OutboxUnwritableError
from schemas.errors import Stop

LOOK_S: Final = 0.02


def open_platform(setup: PlatformSetup) -> Platform:
    """What `grid36 door check` calls."""
    return StubChat(Path(setup.options["folder"]))


def open_door(setup: DoorSetup) -> Door:
    """What the registry calls."""
    return ChatDoor(setup, open_platform(setup.platform))


class StubRefusedError(Stop):
    """The folder does not want us any more. Ask it why."""


class StubChat:
    """A `Platform`."""

    features = Features(buttons=3, per_second=1000, per_chat_per_minute=10_000)

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def receive(self, take: Take) -> None:
        """A file that was taken is acknowledged: it goes."""
        while True:
            self._answer("receive")
            for file in sorted((self._folder / "in").glob("*.json")):
                try:
                    await take(Incoming.model_validate_json(file.read_bytes()))
                except OutboxUnwritableError:
                    break
                file.unlink()
            await asyncio.sleep(LOOK_S)

    @asynccontextmanager
    async def fetch(self, media: Media) -> AsyncIterator[AsyncIterator[bytes]]:
        """The file in pieces."""
        self._answer("file")
        yield _pieces((self._folder / "files" / media.ref).read_bytes())

    async def send(self, message: Outgoing, photos: Sequence[PhotoFile]) -> str:
        """A line; its number is the id."""
        self._answer(message.chat)
        file = self._folder / "out" / f"{quote(message.chat, safe='')}.jsonl"
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("a") as out:
            out.write(json.dumps(message.model_dump(mode="json")) + "\n")
        return f"{message.chat}/{len(file.read_text().splitlines())}"

    async def check(self) -> Mapping[str, str]:
        """A folder needs no account."""
        return {"folder": str(self._folder)}

    def _answer(self, name: str) -> None:
        """What a test planned for this chat or file, if anything is left of it."""
        for plan in sorted((self._folder / "plan").glob(f"{quote(name, safe='')}.*.json"))[:1]:
            planned: dict[str, Any] = json.loads(plan.read_text())
            plan.unlink()
            match planned:
                case {"later": after_s}:
                    raise TryLater("planned", after_s)
                case {"never": why}:
                    raise Unsendable(why)
                case {"blocked": _}:
                    raise Unreachable
                case {"refused": _}:
                    raise StubRefusedError


async def _pieces(content: bytes) -> AsyncIterator[bytes]:
    for at in range(0, len(content), 1000):
        yield content[at : at + 1000]
