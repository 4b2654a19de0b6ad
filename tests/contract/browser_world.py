"""The chat in the browser as a test holds it: pages that send until they are answered, and a transcript to read."""

import asyncio
import json
import sqlite3
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Final

import aiohttp

from connectors.doors.browser.account import COOKIE, new_token, sender_of
from grid36.machine.home import Home
from tests.contract.chat_worlds import Shown, Trouble

STATUS: Final = Path("status") / "gateway.json"
AGAIN_S: Final = 0.1


@dataclass(frozen=True)
class _Sent:
    """One message of a page."""

    who: str
    id: str
    fields: Mapping[str, str]
    file: bytes = b""
    type_: str = "image/jpeg"


@dataclass
class BrowserWorld:
    """A page for each person, at whatever gateway runs in the home above `folder`."""

    folder: Path
    options: Mapping[str, str] = field(default_factory=dict)
    _tokens: defaultdict[str, str] = field(default_factory=lambda: defaultdict(new_token))
    _numbers: "count[int]" = field(default_factory=count)
    _sent: dict[str, _Sent] = field(default_factory=dict)
    _queues: dict[str, asyncio.Queue[_Sent]] = field(default_factory=dict)
    _pages: list[asyncio.Task[None]] = field(default_factory=list)

    def account(self, who: str) -> tuple[str, str]:
        """Their browser's token decides."""
        sender = sender_of(self._tokens[who])
        return sender, sender

    async def writes(self, who: str, text: str, quotes: str = "") -> str:
        """Into the field for words."""
        return self._send(who, {"text": text, "quotes": quotes})

    async def sends_photo(self, who: str, content: bytes) -> str:
        """From the camera."""
        return self._send(who, {"kind": "media"}, content)

    async def sends_voice(self, who: str, content: bytes) -> str:
        """From the microphone."""
        return self._send(who, {"kind": "media", "seconds": "4"}, content, "audio/webm;codecs=opus")

    async def sends_position(self, who: str, lon: float, lat: float) -> str:
        """Of the phone, or on the map."""
        return self._send(who, {"kind": "position", "lon": str(lon), "lat": str(lat), "datum": "wgs84"})

    async def again(self, message: str) -> None:
        """A page that did not hear the answer."""
        sent = self._sent[message]
        self._queues[sent.who].put_nowait(sent)

    def plan(self, who: str, *troubles: Trouble) -> None:
        """Our own page takes everything."""
        raise NotImplementedError

    def plan_files(self, *troubles: Trouble) -> None:
        """Our own files are there."""
        raise NotImplementedError

    def shown(self, who: str) -> list[Shown]:
        """What the page of this person would show."""
        home = self._home()
        file = home / "doors" / "browser" / "transcript.sqlite" if home else None
        if file is None or not file.exists():
            return []
        sql = "SELECT id, body FROM messages WHERE chat = ? AND ours ORDER BY seq"
        with closing(sqlite3.connect(file, timeout=10)) as db, suppress(sqlite3.OperationalError):
            rows = db.execute(sql, (self.account(who)[0],)).fetchall()
            return [_shown(id, json.loads(body)) for id, body in rows]
        return []

    async def close(self) -> None:
        """Close the pages."""
        for page in self._pages:
            page.cancel()
        await asyncio.gather(*self._pages, return_exceptions=True)

    def _send(self, who: str, fields: Mapping[str, str], file: bytes = b"", type_: str = "image/jpeg") -> str:
        id = f"message-{next(self._numbers):06}"
        self._sent[id] = _Sent(who, id, fields, file, type_)
        if who not in self._queues:
            self._queues[who] = asyncio.Queue()
            self._pages.append(asyncio.create_task(self._page(who)))
        self._queues[who].put_nowait(self._sent[id])
        return id

    async def _page(self, who: str) -> None:
        async with aiohttp.ClientSession(cookies={COOKIE: self._tokens[who]}, cookie_jar=_any_host()) as session:
            while True:
                sent, gone = await self._queues[who].get(), False
                while not gone:
                    gone = await self._posted(session, sent)
                    await asyncio.sleep(0 if gone else AGAIN_S)

    async def _posted(self, session: aiohttp.ClientSession, sent: _Sent) -> bool:
        home = self._home()
        address = Home(home).said().get("gateway", {}).get("address") if home else None
        if address is None:
            return False
        form = aiohttp.FormData(sent.fields, default_to_multipart=True)
        if sent.file:
            form.add_field("file", sent.file, filename="a", content_type=sent.type_)
        try:
            async with session.post(f"{address}/doors/browser/messages?id={sent.id}", data=form) as answer:
                return answer.status in {202, 400}
        except aiohttp.ClientError:
            return False

    def _home(self) -> Path | None:
        return next((parent for parent in self.folder.parents if (parent / STATUS).exists()), None)


def _any_host() -> aiohttp.CookieJar:
    return aiohttp.CookieJar(unsafe=True)  # the gateway has no name, only an address


def _shown(id: str, body: dict[str, str | list[dict[str, str]]]) -> Shown:
    buttons = body.get("buttons", [])
    labels = tuple(each["label"] for each in buttons if isinstance(each, dict))
    return Shown("\n".join(str(body[name]) for name in ("text", "link") if name in body), labels, id)


@asynccontextmanager
async def browser_world(folder: Path) -> AsyncIterator[BrowserWorld]:
    """Nothing is there but pages."""
    world = BrowserWorld(folder)
    try:
        yield world
    finally:
        await world.close()
