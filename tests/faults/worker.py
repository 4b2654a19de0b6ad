"""A worker that breaks from inside: `python -m tests.faults.worker SERVERS NAME FOLDER SEED [PREFIX] [FLAG …]`.

It is the product's own worker; only what is handed to it differs, and its Kafka producer fails now and then. What it
did to itself is counted in `FOLDER/NAME.faults.json`. Flags: `calm` (no faults from inside), `careless` (the engine
does not wait for its sends: a proof that the verdict notices).
"""

import asyncio
import json
import logging
import math
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaTimeoutError
from aiokafka.structs import RecordMetadata

import streams.partition.partition
import streams.worker
from grid36.kafka.topics import ensure_department
from rules.decision.draft import Decision, DecisionContext
from schemas.case import Case
from schemas.command import AnyCommand
from streams.cases.step import CasesStep
from streams.partition.batches import pack
from streams.partition.contract import Output
from tests.faults.rules import Faulty, haunted

LOST_RINGS: Final = 0.05
FAILED_SENDS: Final = 0.01
CRASHES: Final = 0.002
"""Each of three places of a transaction: the process is gone, as by `kill -9`."""


class Breaking:
    """`streams.partition.fault_hooks.Faults`: crashes at the worst places, and a bell that is not heard."""

    def __init__(self, chance: random.Random, file: Path) -> None:
        self._chance, self._file = chance, file
        self.counts: Counter[str] = Counter()

    def count(self, what: str) -> None:
        """One more of these, written down at once: the process may be gone a moment later. Of many, each 20th is."""
        self.counts[what] += 1
        if what == "lost ring" and self.counts[what] % 20 != 1:
            return
        with self._file.open("a") as file:
            file.write(json.dumps({"pid": os.getpid(), **self.counts}) + "\n")

    async def before_transaction(self, topic: str, partition: int) -> None:
        """Everything is applied in memory, nothing is sent."""
        self._crash("before a transaction")

    async def before_commit(self, topic: str, partition: int) -> None:
        """Everything is sent, nothing is committed."""
        self._crash("before a commit")

    async def after_commit(self, topic: str, partition: int) -> None:
        """Committed, but this process does not know it yet."""
        self._crash("after a commit")

    def lose_ring(self, topic: str, partition: int) -> bool:
        """Throw a delivery of Faust away."""
        lost = self._chance.random() < LOST_RINGS
        if lost:
            self.count("lost ring")
        return lost

    def _crash(self, where: str) -> None:
        if self._chance.random() < CRASHES:
            self.count(f"crash {where}")
            os.kill(os.getpid(), signal.SIGKILL)


class FaultyCases(CasesStep):
    """The step with rules that raise. In a zombie (its id stands in `zombie`) the old steps decide by other rules.

    Old are those that had all of their state: their partition was fenced for them before the process slept. One that
    was still being taken over then may be fenced after it woke, and rightly work.
    """

    zombie: Path
    rules: Faulty

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "decide": self._faulty})
        self._restored_s = math.inf

    def resume(self, bookkeeping: Mapping[str, object]) -> None:
        """As the product's, and note when."""
        super().resume(bookkeeping)
        self._restored_s = time.time()

    def _faulty(self, case: Case | None, command: AnyCommand, context: DecisionContext) -> Decision:
        decision = self.rules(case, command, context)
        return haunted(decision) if self._is_void() else decision

    def _is_void(self) -> bool:
        """Whether this process slept while others took over what this step holds."""
        try:
            return self.zombie.stat().st_mtime > self._restored_s and int(self.zombie.read_text()) == os.getpid()
        except (OSError, ValueError):
            return False


def failing_sends(chance: random.Random, faults: Breaking, share: float = FAILED_SENDS) -> Any:
    """`send_batch` of which a few never reach the broker, one at a time, in the middle of a transaction."""
    real = AIOKafkaProducer.send_batch

    async def send_batch(self: AIOKafkaProducer, batch: Any, topic: str, *, partition: int) -> Any:
        if chance.random() >= share:
            return await real(self, batch, topic, partition=partition)
        faults.count("failed send")
        failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        failed.set_exception(KafkaTimeoutError("this send was chosen to fail"))
        failed.exception()  # nobody need look at it: that is what a careless engine does
        return failed

    return send_batch


async def careless_send_all(producer: AIOKafkaProducer, outputs: Sequence[Output]) -> list[RecordMetadata]:
    """The engine's `send_all` with its await taken out."""
    for topic, number, batch in pack(producer, outputs):
        await producer.send_batch(batch, topic, partition=number)
    return []


async def work(servers: str, name: str, folder: Path, seed: int, prefix: str, flags: Sequence[str]) -> None:
    """Until SIGTERM."""
    chance = random.Random(f"{seed}-{name}-{os.getpid()}")
    faults = Breaking(chance, folder / f"{name}.faults.json")
    FaultyCases.zombie, FaultyCases.rules = folder / f"{name}.zombie", Faulty()
    vars(streams.worker)["CasesStep"] = FaultyCases  # the one place where the rules are chosen
    if not flags:
        AIOKafkaProducer.send_batch = failing_sends(chance, faults)
    if "careless" in flags:  # so many that one of them matters within seconds
        AIOKafkaProducer.send_batch = failing_sends(chance, faults, 0.05)
        streams.partition.partition.send_all = careless_send_all
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await streams.worker.run_worker(
        servers,
        stop,
        status_file=folder / f"{name}.json",
        prefix=prefix,
        ensure_department=partial(ensure_department, servers, prefix=prefix),
        faults=None if flags else faults,
    )


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(message)s")
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    servers, name, folder, seed, prefix, *flags = sys.argv[1:]
    asyncio.run(work(servers, name, Path(folder), int(seed), prefix, flags))
    os._exit(0)
