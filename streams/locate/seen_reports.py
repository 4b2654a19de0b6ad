"""Every report id that `locate` has seen, compactly: a table of bytes, about 110 bytes for an id of 36 characters."""

from array import array
from collections.abc import Iterator
from struct import Struct
from typing import NamedTuple

_ENTRY = Struct("<8sI")  # content, home
_FREE = -1
_GONE = -2
_NEVER = 0xFFFFFFFF  # the minute of a dropped entry


class Seen(NamedTuple):
    """What is remembered of a report: a digest of its content (8 bytes), its home ("" when parked), log time in min."""

    content: bytes
    home: str
    minute: int


class Intake:
    """A dictionary from report id to `Seen`: open addressing over arrays, because a dict takes twice the memory."""

    def __init__(self) -> None:
        self._slots = array("i", [_FREE]) * 1024
        self._used = 0  # slots that are not free, including those of dropped ids
        self._entries = bytearray()
        self._minutes = array("I")
        self._ids: list[bytes | None] = []
        self._homes: dict[str, int] = {}
        self._home_names: list[str] = []
        self._holes: list[int] = []
        self._hand = 0

    def __len__(self) -> int:
        return len(self._ids) - len(self._holes)

    def get(self, report: str) -> Seen | None:
        """What is known of a report id."""
        slot = self._find(report.encode())
        return None if slot is None else self._at(self._slots[slot])

    def put(self, report: str, seen: Seen) -> None:
        """Remember a report id that is not known yet."""
        raw = report.encode()
        place = self._holes.pop() if self._holes else len(self._ids)
        if place == len(self._ids):
            self._ids.append(raw)
            self._entries.extend(bytes(_ENTRY.size))
            self._minutes.append(_NEVER)
        self._ids[place] = raw
        home = self._homes.setdefault(seen.home, len(self._home_names))
        if home == len(self._home_names):
            self._home_names.append(seen.home)
        _ENTRY.pack_into(self._entries, place * _ENTRY.size, seen.content, home)
        self._minutes[place] = seen.minute
        if 3 * (self._used + 1) > 2 * len(self._slots):
            self._grow()
        self._insert(raw, place)

    def drop(self, report: str) -> None:
        """Forget a report id."""
        slot = self._find(report.encode())
        if slot is not None:
            place = self._slots[slot]
            self._slots[slot] = _GONE
            self._ids[place] = None
            self._minutes[place] = _NEVER
            self._holes.append(place)

    def older(self, minute: int, looks: int) -> list[str]:
        """Ids seen before `minute` among the next `looks` entries; repeated calls go round all of them."""
        start = self._hand if self._hand < len(self._ids) else 0
        self._hand = start + looks
        old = [at for at, seen in enumerate(self._minutes[start : self._hand], start) if seen < minute]
        return [raw.decode() for raw in map(self._ids.__getitem__, old) if raw is not None]

    def items(self) -> Iterator[tuple[str, Seen]]:
        """All of them."""
        for place, raw in enumerate(self._ids):
            if raw is not None:
                yield raw.decode(), self._at(place)

    def _at(self, place: int) -> Seen:
        content, home = _ENTRY.unpack_from(self._entries, place * _ENTRY.size)
        return Seen(content, self._home_names[home], self._minutes[place])

    def _find(self, raw: bytes) -> int | None:
        slots, ids = self._slots, self._ids
        mask = len(slots) - 1
        slot = hash(raw) & mask
        while (place := slots[slot]) != _FREE:
            if place != _GONE and ids[place] == raw:
                return slot
            slot = (slot + 1) & mask
        return None

    def _insert(self, raw: bytes, place: int) -> None:
        slots = self._slots
        mask = len(slots) - 1
        slot = hash(raw) & mask
        while slots[slot] >= 0:
            slot = (slot + 1) & mask
        self._used += slots[slot] == _FREE
        slots[slot] = place

    def _grow(self) -> None:
        """Grow the table and drop deleted slots."""
        size = len(self._slots)
        while 3 * (len(self) + 1) > size:  # at most a third full afterwards
            size *= 2
        self._slots = array("i", [_FREE]) * size
        self._used = 0
        for place, raw in enumerate(self._ids):
            if raw is not None:
                self._insert(raw, place)
