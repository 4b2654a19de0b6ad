"""The small town with the Open311 door, and programs that ask it: in JSON, or in XML read by the standard library."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree

from aiohttp import ClientSession, FormData

from connectors.chat.options import read_options
from connectors.doors.contract import DoorSetup, Hook
from connectors.doors.neighbour.door import NeighbourDoor
from connectors.doors.neighbour.options import NeighbourOptions
from connectors.doors.open311.hook import Open311Hook
from connectors.doors.open311.options import Open311Options
from connectors.intake.accept import accept
from schemas.region import Region
from tests.processes.waiting import wait_until
from tests.worlds.small_town import Town, small_town

APP_KEY: Final = "a-key-of-twenty-letters"
CITY_KEY: Final = "another-key-of-twenty-letters"
KEYS: Final = f"app:{APP_KEY}, city:{CITY_KEY}"


def parsed(body: bytes) -> ElementTree.Element:
    """The root of an answer of ours in XML."""
    return ElementTree.fromstring(body)  # noqa: S314 - our own, with no entities


@dataclass
class Open311Town:
    """A town, and what a program sends to it."""

    town: Town
    session: ClientSession

    @property
    def address(self) -> str:
        """Of the server."""
        return f"{self.town.url}/open311/v2"

    async def get(self, path: str, language: str = "en", **query: str) -> tuple[int, Any]:
        """Status and JSON of `path` without its ending."""
        headers = {"Accept-Language": language}
        async with self.session.get(f"{self.address}/{path}.json", params=query, headers=headers) as answer:
            return answer.status, await answer.json()

    async def found(self, path: str = "requests", **query: str) -> Any:
        """The JSON of what is there."""
        status, answer = await self.get(path, **query)
        assert status == 200, answer
        return answer

    async def xml(self, path: str, **query: str) -> ElementTree.Element:
        """The root of `path` in XML."""
        async with self.session.get(f"{self.address}/{path}.xml", params=query) as answer:
            assert answer.headers["Content-Type"] == "text/xml; charset=utf-8"
            return parsed(await answer.read())

    async def post(self, fields: Mapping[str, str] | FormData, language: str = "en", **headers: str) -> tuple[int, Any]:
        """File a request."""
        headers = {"Accept-Language": language} | headers
        async with self.session.post(f"{self.address}/requests.json", data=fields, headers=headers) as answer:
            return answer.status, await answer.json()

    async def filed(self, fields: Mapping[str, str] | FormData, **headers: str) -> str:
        """The id of a request that is decided."""
        status, answer = await self.post(fields, **headers)
        assert status == 201, answer
        id: str = answer[0]["service_request_id"]
        await wait_until(lambda: self.town.gateway.ledger.case_of_report(id), "its case")
        return id


@asynccontextmanager
async def open311_town(folder: Path, region: Region | None = None, **options: str) -> AsyncIterator[Open311Town]:
    """A running one with these settings of the door, the example street unless told."""
    hooks: dict[str, Hook] = {}
    async with small_town(folder, region=region, demo=False, hooks=hooks) as town, ClientSession() as session:
        town.gateway.key, town.gateway.address = "the-key-of-this-system", town.url
        accepting = partial(accept, town.gateway, ("open311",))
        read = read_options(Open311Options, "open311", options)
        since = "2026-11-19T00:00:00+00:00"
        hooks["open311"] = Open311Hook("open311", read, town.gateway, accepting, since, fresh_s=0).handle
        yield Open311Town(town, session)


@asynccontextmanager
async def asking(town: Town, url: str) -> AsyncIterator[None]:
    """The town's door asks another city's server meanwhile."""
    setup = DoorSetup("neighbour", town.gateway, town.folder / "doors" / "neighbour", {})
    options = read_options(NeighbourOptions, "neighbour", {"url": url, "key": CITY_KEY, "poll_s": "0.05"})
    door = NeighbourDoor(setup, options)
    running = asyncio.create_task(door.run(partial(accept, town.gateway, door.log_names), None))
    try:
        yield
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
