"""Growing pauses with jitter and a cap."""

import random
from typing import Final

FIRST_S: Final = 0.5
CAP_S: Final = 60.0


class Backoff:
    """Pauses that double from `first_s` up to `cap_s`; each is drawn from its upper half, so that few come together."""

    def __init__(self, first_s: float = FIRST_S, cap_s: float = CAP_S) -> None:
        self._first_s, self.cap_s = first_s, cap_s
        self.tries = 0
        """How many pauses there were since the last success."""

    def next_s(self) -> float:
        """The next pause, in seconds."""
        pause = min(self.cap_s, self._first_s * 2.0 ** min(self.tries, 30))
        self.tries += 1
        return pause * random.uniform(0.5, 1.0)

    def over(self) -> None:
        """It worked: begin anew."""
        self.tries = 0
