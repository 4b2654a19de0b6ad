"""A token bucket, pure: it holds `size` tokens at most, gets them back within an hour, and gives one a report."""

from dataclasses import dataclass
from math import ceil
from typing import Final

HOUR_MS: Final = 3_600_000


@dataclass(frozen=True, slots=True)
class TokenBucket:
    """`left` tokens at `at_ms`; a new one is full."""

    size: int
    left: float
    at_ms: int

    @classmethod
    def full(cls, size: int, now_ms: int) -> "TokenBucket":
        """With all tokens."""
        return cls(size, float(size), now_ms)

    def at(self, now_ms: int, size: int | None = None) -> "TokenBucket":
        """The same later, perhaps with another size; a clock that goes back changes nothing."""
        now_size, passed_ms = self.size if size is None else size, max(0, now_ms - self.at_ms)
        left = min(float(now_size), self.left + passed_ms * now_size / HOUR_MS)
        return TokenBucket(now_size, left, max(self.at_ms, now_ms))

    @property
    def is_empty(self) -> bool:
        """Whether there is no token now."""
        return self.left < 1

    def taken(self) -> "TokenBucket":
        """With one token less; of an empty one nothing is taken."""
        return self if self.is_empty else TokenBucket(self.size, self.left - 1, self.at_ms)

    @property
    def again_ms(self) -> int:
        """When there is a token again (ms); now, when there is one."""
        return self.at_ms + ceil(max(0.0, 1 - self.left) * HOUR_MS / self.size)
