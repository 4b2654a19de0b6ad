"""Rows of a workbook's first sheet with any, as values that JSON has: dates as text, rounded numbers as such."""

import re
import warnings
import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import repeat
from pathlib import Path
from typing import Any, Final
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from grid36.files.rulebook.xlsx_seen import seen
from grid36.replay.file.reasons import LongMessage, WrongFile

ROUNDED: Final = 10**15
"""From here on a workbook has not kept all digits of a number."""
BLOCK: Final = 1 << 16
_FORMULA: Final = re.compile(rb"<(?:\w+:)?f[\s/>]")
_OVERLAP: Final = 64
"""More than the begin of a formula is long."""
_BROKEN: Final = (
    BadZipFile, InvalidFileException, LookupError, ValueError, TypeError, OSError, ParseError, zlib.error, EOFError,
    RuntimeError, ArithmeticError, AttributeError,
)  # fmt: skip
"""What reading a damaged workbook raises, at its begin or in the middle."""
_ENCLOSED: Final = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True)
class NoValue:
    """What stands for a cell whose value nobody can know: a formula that was not calculated, or that failed."""

    cell: str

    def __str__(self) -> str:
        return self.cell


def workbook_rows(path: Path) -> Iterator[list[Any]]:
    """Row by row, so that a large file needs little memory; `NoValue` where a formula has none.

    Raises `WrongFile` for what is no workbook, and where a damaged one ends to be one.
    """
    try:
        yield from _rows(path)
    except _BROKEN as fault:
        with path.open("rb") as file:
            head = file.read(len(_ENCLOSED))
        key = "replay.file.empty" if not head else "command.import.no_workbook"
        if head == _ENCLOSED:
            key = "command.import.old_workbook"
        raise WrongFile(LongMessage.of(key), file=str(path)) from fault


def _rows(path: Path) -> Iterator[list[Any]]:
    with ExitStack() as open_books, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about parts of workbooks that are no cells
        book = load_workbook(path, read_only=True, data_only=True)
        open_books.callback(book.close)
        asked = None
        if _has_formulas(path):
            asked = load_workbook(path, read_only=True)
            open_books.callback(asked.close)
        for at, sheet in enumerate(book.worksheets):
            sheet.reset_dimensions()  # some programs write wrong ones
            formulas: Iterator[tuple[Any, ...]] = repeat(())
            if asked is not None:
                asked.worksheets[at].reset_dimensions()
                formulas = asked.worksheets[at].iter_rows()
            rows = (_values(cells, beside) for cells, beside in zip(sheet.iter_rows(), formulas, strict=False))
            first = next(rows, None)
            if first is not None:
                yield first
                yield from rows
                return


def _has_formulas(path: Path) -> bool:
    """Whether any sheet has; seldom, so that its cells are read twice seldom."""
    with ZipFile(path) as parts:
        for name in parts.namelist():
            if "worksheets/" in name and name.endswith(".xml"):
                with parts.open(name) as part:
                    kept = b""
                    while block := part.read(BLOCK):
                        if _FORMULA.search(kept + block):
                            return True
                        kept = block[-_OVERLAP:]
    return False


def _values(cells: tuple[Any, ...], formulas: tuple[Any, ...]) -> list[Any]:
    values = [_value(cell) for cell in cells]
    for at, (cell, formula) in enumerate(zip(cells, formulas, strict=False)):
        # a formula that gives no words has an empty text as its value, which is one
        if formula.data_type == "f" and cell.value is None and cell.data_type != "str":
            values[at] = NoValue(formula.coordinate)
    return values


def _value(cell: Any) -> Any:
    value = cell.value
    if cell.data_type == "e":
        return NoValue(cell.coordinate)
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds")
    if isinstance(value, date | time | timedelta):
        return str(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    if abs(value) >= ROUNDED:
        return f"{float(value):.14E}"
    shown = seen(value, cell.number_format or "") if isinstance(value, int) else None  # zeros in front
    return value if shown is None or shown.endswith("%") else shown
