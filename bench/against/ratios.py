"""Ratios of two trees from rounds in which both were measured one after the other."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

Figures = Mapping[str, float]
Round = tuple[Figures, Figures]
"""What this tree and the other one gave in one round."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a probe. `must` and `aim` are the highest ratios, this tree ÷ the other; None: it has no target."""

    key: str
    what: str
    unit: str
    must: float | None = None
    aim: float | None = None


@dataclass(frozen=True, slots=True)
class Ratio:
    """A figure of both trees: medians of each, and the median, least and greatest of the paired ratios."""

    figure: Figure
    other: float
    this: float
    ratio: float
    least: float
    greatest: float

    @classmethod
    def of(cls, figure: Figure, rounds: Sequence[Round]) -> "Ratio":
        """From all rounds: neighbours in time are divided, so that a busier machine weighs on both."""
        this, other = ([side[figure.key] for side in sides] for sides in zip(*rounds, strict=True))
        ratios = [mine / theirs for mine, theirs in zip(this, other, strict=True)]
        return cls(figure, median(other), median(this), median(ratios), min(ratios), max(ratios))

    @property
    def verdict(self) -> str:
        """One word."""
        must, aim = self.figure.must, self.figure.aim
        if must is None:
            return ""
        return "MISSED" if self.ratio > must else "aim met" if aim is not None and self.ratio <= aim else "met"


HEADS = ("measured", "unit", "then", "now", "now ÷ then", "least – most", "must", "aim", "")


def markdown(ratios: Iterable[Ratio]) -> str:
    """The table, readable as it stands and as Markdown."""
    cells = [HEADS, *(_cells(each) for each in ratios)]
    wide = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = ["| " + " | ".join(cell.ljust(w) for cell, w in zip(row, wide, strict=True)) + " |" for row in cells]
    return "\n".join([lines[0], "|" + "|".join("-" * (w + 2) for w in wide) + "|", *lines[1:]])


def _cells(each: Ratio) -> tuple[str, ...]:
    limits = (f"≤ {limit:.2f}" if limit is not None else "" for limit in (each.figure.must, each.figure.aim))
    return (
        each.figure.what,
        each.figure.unit,
        f"{each.other:,.1f}",
        f"{each.this:,.1f}",
        f"{each.ratio:.2f}",
        f"{each.least:.2f} – {each.greatest:.2f}",
        *limits,
        each.verdict,
    )
