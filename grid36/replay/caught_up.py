"""Whether cases, measure and ledger have read all there is: asked of what they wrote themselves."""

import asyncio
import json
from collections.abc import Callable
from time import monotonic
from typing import Final, Self

from aiokafka import TopicPartition
from aiokafka.errors import KafkaError

from connectors.ledger.address import LedgerAddress
from connectors.ledger.queries.cases import Ledger
from connectors.ledger.queries.progress import Progress, consumer_of
from schemas.errors import Retry, ServiceAway
from schemas.names import Name
from schemas.topics import CASES, COMMANDS, EVENTS, MEASURES
from streams.kafka.closing import stop_quietly

BOOKKEEPING: Final = b"__partition"
LOOK_S: Final = 0.2
TAIL: Final = 3000
"""Bookkeeping stands in every transaction, and few transactions are longer than this."""


class Standstill(Retry):
    """The workers or the ledger do not go on. `grid36 status` says what is wrong; start the replay again after that."""


class CaughtUp:
    """Asks how many offsets each reader is behind; 0 is exact, other numbers include transaction markers."""

    def __init__(self, servers: str, partitions: int, ledger: LedgerAddress, prefix: str = "") -> None:
        self._partitions = range(partitions)
        self._prefix = prefix
        self._ledger = Ledger(ledger)
        self._states = consumer_of(servers)
        self._progress = Progress(servers, self._partitions, prefix)
        self._next: dict[tuple[str, int], int] = {}
        self._refused: dict[int, int] = {}

    async def __aenter__(self) -> Self:
        try:
            await self._start()
        except BaseException:
            await self.__aexit__()
            raise
        return self

    async def _start(self) -> None:
        await self._states.start()
        await self._progress.__aenter__()
        parts = self._parts(CASES) + self._parts(MEASURES)
        self._states.assign(parts)
        first, end = await self._states.beginning_offsets(parts), await self._states.end_offsets(parts)
        for part in parts:
            self._states.seek(part, max(first[part], end[part] - TAIL))

    async def __aexit__(self, *_: object) -> None:
        await stop_quietly(self._states)
        await self._progress.__aexit__()
        self._ledger.close()

    async def behind(self) -> dict[str, int]:
        """Offsets that cases, measure and ledger are behind, asked in the order in which work flows."""
        await self._follow()
        return {
            "cases": await self._left(COMMANDS, CASES),
            "measure": await self._left(EVENTS, MEASURES),
            "ledger": await self._progress.left_to_ledger(self._ledger),
        }

    @property
    def refused(self) -> int:
        """How many facts and acts the cases refused so far."""
        return sum(self._refused.values())

    async def _left(self, topic: str, state: str) -> int:
        """What a step has left of `topic`, by the bookkeeping in its `state`."""
        return await self._progress.left(topic, {p: self._next.get((state, p), 0) for p in self._partitions})

    def _parts(self, topic: str) -> list[TopicPartition]:
        return [TopicPartition(self._prefix + topic, p) for p in self._partitions]

    async def _follow(self) -> None:
        """Take in the newest bookkeeping of every partition."""
        parts = self._parts(CASES) + self._parts(MEASURES)
        end = await self._states.end_offsets(parts)
        while any([await self._states.position(part) < end[part] for part in parts]):
            for part, records in (await self._states.getmany(timeout_ms=50, max_records=5000)).items():
                for record in records:
                    if record.key == BOOKKEEPING and record.value is not None:
                        topic = part.topic.removeprefix(self._prefix)
                        kept = json.loads(record.value)
                        self._next[topic, part.partition] = kept["next"]
                        if topic == CASES:
                            self._refused[part.partition] = kept.get("refused_actions", 0)


async def wait_caught_up(
    servers: str,
    partitions: int,
    ledger: LedgerAddress,
    progress: Callable[[dict[str, int]], None],
    *,
    prefix: str = "",
    patience_s: float = 180.0,
) -> int:
    """Return when all have read everything, with how many facts cases refused; `progress` hears how far they are.

    Raises `Standstill` when nothing moves.
    """
    last: dict[str, int] = {}
    moved = monotonic()
    while True:
        try:
            async with CaughtUp(servers, partitions, ledger, prefix) as readers:
                while any((left := await readers.behind()).values()):
                    progress(left)
                    if left != last:
                        last, moved = left, monotonic()
                    elif monotonic() - moved > patience_s:
                        raise Standstill(**left)
                    await asyncio.sleep(LOOK_S)
                return readers.refused
        except (KafkaError, OSError, TimeoutError):
            if monotonic() - moved > patience_s:
                raise ServiceAway(Name.of("system.kafka.no_answer"), servers=servers) from None
            await asyncio.sleep(1)
