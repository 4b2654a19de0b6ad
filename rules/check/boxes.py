"""Rows of a table as boxes over its inputs: which intersect and which contain which, for 10,000 rows in seconds.

A set of rows is one number with a bit for each row, by priority, then table order: the row with the lower bit wins.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from rules.check.problem import Example
from rules.check.sets import Box, Numbers, Part, Texts, holds, met, part_of
from schemas.table import Row, Table

Rows: TypeAlias = int
"""A set of rows."""


class Boxes:
    """One table. Positions count from 0 in winning order."""

    def __init__(self, table: Table, parents: Mapping[str, str] | None = None) -> None:
        """`parents`: the category of each subcategory; a row for a subcategory implies its category."""
        self.table = table
        self.names = tuple(table.kinds())
        order = sorted(range(len(table.rows)), key=lambda i: table.rows[i].priority)
        self.rows: tuple[Row, ...] = tuple(table.rows[i] for i in order)
        self.numbers = tuple(i + 1 for i in order)
        self.boxes: tuple[Box, ...] = tuple(self._box(row, parents or {}) for row in self.rows)
        self.all: Rows = (1 << len(self.rows)) - 1
        parts = (tuple(box[column] for box in self.boxes) for column in range(len(self.names)))
        self._columns = tuple(
            _TextColumn(each) if table.kinds()[name] == "text" else _NumberColumn(each)
            for name, each in zip(self.names, parts, strict=True)
        )

    def _box(self, row: Row, parents: Mapping[str, str]) -> Box:
        parts = {name: part_of(name, row.cell(name)) for name in self.names}
        category, listed = parts.get("category"), row.cell("subcategory").one_of
        if category is not None and listed is not None and "subcategory" in parts:
            whose = {parents[str(each)] for each in listed if str(each) in parents}
            parts["category"] = category.both(Texts(frozenset(whose))) if whose else category
        return tuple(parts.values())

    def meeting(self, box: Box) -> Rows:
        """Rows that may intersect `box`; includes some rows with lists of numbers that do not."""
        found = self.all
        for column, part in zip(self._columns, box, strict=True):
            found &= column.meeting(part)
        return found

    def holding(self, box: Box) -> Iterator[int]:
        """Rows that contain all of `box`, in winning order."""
        found = self.all
        for column, part in zip(self._columns, box, strict=True):
            found &= column.holding(part)
        return (i for i in bits(found) if holds(self.boxes[i], box))

    def both(self, i: int, j: int) -> Example | None:
        """Facts that both rows match; None when there are none."""
        box = met(self.boxes[i], self.boxes[j])
        return None if box is None else self.example(box)

    def example(self, box: Box) -> Example:
        """Facts in a box that is not empty."""
        found = ((name, part.sample()) for name, part in zip(self.names, box, strict=True))
        return tuple((name, value) for name, value in found if value is not None)

    def never(self, i: int) -> bool:
        """Whether no facts can match this row."""
        return any(part.empty for part in self.boxes[i])


class _TextColumn:
    def __init__(self, parts: Sequence[Part]) -> None:
        listed: defaultdict[str, list[int]] = defaultdict(list)
        open_: list[int] = []
        for i, part in enumerate(parts):
            assert isinstance(part, Texts), "a column of texts"
            if part.others:
                open_.append(i)
            for value in part.values:
                listed[value].append(i)
        self._open = rows_of(open_)
        self._listed = {value: rows_of(rows) for value, rows in listed.items()}
        self._all = (1 << len(parts)) - 1

    def meeting(self, part: Part) -> Rows:
        assert isinstance(part, Texts), "a column of texts"
        if part.others:  # no cell lists what is excluded, so everything may intersect it
            return self._all
        found = self._open
        for value in part.values:
            found |= self._listed.get(value, 0)
        return found

    def holding(self, part: Part) -> Rows:
        assert isinstance(part, Texts), "a column of texts"
        if part.others:
            return self._open
        found = self._all
        for value in part.values:
            found &= self._listed.get(value, 0)
        return found | self._open


class _NumberColumn:
    """Rows by the lowest and the highest number that they accept."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self._all = (1 << len(parts)) - 1
        hulls, absent = [], []
        for i, part in enumerate(parts):
            assert isinstance(part, Numbers), "a column of numbers"
            if part.spans:
                hulls.append((part.spans[0][0], part.spans[-1][1], i))
            if part.absent:
                absent.append(i)
        self._absent = rows_of(absent)
        self._lows, self._from = _running(sorted((low, i) for low, _, i in hulls))
        highs, until = _running(sorted(((-high, i) for _, high, i in hulls)))
        self._highs, self._until = highs, until

    def _low_at_most(self, number: float) -> Rows:
        return self._from[bisect_right(self._lows, number)]

    def _high_at_least(self, number: float) -> Rows:
        return self._until[bisect_right(self._highs, -number)]

    def meeting(self, part: Part) -> Rows:
        assert isinstance(part, Numbers), "a column of numbers"
        found = self._absent if part.absent else 0
        if part.spans:
            found |= self._low_at_most(part.spans[-1][1]) & self._high_at_least(part.spans[0][0])
        return found

    def holding(self, part: Part) -> Rows:
        assert isinstance(part, Numbers), "a column of numbers"
        found = self._absent if part.absent else self._all
        if part.spans:
            found &= self._low_at_most(part.spans[0][0]) & self._high_at_least(part.spans[-1][1])
        return found


def _running(ends: Sequence[tuple[float, int]]) -> tuple[list[float], list[Rows]]:
    """The ends in order, and the rows of the first none, one, two … of them."""
    sets, found = [0], 0
    for _, i in ends:
        found |= 1 << i
        sets.append(found)
    return [end for end, _ in ends], sets


def rows_of(positions: Iterable[int]) -> Rows:
    """The set of these rows; in one pass, because the integers of a large table are long."""
    found = bytearray()
    for i in positions:
        if i >> 3 >= len(found):
            found.extend(bytes((i >> 3) - len(found) + 1))
        found[i >> 3] |= 1 << (i & 7)
    return int.from_bytes(found, "little")


def bits(rows: Rows) -> Iterator[int]:
    """The positions in a set, lowest first."""
    while rows:
        low = rows & -rows
        yield low.bit_length() - 1
        rows ^= low
