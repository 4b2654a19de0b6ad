"""How far the programs of departments are behind in their topics, by their consumer groups."""

import asyncio
from collections import Counter
from typing import Final

from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from schemas.topics import DEPARTMENT_PREFIX
from streams.kafka.clients import admin, consumer

MOST_GROUPS: Final = 200
"""More than these are left out: each costs Kafka a question."""
ANSWER_S: Final = 5.0


async def department_lags(servers: str, prefix: str) -> dict[tuple[str, str], int]:
    """By department and group, how many records are behind its last committed offset.

    Groups without an offset in such a topic are left out. In a partition where a group has none yet, all records are
    behind. A client that commits what it was handed stays behind by the marker of a transaction, which it never sees.
    Raises `KafkaError`, `OSError`, `TimeoutError`.
    """
    async with asyncio.timeout(ANSWER_S):
        async with admin(servers) as client:
            committed = await _committed(client, prefix + DEPARTMENT_PREFIX)
            if not committed:
                return {}
            topics = await _partitions(client, sorted({topic for _, topic in committed}))
        reader = consumer(servers)
        await reader.start()
        try:
            found = Counter[tuple[str, str]]()
            for (group, topic), offsets in committed.items():
                if not (parts := topics.get(topic)):
                    continue
                begins, ends = await reader.beginning_offsets(parts), await reader.end_offsets(parts)
                found[topic.removeprefix(prefix + DEPARTMENT_PREFIX), group] = sum(
                    max(0, ends[part] - offsets.get(part, begins[part])) for part in parts
                )
        finally:
            await reader.stop()
    return dict(found)


async def _committed(client: AIOKafkaAdminClient, topics: str) -> dict[tuple[str, str], dict[TopicPartition, int]]:
    """By group and topic that begins so, the offset of each partition that has one."""
    groups = await client.list_consumer_groups()
    names = sorted(group for group, kind in groups if kind in ("consumer", ""))  # "": it chose its partitions itself
    found: dict[tuple[str, str], dict[TopicPartition, int]] = {}
    for group in names[:MOST_GROUPS]:
        for part, at in (await client.list_consumer_group_offsets(group)).items():
            if part.topic.startswith(topics):
                found.setdefault((group, part.topic), {})[part] = at.offset
    return found


async def _partitions(client: AIOKafkaAdminClient, topics: list[str]) -> dict[str, list[TopicPartition]]:
    """Those of each topic; none of a topic that was deleted."""
    return {
        each["topic"]: [TopicPartition(each["topic"], part["partition"]) for part in each["partitions"]]
        for each in await client.describe_topics(topics)
    }
