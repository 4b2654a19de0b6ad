"""Percentiles of many numbers of which only those around the percentiles are read. Pure."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar

MIDDLE: Final = 0.5
MOST: Final = 0.9
SHARES: Final = (MIDDLE, MOST)

Source = TypeVar("Source")


@dataclass(slots=True)
class Bucketed(Generic[Source]):
    """Numbers counted in buckets that ascend as they do, and where they come from."""

    _counts: dict[int, int] = field(default_factory=dict)
    _sources: set[Source] = field(default_factory=set)
    _read: defaultdict[int, list[int]] = field(default_factory=lambda: defaultdict(list))

    def count(self, source: Source, counts: Mapping[int, int]) -> None:
        """So many more numbers are in these buckets."""
        self._sources.add(source)
        self._add(counts)

    def count_all(self, other: "Bucketed[Source]") -> None:
        """All numbers of `other` are in their buckets, too."""
        self._sources |= other._sources
        self._add(other._counts)

    def wanted(self, shares: Collection[float] = SHARES) -> Iterator[tuple[Source, int]]:
        """The buckets to read before `percentile` is asked for one of `shares`."""
        for bucket in {bucket for share in shares for bucket, _ in self._places(share)}:
            yield from ((source, bucket) for source in self._sources)

    def read(self, bucket: int, numbers: Iterable[int]) -> None:
        """Numbers of a bucket that was wanted."""
        self._read[bucket] += numbers

    def read_all(self, other: "Bucketed[Source]") -> None:
        """All numbers that `other` has read."""
        for bucket, numbers in other._read.items():
            self._read[bucket] += numbers

    @property
    def total(self) -> int:
        """How many numbers there are."""
        return sum(self._counts.values())

    def percentile(self, share: float, per: int = 1) -> float | None:
        """As of all numbers; `share` is one of those that were wanted."""
        found = [sorted(self._read[bucket])[place] for bucket, place in self._places(share)]
        return _between(found, self.total, share, per)

    def _add(self, counts: Mapping[int, int]) -> None:
        own = self._counts
        for bucket, count in counts.items():
            own[bucket] = own.get(bucket, 0) + count

    def _places(self, share: float) -> list[tuple[int, int]]:
        """The bucket of each of the two numbers around a percentile, and its place there; none of no numbers."""
        places, before, ranks = list[tuple[int, int]](), 0, _ranks(self.total, share)
        for bucket in sorted(self._counts):
            upto = before + self._counts[bucket]
            while len(places) < len(ranks) and ranks[len(places)] < upto:
                places.append((bucket, ranks[len(places)] - before))
            if len(places) == len(ranks):
                break
            before = upto
        return places


def percentile(ascending: Sequence[int], share: float, per: int = 1) -> float | None:
    """Linear between ranks (inclusive), divided by `per`; None if there are no numbers."""
    found = [ascending[rank] for rank in _ranks(len(ascending), share)]
    return _between(found, len(ascending), share, per)


def _ranks(total: int, share: float) -> Sequence[int]:
    low = int(share * (total - 1))
    return (low, min(low + 1, total - 1)) if total else ()


def _between(found: Sequence[int], total: int, share: float, per: int) -> float | None:
    if not found:
        return None
    low, high = found
    rank = share * (total - 1)
    return round((low + (high - low) * (rank - int(rank))) / per, 3)
