"""Whether a place has fewer cases of a category since a day, beyond how the other places changed. Pure."""

from enum import StrEnum
from typing import Final, NamedTuple

from connectors.ledger.queries.recurrence.chance import among_later
from connectors.ledger.queries.recurrence.spots import FEWEST, Spots

BY_CHANCE: Final = 0.05
"""A change is said from this probability of chance on: one place is asked about, not all of them."""


class Since(StrEnum):
    """A place after a day beside itself before it."""

    FEWER = "fewer"
    MORE = "more"
    UNSURE = "unsure"
    """The difference may be chance, or the other places have too little to compare with."""
    TOO_FEW = "too_few"
    """Both periods together have too few cases."""


class Remedied(NamedTuple):
    """Cases before and after, here and at all other places, and what they say."""

    before: int
    after: int
    others_before: int
    others_after: int
    expected: float
    """Cases after the day if this place had changed like all of them together."""
    chance: float
    """Probability (0 to 1) of a difference at least as large, to either side, if it had: twice the shorter tail."""
    since: Since


def remedied(before: Spots, after: Spots, place: str, category: str) -> Remedied:
    """Of the cases of two periods of one length, before and from a day on.

    Fisher's exact test: as many are here, and as many come after the day, as there are; which ones is chance. What
    changes everywhere, such as the season, is no effect.
    """
    first, then = (cases.get((place, category), 0) for cases in (before, after))
    others_first, others_then = (
        sum(n for (other, each), n in cases.items() if each == category and other != place) for cases in (before, after)
    )
    here, later = first + then, then + others_then
    whole = here + others_first + others_then
    expected = here * later / whole if whole else 0.0
    less = then < expected
    least, most = max(0, here + later - whole), min(here, later)
    those = range(least, then + 1) if less else range(then, most + 1)
    chance = min(1.0, 2 * sum(among_later(n, here, later, whole) for n in those))
    if here < FEWEST:
        since = Since.TOO_FEW
    elif chance > BY_CHANCE:
        since = Since.UNSURE
    else:
        since = Since.FEWER if less else Since.MORE
    return Remedied(first, then, others_first, others_then, expected, chance, since)
