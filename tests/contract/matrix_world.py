"""Matrix as a `ChatWorld`: the real server, real apps, and between server and door a proxy that makes what is planned.

Without a plan the proxy passes everything on. It also lets the bot have been there before: to a first sync it answers
what the server said when the world began.
"""

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, unquote

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer
from yarl import URL

from tests.contract.chat_worlds import Shown, Trouble
from tests.processes.brokers import run_apart
from tests.processes.matrix_server import MatrixServer, MatrixUser, shared_server
from tests.worlds.matrix_phone import MatrixPhone

NAMES: Final = count()
V3: Final = "/_matrix/client/v3"
FILES: Final = "files"
CODES: Final[Mapping[str, tuple[int, str]]] = {
    "later": (429, "M_LIMIT_EXCEEDED"),
    "never": (413, "M_TOO_LARGE"),
    "blocked": (403, "M_FORBIDDEN"),
}


class MatrixWorld:
    """The server with one bot, and people who come when they are named."""

    def __init__(self, server: MatrixServer, bot: MatrixUser, proxy: "Proxy", url: str) -> None:
        self.options = {
            "url": url, "token": bot.token, "wait_s": "1", "per_second": "1000", "per_chat_per_minute": "10000",
        }  # fmt: skip
        self._server, self._bot, self._proxy = server, bot, proxy
        self._people: dict[str, tuple[MatrixPhone, str]] = {}
        self._running: list[asyncio.Task[None]] = []
        self._rooms: dict[str, str] = {}

    def _person(self, who: str) -> tuple[MatrixPhone, str]:
        """Somebody who has a chat with the bot."""
        if who not in self._people:
            user, room = run_apart(self._introduced(who))
            person = MatrixPhone(self._server, user)
            self._running.append(asyncio.create_task(person.run()))
            self._people[who] = person, room
        return self._people[who]

    async def _introduced(self, who: str) -> tuple[MatrixUser, str]:
        user = await self._server.register(f"{who}.{next(NAMES)}")
        body = {"preset": "trusted_private_chat", "is_direct": True, "invite": [self._bot.id]}
        room = (await self._server.call("POST", f"{V3}/createRoom", body, token=user.token))["room_id"]
        await self._server.call("POST", f"{V3}/join/{quote(room, safe='')}", {}, token=self._bot.token)
        return user, room

    async def close(self) -> None:
        """Switch all phones off."""
        for running in self._running:
            running.cancel()
        if self._running:
            await asyncio.wait(self._running)
        for person, _ in self._people.values():
            await person.close()

    def account(self, who: str) -> tuple[str, str]:
        """The user, and the room of the two."""
        person, room = self._person(who)
        return person.user.id, room

    async def writes(self, who: str, text: str, quotes: str = "") -> str:
        """An event."""
        person, room = self._person(who)
        return self._sent(room, await (person.answer(room, quotes, text) if quotes else person.write(room, text)))

    async def sends_photo(self, who: str, content: bytes) -> str:
        """An event, and a file on the server."""
        person, room = self._person(who)
        return self._sent(room, await person.send_file(room, content, "image/jpeg", "m.image"))

    async def sends_voice(self, who: str, content: bytes) -> str:
        """An event, and a file on the server."""
        person, room = self._person(who)
        return self._sent(room, await person.send_file(room, content, "audio/ogg", "m.audio"))

    async def sends_position(self, who: str, lon: float, lat: float) -> str:
        """An event."""
        person, room = self._person(who)
        return self._sent(room, await person.share(room, f"geo:{lat},{lon};u=10"))

    async def again(self, message: str) -> None:
        """The event in the next sync."""
        room = self._rooms[message]
        path = f"{V3}/rooms/{quote(room, safe='')}/event/{quote(message, safe='')}"
        self._proxy.again.append((room, await self._server.call("GET", path, token=self._bot.token)))

    def plan(self, who: str, *troubles: Trouble) -> None:
        """What the proxy answers instead of the server."""
        self._proxy.planned.setdefault(self._person(who)[1], deque()).extend(troubles)

    def plan_files(self, *troubles: Trouble) -> None:
        """All files share one plan."""
        self._proxy.planned.setdefault(FILES, deque()).extend(troubles)

    def shown(self, who: str) -> list[Shown]:
        """What their app shows."""
        person, room = self._person(who)
        return [Shown(each["content"]["body"], (), each["event_id"]) for each in person.messages(self._bot.id, room)]

    def _sent(self, room: str, event: str) -> str:
        self._rooms[event] = room
        return event


@dataclass
class Proxy:
    """Between the door and the server."""

    server: str
    first: Mapping[str, Any]
    """The answer to a first sync."""
    session: aiohttp.ClientSession
    planned: dict[str, deque[Trouble]] = field(default_factory=dict)
    """What comes instead of the next answers, by room, and of files."""
    again: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    """Events of rooms that the next sync brings once more."""
    twice: bool = False
    """Whether everything is brought once more."""

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer as planned, or pass it on."""
        parts = [unquote(part) for part in request.raw_path.partition("?")[0].split("/")]
        if "send" in parts and parts[parts.index("send") + 1] == "m.room.message":
            return self._trouble(parts[parts.index("rooms") + 1]) or await self._pass_on(request)
        if "download" in parts:
            return self._trouble(FILES) or await self._pass_on(request)
        if parts[-1] == "sync":
            return await self._sync(request)
        return await self._pass_on(request)

    def _trouble(self, what: str) -> web.Response | None:
        if not self.planned.get(what):
            return None
        trouble, fact = self.planned[what].popleft()
        status, code = CODES[trouble]
        body = {"errcode": code, "error": str(fact)}
        return web.json_response(
            body | ({"retry_after_ms": float(fact) * 1000} if trouble == "later" else {}), status=status
        )

    async def _sync(self, request: web.Request) -> web.StreamResponse:
        if "since" not in request.query:
            return web.json_response(self.first)
        answer = await self._pass_on(request)
        if answer.status != 200 or not (self.again or self.twice):
            return answer
        assert isinstance(answer.body, bytes)
        news = json.loads(answer.body)
        again, self.again = self.again, _said_in(news) if self.twice else []
        for room, event in again:
            timeline = (
                news.setdefault("rooms", {}).setdefault("join", {}).setdefault(room, {}).setdefault("timeline", {})
            )
            timeline.setdefault("events", []).append(event)
        return web.json_response(news)

    async def _pass_on(self, request: web.Request) -> web.Response:
        kept = {"Authorization", "Content-Type"}
        headers = {name: value for name, value in request.headers.items() if name in kept}
        url, body = URL(self.server + request.raw_path, encoded=True), await request.read()
        try:
            async with self.session.request(request.method, url, data=body, headers=headers) as answer:
                return web.Response(body=await answer.read(), status=answer.status, content_type=answer.content_type)
        except aiohttp.ClientError:
            return web.Response(status=502)


def _said_in(news: Mapping[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """What people did, by room."""
    rooms = news.get("rooms", {}).get("join", {})
    events = [(room, event) for room, each in rooms.items() for event in each.get("timeline", {}).get("events", [])]
    return [(room, event) for room, event in events if "state_key" not in event]


@asynccontextmanager
async def matrix_world(_: Path) -> AsyncIterator[MatrixWorld]:
    """A bot of its own on the server of the session."""
    server = await shared_server()
    bot = await server.register(f"bot.{next(NAMES)}")
    async with proxied(server, bot) as (proxy, url):
        world = MatrixWorld(server, bot, proxy, url)
        try:
            yield world
        finally:
            await world.close()


@asynccontextmanager
async def proxied(server: MatrixServer, bot: MatrixUser, *, twice: bool = False) -> AsyncIterator[tuple[Proxy, str]]:
    """A proxy before the server for a bot that was there before, and its address."""
    first = await server.call("GET", f"{V3}/sync", token=bot.token)
    async with aiohttp.ClientSession() as session:
        proxy = Proxy(server.url, first, session, twice=twice)
        app = web.Application(client_max_size=50_000_000)
        app.router.add_route("*", "/{path:.*}", proxy.handle)
        async with TestServer(app) as front:
            yield proxy, str(front.make_url("")).rstrip("/")
