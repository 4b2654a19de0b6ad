"""Whether cases, measure and ledger have read all there is: asked of what they wrote themselves."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import Final, Self

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from connectors.ledger.read import Ledger
from schemas.errors import Retry, ServiceAway
from schemas.topics import CASES, COMMANDS, EVENTS, MEASURES
from streams.clients import stop_quietly

BOOKKEEPING: Final = b"__partition"
TAIL: Final = 3000
"""Bookkeeping stands in every transaction, and few transactions are longer than this."""


class Standstill(Retry):
    """The workers or the ledger do not go on. `grid36 status` says what is wrong; start the replay again after that."""


class CaughtUp:
    """Asks how many offsets each reader is behind; 0 is exact, other numbers include transaction markers."""

    def __init__(self, servers: str, partitions: int, ledger: Path, prefix: str = "") -> None:
        self._partitions = range(partitions)
        self._prefix = prefix
        self._ledger = Ledger(ledger)
        self._states = _consumer(servers)
        self._looker = _consumer(servers)
        # sees what a commit has not made visible yet: its markers are written after it has returned
        self._ends = _consumer(servers, isolation="read_uncommitted")
        self._next: dict[tuple[str, int], int] = {}

    async def __aenter__(self) -> Self:
        try:
            await self._start()
        except BaseException:
            await self.__aexit__()
            raise
        return self

    async def _start(self) -> None:
        await self._states.start()
        await self._looker.start()
        await self._ends.start()
        parts = self._parts(CASES) + self._parts(MEASURES)
        self._states.assign(parts)
        first, end = await self._states.beginning_offsets(parts), await self._states.end_offsets(parts)
        for part in parts:
            self._states.seek(part, max(first[part], end[part] - TAIL))

    async def __aexit__(self, *_: object) -> None:
        for consumer in (self._states, self._looker, self._ends):
            await stop_quietly(consumer)
        self._ledger.close()

    async def behind(self) -> dict[str, int]:
        """Offsets that cases, measure and ledger are behind, asked in the order in which work flows."""
        await self._follow()
        ledger = {(EVENTS, p): n for (topic, p), n in self._ledger_positions().items() if topic == EVENTS}
        return {
            "cases": await self._left(COMMANDS, {p: self._next.get((CASES, p), 0) for p in self._partitions}),
            "measure": await self._left(EVENTS, {p: self._next.get((MEASURES, p), 0) for p in self._partitions}),
            "ledger": await self._left(EVENTS, {p: ledger.get((EVENTS, p), 0) for p in self._partitions}),
        }

    def _ledger_positions(self) -> dict[tuple[str, int], int]:
        try:
            return {key: position.offset for key, position in self._ledger.positions().items()}
        except ServiceAway:  # not there yet: everything is still to be read
            return {}

    def _parts(self, topic: str) -> list[TopicPartition]:
        return [TopicPartition(self._prefix + topic, p) for p in self._partitions]

    async def _follow(self) -> None:
        """Take in the newest bookkeeping of every partition."""
        parts = self._parts(CASES) + self._parts(MEASURES)
        end = await self._states.end_offsets(parts)
        while any([await self._states.position(part) < end[part] for part in parts]):
            for part, records in (await self._states.getmany(timeout_ms=200, max_records=5000)).items():
                for record in records:
                    if record.key == BOOKKEEPING and record.value is not None:
                        topic = part.topic.removeprefix(self._prefix)
                        self._next[topic, part.partition] = json.loads(record.value)["next"]

    async def _left(self, topic: str, positions: dict[int, int]) -> int:
        parts = self._parts(topic)
        first, end = await self._ends.beginning_offsets(parts), await self._ends.end_offsets(parts)
        left = 0
        for part in parts:
            start = max(first[part], positions[part.partition])
            if start < end[part] and not await self._only_markers(part, start, end[part]):
                left += end[part] - start
        return left

    async def _only_markers(self, part: TopicPartition, start: int, end: int) -> bool:
        """Whether nothing but transaction markers lies between two offsets."""
        self._looker.assign([part])
        self._looker.seek(part, start)
        while (position := await self._looker.position(part)) < end:
            found = await self._looker.getmany(part, timeout_ms=300, max_records=1)
            if found or await self._looker.position(part) == position:
                return False
        return True


async def wait_caught_up(
    servers: str,
    partitions: int,
    ledger: Path,
    tell: Callable[[dict[str, int]], None],
    *,
    prefix: str = "",
    patience_s: float = 180.0,
) -> None:
    """Return when all have read everything; `tell` hears how far they are. Raises `Standstill` when nothing moves."""
    last: dict[str, int] = {}
    moved = monotonic()
    while True:
        try:
            async with CaughtUp(servers, partitions, ledger, prefix) as readers:
                while any((left := await readers.behind()).values()):
                    tell(left)
                    if left != last:
                        last, moved = left, monotonic()
                    elif monotonic() - moved > patience_s:
                        raise Standstill(**left)
                    await asyncio.sleep(0.5)
                return
        except (KafkaError, OSError, TimeoutError):
            if monotonic() - moved > patience_s:
                raise ServiceAway("Kafka does not answer. `grid36 status` says.", servers=servers) from None
            await asyncio.sleep(1)


def _consumer(servers: str, isolation: str = "read_committed") -> AIOKafkaConsumer:
    return AIOKafkaConsumer(
        bootstrap_servers=servers,
        isolation_level=isolation,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        request_timeout_ms=8000,
        fetch_max_wait_ms=100,
    )
