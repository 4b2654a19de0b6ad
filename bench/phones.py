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
from connectors.chat.messages import Incoming, Media, Outgoing, Wrote
from connectors.chat.platform import Features, Take
from connectors.chat.runtime.door import ChatDoor
from connectors.contacts.store import ContactFile
from connectors.doors.contract import Door, DoorSetup
from connectors.intake.context import now_ms
from grid36.gateway.run import serve
from grid36.machine.home import Home
from grid36.settings import Settings
from grid36.system.create import known_system
from schemas.people import Role
from tests.processes.system import EXAMPLE, System
from tests.processes.waiting import wait_until

ROADS = ("湖滨南路", "云帆路")
MARK = re.compile(r"#(\d+)#")


class Phones:
    """A platform in memory."""

    features = Features(per_second=1e6, per_chat_per_minute=1e6)

    def __init__(self) -> None:
        self._brought: asyncio.Queue[tuple[Incoming, asyncio.Future[float]]] = asyncio.Queue()
        self.sent: list[tuple[float, Outgoing]] = []
        self._count = 0

    def writes(self, who: str, text: str) -> "asyncio.Future[float]":
        """Somebody writes; how many seconds it took to be acknowledged."""
        self._count += 1
        incoming = Incoming(id=f"m{self._count}", sender=who, chat=who, t_ms=now_ms(), content=Wrote(text=text))
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

    async def send(self, message: Outgoing, photos: Sequence[Path]) -> str:
        """At once."""
        self.sent.append((perf_counter(), message))
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
    road, number = ROADS[n % len(ROADS)], 1 + 7 * n % 190
    acknowledged.append(await phones.writes(who, f"{road}{number}号 路面有油污 #{n}#"))
    acknowledged.append(await phones.writes(who, "提交"))
    await wait_until(lambda: any(message.chat == who for _, message in phones.sent[-500:]), who, 120, 0.01)
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
    await wait_until(lambda: began.keys() <= jobs(phones).keys(), "every job", 180, 0.2)
    sent = jobs(phones)
    return [sent[n] - began[n] for n in began], acknowledged


async def measure(idle: int, busy: int, per_s: float) -> list[Row]:
    """Alone, then under load."""
    with tempfile.TemporaryDirectory(prefix="grid36-bench-") as folder:
        async with street(Path(folder)) as phones:
            await load(phones, 0, 10, 2)
            alone, _ = await load(phones, 10, idle, 2)
            loaded, acknowledged = await load(phones, 10 + idle, busy, per_s)
    p99 = [quantiles(each, n=100)[98] for each in (alone, loaded, acknowledged)]
    return [
        Row.at_most("phone to phone, idle, p50", median(alone), 0.3, "s", 3),
        Row.at_most("phone to phone, idle, p99", p99[0], 1.0, "s", 3),
        Row.plain(f"phone to phone at {per_s:g} reports/s, p50", median(loaded), "s", 3),
        Row.at_most(f"phone to phone at {per_s:g} reports/s, p99", p99[1], 2.0, "s", 3),
        Row.at_most("acknowledged under that load, p99", p99[2] * 1000, 250, "ms"),
    ]


if __name__ == "__main__":
    SIZES = [int(each) for each in sys.argv[1:]] or [60, 1_000, 100]
    print(markdown(asyncio.run(measure(SIZES[0], SIZES[1], SIZES[2]))))
