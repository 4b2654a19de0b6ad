"""Writes problems into a copy of the workbook: coloured cells with comments, and a sheet that lists all."""

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from grid36.files.rulebook.layout import SAID
from grid36.files.rulebook.problems import FileProblem, Problems
from grid36.files.rulebook.reading import RulebookReading
from grid36.files.rulebook.sheets import MOST_TEXT, Formula, WorkbookSheet
from grid36.files.rulebook.xlsx_sheets import empty_workbook, open_workbook
from grid36.files.whole_file import whole_file
from rules.check.problem import Severity
from schemas.names import Language
from texts.catalogue import say

AUTHOR: Final = "grid36"
_ERROR: Final = PatternFill("solid", fgColor="FFC7CE")
_WARNING: Final = PatternFill("solid", fgColor="FFEB9C")
_WIDTHS: Final = (10, 16, 8, 20, 8, 30, 50, 50)
_TITLES: Final = ("severity", "sheet", "row", "column", "cell", "value", "problem", "remedy")


def write_comments(reading: RulebookReading, problems: Iterable[FileProblem], file: Path, language: Language) -> None:
    """Write a copy of the lists to `file`, an XLSX, with each problem at its cell.

    Comments and colours of an earlier copy are taken away. For lists in CSV files it has a sheet for each.
    """
    book = open_workbook(reading.layout.workbook, Problems()) if reading.layout.workbook else None
    if book is None:
        book = _as_workbook(reading.sheets)
    _clean(book)
    listed = list(problems)
    _list_all(book, listed, language)
    cells: dict[tuple[str, int, int], list[FileProblem]] = defaultdict(list)
    for problem in listed:
        title = problem.place.sheet.removesuffix(".csv")
        if title in book.sheetnames:
            cells[title, problem.place.row or 1, problem.place.number or 1].append(problem)
    for (title, row, column), found in cells.items():
        _mark(book[title], row, column, found, language)
    with whole_file(file) as new:
        book.save(new)


def _as_workbook(sheets: Iterable[WorkbookSheet]) -> Workbook:
    book = empty_workbook()
    for sheet in sheets:
        made = book.create_sheet(sheet.label.removesuffix(".csv"))
        made.freeze_panes = "B2"
        for number, cells in sheet.rows:
            for column, raw in enumerate(cells, 1):
                if raw not in (None, ""):
                    cell = made.cell(number, column, _writable(raw.text if isinstance(raw, Formula) else raw))
                    if isinstance(raw, str):
                        cell.data_type = "s"
                        cell.number_format = "@"
    return book


def _writable(raw: Any) -> Any:
    """A value for a cell: characters that no workbook can hold show as a mark."""
    return ILLEGAL_CHARACTERS_RE.sub("\ufffd", raw)[:MOST_TEXT] if isinstance(raw, str) else raw


def _clean(book: Workbook) -> None:
    for title in SAID:
        if title in book.sheetnames:
            book.remove(book[title])
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.comment is not None and cell.comment.author == AUTHOR:
                    cell.comment = None
                    cell.fill = PatternFill()


def _mark(sheet: Worksheet, row: int, column: int, problems: list[FileProblem], language: Language) -> None:
    cell = sheet.cell(row, column)
    merged = next((each for each in sheet.merged_cells.ranges if cell.coordinate in each), None)
    if merged is not None:
        cell = sheet.cell(merged.min_row, merged.min_col)
    lines = [f"{problem.text.to(language)} → {problem.remedy.to(language)}" for problem in problems]
    comment = Comment(_writable("\n".join(lines)), AUTHOR)
    comment.width, comment.height = 320, 40 + 40 * len(lines)
    cell.comment = comment
    cell.fill = _ERROR if any(problem.severity is Severity.ERROR for problem in problems) else _WARNING


def _list_all(book: Workbook, problems: list[FileProblem], language: Language) -> None:
    sheet = book.create_sheet(SAID[1] if language is Language.ZH else SAID[0])
    sheet.append([say(language, f"files.comments.{title}") for title in _TITLES])
    for problem in problems:
        place = problem.place
        texts = (problem.value, problem.text.to(language), problem.remedy.to(language))
        row = (problem.severity.value, place.sheet, place.row, place.column, place.cell, *texts)
        for column, value in enumerate(row, 1):
            cell = sheet.cell(sheet.max_row + (column == 1), column)
            cell.value = _writable(value)
            if isinstance(value, str):
                cell.data_type = "s"
    for number, width in enumerate(_WIDTHS):
        sheet.column_dimensions["ABCDEFGH"[number]].width = width
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    sheet.freeze_panes = "A2"
