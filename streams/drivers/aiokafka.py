"""A driver on aiokafka alone, for benches and as the second one of the contract tests."""

import asyncio
import logging
from collections.abc import Iterable

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.coordinator.assignors.sticky.sticky_assignor import StickyPartitionAssignor

from streams.drivers.driver import serve
from streams.drivers.wakeup import FETCH_BYTES, FETCH_LEAST_BYTES, FETCH_WAIT_MS, METADATA_AGE_MS, skip_to_end
from streams.kafka.clients import consumer as kafka_consumer
from streams.kafka.closing import stop_quietly
from streams.kafka.settings import EngineSettings
from streams.partition.assignment import Assignment

POLL_MS = 200

log = logging.getLogger(__name__)


class PlainDriver:
    """Membership, assignment and delivery by aiokafka; see `streams.drivers.driver.Driver`."""

    async def run(self, assignment: Assignment, stop: asyncio.Event) -> None:
        """Work until `stop` is set."""
        consumer = group_consumer(assignment.settings)
        consumer.subscribe(list(assignment.topics), listener=_Listener(assignment))
        try:
            await consumer.start()
            ringing = asyncio.create_task(_ring(consumer, assignment))
            try:
                await serve(assignment, stop, ringing)
            finally:
                ringing.cancel()
                await asyncio.wait({ringing})
        finally:
            await stop_quietly(consumer)


def group_consumer(settings: EngineSettings) -> AIOKafkaConsumer:
    """A member of the workers' group; it commits no offsets, because nobody reads them."""
    session_ms = int(settings.session_timeout_s * 1000)
    return kafka_consumer(
        settings.servers,
        group_id=settings.system,
        auto_offset_reset="latest",
        request_timeout_ms=40_000,  # joining is answered when all members have joined
        session_timeout_ms=session_ms,
        heartbeat_interval_ms=session_ms // 5,
        max_partition_fetch_bytes=FETCH_BYTES,
        fetch_min_bytes=FETCH_LEAST_BYTES,
        fetch_max_wait_ms=FETCH_WAIT_MS,
        metadata_max_age_ms=METADATA_AGE_MS,
        partition_assignment_strategy=[StickyPartitionAssignor],
    )


async def _ring(consumer: AIOKafkaConsumer, assignment: Assignment) -> None:
    while True:
        batches = await consumer.getmany(timeout_ms=POLL_MS, max_records=1)
        for tp, records in batches.items():
            assignment.ring(tp.topic, tp.partition, skip_to_end(consumer, tp, records[-1].offset))


class _Listener(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka ships no types
    def __init__(self, assignment: Assignment) -> None:
        self._hub = assignment

    async def on_partitions_revoked(self, revoked: Iterable[TopicPartition]) -> None:
        """Do nothing: the next owner fences us."""

    async def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        """Own the partitions that are ours now."""
        self._hub.assign((tp.topic, tp.partition) for tp in assigned)
