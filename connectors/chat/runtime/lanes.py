"""Lanes: one thing at a time for each key, in order, and different keys side by side."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Final

from connectors.chat.runtime.backoff import Backoff
from connectors.chat.runtime.side_by_side import side_by_side, where

log = logging.getLogger(__name__)

AGAIN: Final = 0.0
"""What a step answers when there may be more to do for its key at once."""


class Lanes:
    """Calls `step(key)` for keys that were woken, never twice at once for the same key.

    A step answers None when there is nothing left for its key, else the seconds after which to call it again. What it
    raises is logged, and it is called again after a growing pause; a `CancelledError` and what `fatal` names end `run`.
    """

    def __init__(
        self, step: Callable[[str], Awaitable[float | None]], side_by_side: int, fatal: type[Exception] | tuple[()] = ()
    ) -> None:
        self._step, self._side_by_side, self._fatal = step, side_by_side, fatal
        self._ready: deque[str] = deque()
        self._known: dict[str, bool] = {}
        """Keys that are ready, at work or pausing: whether they were woken since."""
        self._pauses: dict[str, asyncio.TimerHandle] = {}
        self._faults: dict[str, Backoff] = {}
        self._room = asyncio.Semaphore(0)

    def wake(self, key: str) -> None:
        """There may be something to do for this key."""
        if key in self._known:
            self._known[key] = True
        else:
            self._put(key)

    async def run(self) -> None:
        """Work until cancelled."""
        try:
            await side_by_side(*(self._work() for _ in range(self._side_by_side)))
        finally:
            for pause in self._pauses.values():
                pause.cancel()

    async def _work(self) -> None:
        while True:
            await self._room.acquire()
            key = self._ready.popleft()
            self._known[key] = False
            after_s = await self._stepped(key)
            if after_s is None and not self._known[key]:
                del self._known[key]
            elif after_s:
                self._pauses[key] = asyncio.get_running_loop().call_later(after_s, self._resume, key)
            else:
                self._put(key)

    async def _stepped(self, key: str) -> float | None:
        try:
            after_s = await self._step(key)
        except Exception as fault:
            if isinstance(fault, self._fatal):
                raise
            pause = self._faults.setdefault(key, Backoff()).next_s()
            log.error("a step failed and is tried again in %.1f s: %s", pause, where(fault))  # noqa: TRY400 - a traceback may show a token or words
            return pause
        self._faults.pop(key, None)
        return after_s

    def _resume(self, key: str) -> None:
        del self._pauses[key]
        self._put(key)

    def _put(self, key: str) -> None:
        self._known[key] = False
        self._ready.append(key)
        self._room.release()
