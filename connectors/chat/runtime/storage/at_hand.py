"""What was just written and comes next, so that the file is not asked for it.

It only saves reading: whoever finds nothing here reads the file. It changes in the order of the writes, after each is
on disk, and counts for a moment only: other connections erase words and forget people.
"""

from time import monotonic
from typing import Final, Generic, TypeVar

FRESH_S: Final = 0.5
"""For how long it counts: no longer than a message may be on its way to its platform."""

V = TypeVar("V")


class Next(Generic[V]):
    """What comes next for each key, or that nothing does: each answer once, since whoever takes it changes it."""

    def __init__(self, fresh_s: float = FRESH_S) -> None:
        self._values: dict[str, tuple[V | None, float]] = {}
        self._fresh_s = fresh_s
        self.clear = self._values.clear

    def put(self, key: str, value: V | None) -> None:
        """This comes next; None: nothing."""
        self._values[key] = (value, monotonic())

    def drop(self, key: str) -> None:
        """It has to be read."""
        self._values.pop(key, None)

    def take(self, key: str) -> tuple[bool, V | None]:
        """Whether it is known, and what it is."""
        value, at_s = self._values.pop(key, (None, float("-inf")))
        return (True, value) if monotonic() - at_s < self._fresh_s else (False, None)
