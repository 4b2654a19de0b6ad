"""The way out: a task for each subscription posts what waits for it, so that none waits for another."""

import asyncio
import logging
import random
import sqlite3
from collections.abc import Callable, Collection, Iterable
from contextlib import AsyncExitStack, suppress
from functools import partial
from time import monotonic
from typing import Final, NamedTuple, TypeVar

import aiohttp

from connectors.subscriptions.addresses import OwnThreadsResolver, outgoing_session
from connectors.subscriptions.deliveries import (
    LIMITS,
    DeliveryLimits,
    Posting,
    PostVerdict,
    next_posting,
    settle,
    stop_overfull,
)
from connectors.subscriptions.documents import message_of
from connectors.subscriptions.posting import post
from connectors.subscriptions.rows import SubscriptionRows
from connectors.subscriptions.store import SubscriptionStore
from connectors.subscriptions.subscription import Receiver
from schemas.errors import Retry

LOOK_S: Final = 1.0
"""How often the file is asked for subscriptions that a command made, resumed or ended."""
COUNT_S: Final = 10.0
"""How often it is counted how much waits."""
LONGEST_WAIT_S: Final = 60.0

T = TypeVar("T")

log = logging.getLogger(__name__)


class Settled(NamedTuple):
    """A request and what became of it, to be noted."""

    posting: Posting
    verdict: PostVerdict
    t_ms: int
    drawn: float
    """A random number in 0 … 1, for the pause."""


class SubscriberPosts:
    """Posts to all subscribers of one file. `wake` it for those for whom something arrived."""

    def __init__(
        self,
        store: SubscriptionStore,
        clock: Callable[[], int],
        limits: DeliveryLimits = LIMITS,
        *,
        hosts: Collection[str] = (),
    ) -> None:
        """`clock`: ms UTC; `hosts`: names that may lead into private networks, whoever named them."""
        self._store, self._clock, self._limits, self._hosts = store, clock, limits, frozenset(hosts)
        self._news: dict[int, asyncio.Event] = {}
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._version = -1

    def wake(self, subscriptions: Iterable[int]) -> None:
        """There is something new for these."""
        for n in subscriptions:
            if n in self._news:
                self._news[n].set()

    async def run(self) -> None:
        """Until cancelled."""
        async with AsyncExitStack() as stack:
            resolver = OwnThreadsResolver()
            stack.push_async_callback(resolver.close)
            public = await stack.enter_async_context(outgoing_session(resolver, public_only=True))
            anywhere = await stack.enter_async_context(outgoing_session(resolver, public_only=False))
            stack.push_async_callback(self._end)
            counted_s, loop = 0.0, asyncio.get_running_loop()
            while True:
                try:
                    await self._look(public, anywhere)
                    if loop.time() - counted_s > COUNT_S:
                        counted_s = loop.time()
                        for id in await self._store.do(partial(stop_overfull, most=self._limits.most_waiting)):
                            log.error("%s is stopped: too much waits for its subscriber", id)
                except Retry as fault:
                    log.warning("subscriptions wait: %s", fault)
                await asyncio.sleep(LOOK_S)

    async def _look(self, public: aiohttp.ClientSession, anywhere: aiohttp.ClientSession) -> None:
        """A task for each that is active, and none for any other."""
        version, active = await self._store.look(_version_and_active)
        for n in [n for n, task in self._tasks.items() if n not in active or task.done()]:
            task = self._tasks.pop(n)
            del self._news[n]
            if not task.cancel():
                log.error("posts of subscription %d ended and begin again", n, exc_info=task.exception())
        for n in active.keys() - self._tasks.keys():
            self._news[n] = asyncio.Event()
            self._tasks[n] = asyncio.create_task(self._serve(n, active[n], public, anywhere))
        if version != self._version:  # a command may have let something wait, or made it wait no longer
            self.wake(active)
        self._version = version

    async def _end(self) -> None:
        tasks, self._tasks = list(self._tasks.values()), {}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _serve(self, n: int, id: str, public: aiohttp.ClientSession, anywhere: aiohttp.ClientSession) -> None:
        """Post to one subscriber until cancelled."""
        news, held_first, failing = self._news[n], False, False
        done: Settled | None = None
        while True:
            news.clear()
            held_first = not held_first
            found = await self._patiently(partial(self._next, id=id, held_first=held_first, done=done), id)
            done = None
            if not isinstance(found, Posting):
                wait_s = LONGEST_WAIT_S if found is None else min((found - self._clock()) / 1000, LONGEST_WAIT_S)
                with suppress(TimeoutError):
                    await asyncio.wait_for(news.wait(), max(wait_s, 0.0))
                continue
            began_s = monotonic()
            session = anywhere if self._may_be_inside(found.subscription.receiver) else public
            done = Settled(found, await self._post(session, found), self._clock(), random.random())
            if bool(done.verdict.why) != failing:  # the log says it once
                failing = bool(done.verdict.why)
                log.warning("subscription %s: %s", id, done.verdict.why or "it takes again")
            if found.subscription.receiver.batch and not failing:
                await self._gather(began_s, done)
                done = None

    async def _gather(self, began_s: float, done: Settled) -> None:
        """Note what was taken, and let events come together for the next request."""
        await self._patiently(partial(self._settle, done=done), done.posting.subscription.id)
        await asyncio.sleep(max(0.0, began_s + self._limits.gather_s - monotonic()))

    def _next(self, db: sqlite3.Connection, id: str, held_first: bool, done: Settled | None) -> Posting | int | None:
        """What became of the last request and what is next, in one transaction."""
        if done is not None:
            self._settle(db, done)
        return next_posting(db, id, self._clock(), held_first=held_first)

    def _settle(self, db: sqlite3.Connection, done: Settled) -> None:
        settle(db, done.posting, done.verdict, done.t_ms, self._limits, done.drawn)

    async def _patiently(self, work: Callable[[sqlite3.Connection], T], id: str) -> T:
        """What was taken is not posted again because the disk is full for a moment."""
        while True:
            try:
                return await self._store.do(work)
            except Retry as fault:
                log.warning("subscription %s waits: %s", id, fault)
                await asyncio.sleep(LOOK_S)

    async def _post(self, session: aiohttp.ClientSession, posting: Posting) -> PostVerdict:
        of, now = posting.subscription, self._clock()
        message = message_of(of.id, posting.documents, batch=of.receiver.batch)
        limit_s = self._limits.answer_s
        return await post(session, of.receiver.url, message, of.keys(now), now_ms=now, answer_s=limit_s)

    def _may_be_inside(self, receiver: Receiver) -> bool:
        return receiver.inside or receiver.host in self._hosts


def _version_and_active(db: sqlite3.Connection) -> tuple[int, dict[int, str]]:
    """A number that changes when anybody has written to the file, and the active ones: their ids."""
    (version,) = db.execute("PRAGMA data_version").fetchone()
    return int(version), {each.n: each.id for each in SubscriptionRows(db).active()}
