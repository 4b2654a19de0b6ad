"""Decides whether a partition waits for more records before its next transaction.

A transaction costs the worker and the broker far more than one command in it. A worker at rest takes each command at
once. A busy one lets the commands of the next few milliseconds come together, which also shortens everybody's queue.
"""

from collections import deque
from time import monotonic
from typing import Final

WINDOW_S: Final = 1.0
"""So far back a worker looks to see whether it is busy."""


class Gathering:
    """What a worker has applied in the last second; one for all its partitions. `now_s`: monotonic seconds."""

    def __init__(self, busy_records_per_s: float) -> None:
        self._busy = busy_records_per_s * WINDOW_S
        self._applied: deque[tuple[float, int]] = deque()
        self._sum = 0

    def applied(self, records: int, now_s: float | None = None) -> None:
        """So many records were applied in one transaction."""
        self._applied.append((monotonic() if now_s is None else now_s, records))
        self._sum += records

    def is_busy(self, now_s: float | None = None) -> bool:
        """Whether that is so much that a partition should gather after a transaction that ends now."""
        since_s = (monotonic() if now_s is None else now_s) - WINDOW_S
        while self._applied and self._applied[0][0] <= since_s:
            self._sum -= self._applied.popleft()[1]
        return self._sum >= self._busy
