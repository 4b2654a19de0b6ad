"""From phone to phone: a report is sent in a chat, and the person responsible is sent the job, on one machine.

A whole system runs by its command; the chat's gateway runs here, with a platform that is a queue in memory, so that
nothing but our own way is measured. Reports of the same place and category are not merged, or most would end there.
"""

import asyncio
import re
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

from bench.table import Row, markdown
from connectors.chat.messages import Content, Incoming, Media, Outgoing, Wrote
from connectors.chat.platform import Features, PhotoFile, Take
from connectors.chat.runtime.door import ChatDoor
from connectors.clock import now_ms
from connectors.contacts.store import ContactFile
from connectors.doors.contract import Door, DoorSetup
from grid36.gateway.run import serve
from grid36.machine.home import Home
from grid36.settings import Settings
from grid36.system.create import known_system
from schemas.people import Role
from tests.processes.system import EXAMPLE, System
from tests.processes.waiting import wait_until

ROADS = ("湖滨南路", "云帆路")
LOADS = (20, 100)
"""Reports a second, of three messages each."""
MARK = re.compile(r"#(\d+)#")


class Phones:
    """A platform in memory."""

    features = Features(per_second=1e6, per_chat_per_minute=1e6)

    def __init__(self) -> None:
        self._brought: asyncio.Queue[tuple[Incoming, asyncio.Future[float]]] = asyncio.Queue()
        self.sent: list[tuple[float, Outgoing]] = []
        self.heard: dict[str, asyncio.Event] = {}
        """Set when somebody was sent something."""
        self._count = 0

    def writes(self, who: str, text: str) -> "asyncio.Future[float]":
        """Somebody writes; how many seconds it took to be acknowledged."""
        return self.sends(who, Wrote(text=text))

    def sends(self, who: str, content: Content) -> "asyncio.Future[float]":
        """Somebody sends anything; the same."""
        self._count += 1
        incoming = Incoming(id=f"m{self._count}", sender=who, chat=who, t_ms=now_ms(), content=content)
        done: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self._brought.put_nowait((incoming, done))
        return done

    async def receive(self, take: Take) -> None:
        """All who write at once share the syncs."""

        async def one(incoming: Incoming, done: "asyncio.Future[float]") -> None:
            began = perf_counter()
            await take(incoming)
            done.set_result(perf_counter() - began)

        async with asyncio.TaskGroup() as group:
            while True:
                group.create_task(one(*await self._brought.get()))

    def fetch(self, media: Media) -> AbstractAsyncContextManager[AsyncIterator[bytes]]:
        """Nobody sends files."""
        raise NotImplementedError

    async def send(self, message: Outgoing, photos: Sequence[PhotoFile]) -> str:
        """At once."""
        self.sent.append((perf_counter(), message))
        if message.chat in self.heard:
            self.heard[message.chat].set()
        return f"s{len(self.sent)}"

    async def check(self) -> Mapping[str, str]:
        """It is always there."""
        return {}


def region_without_merging(folder: Path) -> Path:
    """The example street, on which no report is a duplicate."""
    shutil.copytree(EXAMPLE, folder)
    file = folder / "rulebook.yaml"
    file.write_text(re.sub(r"merge: \{[^}]*\}, ?", "", file.read_text(encoding="utf-8")), encoding="utf-8")
    return folder


@asynccontextmanager
async def street(folder: Path) -> AsyncIterator[Phones]:
    """The street with everybody who is responsible for a road at their phone."""
    with System(folder / "home", region=region_without_merging(folder / "region")) as system:
        home, phones, opened = folder / "gateway", Phones(), list[Door]()
        Home(home).make()
        settings = Settings(
            home=home, kafka=system.servers, region=system.region, ledger=system.settings.ledger_file, doors="phones",
            partitions=system.settings.partitions,
        )  # fmt: skip
        known = await known_system(settings, system.servers, 60)

        def opener(_: Settings, setup: DoorSetup) -> Door:
            opened.append(ChatDoor(setup, phones))
            return opened[0]

        stop = asyncio.Event()
        running = asyncio.create_task(serve(settings, system.servers, known, stop, {"phones": opener}))
        try:
            await wait_until(lambda: opened or running.done(), "an open door")
            file = ContactFile(Home(home).contacts)
            for person in known.region.persons:
                if Role.SEGMENT_SUPERVISOR in person.roles:
                    token = file.invite(person.id, "", now_ms(), None, anew=False).token
                    await phones.writes(person.id, f"bind {token}")
            file.close()
            yield phones
        finally:
            stop.set()
            await running


async def report(phones: Phones, n: int, acknowledged: list[float]) -> float:
    """Words, "submit" and the address that is asked for; when the address was sent."""
    who = f"rider-{n}"
    phones.heard[who] = asyncio.Event()
    road, number = ROADS[n % len(ROADS)], 1 + 7 * n % 190
    acknowledged.append(await phones.writes(who, f"{road}{number}号 路面有油污 #{n}#"))
    acknowledged.append(await phones.writes(who, "提交"))
    await phones.heard[who].wait()
    began = perf_counter()
    acknowledged.append(await phones.writes(who, f"{road}{number}号"))
    return began


def jobs(phones: Phones) -> dict[int, float]:
    """When each report's job was sent, by its mark."""
    found: dict[int, float] = {}
    for at, message in phones.sent:
        if "新任务" in message.text and (mark := MARK.search(message.text)):
            found.setdefault(int(mark.group(1)), at)
    return found


async def load(phones: Phones, first: int, count: int, per_s: float) -> tuple[list[float], list[float]]:
    """Reports at a steady rate: seconds from the last message of each to its job, and of each acknowledgement."""
    acknowledged, tasks = list[float](), list[asyncio.Task[float]]()
    for n in range(first, first + count):
        tasks.append(asyncio.create_task(report(phones, n, acknowledged)))
        await asyncio.sleep(1 / per_s)
    began = dict(zip(range(first, first + count), await asyncio.gather(*tasks), strict=True))
    await wait_until(lambda: began.keys() <= jobs(phones).keys(), "every job", 180, 0.5)
    sent = jobs(phones)
    return [sent[n] - began[n] for n in began], acknowledged


async def measure(idle: int, seconds: float) -> list[Row]:
    """Alone, then under two loads."""
    rows, first = list[Row](), 10
    with tempfile.TemporaryDirectory(prefix="grid36-bench-") as folder:
        async with street(Path(folder)) as phones:
            await load(phones, 0, first, 2)
            alone, _ = await load(phones, first, idle, 2)
            rows.append(Row.at_most("phone to phone, idle, p50", median(alone), 0.3, "s", 3))
            rows.append(Row.at_most("phone to phone, idle, p99", _p99(alone), 1.0, "s", 3))
            first += idle
            for per_s in LOADS:
                count = round(per_s * seconds)
                taken, acknowledged = await load(phones, first, count, per_s)
                first += count
                rows.append(Row.plain(f"phone to phone at {per_s} reports/s, p50", median(taken), "s", 3))
                rows.append(Row.at_most(f"phone to phone at {per_s} reports/s, p99", _p99(taken), 2.0, "s", 3))
                rows.append(Row.at_most("acknowledged meanwhile, p99", _p99(acknowledged) * 1000, 250, "ms"))
    return rows


def _p99(values: Sequence[float]) -> float:
    return quantiles(values, n=100)[98]


if __name__ == "__main__":
    print(markdown(asyncio.run(measure(60, float(sys.argv[1]) if len(sys.argv) > 1 else 10))))
