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

    Groups without an offset in such a topic are left out. A client that commits what it was handed stays behind by the
    marker of a transaction, which it never sees. Raises `KafkaError`, `OSError`, `TimeoutError`.
    """
    async with asyncio.timeout(ANSWER_S):
        async with admin(servers) as client:
            committed = await _committed(client, prefix + DEPARTMENT_PREFIX)
        if not committed:
            return {}
        reader = consumer(servers)
        await reader.start()
        try:
            ends = await reader.end_offsets({part for _, part in committed})
        finally:
            await reader.stop()
    found = Counter[tuple[str, str]]()
    for (group, part), offset in committed.items():
        found[part.topic.removeprefix(prefix + DEPARTMENT_PREFIX), group] += max(0, ends[part] - offset)
    return dict(found)


async def _committed(client: AIOKafkaAdminClient, topics: str) -> dict[tuple[str, TopicPartition], int]:
    """The offsets of all groups in the topics that begin so."""
    names = sorted(group for group, kind in await client.list_consumer_groups() if kind == "consumer")
    found: dict[tuple[str, TopicPartition], int] = {}
    for group in names[:MOST_GROUPS]:
        offsets = await client.list_consumer_group_offsets(group)
        found |= {(group, part): at.offset for part, at in offsets.items() if part.topic.startswith(topics)}
    return found
