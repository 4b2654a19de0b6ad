"""The 36 minutes in a chat: three messages in, one receipt; a job, one photo back; one result, one tap."""

from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from aiohttp import ClientSession

from connectors.accounts.store import with_accounts
from connectors.ledger.queries.cases import Ledger
from grid36.machine.home import Home
from schemas.case import State
from tests.contract.chat_worlds import WORLDS, ChatWorld, Shown, environment_of
from tests.processes.chat_gateway import chat_gateway, invite
from tests.processes.own_door import Clock
from tests.processes.system import System
from tests.processes.waiting import wait_until
from tests.worlds.doors import picture
from tests.worlds.open311_town import APP_KEY, KEYS
from tests.worlds.platforms import HOTLINE, call

pytestmark = [pytest.mark.kafka, pytest.mark.slow]

ZONE = ZoneInfo("Asia/Shanghai")
POTHOLE = "潮声路41号"
ROADS = ("湖滨南路", "云帆路")
"""Each has five stretches of 40 numbers, of the supervisors 1 to 10."""


def at(hour: int, minute: int) -> int:
    """A time of yesterday, in ms."""
    yesterday = datetime.now(ZONE).date() - timedelta(days=1)
    return int(datetime.combine(yesterday, time(hour, minute), ZONE).timestamp() * 1000)


@dataclass
class Phone:
    """One person's phone."""

    world: ChatWorld
    who: str
    read: int = 0
    """How many messages were read."""

    async def writes(self, text: str, quotes: str = "") -> None:
        """Words; the platform is in doubt and brings them twice."""
        await self._brought(await self.world.writes(self.who, text, quotes))

    async def sends_photo(self, content: bytes) -> None:
        """A picture, brought twice, too."""
        await self._brought(await self.world.sends_photo(self.who, content))

    async def reads(self, *words: str, offers: str = "") -> Shown:
        """The next message with these words, once it is there; platforms send pictures and pins beside it.

        `offers` is what it lets its reader answer, as a button or in words: some platforms send buttons by themselves.
        """

        def is_it(shown: Shown) -> bool:
            return all(word in shown.text for word in words) and (offers in shown.buttons or offers in shown.text)

        def found() -> Shown | None:
            return next((each for each in self.all()[self.read :] if is_it(each)), None)

        with suppress(AssertionError):  # which would not say what came instead
            await wait_until(found, "a message", 30)
        shown = found()
        assert shown is not None, f"{self.who} waits for {words} and has {self.all()[self.read :]}"
        self.read = self.all().index(shown) + 1
        return shown

    def nothing_twice(self) -> bool:
        """Whether no text came twice."""
        texts = [each.text for each in self.all() if each.text]
        return len(texts) == len(set(texts))

    def all(self) -> list[Shown]:
        """Everything that was sent to this phone."""
        return self.world.shown(self.who)

    async def _brought(self, message: str) -> None:
        await self.world.again(message)


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory, kafka: str) -> Iterator[System]:
    with System(tmp_path_factory.mktemp("system"), kafka=kafka) as running:
        yield running


async def rider_reports(rider: Phone, road: int = 0) -> None:
    """A photo, words, and the address when it is asked for; `road` counts the stretches of the roads."""
    await rider.sends_photo(picture())
    await rider.writes("路面有油污，很滑")
    await rider.writes("提交")
    await rider.reads("地点")
    await rider.writes(f"{ROADS[road // 5]}{12 + 40 * (road % 5)}号")
    await rider.reads("已受理", "负责")


async def cleaner_finishes(cleaner: Phone) -> None:
    """The button of the job, then the photo."""
    job = await cleaner.reads("新任务", "路面有油污，很滑", offers="办完了")
    await cleaner.writes("办完了", quotes=job.message)
    await cleaner.reads("照片")
    await cleaner.sends_photo(picture(kind="PNG"))
    await cleaner.reads("已处置")


async def rider_verifies(rider: Phone, cleaner: Phone) -> None:
    """One tap."""
    await rider.reads("已处置", "解决了吗", offers="已解决")
    await rider.writes("已解决")
    await rider.reads("已结案")
    await cleaner.reads("核查通过")
    assert rider.nothing_twice()
    assert cleaner.nothing_twice()


async def binds(cleaner: Phone, home: Path, now_ms: int, road: int = 0) -> None:
    """The supervisor of this stretch of the road uses an invitation."""
    await cleaner.writes(f"bind {invite(home, f'supervisor-{road + 1:02}', now_ms).token}")
    await cleaner.reads("已绑定")


@pytest.mark.parametrize("door", [*WORLDS])
async def test_thirty_six_minutes(system: System, door: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A rider and a supervisor who never open a page; every message is brought twice, and counts once."""
    before = system.settled_balance()["accepted"]
    road = [*WORLDS].index(door)  # a stretch of the road for each: nobody has to do with the stories before
    home, clock = tmp_path, Clock(at(7, 21))
    async with WORLDS[door](tmp_path / "world") as world:
        for name, value in environment_of(door, world).items():
            monkeypatch.setenv(name, value)
        rider, cleaner = Phone(world, "rider"), Phone(world, "cleaner")
        async with chat_gateway(system, home, door, clock):
            await binds(cleaner, home, clock.now, road)
            await rider_reports(rider, road)
            clock.now = at(7, 57)
            await cleaner_finishes(cleaner)
            clock.now = at(8, 5)
            await rider_verifies(rider, cleaner)
            assert [each.text.count("36 分") for each in rider.all() if "用时" in each.text] == [1, 1]
    numbers = system.settled_balance()
    assert (numbers["accepted"] - before, numbers["balanced"]) == (1, True)


async def test_one_pothole_by_three_ways_is_one_case(
    system: System, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A chat, the hotline and an app with Open311 report one pothole: one case, three answers, one count."""
    before, home, clock = system.settled_balance(), tmp_path, Clock(at(9, 10))
    async with WORLDS["chat"](tmp_path / "world") as world, ClientSession() as session:
        for name, value in (environment_of("chat", world) | {"GRID36_DOOR_OPEN311_KEYS": KEYS}).items():
            monkeypatch.setenv(name, value)
        rider, officer = Phone(world, "rider"), Phone(world, "officer")
        async with chat_gateway(system, home, "chat", clock, "http", "open311"):
            said = await wait_until(lambda: Home(home).said().get("gateway"), "the address")
            app, hotline = OtherWays(session, said["address"]), hotline_key(home)
            await officer.writes(f"bind {invite(home, 'officer-municipal-works', clock.now).token}")
            await officer.reads("已绑定")
            await rider.writes("路面有坑，很深")
            await rider.writes("提交")
            await rider.reads("地点")
            await rider.writes(POTHOLE)
            await rider.reads("已受理", "负责")
            request = await app.files(service_code="pothole", description="有个大坑", address_string=POTHOLE)
            assert await app.calls(hotline, call("12345-7", "路面破损", POTHOLE)) == ["new"]
            await two_more_are_merged(system, before["merged"])
            job = await officer.reads("新任务", "路面有坑")
            await officer.writes("办完了", quotes=job.message)
            await officer.reads("照片")
            await officer.sends_photo(picture(kind="PNG"))
            await rider.reads("已处置", "解决了吗")
            await rider.writes("已解决")
            await rider.reads("已结案")
            await wait_until(partial(app.sees_closed, request), "the app sees it closed")
            await wait_until(partial(app.hears_closed, hotline, "12345-7"), "the hotline hears it")
    numbers = system.settled_balance()
    grown = {name: numbers[name] - before[name] for name in ("accepted", "merged", "routed")}
    assert (grown, numbers["balanced"]) == ({"accepted": 3, "merged": 2, "routed": 1}, True)
    (counted,) = [row for row in system.answer("stats", "--by", "category")["rows"] if row["key"] == "pothole"]
    assert (counted["closed"], counted["opened"] - counted["merged"]) == (1, 1)


@dataclass
class OtherWays:
    """Programs that ask the gateway at this address."""

    session: ClientSession
    address: str

    async def files(self, **fields: str) -> str:
        """An app files a request: its id."""
        path = f"{self.address}/open311/v2/requests.json"
        async with self.session.post(path, data=fields | {"api_key": APP_KEY}) as answer:
            return str((await answer.json())[0]["service_request_id"])

    async def sees_closed(self, request: str) -> bool:
        """Whether the app sees that it is over."""
        async with self.session.get(f"{self.address}/open311/v2/requests/{request}.json") as answer:
            return [row["status"] for row in await answer.json()] == ["closed"]

    async def calls(self, key: str, row: dict[str, Any]) -> list[str]:
        """The hotline sends a call: what became of it."""
        path, headers = f"{self.address}/api/platforms/{HOTLINE}/rows", {"Authorization": f"Bearer {key}"}
        async with self.session.post(path, json={"rows": [row]}, headers=headers) as answer:
            return [str(each["became"]) for each in (await answer.json())["rows"]]

    async def hears_closed(self, key: str, id: str) -> bool:
        """Whether the hotline is told that it is over, in its own words."""
        path, headers = f"{self.address}/api/platforms/{HOTLINE}/outcomes", {"Authorization": f"Bearer {key}"}
        async with self.session.get(path, headers=headers) as answer:
            told = (await answer.json())["outcomes"]
        return [(each["id"], each["state"], each["their_state"]) for each in told] == [(id, "closed", "已办结")]


def hotline_key(home: Path) -> str:
    """What `grid36 platform key hotline new` does, on the home of this gateway."""
    return with_accounts(Home(home).accounts, lambda rows: rows.platform_keys.new(HOTLINE, 0))[1]


async def two_more_are_merged(system: System, before: int) -> None:
    """By the ordinary rules for duplicates."""

    def merged() -> bool:
        with closing(Ledger(system.settings.ledger_file)) as ledger:
            return len(ledger.cases(state=State.MERGED)) == before + 2

    await wait_until(merged, "two merged reports")
