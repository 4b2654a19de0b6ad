"""A gateway of the test's own on a live system, with one chat door, whose clock stands where the story says."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from connectors.contacts.contact import Invitation
from connectors.contacts.store import ContactFile
from connectors.doors.contract import Door, DoorSetup
from grid36.gateway.doors import DOORS, Opener, folder
from grid36.gateway.run import serve
from grid36.machine.home import Home
from grid36.settings import Settings
from grid36.system.create import known_system
from tests.contract.chat_worlds import with_http
from tests.processes.own_door import Clock
from tests.processes.system import System
from tests.processes.waiting import wait_until

CHATS = {**DOORS, "chat": folder("tests.contract.stub_chat")}
"""The doors that there are, and the stub."""


@asynccontextmanager
async def chat_gateway(system: System, home: Path, door: str, clock: Clock, *others: str) -> AsyncIterator[None]:
    """One more gateway of the system, in this loop, perhaps with other doors as well."""
    settings = Settings(
        home=home, kafka=system.servers, topic_prefix=system.prefix, region=system.region,
        ledger=system.settings.ledger_file, partitions=system.settings.partitions,
        doors=",".join(dict.fromkeys((*with_http(door), *others))),
    )  # fmt: skip
    opened: list[Door] = []

    def clocked(settings: Settings, setup: DoorSetup) -> Door:
        setup.gateway.clock = clock
        opened.append(CHATS[setup.name](settings, setup))
        return opened[-1]

    Home(home).make()
    stop, registry = asyncio.Event(), dict[str, Opener].fromkeys(CHATS, clocked)
    known = await known_system(settings, system.servers, 30)
    running = asyncio.create_task(serve(settings, system.servers, known, stop, registry))
    try:
        await wait_until(lambda: len(opened) == len(settings.door_names) or running.done(), "an open door")
        yield
    finally:
        stop.set()
        await running


def invite(home: Path, person: str, now_ms: int) -> Invitation:
    """What `grid36 person invite` does, on the home of this gateway."""
    file = ContactFile(Home(home).contacts)
    try:
        return file.invite(person, "", now_ms, None, anew=False)
    finally:
        file.close()
