"""How long to wait after a failure: it doubles up to a longest pause, with jitter, never less than asked for; pure."""

from typing import Final

MOST_DOUBLINGS: Final = 40


def pause_s(tries: int, first_s: float, longest_s: float, drawn: float, after_s: float = 0.0) -> float:
    """The pause after the `tries`-th failure in a row, from 1 on.

    `drawn` is a random number in 0 … 1: the pause lies in the upper half, so that few come together. `after_s` is what
    the receiver asked for.
    """
    longest = min(longest_s, first_s * 2.0 ** min(tries - 1, MOST_DOUBLINGS))
    return max(longest * (0.5 + drawn / 2), after_s)
