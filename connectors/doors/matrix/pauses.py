"""Growing pauses between attempts."""

import random
from typing import Final

LONGEST_S: Final = 60.0


class Pauses:
    """1, 2, 4 … seconds up to a minute, each a little off, so that many do not come back at the same moment."""

    def __init__(self) -> None:
        self._next_s = 1.0

    def after(self, wanted_s: float | None = None) -> float:
        """The next pause in seconds; not shorter than what was asked for."""
        pause_s, self._next_s = self._next_s, min(self._next_s * 2, LONGEST_S)
        return max(pause_s * random.uniform(0.8, 1.2), wanted_s or 0.0)

    def reset(self) -> None:
        """It worked."""
        self._next_s = 1.0
