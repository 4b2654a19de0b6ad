"""A gateway of the test's own on a live system, whose clock stands where the story says."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import FormData
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.web import Application, Request

from connectors.accounts.store import Accounts
from connectors.contacts.book import ContactBook
from connectors.departments.client import Delivery, orders
from connectors.doors.http.app import Pages
from connectors.intake.background import background
from connectors.intake.context import Gateway
from connectors.intake.recordings.store import RecordingStore
from connectors.ledger.queries.cases import Ledger
from connectors.outbox.relay import Relay
from connectors.outbox.store import Outbox
from connectors.photos.store import PhotoStore
from grid36.system.create import region_of, rulebook_of
from streams.rulebooks.topic import read_rulebooks, system_in
from tests.processes.system import System
from tests.processes.waiting import wait_until
from tests.worlds.doors import http_app

Client = TestClient[Request, Application]


@dataclass
class Clock:
    """What the door's clock shows, in ms."""

    now: int

    def __call__(self) -> int:
        """Milliseconds UTC."""
        return self.now


@dataclass
class Door:
    """A gateway on the live system."""

    client: Client
    gateway: Gateway
    told: list[dict[str, Any]] = field(default_factory=list)
    """What the live page was told, in its order."""

    async def post(self, path: str, fields: dict[str, str], photo: bytes | None = None) -> dict[str, Any]:
        """A form as the pages send it."""
        form = FormData(fields)
        if photo is not None:
            form.add_field("photos", photo, filename="photo.jpg", content_type="image/jpeg")
        async with self.client.post(path, data=form) as response:
            answer: dict[str, Any] = await response.json()
            assert response.status == 202, answer
            return answer

    async def report(self, **fields: str) -> dict[str, Any]:
        """Report, and wait until it is decided: the case as it stands then."""
        report = (await self.post("/api/reports", fields))["report"]
        path = f"/api/reports/{report}"
        found = await self.until(path, lambda answer: bool(answer["case"]))
        decided = await self.until(f"/api/cases/{found['case']}", lambda answer: len(answer["timeline"]) > 1)
        case: dict[str, Any] = decided["case"]
        return case

    async def act(self, case: str, act: str, by: str, photo: bytes | None = None, **fields: str) -> dict[str, Any]:
        """Act, and wait until it is decided: `{"state": "done" or "refused", ...}`."""
        path = f"/api/cases/{case}/acts"
        sent = await self.post(path, {"act": act, "by": by, **fields}, photo)
        return await self.until(f"{path}/{sent['act']}", lambda answer: answer["state"] != "accepted")

    async def until(self, path: str, ready: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Ask again until it is so."""

        async def asked() -> dict[str, Any] | None:
            async with self.client.get(path) as response:
                answer: dict[str, Any] = await response.json()
            return answer if response.status == 200 and ready(answer) else None

        return await wait_until(asked, path)

    async def key_of(self, department: str) -> str:
        """A new key for the program of a department."""
        now_ms = self.gateway.clock()
        return (await self.gateway.accounts.ask(lambda rows: rows.department_keys.new(department, now_ms)))[1]

    async def watch(self) -> None:
        """Be the supervisor's live page."""
        async with self.client.get("/api/changes?after=") as response:
            async for line in response.content:
                if line.startswith(b"data: ") and b'"case"' in line:
                    self.told.append(json.loads(line[6:]))


@asynccontextmanager
async def door(system: System, folder: Path, clock: Clock, *, pages: Iterable[Pages] = ()) -> AsyncIterator[Door]:
    """One more gateway of the system, with an outbox of its own."""
    servers, settings = system.servers, system.settings
    created = system_in(await read_rulebooks(servers, prefix=system.prefix))
    assert created is not None
    region = region_of(settings)
    outbox = Outbox(folder / "outbox.sqlite")
    gateway = Gateway(
        outbox=outbox,
        ledger=Ledger(settings.ledger_file),
        photos=PhotoStore(folder / "photos", ZoneInfo(region.zone)),
        recordings=RecordingStore(folder / "recordings"),
        contacts=ContactBook(folder / "contacts.sqlite"),
        accounts=Accounts(folder / "accounts.sqlite"),
        demo=True,
        region=region,
        rulebook=rulebook_of(settings),
        system=created,
        relay=Relay(outbox, servers, prefix=system.prefix),
        clock=clock,
    )
    server = TestServer(http_app(gateway, pages=pages), host="127.0.0.1")
    async with background(gateway), TestClient(server) as client:
        one = Door(client, gateway)
        watching = asyncio.create_task(one.watch())
        try:
            yield one
        finally:
            watching.cancel()
            await asyncio.wait({watching})


async def order_of(servers: str, department: str, case: str, ready: Callable[[Delivery], bool], group: str) -> Delivery:
    """What the department's own program is handed, from the beginning, until it is so."""
    async with asyncio.timeout(30), orders(servers, department, group=group) as stream:
        async for delivery in stream:
            if delivery.case == case and ready(delivery):
                return delivery
    raise AssertionError("the stream of orders ended")
