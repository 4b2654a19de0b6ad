"""How fast one caller may send requests: a bucket for each, which fills with time."""

import math
from collections import OrderedDict
from typing import Final

MOST_CALLERS: Final = 20_000
"""Those who were quiet longest are forgotten first, with a full bucket."""


class RequestPace:
    """`burst` requests at once, then `per_s` in each second."""

    def __init__(self, burst: int, per_s: float, most: int = MOST_CALLERS) -> None:
        self._burst, self._per_s, self._most = burst, per_s, most
        self._left: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def wait_s(self, who: str, now_ms: int) -> int:
        """0 if a request of `who` may go on now; else after how many seconds the next one may."""
        left, at_ms = self._left.pop(who, (float(self._burst), now_ms))
        left = min(self._burst, left + max(0, now_ms - at_ms) / 1000 * self._per_s)
        allowed = left >= 1
        self._left[who] = (left - allowed, now_ms)
        if len(self._left) > self._most:
            self._left.popitem(last=False)
        return 0 if allowed else math.ceil((1 - left) / self._per_s)
