"""Figures that the stream counts. Topic `measures`, key = `{partition}/{figure}`; readers add partitions up."""

from bisect import bisect_left
from typing import Final, Literal

from pydantic import Field

from schemas.models import LogModel

BOUNDS_S: Final = tuple(
    round(base * 10**power) for power in range(1, 8) for base in (1.0, 1.25, 1.6, 2.0, 2.5, 3.2, 4.0, 5.0, 6.3, 8.0)
)
"""Upper ends of the histogram's buckets in seconds, from 10 s to 926 days: each within a third of the next."""


class Measure(LogModel):
    """One figure: how many, their sum in milliseconds, and a histogram over `BOUNDS_S` (bucket index to count)."""

    v: Literal[1] = 1
    count: int = 0
    sum_ms: int = 0
    buckets: dict[int, int] = Field(default_factory=dict)


class Tally:
    """A figure being counted: a mutable `Measure`."""

    __slots__ = ("_buckets", "_count", "_sum_ms")

    def __init__(self, measure: Measure | None = None) -> None:
        self._count = measure.count if measure else 0
        self._sum_ms = measure.sum_ms if measure else 0
        self._buckets = dict(measure.buckets) if measure else {}

    def add(self, value_ms: int, times: int = 1) -> None:
        """Count `value_ms` this many times; a negative number removes it again (a reopened case)."""
        bucket = bisect_left(BOUNDS_S, value_ms / 1000)
        self._count += times
        self._sum_ms += value_ms * times
        self._buckets[bucket] = self._buckets.get(bucket, 0) + times

    @property
    def measure(self) -> Measure:
        """The present figure."""
        buckets = {bucket: number for bucket, number in sorted(self._buckets.items()) if number}
        return Measure(count=self._count, sum_ms=self._sum_ms, buckets=buckets)
