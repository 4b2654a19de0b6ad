"""Caches the cases of a partition as objects, as bytes, or both, and decides which stay decoded."""

from collections import OrderedDict
from typing import Final, Self

from schemas.case import Case
from schemas.codec import decode, encode

EXACT_FROM: Final = 100_000
"""From this many bytes on, a case is encoded just to learn its exact size."""


class CachedCase:
    """A case of the state: encoded when it is written, decoded when somebody asks for it."""

    __slots__ = ("_case", "_most", "_raw")

    def __init__(self, case: Case | None, raw: bytes | None, most: int) -> None:
        self._case = case
        self._raw = raw
        self._most = most

    @classmethod
    def changed(cls, case: Case, most: int) -> Self:
        """A case not written yet, of at most `most` bytes."""
        return cls(case, None, most)

    @classmethod
    def written(cls, raw: bytes) -> Self:
        """A case read from the state topic."""
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
        """Its size in bytes, or an upper bound."""
        return self._most if self._most < EXACT_FROM else len(self.raw)

    def pack(self) -> None:
        """Keep only the bytes, a quarter of the memory."""
        self._raw, self._case = self.raw, None


class RecentlyUsed:
    """Keeps the most recently used cases decoded (about 8 kB each); shared by all partitions of a worker."""

    def __init__(self, most: int = 2048) -> None:
        self._most = most
        self._kept: OrderedDict[CachedCase, None] = OrderedDict()

    def add(self, cached: CachedCase) -> None:
        """Note that a case was decoded or changed just now."""
        self._kept[cached] = None
        if len(self._kept) > self._most:
            oldest, _ = self._kept.popitem(last=False)
            oldest.pack()

    def drop(self, cached: CachedCase) -> None:
        """Forget a version of a case that was replaced."""
        self._kept.pop(cached, None)
