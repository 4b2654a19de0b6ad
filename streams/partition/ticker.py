"""Appends a tick when a deadline is overdue by the wall clock and no other record arrives."""

import time

SAFETY_MS = 5
"""A deadline fires when it is before the tick's time, so the tick must come a little later."""


class Ticker:
    """At most one tick unread on the log, and a pause after one that fired nothing (clocks differ)."""

    def __init__(self, pause_s: float) -> None:
        self._pause_s = pause_s
        self._unread_offset = -1
        self._fired_before = -1
        self._not_before = 0.0
        self._never = False

    def delay_s(self, due_ms: int | None, next_offset: int, fired: int) -> float | None:
        """Seconds until a tick is due; None when something else has to happen first.

        `next_offset` is the first one not applied, `fired` how many deadlines this partition has fired so far.
        """
        if due_ms is None or self._never or next_offset <= self._unread_offset:
            return None
        delay_s = (due_ms + SAFETY_MS) / 1000 - time.time()
        if fired == self._fired_before:
            delay_s = max(delay_s, self._not_before - time.monotonic())
        return max(delay_s, 0.0)

    def sent(self, offset: int | None, fired: int) -> None:
        """A tick is on the log at `offset`, or could not be appended (None): try again after the pause."""
        self._unread_offset = -1 if offset is None else offset
        self._fired_before = fired
        self._not_before = time.monotonic() + self._pause_s

    def never(self) -> None:
        """The step does not tick."""
        self._never = True
