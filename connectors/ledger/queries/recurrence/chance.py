"""How likely so many are by chance: binomial and hypergeometric, and what asking about many places changes. Pure."""

from collections.abc import Sequence
from math import exp, lgamma, log, log1p
from typing import Final

ENOUGH: Final = 1e-17
"""Terms of a tail below this part of its sum change nothing."""


def at_least(cases: int, of: int, share: float) -> float:
    """P(X ≥ `cases`) where each of `of` cases falls here with probability `share`, 0 to 1."""
    if cases <= 0 or share >= 1:
        return 1.0
    if cases > of or share <= 0:
        return 0.0
    if cases <= of * share:  # the other side is the shorter one, and nothing near 1 is told apart anyway
        return 1.0 - _sum(cases - 1, of, share, -1)
    return min(1.0, _sum(cases, of, share, 1))


def _sum(first: int, of: int, share: float, step: int) -> float:
    """The probabilities from `first` on, away from the middle, where each is smaller than the one before."""
    odds, n = share / (1 - share), first
    term = exp(_ways(of, n) + n * log(share) + (of - n) * log1p(-share))
    total = 0.0
    while 0 <= n <= of and term > total * ENOUGH:
        total += term
        term *= odds * (of - n) / (n + 1) if step > 0 else n / ((of - n + 1) * odds)
        n += step
    return total


def among_later(n: int, here: int, later: int, whole: int) -> float:
    """The probability that exactly `n` of those here are among the later ones of the whole (Fisher's exact test)."""
    return exp(_ways(later, n) + _ways(whole - later, here - n) - _ways(whole, here))


def _ways(of: int, n: int) -> float:
    """The logarithm of the number of ways to choose `n`."""
    return lgamma(of + 1) - lgamma(n + 1) - lgamma(of - n + 1)


def false_discovery(chances: Sequence[float], asked: int) -> list[float]:
    """For each chance the smallest share of false finds with which it is a find, where `asked` places were looked at.

    Benjamini and Hochberg 1995; those that are not in `chances` count as 1.
    """
    order = sorted(range(len(chances)), key=lambda n: chances[n])
    found, least = [1.0] * len(chances), 1.0
    for rank in range(len(order), 0, -1):
        n = order[rank - 1]
        least = min(least, chances[n] * asked / rank)
        found[n] = least
    return found
