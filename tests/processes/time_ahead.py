"""Days that pass on a live system in a moment: its log takes a time that lies ahead, and Kafka forgets who was away."""

import asyncio
from collections.abc import Iterable
from typing import Final

from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import InvalidTimestampError
from confluent_kafka.admin import AdminClient

from grid36.kafka.topics import WITH_TIME, switch_to_history, topic_settings
from schemas.codec import encode
from schemas.command import Tick
from schemas.topics import COMMANDS, EVERYWHERE
from streams.kafka.clients import admin
from tests.processes.live_log import department_topics, producing, write
from tests.processes.waiting import wait_until

ANY_TIME: Final = {"message.timestamp.after.max.ms": str(2**63 - 1)}
"""Else a record may lie an hour ahead at most."""


async def pass_time(servers: str, partitions: Iterable[int], to_ms: int) -> None:
    """It is this late in these partitions of the system, as their log says."""
    await switch_to_history(servers)
    await _take_any_time(servers)
    tick = encode(Tick(id=f"tick-{to_ms}", home=EVERYWHERE))
    async with producing(servers) as producer:
        lines = [(COMMANDS, number, to_ms, EVERYWHERE.encode(), tick) for number in partitions]

        async def taken() -> bool:
            try:
                await write(producer, "", lines)
            except InvalidTimestampError:  # the broker takes a moment to go by its new settings; ticks may come twice
                return False
            return True

        await wait_until(taken, "a broker that takes any time")


async def _take_any_time(servers: str) -> None:
    names = [*WITH_TIME, *await department_topics(servers)]
    settings = {name: topic_settings(name, True, 1) | ANY_TIME for name in names}
    async with admin(servers, 10_000) as client:
        for answer in await client.alter_configs(
            [ConfigResource(ConfigResourceType.TOPIC, name, each) for name, each in settings.items()]
        ):
            assert not any(code for code, *_ in answer.resources), answer


async def forget(servers: str, group: str) -> None:
    """Kafka knows nothing of this group, as after more days than its offsets are retained. No member may be left."""
    client = AdminClient({"bootstrap.servers": servers})
    (forgotten,) = client.delete_consumer_groups([group]).values()
    await asyncio.to_thread(forgotten.result, 20)
