"""Figures that the stream counts. Topic `measures`, key = `{partition}/{figure}`; readers add partitions up."""

from bisect import bisect_left
from typing import Final, Literal

from pydantic import Field

from schemas.value import Value

BOUNDS_S: Final = tuple(
    round(base * 10**power) for power in range(1, 8) for base in (1.0, 1.25, 1.6, 2.0, 2.5, 3.2, 4.0, 5.0, 6.3, 8.0)
)
"""Upper ends of the histogram's buckets in seconds, from 10 s to 926 days: each within a third of the next."""


class Measure(Value):
    """One figure: how many, their sum in milliseconds, and a histogram over `BOUNDS_S` (bucket index to count)."""

    v: Literal[1] = 1
    count: int = 0
    sum_ms: int = 0
    buckets: dict[int, int] = Field(default_factory=dict)

    def plus(self, value_ms: int, times: int = 1) -> "Measure":
        """With `value_ms` counted `times` times more; a negative number takes it out again (a reopened case)."""
        bucket = bisect_left(BOUNDS_S, value_ms / 1000)
        buckets = {**self.buckets, bucket: self.buckets.get(bucket, 0) + times}
        return Measure(
            count=self.count + times,
            sum_ms=self.sum_ms + value_ms * times,
            buckets={b: n for b, n in sorted(buckets.items()) if n},
        )
