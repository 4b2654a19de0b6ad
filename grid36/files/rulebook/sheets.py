"""The port between files and lists: a sheet is numbered rows of raw cells, from any kind of file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, TypeAlias

MOST_ROWS: Final = 20_000
MOST_COLUMNS: Final = 200
MOST_TEXT: Final = 32_767
"""Characters in a cell of a workbook."""


@dataclass(frozen=True)
class Formula:
    """A cell that a spreadsheet program computes; its value depends on the program, so it is not read."""

    text: str


@dataclass(frozen=True)
class TypedCell:
    """A value to be written with the type that a spreadsheet gives it, and as text where files have no types."""

    value: int | float | date
    text: str


Raw: TypeAlias = str | int | float | bool | date | Formula | None
"""What stands in a cell: in CSV always a text; in a workbook numbers and dates have types of their own."""


@dataclass(frozen=True)
class WorkbookSheet:
    """One list as it stands in a file."""

    list: str
    """Which list of the rulebook: `items`, `routing`, …"""
    label: str
    """What people call it: the name of the file or of the sheet."""
    rows: tuple[tuple[int, tuple[Raw, ...]], ...]
    """Row numbers as a spreadsheet shows them, with cells; empty rows are left out."""
    merged: tuple[tuple[int, int, str], ...] = ()
    """Row, column and range of cells that were merged."""
    hidden: tuple[int, ...] = ()
    """Rows that cannot be seen, by hand or by a filter."""
    hidden_columns: tuple[int, ...] = ()
    """Columns with content that cannot be seen, where the sheet itself can."""
    struck: tuple[int, ...] = ()
    """Rows whose cells are all struck through."""
    seen: Mapping[tuple[int, int], str] = field(default_factory=dict)
    """By row and column: what is shown in cells that keep something else."""

    def quoted(self, row: int, column: int, raw: Raw) -> str | None:
        """A cell as it stands there."""
        return self.seen.get((row, column)) or as_shown(raw)


@dataclass(frozen=True)
class WrittenCell:
    """One list to be written: titles and rows, all of one length."""

    list: str
    titles: tuple[str, ...]
    rows: tuple[tuple[str | TypedCell | None, ...], ...]


def is_blank(raw: Raw) -> bool:
    """Whether nothing can be seen in the cell."""
    return raw is None or (isinstance(raw, str) and not raw.strip(" \t\r\n\u3000\xa0\ufeff\u200b"))


def as_shown(raw: Raw) -> str | None:
    """A value as a spreadsheet shows it."""
    if raw is None or isinstance(raw, str):
        return raw
    if isinstance(raw, Formula):
        return raw.text
    if isinstance(raw, bool):
        return str(raw).upper()
    if isinstance(raw, float) and raw.is_integer() and abs(raw) < 1e15:
        return str(int(raw))
    return str(raw)
