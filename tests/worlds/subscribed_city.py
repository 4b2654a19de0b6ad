"""Topics of two departments and of cases, what is written to them, and what posts it to subscribers."""

import json
import time
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.admin import NewTopic

from connectors.subscriptions.deliveries import DeliveryLimits
from connectors.subscriptions.delivering import SubscriberPosts
from connectors.subscriptions.following import TopicFollower
from connectors.subscriptions.store import SubscriptionStore
from schemas.codec import cloud_event
from schemas.order import FINISHED_KIND, ORDER_KIND
from schemas.topics import CASE_KEY, CASES, department_topic, partition_of
from streams.kafka.clients import admin

PARTITIONS = 2
FILE = "subscriptions.sqlite"
QUICK = DeliveryLimits(first_pause_s=0.02, longest_pause_s=0.1, answer_s=2.0, gather_s=0.02)


def now_ms() -> int:
    return time.time_ns() // 1_000_000


async def make_topics(servers: str, prefix: str) -> None:
    """Compacted ones, as the system has them."""
    names = [CASES, department_topic("water"), department_topic("parks")]
    made = [NewTopic(prefix + name, PARTITIONS, 1, topic_configs={"cleanup.policy": "compact"}) for name in names]
    async with admin(servers) as client:
        await client.create_topics(made)


@asynccontextmanager
async def works(
    home: Path, servers: str, prefix: str
) -> AsyncIterator[tuple[list[Coroutine[Any, Any, None]], SubscriptionStore]]:
    """What has to run, and its file."""
    store = SubscriptionStore(home / FILE)
    delivering = SubscriberPosts(store, now_ms, QUICK)
    following = TopicFollower(store, servers, delivering.wake, now_ms, prefix=prefix)
    try:
        yield [following.run(), delivering.run()], store
    finally:
        await store.close()


class City:
    """Writes as the step `cases` does: an order and its case in one transaction."""

    def __init__(self, producer: AIOKafkaProducer, prefix: str) -> None:
        self._producer, self._prefix, self._seq = producer, prefix, 0

    async def change(self, case: str, department: str = "water", *, over: bool = False, **fields: Any) -> str:
        """The id of the order's event."""
        self._seq += 1
        partition, t_ms = partition_of(case, PARTITIONS), now_ms()
        kind, id = (FINISHED_KIND, f"{department}/{case}/{self._seq}/finished") if over else (
            ORDER_KIND, f"{department}/{case}/{self._seq}"
        )  # fmt: skip
        headers = cloud_event(event_id=id, source="grid36/orders", kind=kind, t_ms=t_ms, subject=case)
        shown = {"category": "leak", "seq": self._seq} | fields
        order = None if over else json.dumps({"case": case} | shown).encode()
        state = json.dumps({"number": case, "state": "dispatched"} | shown).encode()
        async with self._producer.transaction():
            await self._producer.send(
                self._prefix + department_topic(department), order, case.encode(), partition, t_ms, list(headers)
            )
            await self._producer.send(self._prefix + CASES, state, f"{CASE_KEY}{case}".encode(), partition, t_ms)
        return id


@asynccontextmanager
async def city(servers: str, prefix: str) -> AsyncIterator[City]:
    """Its topics are made."""
    await make_topics(servers, prefix)
    producer = AIOKafkaProducer(bootstrap_servers=servers, transactional_id=f"{prefix}city")
    await producer.start()
    try:
        yield City(producer, prefix)
    finally:
        await producer.stop()
