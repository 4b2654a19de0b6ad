"""People at the other side of each door, who use it as its platform does. A new door gets one here."""

import asyncio
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

import aiohttp

from grid36.machine.home import Home
from tests.processes.waiting import wait_until
from tests.worlds.doors import picture

PATIENCE_S: Final = 30.0


@dataclass(frozen=True)
class Said:
    """What somebody says at a door. The same `message` is the same message, however often the platform brings it."""

    message: str
    text: str = "井盖坏了"
    who: str = "rider-1"
    language: str = "zh-CN"
    position: tuple[float, float] | None = None
    """Longitude and latitude, WGS-84."""
    photo: bool = False


class DoorPerson(Protocol):
    """Somebody at a door, who knows nothing of what is behind it."""

    async def says(self, said: Said) -> dict[str, Any]:
        """Say it until it is answered, as platforms do: `{"report": id}`, or `{"error", "message", ...}`."""

    def heard(self, who: str) -> list[dict[str, Any]]:
        """What somebody was sent: `id`, `type` and `language` of each reply, in order, repetitions too."""


class HttpPerson:
    """A program that posts to the API."""

    def __init__(self, home: Path) -> None:
        self._home = Home(home)

    async def says(self, said: Said) -> dict[str, Any]:
        """Try again while nobody listens, or nobody answers."""
        async with asyncio.timeout(PATIENCE_S), aiohttp.ClientSession() as session:
            while True:
                address = self._home.said().get("gateway", {}).get("address")
                with suppress(aiohttp.ClientError):
                    if address is not None:
                        headers = {"Accept-Language": said.language}
                        async with session.post(
                            f"{address}/api/reports", data=_form(said), headers=headers
                        ) as response:
                            answer: dict[str, Any] = await response.json()
                            return answer
                await asyncio.sleep(0.05)

    def heard(self, who: str) -> list[dict[str, Any]]:
        """Nobody is sent anything: pages are looked at."""
        return []


def _form(said: Said) -> aiohttp.FormData:
    fields = {"id": said.message, "text": said.text, "reporter": said.who}
    if said.position is not None:
        fields |= {"lon": str(said.position[0]), "lat": str(said.position[1]), "datum": "wgs84"}
    form = aiohttp.FormData(fields, default_to_multipart=True)
    if said.photo:
        form.add_field("photos", picture(), filename="a.jpg", content_type="image/jpeg")
    return form


class StubPerson:
    """Puts letters into the folder of the stub."""

    def __init__(self, home: Path) -> None:
        self.folder = stub_folder(home)

    async def says(self, said: Said) -> dict[str, Any]:
        """A letter lies there until it is taken."""
        letter: dict[str, Any] = {"message": said.message, "text": said.text, "reporter": said.who}
        letter |= {"language": said.language}
        if said.position is not None:
            letter |= {"lon": said.position[0], "lat": said.position[1], "datum": "wgs84"}
        answer, inbox = self.folder / "answers" / f"{said.message}.json", self.folder / "in"
        answer.unlink(missing_ok=True)
        inbox.mkdir(parents=True, exist_ok=True)
        fresh = inbox / f"{said.message}.new"
        fresh.write_text(json.dumps(letter))
        fresh.replace(inbox / f"{said.message}.json")
        await wait_until(answer.exists, "an answer")
        told: dict[str, Any] = json.loads(answer.read_text())
        return told

    def heard(self, who: str) -> list[dict[str, Any]]:
        """The lines of the person's file."""
        file = self.folder / "out" / f"{who}.jsonl"
        return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def stub_folder(home: Path) -> Path:
    """Where the stub and its people meet."""
    return home / "post"


PEOPLE: Final[Mapping[str, Callable[[Path], DoorPerson]]] = {"http": HttpPerson, "stub": StubPerson}
