"""Tells a busy source from a quiet one, so that its reader polls rarely while nothing happens."""

from time import monotonic
from typing import Final

QUIET_AFTER_S: Final = 60.0
"""A source counts as quiet when nothing has come for this long."""


class Quiet:
    """Remembers when something moved last and tells how long the next wait may be. `now_s`: monotonic seconds."""

    def __init__(self, after_s: float = QUIET_AFTER_S, now_s: float | None = None) -> None:
        self._after_s = after_s
        self._moved_s = 0.0
        self.moved(now_s)

    def moved(self, now_s: float | None = None) -> None:
        """Note that something happened."""
        self._moved_s = monotonic() if now_s is None else now_s

    def is_quiet(self, now_s: float | None = None) -> bool:
        """Whether nothing has happened for `after_s` seconds."""
        return (monotonic() if now_s is None else now_s) - self._moved_s >= self._after_s

    def either(self, busy_s: float, quiet_s: float, now_s: float | None = None) -> float:
        """Seconds to wait: `busy_s`, or `quiet_s` while it is quiet, but never less than `busy_s`."""
        return max(busy_s, quiet_s) if self.is_quiet(now_s) else busy_s
