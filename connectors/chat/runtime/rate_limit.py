"""How fast a platform may be sent to: so many messages a second to all, so many a minute to one chat."""

import asyncio
from collections import deque
from time import monotonic
from typing import Final

from connectors.chat.platform import Features
from connectors.chat.runtime.backoff import Backoff

MINUTE_S: Final = 60.0
IN_A_ROW: Final = 3
"""So many chats in a row that were asked for patience mean that the platform asks all."""


class RateLimit:
    """What may be sent when. Times are of a monotonic clock, in seconds."""

    def __init__(self, features: Features) -> None:
        self._gap_s = 1 / features.per_second
        self._most = max(1, int(features.per_chat_per_minute))
        self._window_s = MINUTE_S * self._most / features.per_chat_per_minute
        self._next_s = 0.0
        self._sent: dict[str, deque[float]] = {}
        self._waiting: list[str] = []
        self._pauses = Backoff()
        self._until_s = 0.0

    def wait_s(self, chat: str) -> float:
        """How long nothing may be sent to this chat; 0.0: something may be sent now."""
        now = monotonic()
        if now < self._until_s:
            return self._until_s - now
        times = self._sent.get(chat)
        while times and times[0] <= now - self._window_s:
            times.popleft()
        if times is not None and not times:
            del self._sent[chat]
        return times[0] + self._window_s - now if times and len(times) >= self._most else 0.0

    async def turn(self, chat: str) -> None:
        """Wait for the next moment at which anything may be sent, and count it for this chat."""
        now = monotonic()
        at = max(now, self._next_s)
        self._next_s = at + self._gap_s
        if at > now:
            await asyncio.sleep(at - now)
        self._sent.setdefault(chat, deque()).append(monotonic())

    def refused(self, chat: str, after_s: float | None) -> None:
        """This chat was asked for patience; when several are in a row, everything waits."""
        if chat not in self._waiting:
            self._waiting.append(chat)
        if len(self._waiting) >= IN_A_ROW:
            self._until_s = monotonic() + (self._pauses.next_s() if after_s is None else after_s)

    def went(self) -> None:
        """Something was sent."""
        self._waiting.clear()
        self._pauses.over()
