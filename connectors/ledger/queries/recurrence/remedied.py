"""Whether a place has fewer cases of a category since a day, beyond how the other places changed. Pure."""

from enum import StrEnum
from typing import Final, NamedTuple

from connectors.ledger.queries.recurrence.chance import at_least
from connectors.ledger.queries.recurrence.spots import FEWEST, Spots

BY_CHANCE: Final = 0.05
"""A change is said from this probability of chance on: one place is asked about, not all of them."""


class Since(StrEnum):
    """A place after a day beside itself before it."""

    FEWER = "fewer"
    MORE = "more"
    UNSURE = "unsure"
    """The difference may be chance."""
    TOO_FEW = "too_few"
    """Both periods together have too few cases."""


class Remedied(NamedTuple):
    """Cases before and after, here and at all other places, and what they say."""

    before: int
    after: int
    others_before: int
    others_after: int
    expected: float
    """Cases after the day if this place had changed like the others."""
    chance: float
    """Probability (0 to 1) of a difference at least as large, to either side, if it had: twice the shorter tail."""
    since: Since


def remedied(before: Spots, after: Spots, segment: str, category: str) -> Remedied:
    """Of the cases of two periods of one length, before and from a day on.

    Given how many there are here in both, those after it follow the part of the other places by chance: what changes
    everywhere, such as the season, is no effect.
    """
    first, then = (cases.get((segment, category), 0) for cases in (before, after))
    others_first, others_then = (
        sum(n for (place, each), n in cases.items() if each == category and place != segment)
        for cases in (before, after)
    )
    both = first + then
    part = (others_then + 0.5) / (others_first + others_then + 1)  # without others both periods are alike
    expected = both * part
    less = then < expected
    tail = at_least(first, both, 1 - part) if less else at_least(then, both, part)
    chance = min(1.0, 2 * tail)
    if both < FEWEST:
        since = Since.TOO_FEW
    elif chance > BY_CHANCE:
        since = Since.UNSURE
    else:
        since = Since.FEWER if less else Since.MORE
    return Remedied(first, then, others_first, others_then, expected, chance, since)
