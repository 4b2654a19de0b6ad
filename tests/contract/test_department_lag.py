"""How far a department's program is behind, as operators see it."""

import pytest
from aiokafka import TopicPartition

from connectors.departments.client import orders
from grid36.metrics.department_lag import department_lags
from grid36.metrics.kafka import KafkaFigures
from schemas.topics import department_topic, partition_of
from streams.kafka.clients import consumer
from tests.unit.grid36.metrics.test_figures import values
from tests.worlds.subscribed_city import PARTITIONS, city

pytestmark = pytest.mark.kafka


async def test_what_a_program_has_not_confirmed_is_its_lag(kafka: str, prefix: str) -> None:
    """Who never read has no group, so that nothing is said; who confirmed everything is at 0."""
    async with city(kafka, prefix) as writes:
        for case in ("c0", "c1", "c2"):
            await writes.change(case)
        assert await department_lags(kafka, prefix) == {}
        async with orders(kafka, "water", prefix=prefix) as stream:
            await anext(stream)
        group = f"{prefix}department.water"
        (behind,) = (await department_lags(kafka, prefix)).values()
        assert behind >= 2
        told = values(await KafkaFigures(kafka, prefix).collect())
        assert told[f"grid36_department_behind_records{{'department': 'water', 'group': '{group}'}}"] == behind


async def test_what_is_in_a_partition_without_an_offset_is_behind_too(kafka: str, prefix: str) -> None:
    """A program that was handed orders of one partition so far has not read those of the others."""
    async with city(kafka, prefix) as writes:
        for case in ("c0", "c1", "c2"):  # c0 is in one partition, the others in the other one
            await writes.change(case)
        topic = prefix + department_topic("water")
        part = TopicPartition(topic, partition_of("c0", PARTITIONS))
        reader = consumer(kafka, group_id=topic)
        await reader.start()
        try:
            reader.assign([part])
            await reader.commit(await reader.end_offsets([part]))
        finally:
            await reader.stop()
        assert await department_lags(kafka, prefix) == {("water", topic): 4}, "two orders, and a marker after each"
