"""What all partitions of a worker share: settings, counters, the producer of ticks, topics known to exist."""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable

from aiokafka import AIOKafkaProducer

from streams.kafka.clients import tick_producer
from streams.kafka.closing import ClosingClients
from streams.kafka.settings import EngineSettings
from streams.partition.contract import Output
from streams.partition.errors import Refusal
from streams.partition.fault_hooks import FaultHooks, NoFaults
from streams.partition.gathering import Gathering

EnsureTopic = Callable[[str], Awaitable[None]]
"""Creates a topic when it does not exist; raises when it cannot."""

TICK_S = 10.0

log = logging.getLogger(__name__)


class Shared:
    """One per worker; `counters` are plain numbers that only grow (names: see `docs/adr/0004`)."""

    def __init__(
        self, settings: EngineSettings, *, ensure_topic: EnsureTopic | None = None, faults: FaultHooks | None = None
    ) -> None:
        self.settings = settings
        self.faults: FaultHooks = faults or NoFaults()
        self.counters: Counter[str] = Counter()
        self.gathering = Gathering(settings.busy_records_per_s)
        self.leavings = ClosingClients()
        self.turns = asyncio.Semaphore(settings.partitions_at_work)
        self.takeovers = asyncio.Semaphore(settings.partitions_at_work)
        self._ensure_topic = ensure_topic
        self._known_topics: set[str] = set()
        self._tick_producer: AIOKafkaProducer | None = None
        self._tick_lock = asyncio.Lock()
        self.refusal: asyncio.Future[Refusal] = asyncio.get_running_loop().create_future()

    def refused(self, refusal: Refusal) -> None:
        """End the worker with this error: a partition must not be worked on."""
        self.counters["refused"] += 1
        if not self.refusal.done():
            self.refusal.set_result(refusal)

    async def ensure_topics(self, topics: Iterable[str]) -> None:
        """Create missing topics before a transaction writes to them: a send to a missing one fails after 8 s."""
        if self._ensure_topic is None:
            return
        for topic in topics:
            if topic not in self._known_topics:
                await self._ensure_topic(topic)
                self._known_topics.add(topic)

    async def append(self, tick: Output) -> int | None:
        """Append a tick outside any transaction; its offset, or None when that failed (it is tried again later)."""
        async with self._tick_lock:
            try:
                async with asyncio.timeout(TICK_S):
                    producer = await self._started()
                    done = await producer.send_and_wait(
                        tick.topic, tick.value, tick.key, tick.partition, tick.t_ms, list(tick.headers)
                    )
            except Exception as error:  # noqa: BLE001  # a tick is a hint: whatever is wrong, the next one repeats it
                log.warning("no tick for %s/%d: %r", tick.topic, tick.partition, error)
                self.leavings.leave([self._tick_producer])
                self._tick_producer = None
                return None
        self.counters["ticks"] += 1
        return int(done.offset)

    async def close(self) -> None:
        """Stop what is shared, and wait for every client that is still being stopped."""
        self.leavings.leave([self._tick_producer])
        self._tick_producer = None
        await self.leavings.gone()

    async def _started(self) -> AIOKafkaProducer:
        if self._tick_producer is None:
            self._tick_producer = tick_producer(self.settings)
            await self._tick_producer.start()
        return self._tick_producer
