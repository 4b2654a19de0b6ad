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
from connectors.replies.relief import InsteadOf, nobody_instead
from connectors.replies.reply import Reply
from connectors.replies.store import PendingReply, ReplyFile
from streams.kafka.event_log import EventLog

AT_ONCE: Final = 500
"""How many replies are loaded for a door at once."""
MOST_EACH: Final = 4
"""Replies of one person that are in memory."""
SAVE_S: Final = 5.0
"""How often positions are saved while no event concerns anybody."""
PAUSE_S: Final = 2.0
GATHER_S: Final = 0.005
"""Replies that were sent within this time are removed at once."""

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
        instead_of: InsteadOf = nobody_instead,
    ) -> None:
        """`doors`: those that reply, by their names in the log; `clock`: milliseconds UTC."""
        self._file = ReplyFile(file, doors, clock(), handlers, others, instead_of)
        self._thread = ThreadPoolExecutor(1, "replies")
        self._queues = {door: ReplyQueue(door, self) for door in doors.values()}
        self._sent: list[tuple[Reply, asyncio.Future[None]]] = []
        self._removing: asyncio.Task[None] | None = None

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

    async def sent(self, reply: Reply) -> None:
        """Remove a reply, also when the caller is gone; those that are sent about the same time at once."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._sent.append((reply, future))
        if self._removing is None:
            self._removing = asyncio.create_task(self._remove())
        await future

    async def _remove(self) -> None:
        while self._sent:
            await asyncio.sleep(GATHER_S)
            batch, self._sent = self._sent, []
            fault: Exception | None = None
            try:
                await self.call(partial(ReplyFile.sent, replies=[reply for reply, _ in batch]))
            except Exception as error:  # noqa: BLE001 - whatever it is, those who wait must hear it
                fault = error
            for _, future in batch:
                if not future.done():
                    future.set_result(None) if fault is None else future.set_exception(fault)
        self._removing = None

    async def close(self) -> None:
        """Close the file, once nothing else runs."""
        while self._removing is not None:
            await asyncio.wait([self._removing])
        await self.call(ReplyFile.close)
        self._thread.shutdown()


class ReplyQueue:
    """What one door has to send, as `connectors.doors.contract.Replies` says.

    Of a person who cannot be reached a few replies are in memory, and the others in the file.
    """

    def __init__(self, door: str, feed: ReplyFeed) -> None:
        self.door = door
        self._feed = feed
        self._waiting: dict[str, deque[PendingReply]] = {}
        """By person: what is sent now, first, and what has to wait for it."""
        self._more: set[str] = set()
        """Who has more in the file than is in memory, up to the place `_after`."""
        self._ready: deque[Reply] = deque()
        self._after = 0
        self._news = asyncio.Event()
        self._news.set()
        self._reading = asyncio.Lock()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Reply:
        while not self._ready:
            await self._news.wait()
            await self._load()
        return self._ready.popleft()

    async def sent(self, reply: Reply) -> None:
        """The person has it: forget it, durably."""
        await self._feed.sent(reply)
        person = reply.recipient.person
        waiting = self._waiting[person]
        last = waiting.popleft()
        if not waiting and person in self._more:
            await self._load_more(person, waiting, last.seq)
        if waiting:
            self._ready.append(waiting[0].reply)
            self._news.set()
        else:
            del self._waiting[person]

    def wake(self) -> None:
        """There may be something new."""
        self._news.set()

    async def _load(self) -> None:
        self._news.clear()
        try:
            async with self._reading:
                found = await self._feed.call(lambda file: file.pending(self.door, self._after, AT_ONCE))
                for each in found:
                    self._put(each)
        except asyncio.CancelledError:
            self._news.set()  # it was not looked at
            raise
        if len(found) == AT_ONCE:
            self._news.set()

    def _put(self, pending: PendingReply) -> None:
        self._after, person = pending.seq, pending.reply.recipient.person
        waiting = self._waiting.setdefault(person, deque())
        if person in self._more or len(waiting) == MOST_EACH:
            self._more.add(person)
            return
        waiting.append(pending)
        if len(waiting) == 1:
            self._ready.append(pending.reply)

    async def _load_more(self, person: str, waiting: deque[PendingReply], after: int) -> None:
        async with self._reading:
            upto = self._after
            found = await self._feed.call(lambda file: file.pending_of(self.door, person, after, upto, MOST_EACH))
            waiting.extend(found)
            if len(found) < MOST_EACH:
                self._more.discard(person)
