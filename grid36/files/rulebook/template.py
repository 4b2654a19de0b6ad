"""Writes a new rulebook for a steward: lists with a line of explanations, choices, and readable widths."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from grid36.files.rulebook.columns import Column
from grid36.files.rulebook.csv_sheets import write_csv
from grid36.files.rulebook.decisions import OUTPUTS, example_columns, table_columns
from grid36.files.rulebook.layout import WORKBOOK, Form
from grid36.files.rulebook.sheets import WrittenCell
from grid36.files.rulebook.titles import LISTS
from grid36.files.rulebook.writing import columns_for, room_for_rulebook, write_yaml, written_list
from grid36.files.rulebook.xlsx_sheets import empty_workbook, write_sheet
from schemas.names import Language
from schemas.rulebook import Rulebook

_SPARE: Final = 500  # rows below the last that have choices and formats too
_HEAD: Final = PatternFill("solid", fgColor="D9E2F3")
_ABOUT: Final = PatternFill("solid", fgColor="F2F2F2")
_USUAL: Final = {
    "joint": ("category", "subcategory"),
    "limits": ("category", "grid", "hour"),
    "examples": ("category", "kind", "hour"),
}
"""Facts that the titles of an empty list begin with."""

EMPTY: Final = {
    "name": "my-list",
    "default_category": "other",
    "categories": [{"id": "other", "name": {"zh": "其他", "en": "Other"}}],
    "routing": {
        "name": "routing",
        "hit_policy": "F",
        "inputs": ["category", "kind", "reporter_kind", "hour"],
        "default": {"assign": "grid_head"},
    },
}
"""The least that is a rulebook."""


def empty_rulebook() -> Rulebook:
    """A rulebook with one category, whose reports all go to the head of their grid."""
    return Rulebook.model_validate(EMPTY)


def new_rulebook(folder: Path, rulebook: Rulebook, form: Form, language: Language) -> tuple[Path, ...]:
    """Write `rulebook` as a template for people; the files. Raises `RulebookThere`."""
    lists = [(name, _columns(name, rulebook), _written(name, rulebook, language)) for name in LISTS]
    with room_for_rulebook(folder) as new:
        files = [write_yaml(rulebook, new, [name for name in LISTS if getattr(rulebook, name)])]
        if form is Form.CSV:
            for name, columns, written in lists:
                files.append(new / f"{name}.csv")
                write_csv(files[-1], written, [column.about.to(language) for column in columns])
        else:
            book = empty_workbook()
            for _, columns, written in lists:
                _dress(book, written, columns, language)
            files.append(new / WORKBOOK)
            book.save(files[-1])
    return tuple(folder / file.name for file in files)


def _columns(name: str, rulebook: Rulebook) -> tuple[Column, ...]:
    part = getattr(rulebook, name)
    if part or name not in _USUAL:
        return columns_for(name, part)
    facts = _USUAL[name]
    return example_columns(facts) if name == "examples" else table_columns(facts, OUTPUTS[name])


def _written(name: str, rulebook: Rulebook, language: Language) -> WrittenCell:
    part = getattr(rulebook, name)
    if part:
        return written_list(name, part, language)
    return WrittenCell(name, tuple(column.titled(language) for column in _columns(name, rulebook)), ())


def _dress(book: Workbook, written: WrittenCell, columns: Sequence[Column], language: Language) -> None:
    about = tuple(column.about.to(language) for column in columns)
    explained = WrittenCell(written.list, written.titles, ((f"# {about[0]}", *about[1:]), *written.rows))
    sheet = write_sheet(book, explained, language)
    sheet.freeze_panes = "C3"
    last = len(explained.rows) + 1 + _SPARE
    for number, column in enumerate(columns, 1):
        letter = get_column_letter(number)
        dimension = sheet.column_dimensions[letter]
        dimension.width = column.width
        if column.kind.text_format:
            dimension.number_format = "@"  # what is typed stays as it was typed
        _titles(sheet, number, column)
        if column.kind.choices:
            _choose(sheet, f"{letter}3:{letter}{last}", column, language)
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}1"


def _titles(sheet: Worksheet, number: int, column: Column) -> None:
    title, about = sheet.cell(1, number), sheet.cell(2, number)
    title.font, title.fill = Font(bold=True, color="C00000" if column.needed else "000000"), _HEAD
    about.font, about.fill = Font(italic=True, color="595959", size=9), _ABOUT
    title.alignment = about.alignment = Alignment(wrap_text=True, vertical="top")
    if column.width > 30:
        for row in range(3, sheet.max_row + 1):
            sheet.cell(row, number).alignment = Alignment(wrap_text=True, vertical="top")


def _choose(sheet: Worksheet, cells: str, column: Column, language: Language) -> None:
    words = [name.to(language) for name in (column.kind.choices or {}).values()]
    choices = DataValidation(type="list", formula1=f'"{",".join(words)}"', allow_blank=not column.needed)
    choices.errorTitle, choices.error = column.titled(language), column.kind.right.to(language)[:250]
    choices.showErrorMessage = True
    choices.add(cells)
    sheet.add_data_validation(choices)
