"""Deduplication window for commands that belong to no case: a redelivered one has no effect.

These are covers, activations, and acts refused because their case is unknown or archived. A partition remembers 512,
each in a slot of its own, so that one more writes one small record.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from schemas.codec import decode, encode
from schemas.models import LogModel

SEEN: Final = "seen/"
SLOTS: Final = 512


class Remembered(LogModel):
    """The value of `seen/<slot>`: the id of a command."""

    id: str


class RecentCommands:
    """Ids of commands by slot; changed only by `streams.cases.unit_of_work.Change.accept`."""

    def __init__(self) -> None:
        self._ids: dict[int, str] = {}
        self._known: set[str] = set()

    def __contains__(self, command: str) -> bool:
        return command in self._known

    def put(self, slot: int, command: str) -> None:
        """Remember this one instead of the oldest."""
        self._known.discard(self._ids.get(slot, ""))
        self._ids[slot] = command
        self._known.add(command)

    def restore(self, key: str, value: bytes) -> None:
        """Take in one record of the state."""
        self.put(int(key.removeprefix(SEEN)), decode(Remembered, value).id)

    def items(self) -> Iterator[tuple[str, bytes]]:
        """Its records, as the topic has them."""
        return _records(self._ids)


class NewCommands:
    """What one change adds; `count` is how many the partition has ever remembered."""

    def __init__(self, ring: RecentCommands) -> None:
        self._ring = ring
        self._added: dict[int, str] = {}

    def __contains__(self, command: str) -> bool:
        return command in self._ring or command in self._added.values()

    def add(self, command: str, count: int) -> int:
        """Remember one; the count from then on."""
        if command in self:
            return count
        self._added[count % SLOTS] = command
        return count + 1

    def changes(self) -> Mapping[str, bytes]:
        """State keys and their values."""
        return dict(_records(self._added))

    def accept(self) -> None:
        """Add them to the window."""
        for slot, command in self._added.items():
            self._ring.put(slot, command)


def _records(ids: Mapping[int, str]) -> Iterator[tuple[str, bytes]]:
    return ((SEEN + str(slot), encode(Remembered(id=command))) for slot, command in ids.items())
