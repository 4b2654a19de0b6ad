"""Replays a file as the history of an empty system: facts in time order, with the file position in each transaction."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from time import monotonic
from typing import Final

from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.errors import KafkaError

from connectors.ledger.address import LedgerAddress
from grid36.kafka.topics import create_topics, switch_to_history, wait_for_kafka
from grid36.replay.caught_up import wait_caught_up
from grid36.replay.history_batches import HistoryBatch, HistoryBatches
from grid36.replay.pace import Pace
from grid36.replay.plan import ReplayPlan
from grid36.replay.position import REPLAY_KEY, ReplayPosition, read_system
from rules.places.region_index import RegionIndex
from schemas.codec import encode
from schemas.command import Tick
from schemas.content import content_address
from schemas.errors import Retry, ServiceAway, WrongInput
from schemas.models import LogModel
from schemas.names import Name
from schemas.region import Region
from schemas.system import Mode, System
from schemas.topics import COMMANDS, EVERYWHERE, REPORTS, RULEBOOKS, SYSTEM_KEY
from streams.kafka.clients import bulk_producer, consumer
from streams.kafka.closing import stop_quietly
from streams.partition.contract import Output
from streams.partition.partition import send_all

TRANSACTIONAL_ID: Final = "replay"
BATCH: Final = 2_000
"""Facts in one transaction."""
PATIENCE_S: Final = 180.0
LOG_APPEND_TIME: Final = 1

Progress = Callable[[int, int, str], None]
"""Progress: how many of how many, and what is being done."""


class NotEmpty(WrongInput):
    """A history needs an empty system, and this one has live input. Start another one with its own `GRID36_HOME`."""


class OtherHistory(WrongInput):
    """This system holds the history of another file, mapping, region or limit. Start another system for this one."""


class OtherRegion(WrongInput):
    """The region given is not the one this system was created with. Give the same folder, or start another system."""


class NotYetHistory(Retry):
    """The broker still stamps records with its own time; trying again in a moment."""


@dataclass(slots=True)
class History:
    """One replay into one system. `digest` identifies the plan, so that a restart goes on where it stopped."""

    servers: str
    plan: ReplayPlan
    region: Region
    digest: str
    partitions: int
    prefix: str = ""
    replication: int = 1
    decide: bool = False
    speed: float | None = None
    progress: Progress = lambda _done, _all, _what: None
    batch: int = BATCH
    index: RegionIndex = field(init=False)

    def __post_init__(self) -> None:
        self.index = RegionIndex(self.region)

    async def run(self, until_ms: int | None) -> ReplayPosition:
        """Write everything up to `until_ms`, then the closing ticks; goes on by itself when the broker was away."""
        failing_since: float | None = None
        while True:
            try:
                return await self._try(until_ms)
            except (KafkaError, OSError, TimeoutError, NotYetHistory) as error:
                failing_since = failing_since or monotonic()
                if monotonic() - failing_since > PATIENCE_S:
                    raise ServiceAway(Name.of("replay.run.takes_nothing"), last=repr(error)) from error
                self.progress(0, 0, "waiting for Kafka")
                await asyncio.sleep(1)
                await wait_for_kafka(self.servers, PATIENCE_S)

    async def _try(self, until_ms: int | None) -> ReplayPosition:
        producer = bulk_producer(
            self.servers, transactional_id=self.prefix + TRANSACTIONAL_ID, transaction_timeout_ms=30_000
        )
        try:
            await asyncio.wait_for(
                producer.start(), 20
            )  # fences an earlier one; only after that is it safe to read the position
            system, found = await read_system(self.servers, self.prefix)
            position = await self._admit(producer, system, found)
            position = await self._write_facts(producer, position, until_ms)
            last = until_ms if until_ms is not None else self.plan.last_ms
            if last is not None and position.until_ms != last:
                position = await self._tick(producer, position, last)
            return position
        finally:
            # no abort and no reuse: the next producer of this name cleans up whatever is left
            await stop_quietly(producer)

    async def _admit(
        self, producer: AIOKafkaProducer, system: System, position: ReplayPosition | None
    ) -> ReplayPosition:
        """Check that this system can hold this history, and mark it as one permanently."""
        if system.region != content_address(self.region):
            raise OtherRegion(region=self.region.code)
        if position is not None and position.digest != self.digest:
            raise OtherHistory
        if system.mode is Mode.LIVE or (system.mode is Mode.NEW and not await self._is_empty()):
            raise NotEmpty
        if position is not None and system.decide != self.decide:
            raise OtherHistory(Name.of("replay.history.other_choice"))
        if position is None:
            marked = system.model_copy(update={"mode": Mode.HISTORY, "decide": self.decide})
            position = ReplayPosition(digest=self.digest)
            async with producer.transaction():
                await self._note(producer, SYSTEM_KEY, marked)
        await switch_to_history(self.servers, prefix=self.prefix, replication=self.replication)
        codes = sorted(self.plan.departments)
        await create_topics(
            self.servers, self.partitions, codes, history=True, prefix=self.prefix, replication=self.replication
        )
        return position

    async def _is_empty(self) -> bool:
        looker = consumer(self.servers, isolation_level="read_uncommitted")  # what is being written counts, too
        try:
            await looker.start()
            parts = [TopicPartition(self.prefix + t, p) for t in (COMMANDS, REPORTS) for p in range(self.partitions)]
            return not any((await looker.end_offsets(parts)).values())
        finally:
            await stop_quietly(looker)

    async def _write_facts(
        self, producer: AIOKafkaProducer, position: ReplayPosition, until_ms: int | None
    ) -> ReplayPosition:
        """Write the facts, in transactions of `batch`; the next one is made while one is being written."""
        end, pace = self.plan.until(until_ms), Pace(self.speed)

        def ahead(start: ReplayPosition) -> asyncio.Task[HistoryBatch] | None:
            stop = pace.due(self.plan, start.next, min(start.next + self.batch, end))
            return asyncio.create_task(asyncio.to_thread(batches.make, start, stop)) if stop > start.next else None

        batches = HistoryBatches(self.plan, self.index, self.digest, self.partitions, self.prefix)
        making = ahead(position)
        try:
            while position.next < end:
                if making is None:
                    await asyncio.sleep(0.1)
                    making = ahead(position)
                    continue
                outputs, moved = await making
                making = ahead(moved)
                await self._commit(producer, outputs, moved)
                position = moved
                self.progress(position.next, end, "rows")
        finally:
            if making is not None:
                await asyncio.wait({making})  # a thread cannot be stopped, and it reads the file
        return position

    async def _tick(self, producer: AIOKafkaProducer, position: ReplayPosition, until_ms: int) -> ReplayPosition:
        """Send every partition a tick at the end of the history."""
        self.progress(position.next, position.next, "closing")
        value = encode(Tick(id=f"replay.until.{until_ms}", home=EVERYWHERE))
        topic, key = self.prefix + COMMANDS, EVERYWHERE.encode()
        outputs = [Output(topic, partition, key, value, t_ms=until_ms) for partition in range(self.partitions)]
        ended = position.model_copy(update={"until_ms": until_ms})
        await self._commit(producer, outputs, ended)
        return ended

    async def _commit(self, producer: AIOKafkaProducer, outputs: Sequence[Output], position: ReplayPosition) -> None:
        note = Output(self.prefix + RULEBOOKS, 0, REPLAY_KEY.encode(), encode(position))
        async with asyncio.timeout(60):
            await producer.begin_transaction()
            done = await send_all(producer, [*outputs, note])
            if any(written.timestamp_type == LOG_APPEND_TIME for written in done if written.topic != note.topic):
                raise NotYetHistory
            await producer.commit_transaction()

    async def _note(self, producer: AIOKafkaProducer, key: str, value: LogModel) -> None:
        await producer.send_and_wait(self.prefix + RULEBOOKS, encode(value), key.encode(), partition=0)


def plan_digest(plan: ReplayPlan, region: Region, limit: int | None) -> str:
    """The identity of a history: the file, its mapping, how much of it, and where it is placed."""
    return sha256(f"{plan.source.digest()} {limit} {content_address(region)}".encode()).hexdigest()[:32]


async def replay_history(
    plan: ReplayPlan,
    region: Region,
    *,
    servers: str,
    ledger: LedgerAddress,
    prefix: str = "",
    replication: int = 1,
    limit: int | None = None,
    until_ms: int | None = None,
    speed: float | None = None,
    decide: bool = False,
    progress: Progress = lambda _done, _all, _what: None,
) -> ReplayPosition:
    """Replay `plan` into an empty system, or go on where an earlier try stopped; returns when all have caught up.

    Raises `NotEmpty`, `OtherHistory`, `OtherRegion`, `NoSystem` (wrong input), `ServiceAway`, `Standstill`.
    """
    await wait_for_kafka(servers, PATIENCE_S)
    system, _ = await read_system(servers, prefix)
    digest = await asyncio.to_thread(plan_digest, plan, region, limit)
    history = History(servers, plan, region, digest, system.partitions, prefix, replication, decide, speed, progress)
    position = await history.run(until_ms)
    refused = await wait_caught_up(
        servers, system.partitions, ledger, lambda left: progress(0, sum(left.values()), _behind(left)), prefix=prefix
    )
    return position.model_copy(update={"counts": position.counts.model_copy(update={"refused": refused})})


def _behind(left: dict[str, int]) -> str:
    return "waiting for " + ", ".join(f"{name} ({count})" for name, count in left.items() if count)
