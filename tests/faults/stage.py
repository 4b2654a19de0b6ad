"""One whole system under test, process by process, so that each can be broken: broker, gateway, ledger, workers."""

import asyncio
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from grid36.kafka.topics import create_topics, wait_for_kafka
from grid36.machine.broker import Broker
from grid36.machine.home import Home
from grid36.machine.ports import free_port
from grid36.settings import Settings
from grid36.system.create import region_of, rulebook_of
from streams.rulebooks.topic import create
from tests.faults.slots import Slot, watch
from tests.processes.brokers import with_storage


class Stage:
    """The example street, live. `flags` are those of `tests.faults.worker`."""

    def __init__(self, folder: Path, seed: int, *, workers: int = 2, partitions: int = 8, flags: str = "") -> None:
        self.folder, self.seed, self.partitions, self.flags = folder, seed, partitions, flags
        folder.mkdir(parents=True, exist_ok=True)
        with_storage(folder)
        broker = Broker(folder)
        self.servers = broker.servers
        self.settings = Settings(home=folder, kafka=self.servers, partitions=partitions, http_port=free_port())
        self.address = f"http://127.0.0.1:{self.settings.http_port}"
        self.broker = self._slot("broker", "grid36", "broker", "run")
        self.gateway = self._slot("gateway", "grid36", "gateway")
        self.ledger = self._slot("ledger", "grid36", "ledger", "run")
        self.workers = [self._worker(number) for number in range(1, workers + 1)]

    @property
    def key(self) -> dict[str, str]:
        """What a program shows to the gateway."""
        return {"Authorization": f"Bearer {Home(self.folder).make_key()}"}

    @property
    def slots(self) -> list[Slot]:
        """All of them; the broker ends last."""
        return [*self.workers, self.ledger, self.gateway, self.broker]

    def _slot(self, name: str, *arguments: str) -> Slot:
        told = {
            "HOME": str(self.folder),
            "KAFKA": self.servers,
            "KAFKA_PORT": self.servers.rsplit(":", 1)[1],
            "HTTP_PORT": str(self.settings.http_port),
            "PARTITIONS": str(self.partitions),
        }
        kept = {name: value for name, value in os.environ.items() if not name.startswith("GRID36_")}
        environment = kept | {f"GRID36_{key}": value for key, value in told.items()}
        return Slot(name, arguments, environment, self.folder / f"{name}.log")

    def _worker(self, number: int) -> Slot:
        name = f"worker-{number}"
        more = ("", *self.flags.split()) if self.flags else ("",)
        return self._slot(name, "tests.faults.worker", self.servers, name, str(self.folder), str(self.seed), *more)

    def add_worker(self) -> Slot:
        """One more."""
        slot = self._worker(len(self.workers) + 1)
        self.workers.append(slot)
        slot.start()
        return slot

    def owned(self, slot: Slot, since_s: float = 0.0) -> int:
        """How many partitions a worker says that it has taken over; 0 if it last said so before `since_s`."""
        with suppress(OSError, ValueError):
            told: dict[str, Any] = json.loads((self.folder / f"{slot.name}.json").read_text())
            if slot.alive and told["pid"] == slot.pid and told["at_ms"] >= since_s * 1000:
                return sum(one["ready"] for one in told["partitions"])
        return 0

    def harmed_itself(self) -> dict[str, int]:
        """What the workers did to themselves, by kind, over all their lives."""
        total: dict[str, int] = {}
        for file in self.folder.glob("*.faults.json"):
            lives = {row["pid"]: row for row in map(json.loads, file.read_text().splitlines())}
            for row in lives.values():
                for kind, count in row.items():
                    if kind != "pid":
                        total[kind] = total.get(kind, 0) + count
        return total


@asynccontextmanager
async def running(stage: Stage) -> AsyncIterator[None]:
    """The system runs and is watched; in the end every process is ended by its own id."""
    watching: asyncio.Task[None] | None = None
    try:
        stage.broker.start()
        await wait_for_kafka(stage.servers, 90)
        await _create(stage)
        for slot in stage.slots[:-1]:
            slot.start()
        watching = asyncio.create_task(watch(lambda: stage.slots))
        await _until_owned(stage)
        yield
    finally:
        if watching is not None:
            watching.cancel()
        for slot in stage.slots:
            await asyncio.to_thread(slot.end)


async def _until_owned(stage: Stage, limit_s: float = 60.0) -> None:
    async with asyncio.timeout(limit_s):
        while sum(map(stage.owned, stage.workers)) < 3 * stage.partitions:  # noqa: ASYNC110  # files have no event
            await asyncio.sleep(0.2)


async def _create(stage: Stage) -> None:
    region = region_of(stage.settings)
    codes = [organisation.code for organisation in region.organisations]
    await create_topics(stage.servers, stage.partitions, codes)
    await create(stage.servers, region, rulebook_of(stage.settings), stage.partitions)
