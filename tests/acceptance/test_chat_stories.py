"""The 36 minutes in a chat: three messages in, one receipt; a job, one photo back; one result, one tap."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.contract.chat_worlds import WORLDS, ChatWorld, Shown, environment_of
from tests.processes.chat_gateway import chat_gateway, invite
from tests.processes.own_door import Clock
from tests.processes.system import System
from tests.processes.waiting import wait_until
from tests.worlds.doors import picture

pytestmark = [pytest.mark.kafka, pytest.mark.slow]

ZONE = ZoneInfo("Asia/Shanghai")
YESTERDAY = datetime.now(ZONE).date() - timedelta(days=1)
HERE = (118.0821, 24.4611)


def at(hour: int, minute: int) -> int:
    """A time of yesterday, in ms."""
    return int(datetime.combine(YESTERDAY, time(hour, minute), ZONE).timestamp() * 1000)


@dataclass
class Phone:
    """One person's phone."""

    world: ChatWorld
    who: str
    twice: bool

    async def writes(self, text: str, quotes: str = "") -> None:
        """Words; a platform that is in doubt brings them twice."""
        await self._brought(await self.world.writes(self.who, text, quotes))

    async def sends_photo(self, content: bytes) -> None:
        """A picture."""
        await self._brought(await self.world.sends_photo(self.who, content))

    async def reads(self, n: int, *words: str) -> Shown:
        """The n-th message, once it is there; it has these words."""
        await wait_until(lambda: len(self.all()) >= n, f"message {n} of {self.who}", 60)
        shown = self.all()[n - 1]
        assert all(word in shown.text for word in words), self.all()
        return shown

    def all(self) -> list[Shown]:
        """Everything that was sent to this phone."""
        return self.world.shown(self.who)

    async def _brought(self, message: str) -> None:
        if self.twice:
            await self.world.again(message)


@pytest.fixture
async def system(tmp_path: Path) -> AsyncIterator[System]:
    with System(tmp_path / "system") as running:
        yield running


@pytest.mark.parametrize("door", [*WORLDS])
@pytest.mark.parametrize("twice", [False, True])
async def test_thirty_six_minutes(
    system: System, door: str, twice: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A rider and a supervisor who never open a page; also when every message is brought twice."""
    home, clock = tmp_path / "gateway", Clock(at(7, 21))
    async with WORLDS[door](tmp_path / "world") as world:
        for name, value in environment_of(door, world).items():
            monkeypatch.setenv(name, value)
        rider, cleaner = Phone(world, "rider", twice), Phone(world, "cleaner", twice)
        async with chat_gateway(system, home, door, clock):
            await cleaner.writes(f"bind {invite(home, 'supervisor-01', clock.now).token}")
            await cleaner.reads(1, "已绑定")
            bound = len(cleaner.all())

            await rider.sends_photo(picture())
            await rider.writes("路面有油污，很滑")
            await rider.writes("提交")
            which = await rider.reads(1)
            await rider.writes("湖滨南路12-8号")
            receipt = await rider.reads(2, "已受理", "负责")
            job = await cleaner.reads(bound + 1, "新任务", "路面有油污，很滑")
            assert "办完了" in job.buttons or "办完了" in job.text

            clock.now = at(7, 57)
            await cleaner.writes("办完了", quotes=job.message)
            await cleaner.reads(bound + 2, "照片")
            await cleaner.sends_photo(picture(kind="PNG"))
            await cleaner.reads(bound + 3, "已处置", "36")
            result = await rider.reads(3, "已处置", "36", "解决了吗")
            assert "已解决" in result.buttons or "已解决" in result.text

            clock.now = at(8, 5)
            await rider.writes("已解决")
            await rider.reads(4, "已结案", "36")
            await cleaner.reads(bound + 4, "核查通过")
    numbers = system.settled_balance()
    assert (numbers["accepted"], numbers["routed"], numbers["balanced"]) == (1, 1, True)
    assert which.text
    assert receipt.text
    assert [len(rider.all()), len(cleaner.all())] == [4, bound + 4]
