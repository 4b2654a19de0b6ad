"""How much one person may be sent. What is more, WeCom drops without a word, so it is not sent before its time."""

import time
from collections import deque
from collections.abc import Callable
from typing import Final

from connectors.chat.platform import TryLater

MINUTE_S: Final = 60.0
HOUR_S: Final = 3600.0


class MemberLimits:
    """Counts what went to each person in the last hour; after a restart it begins anew."""

    def __init__(self, per_minute: int, per_hour: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._limits = ((MINUTE_S, per_minute), (HOUR_S, per_hour))
        self._clock = clock
        self._sent: dict[str, deque[float]] = {}
        self._swept_s = clock()

    def count(self, person: str) -> None:
        """One more goes to this person now. Raises `TryLater` when it has to wait."""
        now = self._clock()
        self._sweep(now)
        sent = self._sent.setdefault(person, deque())
        for span_s, most in self._limits:
            if len(sent) >= most and sent[-most] > now - span_s:
                raise TryLater("so much was sent to this person already", sent[-most] + span_s - now)
        sent.append(now)
        if len(sent) > max(most for _, most in self._limits):
            sent.popleft()

    def _sweep(self, now: float) -> None:
        """Forget who was sent nothing for an hour."""
        if now - self._swept_s >= MINUTE_S:
            self._swept_s = now
            self._sent = {who: sent for who, sent in self._sent.items() if sent and sent[-1] > now - HOUR_S}
