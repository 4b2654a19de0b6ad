"""People at the other side of each door, who use it as its platform does. A new door gets one here."""

import asyncio
import base64
import json
import sqlite3
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, closing, suppress
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final, Protocol

import aiohttp

from connectors.clock import now_ms
from connectors.contacts.store import ContactFile
from connectors.doors.neighbour.imports import FILE as IMPORTS
from connectors.intake.messages import FILE, message
from grid36.machine.home import Home
from schemas.names import Language
from schemas.report import ANONYMOUS
from tests.contract.chat_worlds import WORLDS, ChatWorld, environment_of
from tests.contract.plain_engine import NOTICE, REFUSED, REPORT
from tests.processes.waiting import wait_until
from tests.worlds.doors import picture
from tests.worlds.neighbour_city import KEY, NeighbourCity, neighbour_city
from tests.worlds.webhook_partner import SECRET, Partner, partner, post
from texts.catalogue import catalogue

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

    def known_as(self, who: str) -> str:
        """Under which name the log knows somebody."""


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
                        headers = {"Accept-Language": said.language, "Authorization": f"Bearer {self._home.key()}"}
                        async with session.post(
                            f"{address}/api/reports", data=_form(said), headers=headers
                        ) as response:
                            answer: dict[str, Any] = await response.json()
                            return answer
                await asyncio.sleep(0.05)

    def heard(self, who: str) -> list[dict[str, Any]]:
        """Nobody is sent anything: pages are looked at."""
        return []

    def known_as(self, who: str) -> str:
        """As they call themselves."""
        return who


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

    def known_as(self, who: str) -> str:
        """As they call themselves."""
        return who


class WebhookPerson:
    """A program of another platform that posts what its people say, and is posted what happens."""

    def __init__(self, home: Path, other: Partner) -> None:
        self._home, self._other = Home(home), other

    async def says(self, said: Said) -> dict[str, Any]:
        """Under one `webhook-id`, again until somebody answers."""
        fields: dict[str, Any] = {"text": said.text, "reporter": said.who}
        if said.position is not None:
            fields |= {"lon": said.position[0], "lat": said.position[1], "datum": "wgs84"}
        if said.photo:
            fields["photos"] = [base64.b64encode(picture()).decode()]
        async with asyncio.timeout(PATIENCE_S):
            while True:
                address = self._home.said().get("gateway", {}).get("address")
                with suppress(aiohttp.ClientError):
                    if address is not None:
                        status, answer = await post(
                            f"{address}/doors/webhook/reports", fields, said.message, said.language
                        )
                        if status != HTTPStatus.NOT_FOUND:
                            return answer
                await asyncio.sleep(0.05)

    def heard(self, who: str) -> list[dict[str, Any]]:
        """Verified."""
        told = self._other.heard(who)
        return [{"id": each["id"], "type": each["event"], "language": each["language"]} for each in told]

    def known_as(self, who: str) -> str:
        """As the program calls them."""
        return who


class Open311Person:
    """A GeoReport app: words need a place there, and its mistakes have no code of their own."""

    def __init__(self, home: Path) -> None:
        self._home = Home(home)

    async def says(self, said: Said) -> dict[str, Any]:
        """Under one key, again until somebody answers."""
        fields = {"service_code": "other"} | ({"description": said.text} if said.text else {})
        if said.position is not None:
            fields |= {"long": str(said.position[0]), "lat": str(said.position[1])}
        elif said.text:
            fields["address_string"] = "云帆路5号"
        headers = {"Accept-Language": said.language, "Idempotency-Key": said.message}
        async with asyncio.timeout(PATIENCE_S), aiohttp.ClientSession(headers=headers) as session:
            while True:
                address = self._home.said().get("gateway", {}).get("address")
                form = aiohttp.FormData(fields, default_to_multipart=True)
                if said.photo:
                    form.add_field("media", picture(), filename="a.jpg", content_type="image/jpeg")
                with suppress(aiohttp.ClientError):
                    if address is not None:
                        async with session.post(f"{address}/open311/v2/requests.json", data=form) as response:
                            if response.status != HTTPStatus.NOT_FOUND:
                                return _told((await response.json())[0], Language(said.language))
                await asyncio.sleep(0.05)

    def heard(self, who: str) -> list[dict[str, Any]]:
        """Nobody is sent anything: programs ask."""
        return []

    def known_as(self, who: str) -> str:
        """Nobody."""
        return ANONYMOUS


class NeighbourPerson:
    """Somebody whose city files it, and tells it to ours when asked; what became of it is in the file of the door."""

    def __init__(self, home: Path, city: NeighbourCity) -> None:
        self._file, self._city = Home(home).doors / "neighbour" / IMPORTS, city

    async def says(self, said: Said) -> dict[str, Any]:
        """Their city tells it as often as it is asked."""
        fields: dict[str, Any] = {"description": said.text}
        if said.position is not None:
            fields |= {"long": said.position[0], "lat": said.position[1]}
        if all(row["service_request_id"] != said.message for row in self._city.rows):
            self._city.tells(said.message, **fields)
        report, why = await wait_until(lambda: self._became(said.message), "an answer", PATIENCE_S)
        language = Language(said.language)
        return {"report": report} if report else {"error": why, "message": message(why, language)}

    def _became(self, theirs: str) -> tuple[str | None, str] | None:
        if not self._file.exists():
            return None
        with (
            closing(sqlite3.connect(f"file:{self._file}?mode=ro", uri=True, timeout=10)) as db,
            suppress(sqlite3.Error),
        ):
            found: tuple[str | None, str] | None = db.execute(
                "SELECT report, why FROM imports WHERE theirs = ?", (theirs,)
            ).fetchone()
            return found
        return None

    def heard(self, who: str) -> list[dict[str, Any]]:
        """Nothing is sent."""
        return []

    def known_as(self, who: str) -> str:
        """Nobody."""
        return ANONYMOUS


def _told(answer: dict[str, str], language: Language) -> dict[str, Any]:
    if "service_request_id" in answer:
        return {"report": answer["service_request_id"]}
    said = answer["description"]
    return {"error": _code_of(said, language), "message": said}


class ChatPerson:
    """Somebody in a chat, where the conversation is `plain_engine`."""

    def __init__(self, home: Path, door: str, world: ChatWorld) -> None:
        self._contacts, self._door, self._world = Home(home).contacts, door, world
        self._written: dict[str, str] = {}

    async def says(self, said: Said) -> dict[str, Any]:
        """Words come last; what comes again is what was written before."""
        self.known_as(said.who, Language(said.language))
        if said.message in self._written:
            await self._world.again(self._written[said.message])
        else:
            if said.photo:
                await self._world.sends_photo(said.who, picture())
            if said.position is not None:
                await self._world.sends_position(said.who, *said.position)
            words = f"{said.text} #{said.message}"
            self._written[said.message] = await self._world.writes(said.who, words)
        return await wait_until(lambda: self._answer(said), "an answer", PATIENCE_S)

    def _answer(self, said: Said) -> dict[str, Any] | None:
        for shown in self._world.shown(said.who):
            verb, _, rest = shown.text.partition(" ")
            if verb == REPORT and rest.endswith(f"#{said.message}"):
                return {"report": rest.partition(" ")[0]}
            if verb == REFUSED:
                return {"error": _code_of(rest, Language(said.language)), "message": rest}
        return None

    def heard(self, who: str) -> list[dict[str, Any]]:
        """What the plain engine says of each event."""
        told = [shown.text.split(" ") for shown in self._world.shown(who)]
        return [dict(zip(("id", "type", "language"), words[1:], strict=True)) for words in told if words[0] == NOTICE]

    def known_as(self, who: str, language: Language = Language.EN) -> str:
        """The pseudonym; with a language that they chose, as not every platform says one."""
        sender, chat = self._world.account(who)
        file = ContactFile(self._contacts)
        try:
            file.together([lambda file: file.heard(self._door, sender, chat, now_ms(), None)])
            file.together([lambda file: file.choose_language(self._door, sender, language)])
            contact = file.find(self._door, sender)
            assert contact is not None
        finally:
            file.close()
        return contact.person


def _code_of(words: str, language: Language) -> str:
    """The code of a refusal that has no facts."""
    known = catalogue(FILE, language).under("")
    return next(code for code, text in known.items() if text == words)


def stub_folder(home: Path) -> Path:
    """Where the stub and its people meet."""
    return home / "post"


@asynccontextmanager
async def people(home: Path) -> AsyncIterator[tuple[Mapping[str, DoorPerson], Mapping[str, str]]]:
    """Somebody at each door, and the environment that leads the doors to them."""
    found: dict[str, DoorPerson] = {
        "http": HttpPerson(home), "open311": Open311Person(home), "stub": StubPerson(home)
    }  # fmt: skip
    environment = {"GRID36_DOOR_STUB_FOLDER": str(stub_folder(home))}
    async with AsyncExitStack() as worlds:
        other = await worlds.enter_async_context(partner())
        found["webhook"] = WebhookPerson(home, other)
        environment |= {"GRID36_DOOR_WEBHOOK_SECRET": SECRET, "GRID36_DOOR_WEBHOOK_URL": other.address}
        city = await worlds.enter_async_context(neighbour_city())
        found["neighbour"] = NeighbourPerson(home, city)
        environment |= {"GRID36_DOOR_NEIGHBOUR_URL": city.address, "GRID36_DOOR_NEIGHBOUR_KEY": KEY}
        environment |= {"GRID36_DOOR_NEIGHBOUR_POLL_S": "0.05", "GRID36_DOOR_NEIGHBOUR_SINCE_DAYS": "90"}
        for door, world_in in WORLDS.items():
            world = await worlds.enter_async_context(world_in(home / "worlds" / door))
            found[door] = ChatPerson(home, door, world)
            environment |= environment_of(door, world)
        yield found, environment
