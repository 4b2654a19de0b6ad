"""How far a history is: one record in `rulebooks`, written in the same transaction as the commands it counts."""

from collections.abc import Iterable
from typing import Final, Literal

from aiokafka import AIOKafkaConsumer, TopicPartition

from schemas.codec import decode
from schemas.errors import WrongInput
from schemas.models import LogModel
from schemas.servers import reach
from schemas.system import System
from schemas.topics import RULEBOOKS, SYSTEM_KEY
from streams.kafka.clients import stop_quietly

REPLAY_KEY: Final = "replay"
"""Key of the position in `rulebooks`."""


class ReplayCounts(LogModel):
    """Where the rows went so far. Accepted = opened + parked; `unplaced` are those of the opened that wait."""

    accepted: int = 0
    parked: int = 0
    opened: int = 0
    unplaced: int = 0
    acknowledged: int = 0
    merged: int = 0
    closed: int = 0
    refused: int = 0
    """Facts that their cases refused; told at the end, when all have caught up."""


class ReplayPosition(LogModel):
    """File position of a history: `next` is the first place of the plan not yet written; `digest` says which plan."""

    v: Literal[1] = 1
    digest: str
    next: int = 0
    counts: ReplayCounts = ReplayCounts()
    until_ms: int | None = None
    """Time of the closing tick; None until it was sent."""


class NoSystem(WrongInput):
    """There is no system in this Kafka yet. Start one with `grid36 up`."""

    zh = "此 Kafka 中还没有系统。请用 grid36 up 启动。"


async def read_system(servers: str, prefix: str = "") -> tuple[System, ReplayPosition | None]:
    """What the system is, and how far a history in it has come. Raises `NoSystem`."""
    found = await read_keys(servers, prefix + RULEBOOKS, (SYSTEM_KEY, REPLAY_KEY))
    if SYSTEM_KEY not in found:
        raise NoSystem(servers=servers)
    position = found.get(REPLAY_KEY)
    return decode(System, found[SYSTEM_KEY]), None if position is None else decode(ReplayPosition, position)


async def read_keys(servers: str, topic: str, keys: Iterable[str]) -> dict[str, bytes]:
    """The last committed values of `keys` in partition 0 of a compacted topic."""
    wanted = {key.encode(): key for key in keys}
    found: dict[str, bytes] = {}
    part = TopicPartition(topic, 0)
    consumer = AIOKafkaConsumer(
        **reach(servers), isolation_level="read_committed", enable_auto_commit=False, request_timeout_ms=8000
    )
    try:
        await consumer.start()
        if not consumer.partitions_for_topic(topic) and topic not in await consumer.topics():
            return {}
        consumer.assign([part])
        await consumer.seek_to_beginning(part)
        end = (await consumer.end_offsets([part]))[part]
        while await consumer.position(part) < end:
            for record in (await consumer.getmany(part, timeout_ms=500)).get(part, []):
                if (key := wanted.get(record.key)) is not None:
                    found[key] = record.value
    finally:
        await stop_quietly(consumer)
    return found
