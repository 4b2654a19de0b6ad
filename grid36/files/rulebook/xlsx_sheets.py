"""Reads and writes lists in a workbook, one sheet each. Formulas, merged cells and errors are reported, not guessed."""

import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile, ZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import MergedCell
from openpyxl.utils import range_boundaries
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from grid36.files.rulebook.csv_sheets import too_many
from grid36.files.rulebook.layout import SAID
from grid36.files.rulebook.other_kinds import other_kind
from grid36.files.rulebook.problems import CellPlace, Problems
from grid36.files.rulebook.sheets import (
    MOST_COLUMNS,
    MOST_ROWS,
    Formula,
    Raw,
    TypedCell,
    WorkbookSheet,
    WrittenCell,
    is_blank,
)
from grid36.files.rulebook.titles import LISTS, plain_title
from grid36.files.rulebook.xlsx_seen import seen
from schemas.names import Language, Name

_CONSTANTS: Final = {"=TRUE()": True, "=FALSE()": False, "=TRUE": True, "=FALSE": False}
"""As other programs save a plain yes or no."""
_REMARKS: Final = (*SAID, "readme", "说明")
_NAMES: Final = {plain_title(word): name for name, title in LISTS.items() for word in (name, title.zh)}
# What openpyxl raises on files that are no workbooks, or broken ones.
_BROKEN: Final = (
    BadZipFile, InvalidFileException, LookupError, ValueError, TypeError, OSError, AttributeError, ParseError,
)  # fmt: skip
_MERGED: Final = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref\s*=\s*[\"']([A-Z]+[0-9]+:[A-Z]+[0-9]+)[\"']")


class OverBounds(ValueError):
    """A workbook takes more memory than is allowed."""

    def __init__(self, words: Name) -> None:
        super().__init__(words.en)
        self.words = words


@dataclass(frozen=True)
class Bounds:
    """What a workbook may take of the memory, whatever its size as a file."""

    unpacked: int = 100_000_000  # bytes
    merged: int = 200_000  # cells: the reader makes an object of each


def open_workbook(path: Path, problems: Problems, bounds: Bounds | None = None) -> Workbook | None:
    """The workbook with its formulas as they are; None when it cannot be opened."""
    if (kind := other_kind(path)) is not None:
        problems.add(
            "other_kind",
            CellPlace(path.name),
            Name.of("files.sheet.other_kind", kind=kind),
            Name.of("files.sheet.save_as_xlsx"),
        )
        return None
    try:
        with warnings.catch_warnings():  # about parts of workbooks that are no cells
            warnings.simplefilter("ignore")
            with ZipFile(path) as parts:
                _bounded(parts, bounds or Bounds())
            return load_workbook(path)
    except _BROKEN as error:
        text = error.words if isinstance(error, OverBounds) else Name.of("files.sheet.no_workbook")
        problems.add("unreadable", CellPlace(path.name), text, Name.of("files.sheet.save_as_xlsx"))
        return None


def _bounded(parts: ZipFile, bounds: Bounds) -> None:
    """Raise `OverBounds` before it is read."""
    size = sum(part.file_size for part in parts.infolist())
    if size > bounds.unpacked:
        raise OverBounds(Name.of("files.sheet.too_many_bytes", found=size, most=bounds.unpacked))
    merged = 0
    for part in parts.namelist():
        for area in _MERGED.findall(parts.read(part)) if part.endswith(".xml") else ():
            west, north, east, south = (int(each or 0) for each in range_boundaries(area.decode()))
            merged += (east - west + 1) * (south - north + 1)
    if merged > bounds.merged:
        raise OverBounds(Name.of("files.sheet.too_many_merged", found=merged, most=bounds.merged))


def read_workbook(book: Workbook, problems: Problems) -> Iterator[WorkbookSheet]:
    """The lists in a workbook, by the names of its sheets in either language."""
    seen: dict[str, str] = {}
    for sheet in book.worksheets:
        name = _NAMES.get(plain_title(sheet.title))
        if name is None:
            _stranger(sheet, problems)
        elif name in seen:
            text = Name.of("files.sheet.same_list", sheet=seen[name])
            problems.add("twice", CellPlace(sheet.title), text, Name.of("files.sheet.same_list.remedy"))
        elif sheet.max_row > MOST_ROWS:
            too_many(CellPlace(sheet.title), sheet.max_row, problems)
        else:
            seen[name] = sheet.title
            yield _read(sheet, name)


def _stranger(sheet: Worksheet, problems: Problems) -> None:
    if plain_title(sheet.title) in _REMARKS or sheet.title.startswith("#"):
        return
    if all(is_blank(_raw(cell)) for row in sheet.iter_rows(max_row=min(sheet.max_row, 100)) for cell in row):
        return
    known = ", ".join(LISTS)
    text = Name.of("files.sheet.no_such_list")
    remedy = Name.of("files.sheet.no_such_list.remedy", known=known)
    problems.add("unknown_sheet", CellPlace(sheet.title), text, remedy)


def _read(sheet: Worksheet, name: str) -> WorkbookSheet:
    rows, struck = [], []
    shown: dict[tuple[int, int], str] = {}
    for number, cells in enumerate(sheet.iter_rows(max_col=min(sheet.max_column, MOST_COLUMNS)), 1):
        row = tuple(map(_raw, cells))
        filled = [cell for cell, raw in zip(cells, row, strict=True) if not is_blank(raw)]
        if not filled:
            continue
        rows.append((number, row))
        if all(cell.font.strike for cell in filled):
            struck.append(number)
        for column, cell in enumerate(cells, 1):
            if not isinstance(cell.value, str) and (text := seen(cell.value, cell.number_format or "")) is not None:
                shown[number, column] = text
    merged = [(each.min_row, each.min_col, str(each.coord)) for each in sheet.merged_cells.ranges]
    is_shown = sheet.sheet_state == "visible"
    columns = {number for _, row in rows for number, raw in enumerate(row, 1) if not is_blank(raw)}
    return WorkbookSheet(
        name,
        sheet.title,
        tuple(rows),
        merged=tuple(sorted(merged)),
        hidden=tuple(number for number, _ in rows if not is_shown or _is_hidden(sheet, number)),
        hidden_columns=tuple(sorted(columns & _hidden_columns(sheet))) if is_shown else (),
        struck=tuple(struck),
        seen=shown,
    )


def _is_hidden(sheet: Worksheet, row: int) -> bool:
    return row in sheet.row_dimensions and bool(sheet.row_dimensions[row].hidden)


def _hidden_columns(sheet: Worksheet) -> set[int]:
    """Columns that are hidden; one entry can stand for several side by side."""
    return {
        number
        for each in sheet.column_dimensions.values()
        if each.min and each.hidden
        for number in range(each.min, min(each.max or each.min, MOST_COLUMNS) + 1)
    }


def _raw(cell: Any) -> Raw:
    if isinstance(cell, MergedCell):
        return None
    value = cell.value
    if cell.data_type == "f":
        text = str(getattr(value, "text", value))
        constant = _CONSTANTS.get(re.sub(r"\s", "", text).upper())
        return Formula(text) if constant is None else constant
    if isinstance(value, int) and not isinstance(value, bool) and re.fullmatch("00+", cell.number_format or ""):
        return seen(value, cell.number_format)
    if isinstance(value, time | timedelta):
        return str(value)
    return value if isinstance(value, str | int | float | bool | date | datetime) or value is None else str(value)


def write_sheet(book: Workbook, written: WrittenCell, language: Language) -> Worksheet:
    """Write one list into a new sheet, texts always as texts."""
    sheet: Worksheet = book.create_sheet(LISTS[written.list].to(language))
    for number, row in enumerate([written.titles, *written.rows], 1):
        for column, value in enumerate(row, 1):
            if value is None:
                continue
            cell = sheet.cell(number, column)
            if isinstance(value, TypedCell):
                cell.value = value.value
                if isinstance(value.value, date):
                    cell.number_format = "yyyy-mm-dd"
            else:
                cell.value = value
                cell.data_type = "s"  # never a formula, whatever it begins with
                cell.number_format = "@"
    return sheet


def empty_workbook() -> Workbook:
    """A workbook without any sheet."""
    book = Workbook()
    for sheet in book.worksheets:
        book.remove(sheet)
    return book
