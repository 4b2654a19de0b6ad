"""The robot as tests hold it: the platform's fake, and a door that is connected to it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from connectors.chat.messages import Incoming
from connectors.chat.platform import Platform
from connectors.doors.contract import PlatformSetup
from connectors.doors.wecom_robot import open_platform
from connectors.outbox.store import OutboxUnwritableError
from tests.processes.waiting import wait_until
from tests.worlds.weixin.robots import BOT, SECRET, RobotCloud, robot_cloud


@pytest.fixture
async def cloud(tmp_path: Path) -> AsyncIterator[RobotCloud]:
    """The platform."""
    async with robot_cloud(tmp_path) as made:
        yield made


@pytest.fixture
def setup(cloud: RobotCloud, tmp_path: Path) -> PlatformSetup:
    """The settings of a robot there."""
    options = {"bot": BOT, "secret": SECRET, "url": cloud.address, "ca": str(cloud.ca), "pause_s": "0.2"}
    return PlatformSetup("wecom_robot", tmp_path / "door", options)


def with_options(setup: PlatformSetup, **options: str) -> PlatformSetup:
    """The same with other settings."""
    return replace(setup, options={**setup.options, **options})


@dataclass
class Connected:
    """A robot that is connected, and what it took."""

    platform: Platform
    taken: list[Incoming] = field(default_factory=list)
    full: int = 0

    async def take(self, incoming: Incoming) -> bool:
        """Store it, or not."""
        if self.full:
            self.full -= 1
            raise OutboxUnwritableError
        self.taken.append(incoming)
        return True

    async def has(self, n: int) -> list[Incoming]:
        """The first `n` messages."""
        await wait_until(lambda: len(self.taken) >= n, "messages", 5)
        return self.taken


@asynccontextmanager
async def robot(setup: PlatformSetup, cloud: RobotCloud) -> AsyncIterator[Connected]:
    """It receives."""
    made, before = Connected(open_platform(setup)), cloud.logins
    receiving = asyncio.create_task(made.platform.receive(made.take))
    try:
        await wait_until(lambda: cloud.logins > before or receiving.done(), "a log-in", 5)
        if receiving.done():
            receiving.result()
        yield made
    finally:
        receiving.cancel()
        await asyncio.gather(receiving, return_exceptions=True)
