"""Reads `events` and gives each door its replies: at least once, with stable ids, in order for each person."""

import asyncio
import logging
import sqlite3
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Final, Self, TypeVar

from connectors.replies.recipients import Handlers, Others, nobody, nobody_else
from connectors.replies.reply import Reply
from connectors.replies.store import ReplyFile
from streams.kafka.event_log import EventLog

AT_ONCE: Final = 500
"""How many replies are loaded for a door at once."""
SAVE_S: Final = 5.0
"""How often positions are saved while no event concerns anybody."""
PAUSE_S: Final = 2.0

T = TypeVar("T")
log = logging.getLogger(__name__)


class ReplyFeed:
    """The one reader of `events` for all doors of a process. `file` stores its positions and the unsent replies."""

    def __init__(
        self,
        file: Path,
        doors: Mapping[str, str],
        clock: Callable[[], int],
        handlers: Handlers = nobody,
        others: Others = nobody_else,
    ) -> None:
        """`doors`: those that reply, by their names in the log; `clock`: milliseconds UTC."""
        self._file = ReplyFile(file, doors, clock(), handlers, others)
        self._thread = ThreadPoolExecutor(1, "replies")
        self._queues = {door: ReplyQueue(door, self) for door in doors.values()}

    def of(self, door: str) -> "ReplyQueue":
        """The replies of one door."""
        return self._queues[door]

    async def run(self, servers: str, *, prefix: str = "") -> None:
        """Read until cancelled; waits while Kafka is away. Raises a `Stop` error if the log is not the one before."""
        saved_s = monotonic()
        async with EventLog(servers, await self.call(ReplyFile.positions), prefix=prefix) as events:
            async for batch in events.follow():
                made = 0
                if batch:
                    made = await self._write(partial(ReplyFile.take, batch=batch, positions=events.positions))
                if made:
                    for queue in self._queues.values():
                        queue.wake()
                elif monotonic() - saved_s > SAVE_S:
                    saved_s = monotonic()
                    await self._write(partial(ReplyFile.save, positions=events.positions))

    async def _write(self, work: Callable[[ReplyFile], T]) -> T:
        """Retry while the disk is full: the batch is still in memory, and storing it is idempotent."""
        while True:
            try:
                return await self.call(work)
            except sqlite3.OperationalError as error:
                log.warning("replies cannot be written; retrying: %s", error)
                await asyncio.sleep(PAUSE_S)

    async def call(self, work: Callable[[ReplyFile], T]) -> T:
        """Run `work` on the file, in its thread."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, self._file)

    async def close(self) -> None:
        """Close the file, once nothing else runs."""
        await self.call(ReplyFile.close)
        self._thread.shutdown()


class ReplyQueue:
    """The replies of one door; implements `connectors.replies.reply.Replies`."""

    def __init__(self, door: str, feed: ReplyFeed) -> None:
        self.door = door
        self._feed = feed
        self._waiting: dict[str, deque[Reply]] = {}
        """By person: the reply being sent, then those that wait for it."""
        self._ready: deque[Reply] = deque()
        self._after = 0
        self._news = asyncio.Event()
        self._news.set()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Reply:
        while not self._ready:
            await self._news.wait()
            await self._load()
        return self._ready.popleft()

    async def sent(self, reply: Reply) -> None:
        """Mark the reply as delivered and remove it durably."""
        await asyncio.shield(self._feed.call(lambda file: file.sent(reply)))  # also if the gateway stops meanwhile
        waiting = self._waiting[reply.recipient.person]
        waiting.popleft()
        if waiting:
            self._ready.append(waiting[0])
            self._news.set()
        else:
            del self._waiting[reply.recipient.person]

    def wake(self) -> None:
        """Check for new replies."""
        self._news.set()

    async def _load(self) -> None:
        self._news.clear()
        try:
            found = await self._feed.call(lambda file: file.pending(self.door, self._after, AT_ONCE))
        except asyncio.CancelledError:
            self._news.set()  # nothing was loaded
            raise
        for seq, reply in found:
            self._after = seq
            waiting = self._waiting.setdefault(reply.recipient.person, deque())
            waiting.append(reply)
            if len(waiting) == 1:
                self._ready.append(reply)
        if len(found) == AT_ONCE:
            self._news.set()
