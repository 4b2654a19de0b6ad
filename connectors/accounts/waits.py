"""How long somebody waits after wrong tries: by account, which a file remembers, and by address, in memory."""

from collections import OrderedDict, deque
from dataclasses import dataclass
from typing import Final

MINUTE_MS: Final = 60_000
FREE: Final = 5
"""Wrong tries at one account without a wait."""
LONGEST_MS: Final = 15 * MINUTE_MS
FORGOTTEN_MS: Final = 86_400_000
"""After so long without a wrong try they are counted anew."""


@dataclass(frozen=True, slots=True)
class Tries:
    """Wrong tries at one account."""

    wrong: int = 0
    last_ms: int = 0
    until_ms: int = 0
    """Nothing is tried before, not even the right password."""

    def and_one(self, now_ms: int) -> "Tries":
        """The same with one more."""
        before = self.wrong if now_ms - self.last_ms < FORGOTTEN_MS else 0
        return Tries(before + 1, now_ms, now_ms + wait_ms(before + 1))


def wait_ms(wrong: int) -> int:
    """How long to wait after so many wrong tries: 1, 2, 4, 8 and then 15 minutes each."""
    return 0 if wrong < FREE else min(LONGEST_MS, MINUTE_MS << min(wrong - FREE, 10))


class AddressTries:
    """Wrong tries by address, of the last `span_ms`; of the addresses that tried least lately some are forgotten."""

    def __init__(self, most: int = 30, span_ms: int = 10 * MINUTE_MS, addresses: int = 10_000) -> None:
        self._most, self._span_ms, self._addresses = most, span_ms, addresses
        self._tries: OrderedDict[str, deque[int]] = OrderedDict()

    def wait_ms(self, address: str, now_ms: int) -> int:
        """How long until this address may try again."""
        tries = self._tries.get(address)
        if tries is None:
            return 0
        while tries and tries[0] <= now_ms - self._span_ms:
            tries.popleft()
        return 0 if len(tries) < self._most else tries[0] + self._span_ms - now_ms

    def add(self, address: str, now_ms: int) -> None:
        """One was wrong."""
        self._tries.setdefault(address, deque(maxlen=self._most)).append(now_ms)
        self._tries.move_to_end(address)
        while len(self._tries) > self._addresses:
            self._tries.popitem(last=False)

    def take_back(self, address: str) -> None:
        """The last one was right after all."""
        if tries := self._tries.get(address):
            tries.pop()
