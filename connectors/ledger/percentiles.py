"""Percentiles of many numbers of which only those around the percentiles are read. Pure."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar

MIDDLE: Final = 0.5
MOST: Final = 0.9
SHARES: Final = (MIDDLE, MOST)

Source = TypeVar("Source")


@dataclass(slots=True)
class Bucketed(Generic[Source]):
    """Numbers counted in buckets that ascend as they do, by where they come from."""

    size: int
    """Of a bucket."""
    _counts: defaultdict[int, Counter[Source]] = field(default_factory=lambda: defaultdict(Counter))
    _read: defaultdict[int, list[int]] = field(default_factory=lambda: defaultdict(list))

    def count(self, source: Source, bucket: int, count: int) -> None:
        """So many more numbers are in a bucket."""
        self._counts[bucket][source] += count

    def count_all(self, other: "Bucketed[Source]") -> None:
        """All numbers of `other` are in their buckets, too."""
        for bucket, sources in other._counts.items():
            self._counts[bucket].update(sources)

    def wanted(self) -> Iterator[tuple[Source, int]]:
        """The buckets to read before `percentile` is asked."""
        total = self.total
        ranks = {rank for share in SHARES for rank in _ranks(total, share)} if total else set()
        for bucket in {self._place(rank)[0] for rank in ranks}:
            yield from ((source, bucket) for source in self._counts[bucket])

    def read(self, number: int) -> None:
        """One number of a bucket that was wanted."""
        self._read[number // self.size].append(number)

    def read_all(self, other: "Bucketed[Source]") -> None:
        """All numbers that `other` has read."""
        for numbers in other._read.values():
            for number in numbers:
                self.read(number)

    @property
    def total(self) -> int:
        """How many numbers there are."""
        return sum(sources.total() for sources in self._counts.values())

    def percentile(self, share: float, per: int = 1) -> float | None:
        """As of all numbers; `share` is one of `SHARES`."""
        for numbers in self._read.values():
            numbers.sort()

        def number(rank: int) -> int:
            bucket, place = self._place(rank)
            return self._read[bucket][place]

        return _between(number, self.total, share, per)

    def _place(self, rank: int) -> tuple[int, int]:
        """The bucket of a rank, and its place there."""
        for bucket in sorted(self._counts):
            count = self._counts[bucket].total()
            if rank < count:
                return bucket, rank
            rank -= count
        raise IndexError


def percentile(ascending: Sequence[int], share: float, per: int = 1) -> float | None:
    """Linear between ranks (inclusive), divided by `per`; None if there are no numbers."""
    return _between(ascending.__getitem__, len(ascending), share, per)


def _ranks(total: int, share: float) -> tuple[int, int]:
    low = int(share * (total - 1))
    return low, min(low + 1, total - 1)


def _between(number: Callable[[int], int], total: int, share: float, per: int) -> float | None:
    if not total:
        return None
    low, high = map(number, _ranks(total, share))
    rank = share * (total - 1)
    return round((low + (high - low) * (rank - int(rank))) / per, 3)
