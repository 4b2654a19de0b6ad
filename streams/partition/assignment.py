"""All partitions of one worker. Drivers call `assign` and `ring`; nothing they do can break exactness."""

import asyncio
import logging
import time
from collections.abc import Iterable, Mapping
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from streams.kafka.clients import partition_consumer
from streams.kafka.quiet import Quiet
from streams.partition.contract import StepFactory
from streams.partition.errors import StalledError
from streams.partition.partition import Partition
from streams.partition.worker_context import Shared

LOOK_S = 10.0

log = logging.getLogger(__name__)

Place = tuple[str, int]
"""A topic and a partition number."""


class Assignment:
    """Owns what the group assigned to this worker; `steps` says which step reads which topic."""

    def __init__(self, steps: Mapping[str, StepFactory], shared: Shared) -> None:
        self.topics = tuple(steps)
        self.settings = shared.settings
        self.shared = shared
        self._steps = dict(steps)
        self._partitions: dict[Place, Partition] = {}
        self._lock = asyncio.Lock()
        self._wanted: frozenset[Place] = frozenset()
        self._assigning: set[asyncio.Task[None]] = set()

    def assign(self, places: Iterable[Place]) -> None:
        """Own exactly these from now on. Returns at once; the last call counts."""
        self._wanted = frozenset(place for place in places if place[0] in self._steps)
        self.shared.counters["rebalances"] += 1
        task = asyncio.create_task(self._assign())
        self._assigning.add(task)
        task.add_done_callback(self._assigning.discard)

    def ring(self, topic: str, partition: int, offset: int) -> None:
        """The driver says that there is a record at `offset`."""
        self.shared.counters["rings"] += 1
        if self.shared.faults.lose_ring(topic, partition):
            self.shared.counters["lost_rings"] += 1
        elif owned := self._partitions.get((topic, partition)):
            owned.ring(offset)

    def status(self) -> dict[str, object]:
        """What is owned, ready, refused and how far, for the worker's status line; cheap."""
        partitions = [
            {
                "topic": topic,
                "partition": number,
                "ready": partition.ready,
                "next": partition.next,
                "behind": max(0, partition.known - partition.next) if partition.ready else None,
                "refused": str(partition.refusal) if partition.refusal else None,
                "bookkeeping": dict(partition.bookkeeping),
            }
            for (topic, number), partition in sorted(self._partitions.items())
        ]
        return {"partitions": partitions, "counters": dict(self.shared.counters)}

    @property
    def ready_count(self) -> int:
        """How many partitions are ready to work."""
        return sum(partition.ready for partition in self._partitions.values())

    @property
    def ready(self) -> bool:
        """Whether partitions are assigned and all of them are ready."""
        return bool(self._partitions) and self.ready_count == len(self._partitions)

    async def watch(self) -> None:
        """Look up the ends of all sources, so that a silent driver loses nothing; runs until it raises.

        Raises the `Refusal` of a partition, or `StalledError` when one is behind without progress although the
        broker answers. A broker that does not answer stalls nobody.
        """
        looking = asyncio.create_task(self._look_for_ever())
        try:
            either: set[asyncio.Future[Any]] = {looking, self.shared.refusal}
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            if self.shared.refusal.done():
                raise self.shared.refusal.result()
            await looking
        finally:
            looking.cancel()
            await asyncio.wait({looking})

    async def close(self) -> None:
        """Release everything within `close_s`; raises `TimeoutError` when that was too short."""
        async with asyncio.timeout(self.settings.close_s):
            self.assign(())
            while self._assigning:
                await asyncio.wait(set(self._assigning))
            await self.shared.close()

    async def _assign(self) -> None:
        async with self._lock:  # rebalances overlap
            wanted = self._wanted
            gone = [self._partitions.pop(place) for place in list(self._partitions) if place not in wanted]
            await asyncio.gather(*(partition.close() for partition in gone))
            for topic, number in wanted - self._partitions.keys():
                partition = Partition(topic, number, self._steps[topic], self.shared)
                self._partitions[topic, number] = partition

    async def _look_for_ever(self) -> None:
        stalls, quiet = Stalls(self.settings.stall_s), Quiet(self.settings.quiet_after_s)
        probe: AIOKafkaConsumer | None = None
        seen: dict[Place, int] = {}
        try:
            while True:
                await asyncio.sleep(quiet.either(self.settings.tail_look_s, self.settings.quiet_look_s))
                try:
                    probe = probe or await self._new_probe()
                    ends = await self._ends(probe)
                    self._look(ends, stalls)
                    if ends != seen or not self.ready:
                        quiet.moved()
                    seen = ends
                except (KafkaError, OSError, TimeoutError) as error:
                    log.warning("the broker does not answer: %r", error)
                    self.shared.counters["broker_away"] += 1
                    self.shared.leavings.leave([probe])
                    probe = None
                    stalls.forget()
                    quiet.moved()
        finally:
            self.shared.leavings.leave([probe])

    async def _new_probe(self) -> AIOKafkaConsumer:
        probe = partition_consumer(self.settings)
        try:
            await probe.start()
        except BaseException:
            self.shared.leavings.leave([probe])
            raise
        return probe

    def _look(self, ends: Mapping[Place, int], stalls: "Stalls") -> None:
        for place, end in ends.items():
            if partition := self._partitions.get(place):
                partition.ring(end - 1)
                stalls.look(place, partition.next, end)

    async def _ends(self, probe: AIOKafkaConsumer) -> dict[Place, int]:
        if not self._partitions:
            return {}
        async with asyncio.timeout(LOOK_S):
            ends = await probe.end_offsets([TopicPartition(*place) for place in self._partitions])
        return {(tp.topic, tp.partition): end for tp, end in ends.items()}


class Stalls:
    """Finds partitions that are behind and have not moved for too long."""

    def __init__(self, limit_s: float) -> None:
        self._limit_s = limit_s
        self._since: dict[Place, tuple[int, float]] = {}

    def forget(self) -> None:
        """Start again from zero."""
        self._since.clear()

    def look(self, place: Place, applied: int, end: int) -> None:
        """Note how far `place` is; raises `StalledError`."""
        seen = self._since.get(place)
        now = time.monotonic()
        if seen is None or seen[0] != applied or applied >= end:
            self._since[place] = (applied, now)
        elif now - seen[1] > self._limit_s:
            raise StalledError(topic=place[0], partition=place[1], applied=applied, end=end)
