"""The phones of the demo: two people of the example street in the browser chat, acted by a program."""

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any, Final

from grid36.gateway.client import GatewayClient, quoted
from schemas.errors import ServiceAway
from schemas.region import Point

Line = dict[str, Any]
DOOR: Final = "/doors/browser"
LIMIT_S: Final = 60.0


class NothingSaidError(ServiceAway):
    """The bot did not say in a minute what the story needs. `grid36 status` says what is wrong."""


@dataclass
class Phone:
    """One person's phone. What was said before it was opened does not count."""

    gateway: GatewayClient
    person: str
    language: str
    _position: str = ""
    _heard: list[Line] = field(default_factory=list)

    async def open(self) -> "Phone":
        """Look at the chat; whoever opens it first joins it, and is greeted."""
        await self._look()
        if not self._heard:
            await self.hears(lambda line: line.get("buttons"))
        self._heard.clear()
        return self

    async def write(self, text: str) -> None:
        """Send words."""
        await self._send({"kind": "wrote", "text": text})

    async def photo(self, file: Path, answers: Line | None = None) -> None:
        """Send a photo, perhaps in answer to a message."""
        await self._send({"quotes": answers["id"]} if answers else {}, file)

    async def position(self, at: Point) -> None:
        """Send a position, WGS-84 degrees."""
        await self._send({"kind": "position", "lon": at[0], "lat": at[1], "datum": "wgs84"})

    async def press(self, line: Line, button: int = 0) -> str:
        """Press a button of a message; its label."""
        choice = line["buttons"][button]
        await self._send({"kind": "pressed", "value": choice["value"], "label": choice["label"], "quotes": line["id"]})
        return str(choice["label"])

    async def hears(self, wanted: Callable[[Line], object], limit_s: float = LIMIT_S) -> Line:
        """Wait for a message of the bot. Raises `NothingSaidError`."""
        end, seen = monotonic() + limit_s, 0
        while True:
            found = next((line for line in self._heard[seen:] if wanted(line)), None)
            if found is not None:
                return found
            if monotonic() > end:
                raise NothingSaidError(user=self.person)
            seen = len(self._heard)
            await asyncio.sleep(0.1)
            await self._look()

    async def _look(self) -> None:
        path = f"{DOOR}/messages?as={quoted(self.person)}&lang={self.language}&after={quoted(self._position)}"
        answer = await self.gateway.get(path) or {"position": "", "messages": []}
        self._position = answer["position"]
        self._heard += [line for line in answer["messages"] if line["ours"]]

    async def _send(self, fields: dict[str, object], file: Path | None = None) -> None:
        path = f"{DOOR}/messages?as={quoted(self.person)}&id={secrets.token_hex(12)}"
        await self.gateway.post(path, {"lang": self.language, **fields}, sent=file)


@dataclass(frozen=True, slots=True)
class Stage:
    """What goes on at the page of the two phones."""

    watching: int
    """How many phones are being looked at."""
    plays: int
    """How often somebody asked for the story."""
    language: str
    """The language of the page where it was asked for last."""


async def stage(gateway: GatewayClient) -> Stage:
    """As the gateway knows it."""
    told = await gateway.get(f"{DOOR}/demo") or {}
    return Stage(int(told.get("watching", 0)), int(told.get("plays", 0)), str(told.get("language", "")))
