"""Rows of a workbook's first sheet with any, as values that JSON has: dates as text, rounded numbers as such."""

import warnings
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Final
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from grid36.files.rulebook.xlsx_seen import seen
from grid36.replay.file.reasons import WrongFile
from schemas.names import Name

ROUNDED: Final = 10**15
"""From here on a workbook has not kept all digits of a number."""
_BROKEN: Final = (BadZipFile, InvalidFileException, LookupError, ValueError, TypeError, OSError, ParseError)


def workbook_rows(path: Path) -> Iterator[list[Any]]:
    """Row by row, so that a large file needs little memory. Raises `WrongFile` for what is no workbook."""
    try:
        with warnings.catch_warnings():  # about parts of workbooks that are no cells
            warnings.simplefilter("ignore")
            book = load_workbook(path, read_only=True, data_only=True)
    except _BROKEN as fault:
        raise WrongFile(Name.of("files.sheet.no_workbook", error=fault), file=str(path)) from fault
    try:
        for sheet in book.worksheets:
            sheet.reset_dimensions()  # some programs write wrong ones
            rows = ([_value(cell) for cell in cells] for cells in sheet.iter_rows())
            first = next(rows, None)
            if first is not None:
                yield first
                yield from rows
                return
    finally:
        book.close()


def _value(cell: Any) -> Any:
    value = cell.value
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    if abs(value) >= ROUNDED:
        return f"{float(value):.14E}"
    shown = seen(value, cell.number_format or "") if isinstance(value, int) else None  # zeros in front
    return value if shown is None or shown.endswith("%") else shown
