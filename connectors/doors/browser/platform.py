"""The chat in the browser: a platform whose phone is a page of our own, served at `/chat`."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final, Protocol

from connectors.chat.messages import Incoming, JoinedChat, Media, Outgoing
from connectors.chat.platform import Features, PhotoFile, Take, Unsendable
from connectors.clock import now_ms
from connectors.doors.browser.live import Live
from connectors.doors.browser.options import BrowserOptions
from connectors.doors.browser.posted import PIECE, SentFiles
from connectors.doors.browser.showing import shown_outgoing
from connectors.doors.browser.transcript import Line, Transcript
from connectors.outbox.store import OutboxUnwritableError
from schemas.names import Language

PRUNE_S: Final = 3600.0
DAY_MS: Final = 86_400_000
FILE: Final = "transcript.sqlite"
FILES: Final = "files"

log = logging.getLogger(__name__)


class DemoPeople(Protocol):
    """What the demo does with the accounts of given persons."""

    async def invite(self, person: str) -> str:
        """The token that makes an account that of a person."""

    async def speaks(self, sender: str, language: Language) -> None:
        """The page of an account is in this language now."""


class BrowserChat:
    """A `Platform`. The account of a browser is its chat, too: nobody else reads along."""

    def __init__(
        self, folder: Path, options: BrowserOptions, clock: Callable[[], int] = now_ms, demo: DemoPeople | None = None
    ) -> None:
        """Without `demo` there are no accounts of given persons, whatever the options say."""
        self.options, self.clock, self.demo = options, clock, demo
        self._joined: dict[str, str] = {}
        self._folder = folder
        self.files = SentFiles(folder / FILES, options.file_bytes)
        self.transcript = Transcript(folder / FILE)
        self.live = Live(self.transcript, options.shown, options.heartbeat_s)
        self.take: Take | None = None
        """The way in; None while the door is not open."""
        self.plays = 0
        """How often somebody asked the demo to play its story."""

    @property
    def features(self) -> Features:
        """All that a page can show."""
        options = self.options
        return Features(
            buttons=options.buttons, photos=True, recordings=True, pins=True, characters=20_000, per_second=500.0,
            per_chat_per_minute=600.0,
        )  # fmt: skip

    async def receive(self, take: Take) -> None:
        """Let the pages in until cancelled; meanwhile remove what is old."""
        self.take = take
        try:
            while True:
                await self._prune()
                await asyncio.sleep(PRUNE_S)
        finally:
            self.take = None
            self.live.close()
            await asyncio.shield(self.transcript.close())

    @asynccontextmanager
    async def fetch(self, media: Media) -> AsyncIterator[AsyncIterator[bytes]]:
        """The file that a page sent."""
        path = self._folder / FILES / media.ref
        if not path.is_file():
            raise Unsendable("the file is not there any more")
        yield _pieces(path)

    async def send(self, message: Outgoing, photos: Sequence[PhotoFile]) -> str:
        """Store it for the pages of this chat, open now or later; photos are shown from their own addresses."""
        line = Line(message.id, ours=True, t_ms=self.clock(), body=shown_outgoing(message))
        if await self.transcript.add(message.chat, line):
            self.live.wake(message.chat)
        return message.id

    async def check(self) -> Mapping[str, str]:
        """No account is needed."""
        return {"page": "/chat", "demo": "on" if self.options.demo else "off"}

    async def join(self, sender: str, person: str, language: Language | None) -> None:
        """Make an account of the demo that of its person, before its first message; it speaks as its page does."""
        if self.take is None or self.demo is None or self._joined.get(sender) == (language or ""):
            return
        if await self.transcript.find(sender, JOINED) is None:
            content = JoinedChat(invitation=await self.demo.invite(person))
            t_ms, id = self.clock(), f"{sender}/{JOINED}"
            await self.take(Incoming(id=id, sender=sender, chat=sender, t_ms=t_ms, content=content, language=language))
            await self.transcript.add(sender, Line(JOINED, ours=False, t_ms=t_ms, body={"kind": "joined"}))
        elif language is not None:
            await self.demo.speaks(sender, language)
        self._joined[sender] = language or ""

    async def _prune(self) -> None:
        try:
            before_ms = self.clock() - int(self.options.keep_days * DAY_MS)
            await self.transcript.prune(before_ms)
            await asyncio.to_thread(self.files.prune, before_ms)
        except (OutboxUnwritableError, OSError) as fault:
            log.warning("old messages of the browser chat stay: %s", fault)


JOINED: Final = "joined-demo"


async def _pieces(path: Path) -> AsyncIterator[bytes]:
    with path.open("rb") as file:
        while piece := await asyncio.to_thread(file.read, PIECE):
            yield piece
