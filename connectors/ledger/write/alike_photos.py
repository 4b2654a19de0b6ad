"""Finds after-photos that resemble each other, as they are handed in."""

from collections.abc import Iterable
from typing import Final

import numpy as np

from schemas.likeness import MOST_DIFFERENT

WORDS: Final = 4
"""A hash as 64-bit integers."""
FIRST: Final = 2
"""The one that is compared first: the lower middle, for the upper part of many photos is sky."""


class AlikeIndex:
    """All hashes so far, in 32 bytes each; a search reads a quarter of them."""

    def __init__(self, hashes: Iterable[str]) -> None:
        self._hashes = list(dict.fromkeys(hashes))
        self._known = set(self._hashes)
        self._bits = _bits(self._hashes) if self._hashes else np.zeros((WORDS, 0), dtype=np.uint64)

    def add(self, fresh: str) -> list[str]:
        """Add a hash; the others that it resembles, or none if it was there."""
        if fresh in self._known:
            return []
        count, mine = len(self._hashes), _bits([fresh])
        near = np.flatnonzero(np.bitwise_count(self._bits[FIRST, :count] ^ mine[FIRST]) <= MOST_DIFFERENT)
        apart = np.bitwise_count(self._bits[:, near] ^ mine).sum(axis=0)
        found = [self._hashes[place] for place in near[apart <= MOST_DIFFERENT]]
        if count == self._bits.shape[1]:
            self._bits = np.concatenate([self._bits, np.zeros((WORDS, max(count, 1024)), dtype=np.uint64)], axis=1)
        self._bits[:, count] = mine[:, 0]
        self._hashes.append(fresh)
        self._known.add(fresh)
        return found


def _bits(hashes: list[str]) -> "np.ndarray[tuple[int, ...], np.dtype[np.uint64]]":
    return np.frombuffer(bytes.fromhex("".join(hashes)), dtype=np.uint64).reshape(-1, WORDS).T.copy()
