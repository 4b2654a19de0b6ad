"""Cases in memory as objects, as bytes, or both; and which of them stay decoded."""

from collections import OrderedDict
from typing import Final, Self

from schemas.case import Case
from schemas.codec import decode, encode

EXACT_FROM: Final = 100_000
"""Bytes from which on it is worth to encode a case only to know its size."""


class CachedCase:
    """A case as it stands in the state: its bytes are made when they are written, its object when it is asked for."""

    __slots__ = ("_case", "_most", "_raw")

    def __init__(self, case: Case | None, raw: bytes | None, most: int) -> None:
        self._case = case
        self._raw = raw
        self._most = most

    @classmethod
    def changed(cls, case: Case, most: int) -> Self:
        """A case that has not been written yet, of `most` bytes at the most."""
        return cls(case, None, most)

    @classmethod
    def written(cls, raw: bytes) -> Self:
        """A case out of the state topic."""
        return cls(None, raw, len(raw))

    @property
    def case(self) -> Case:
        """The case."""
        if self._case is None:
            self._case = decode(Case, self._raw)
        return self._case

    @property
    def is_decoded(self) -> bool:
        """True if the case is already decoded."""
        return self._case is not None

    @property
    def raw(self) -> bytes:
        """Its bytes."""
        if self._raw is None:
            self._raw = encode(self.case)
            self._most = len(self._raw)
        return self._raw

    @property
    def size(self) -> int:
        """How many bytes that are at the most."""
        return self._most if self._most < EXACT_FROM else len(self.raw)

    def pack(self) -> None:
        """Keep only the bytes, a quarter of the memory."""
        self._raw, self._case = self.raw, None


class RecentlyUsed:
    """The cases that stay decoded, the latest used ones, shared by all partitions of a worker (about 8 kB each)."""

    def __init__(self, most: int = 2048) -> None:
        self._most = most
        self._kept: OrderedDict[CachedCase, None] = OrderedDict()

    def add(self, kept: CachedCase) -> None:
        """Decoded or changed now."""
        self._kept[kept] = None
        if len(self._kept) > self._most:
            oldest, _ = self._kept.popitem(last=False)
            oldest.pack()

    def drop(self, kept: CachedCase) -> None:
        """It is no longer how the case stands."""
        self._kept.pop(kept, None)
