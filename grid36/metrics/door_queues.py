"""What waits in the files of the doors: how many, and how long the oldest has waited; read anew for each question."""

import asyncio
import sqlite3
from collections.abc import Callable, Collection, Iterator
from contextlib import closing
from pathlib import Path
from typing import Final, NamedTuple

from connectors.chat.runtime.storage import store as chat
from connectors.clock import now_ms
from connectors.doors.webhook import deliveries
from connectors.outbox.group_commit import open_to_read
from connectors.replies import store as replies
from grid36.machine.home import Home
from grid36.metrics.families import Families, gauges

FILES: Final = {chat.FILE: chat.QUEUES, deliveries.FILE: deliveries.QUEUES}
"""In the folder of a door."""
REPLIES: Final = "replies"
LABELS: Final = ("door", "queue")


class DoorQueue(NamedTuple):
    """One queue of a door: how many wait, and since when the oldest of them (ms UTC); None for nothing."""

    door: str
    queue: str
    waiting: int
    oldest_ms: int | None


class DoorQueues:
    """Of these doors of a gateway."""

    def __init__(self, home: Home, doors: Collection[str], clock: Callable[[], int] = now_ms) -> None:
        self._home, self._doors, self._clock = home, doors, clock

    async def collect(self) -> Families:
        """All figures; the files are read in a thread, and what cannot be read now is left out."""
        at_ms = self._clock()
        found = await asyncio.to_thread(lambda: list(self._read(at_ms)))
        rows = {(each.door, each.queue): float(each.waiting) for each in found}
        ages = {
            (each.door, each.queue): 0.0 if each.oldest_ms is None else max(0, at_ms - each.oldest_ms) / 1000
            for each in found
        }
        return [
            gauges("grid36_door_queue_rows", "What waits in a queue of a door, to be answered or sent.", LABELS, rows),
            gauges(
                "grid36_door_queue_age_seconds",
                "How long the oldest in this queue has waited; 0 when none waits.",
                LABELS, ages,
            ),
        ]  # fmt: skip

    def _read(self, at_ms: int) -> Iterator[DoorQueue]:
        for door, waiting, oldest_ms in _rows(self._home.replies, replies.QUEUES, at_ms):
            if door in self._doors:  # not one of an earlier run, which nobody opens
                yield DoorQueue(door, REPLIES, waiting, oldest_ms)
        for door in self._doors:
            for file, queues in FILES.items():
                for queue, waiting, oldest_ms in _rows(self._home.doors / door / file, queues, at_ms):
                    yield DoorQueue(door, queue, waiting, oldest_ms)


def _rows(file: Path, queues: str, at_ms: int) -> list[tuple[str, int, int | None]]:
    if not file.exists():
        return []
    try:
        with closing(open_to_read(file)) as db:
            return db.execute(queues, {"now_ms": at_ms}).fetchall()
    except sqlite3.Error:  # just made, or of another release and not opened since
        return []
