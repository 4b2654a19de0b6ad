"""Matches in plain Python: for each input, the rows that each value meets, as bits of one integer.

It is the oracle of the tests, and decides whenever the engine does not.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol, TypeAlias

from rules.tables.matcher import Question, UnknownTableError, WrongFactError
from schemas.table import Cell, Fact, Facts, Table

Key: TypeAlias = tuple[Fact | None, ...]
"""The facts of one table, in the order of its inputs; None: absent."""


class TableIndex:
    """One table, indexed. Bit i of a mask stands for the i-th row by priority, then table order."""

    def __init__(self, table: Table) -> None:
        self.table = table
        order = sorted(range(len(table.rows)), key=lambda i: table.rows[i].priority)
        self._ids = tuple(table.rows[i].id for i in order)
        self._positions = {i: position for position, i in enumerate(order)}
        self._kinds = tuple((name, str if kind == "text" else int) for name, kind in table.kinds().items())
        self._columns = tuple(
            _column(kind is str, [table.rows[i].cell(name) for i in order]) for name, kind in self._kinds
        )

    def key(self, facts: Facts) -> Key:
        """The facts that this table uses. Raises `WrongFactError`."""
        return tuple([self._value(facts, name, kind) for name, kind in self._kinds])

    def _value(self, facts: Facts, name: str, kind: type[Fact]) -> Fact | None:
        if name not in facts:
            return None
        value = facts[name]
        if not isinstance(value, kind) or isinstance(value, bool) or value == "":
            raise WrongFactError(table=self.table.name, fact=name, wanted=kind.__name__, found=type(value).__name__)
        return value

    def matches(self, key: Key) -> tuple[str, ...]:
        """The ids of the rows that `key` matches, by priority, then in table order."""
        left = (1 << len(self._ids)) - 1
        for column, value in zip(self._columns, key, strict=True):
            left &= column.met(value)
            if not left:
                return ()
        return tuple(self._ids[i] for i in _bits(left))

    def met(self, facts: Mapping[str, Fact | None]) -> int:
        """The rows whose cells under just these inputs are met (None: absent), as bits; the lowest wins."""
        left = (1 << len(self._ids)) - 1
        for column, (name, _) in zip(self._columns, self._kinds, strict=True):
            if name in facts:
                left &= column.met(facts[name])
        return left

    def first(self, rows: int) -> str | None:
        """The id of the winning row among these bits."""
        return self._ids[(rows & -rows).bit_length() - 1] if rows else None

    def ordered(self, rows: Iterable[int]) -> tuple[str, ...]:
        """The ids of rows given by their place in the table (from 0, in any order), by priority, then table order."""
        return tuple(self._ids[position] for position in sorted({self._positions[i] for i in rows}))


class _Column(Protocol):
    def met(self, value: Fact | None) -> int:
        """The rows whose cell `value` meets."""


class _Texts:
    def __init__(self, cells: Sequence[Cell]) -> None:
        self._any = _mask(i for i, cell in enumerate(cells) if cell.is_any)
        listed: defaultdict[Fact, list[int]] = defaultdict(list)
        for i, cell in enumerate(cells):
            for value in cell.one_of or ():
                listed[value].append(i)
        self._masks = {value: self._any | _mask(rows) for value, rows in listed.items()}

    def met(self, value: Fact | None) -> int:
        return self._any if value is None else self._masks.get(value, self._any)


class _Numbers:
    """Cells as ranges of numbers; between two neighbouring ends the same rows match."""

    def __init__(self, cells: Sequence[Cell]) -> None:
        self._any = mask = _mask(i for i, cell in enumerate(cells) if cell.is_any)
        changes: defaultdict[float, int] = defaultdict(int)
        for i, cell in enumerate(cells):
            for low, high in _stretches(cell):
                changes[low] ^= 1 << i
                changes[high + 1] ^= 1 << i
        self._ends = sorted(changes)
        self._masks = [mask]
        for end in self._ends:
            mask ^= changes[end]
            self._masks.append(mask)

    def met(self, value: Fact | None) -> int:
        return self._masks[bisect_right(self._ends, value)] if isinstance(value, int) else self._any


def _stretches(cell: Cell) -> Iterable[tuple[float, float]]:
    if cell.is_range:
        low, high = cell.ge, cell.le
        yield (float("-inf") if low is None else low), (float("inf") if high is None else high)
    for value in cell.one_of or ():
        if isinstance(value, int):
            yield value, value


def _column(text: bool, cells: Sequence[Cell]) -> _Column:
    return _Texts(cells) if text else _Numbers(cells)


def _mask(rows: Iterable[int]) -> int:
    """The integer with these bits; in one pass, because the integers of a large table are long."""
    mask = bytearray()
    for row in rows:
        if row >> 3 >= len(mask):
            mask.extend(bytes((row >> 3) - len(mask) + 1))
        mask[row >> 3] |= 1 << (row & 7)
    return int.from_bytes(mask, "little")


def _bits(mask: int) -> Iterable[int]:
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


class IndexMatcher:
    """The `Matcher` that needs nothing but Python."""

    def __init__(self, tables: Sequence[Table]) -> None:
        self._tables = {table.name: TableIndex(table) for table in tables}

    def table(self, name: str) -> TableIndex:
        """The indexed table of this name. Raises `UnknownTableError`."""
        try:
            return self._tables[name]
        except KeyError:
            raise UnknownTableError(table=name, known=", ".join(self._tables)) from None

    def matches(self, table: str, facts: Facts) -> tuple[str, ...]:
        """The ids of all rows that match, by priority, then in table order."""
        index = self.table(table)
        return index.matches(index.key(facts))

    async def prepare(self, questions: Sequence[Question]) -> None:
        """Nothing to do: `matches` is quick."""
