"""How far the ledger is behind the log, for those who have to wait for it."""

import asyncio
from pathlib import Path
from time import monotonic
from typing import Final

from aiokafka import TopicPartition
from aiokafka.errors import KafkaError

from connectors.ledger.read import Ledger, LedgerAway
from connectors.tail import ANSWER_S, consumer_of, partitions_of, stop_quietly
from schemas import topics
from schemas.chain import Position
from schemas.errors import ServiceAway

LOOK_S: Final = 0.1


class LedgerBehind(ServiceAway):
    """The ledger did not catch up with the log in time. Look at its process with `grid36 status`."""

    behind: int


async def ends(servers: str, *, prefix: str = "") -> dict[tuple[str, int], int]:
    """(topic without prefix, partition) of `events` and `texts` to the offset after its last committed record.

    Raises `ServiceAway` when Kafka does not answer within 8 s, `TopicMissing` when it has no such topics.
    """
    consumer = consumer_of(servers)
    try:
        async with asyncio.timeout(ANSWER_S):
            wanted = [
                TopicPartition(prefix + topic, partition)
                for topic in (topics.EVENTS, topics.TEXTS)
                for partition in await partitions_of(servers, prefix + topic)
            ]
            await consumer.start()
            found = await consumer.end_offsets(wanted)
    except (KafkaError, OSError, TimeoutError) as error:
        raise ServiceAway(servers=servers) from error
    finally:
        await stop_quietly(consumer)
    return {(tp.topic.removeprefix(prefix), tp.partition): end for tp, end in found.items()}


def behind(path: Path | str, targets: dict[tuple[str, int], int]) -> int:
    """How many offsets the ledger has still to take to be at `targets`; all of them while there is no ledger."""
    ledger = Ledger(path)
    try:
        positions = ledger.positions()
    except LedgerAway:
        positions = {}
    finally:
        ledger.close()
    return sum(max(0, end - positions.get(place, Position()).offset) for place, end in targets.items())


async def wait_until_caught_up(servers: str, path: Path | str, *, prefix: str = "", limit_s: float = 60.0) -> None:
    """Return when the ledger has everything that was in the log at the call.

    Raises `LedgerBehind` after `limit_s` without progress, `ServiceAway` when Kafka does not answer.
    """
    targets = await ends(servers, prefix=prefix)
    left, moved = -1, monotonic()
    while now := await asyncio.to_thread(behind, path, targets):
        if now != left:
            left, moved = now, monotonic()
        elif monotonic() - moved > limit_s:
            raise LedgerBehind(behind=now)
        await asyncio.sleep(LOOK_S)
