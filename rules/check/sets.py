"""What a cell accepts, as sets with exact intersection and difference, without listing values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import inf
from typing import Final, TypeAlias

from schemas.calendar import DayKind, ShiftKind
from schemas.people import Role
from schemas.report import ReportKind, Urgency
from schemas.table import Cell, Fact, kind_of

_USUAL: Final = ("problem", "resident", "normal")  # everyday values make examples easier to follow
Span: TypeAlias = tuple[float, float]
"""Whole numbers from the first to the last, both included."""


@dataclass(frozen=True, slots=True)
class Texts:
    """These texts, or with `others` everything but these, an absent fact included."""

    values: frozenset[str]
    others: bool = False

    @property
    def empty(self) -> bool:
        """Whether the set is empty."""
        return not self.others and not self.values

    def both(self, other: Part) -> Texts:
        """What is in both."""
        assert isinstance(other, Texts), "one column has one kind"
        if self.others and other.others:
            return Texts(self.values | other.values, True)
        if self.others:
            return Texts(other.values - self.values)
        return Texts(self.values - other.values if other.others else self.values & other.values)

    def rest(self) -> Texts:
        """What is not in it."""
        return Texts(self.values, not self.others)

    def sample(self) -> str | None:
        """One text of it; None: an absent fact belongs to it."""
        if self.others:
            return None
        return next((usual for usual in _USUAL if usual in self.values), min(self.values))


@dataclass(frozen=True, slots=True)
class Numbers:
    """Whole numbers in spans that do not meet, in order; `absent`: an absent fact, too."""

    spans: tuple[Span, ...]
    absent: bool = False

    @property
    def empty(self) -> bool:
        """Whether the set is empty."""
        return not self.absent and not self.spans

    def both(self, other: Part) -> Numbers:
        """What is in both."""
        assert isinstance(other, Numbers), "one column has one kind"
        met = ((max(a, c), min(b, d)) for a, b in self.spans for c, d in other.spans)
        return Numbers(tuple((low, high) for low, high in met if low <= high), self.absent and other.absent)

    def rest(self) -> Numbers:
        """What is not in it."""
        spans, low = [], -inf
        for first, last in self.spans:
            if low < first:
                spans.append((low, first - 1))
            low = last + 1
        if low < inf:
            spans.append((low, inf))
        return Numbers(tuple(spans), not self.absent)

    def sample(self) -> int | None:
        """One number of it, one that stands in the table where there is one; None: an absent fact will do."""
        if self.absent:
            return None
        low, high = self.spans[0]
        return int(low) if low > -inf else int(high) if high < inf else 0


Part: TypeAlias = Texts | Numbers
Box: TypeAlias = tuple[Part, ...]
"""What a row lets through: a part for each input of the table, in the order of the columns."""

_CLOSED: dict[str, Part] = {  # always known, and nothing else comes
    "kind": Texts(frozenset(kind.value for kind in ReportKind)),
    "urgency": Texts(frozenset(each.value for each in Urgency)),
    "reporter_kind": Texts(frozenset(role.value for role in Role)),
    "month": Numbers(((1, 12),)),
    "weekday": Numbers(((1, 7),)),
    "hour": Numbers(((0, 23),)),
    "day_kind": Texts(frozenset(kind.value for kind in DayKind)),
    "shift": Texts(frozenset(kind.value for kind in ShiftKind)),
}
_ANY_TEXT = Texts(frozenset(), others=True)
_ANY_NUMBER = Numbers(((-inf, inf),), absent=True)


def whole(fact: str) -> Part:
    """Everything that a fact can be."""
    return _CLOSED.get(fact) or (_ANY_NUMBER if kind_of(fact) == "number" else _ANY_TEXT)


def part_of(fact: str, cell: Cell) -> Part:
    """What a cell under this fact lets through, of what the fact can be."""
    if cell.is_any:
        return whole(fact)
    return whole(fact).both(only(fact, cell.one_of) if cell.one_of is not None else _range(cell))


def only(fact: str, values: Iterable[Fact]) -> Part:
    """Just these values."""
    if kind_of(fact) == "number":
        numbers = sorted(value for value in values if isinstance(value, int))
        return Numbers(tuple((value, value) for value in numbers))
    return Texts(frozenset(value for value in values if isinstance(value, str)))


def _range(cell: Cell) -> Numbers:
    return Numbers(((-inf if cell.ge is None else cell.ge, inf if cell.le is None else cell.le),))


def met(one: Box, other: Box) -> Box | None:
    """What both boxes hold, or None when they do not meet."""
    both = tuple(_both(a, b) for a, b in zip(one, other, strict=True))
    return None if any(part.empty for part in both) else both


def holds(one: Box, other: Box) -> bool:
    """Whether everything in `other` is in `one`."""
    return all(_both(b, a.rest()).empty for a, b in zip(one, other, strict=True))


def left_over(box: Box, boxes: Iterable[Box], budget: int) -> list[Box] | None:
    """The parts of `box` that none of `boxes` holds, empty when together they hold it all.

    None: more than `budget` pieces were looked at, and nobody knows.
    """
    pieces = [box]
    for other_box in boxes:
        if not pieces:
            break
        if budget < 0:
            return None
        budget -= len(pieces)
        pieces = [left for piece in pieces for left in _minus(piece, other_box)]
    return pieces


def _minus(box: Box, other_box: Box) -> list[Box]:
    """`box` without `taken`, as boxes that do not meet."""
    if met(box, other_box) is None:
        return [box]
    pieces, rest = [], box
    for i, part in enumerate(other_box):
        outer = _both(rest[i], part.rest())
        if not outer.empty:
            pieces.append((*rest[:i], outer, *rest[i + 1 :]))
        rest = (*rest[:i], _both(rest[i], part), *rest[i + 1 :])
    return pieces


def _both(one: Part, other: Part) -> Part:
    return one.both(other)
