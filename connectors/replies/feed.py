"""Reads `events` for the doors and hands each its replies: at least once, under stable ids, in order per person."""

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

from connectors.replies.recipients import Handlers, nobody
from connectors.replies.reply import Reply
from connectors.replies.store import ReplyFile
from streams.kafka.event_log import EventLog

AT_ONCE: Final = 500
"""Replies that a door holds ready in memory."""
SAVE_S: Final = 5.0
"""How often the positions are written while nothing concerns anybody."""
PAUSE_S: Final = 2.0

T = TypeVar("T")
log = logging.getLogger(__name__)


class ReplyFeed:
    """The one reader of `events` for all doors of a process. `file` is where it is, and what was not sent yet."""

    def __init__(
        self, file: Path, doors: Mapping[str, str], clock: Callable[[], int], handlers: Handlers = nobody
    ) -> None:
        """`doors`: those that reply, by their names in the log; `clock`: milliseconds UTC."""
        self._file = ReplyFile(file, doors, clock(), handlers)
        self._thread = ThreadPoolExecutor(1, "replies")
        self._queues = {door: ReplyQueue(door, self) for door in doors.values()}

    def of(self, door: str) -> "ReplyQueue":
        """The replies of one door."""
        return self._queues[door]

    async def run(self, servers: str, *, prefix: str = "") -> None:
        """Read for ever, through every absence of Kafka. Raises a `Stop` error for a log that is not the one before."""
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
        """A full disk is waited for: what was read is still at hand, and taking it again is the same."""
        while True:
            try:
                return await self.call(work)
            except sqlite3.OperationalError as error:
                log.warning("replies cannot be written and wait: %s", error)
                await asyncio.sleep(PAUSE_S)

    async def call(self, work: Callable[[ReplyFile], T]) -> T:
        """Something on the file, in its thread."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, self._file)

    async def close(self) -> None:
        """Close the file; nothing may run any more."""
        await self.call(ReplyFile.close)
        self._thread.shutdown()


class ReplyQueue:
    """What one door has to send, as `connectors.doors.contract.Replies` says."""

    def __init__(self, door: str, feed: ReplyFeed) -> None:
        self.door = door
        self._feed = feed
        self._waiting: dict[str, deque[Reply]] = {}
        """By person: what is sent now, first, and what has to wait for it."""
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
        """The person has it: forget it, durably."""
        await asyncio.shield(self._feed.call(lambda file: file.sent(reply)))  # also when the gateway stops meanwhile
        waiting = self._waiting[reply.recipient.person]
        waiting.popleft()
        if waiting:
            self._ready.append(waiting[0])
            self._news.set()
        else:
            del self._waiting[reply.recipient.person]

    def wake(self) -> None:
        """There may be something new."""
        self._news.set()

    async def _load(self) -> None:
        self._news.clear()
        try:
            found = await self._feed.call(lambda file: file.pending(self.door, self._after, AT_ONCE))
        except asyncio.CancelledError:
            self._news.set()  # it was not looked at
            raise
        for seq, reply in found:
            self._after = seq
            waiting = self._waiting.setdefault(reply.recipient.person, deque())
            waiting.append(reply)
            if len(waiting) == 1:
                self._ready.append(reply)
        if len(found) == AT_ONCE:
            self._news.set()
