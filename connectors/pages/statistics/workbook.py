"""A sheet of statistics as a workbook: times and shares as such, and a second sheet with the definitions."""

from collections.abc import Iterable, Sequence
from typing import IO, Final

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles.styleable import StyleableObject
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from connectors.pages.statistics.csv_lines import harmless
from connectors.pages.statistics.sheet import Form, StatisticsSheet, Value

DAY_S: Final = 86_400
FORMATS: Final[dict[Form, str]] = {
    "share": "0.0%", "time": "[h]:mm:ss", "days": "0.0", "number": "0.00", "cases": "0", "text": "@", "calls": "0",
    "score": "0.00",
}  # fmt: skip


def write_workbook(
    file: IO[bytes], table: StatisticsSheet, title: str, second: str, definitions: Iterable[Sequence[str]]
) -> None:
    """Write it, row by row; `title` and `second` name the sheets."""
    book = Workbook(write_only=True)
    main: WriteOnlyWorksheet = book.create_sheet(title[:31])
    main.freeze_panes = "B2"
    main.append([_cell(main, field.title, "text") for field in table.fields])
    for row in table.rows:
        main.append([_cell(main, value, field.form) for field, value in zip(table.fields, row, strict=True)])
    other = book.create_sheet(second[:31])
    for line in definitions:
        other.append([_cell(other, value, "text") for value in line])
    book.save(file)


def _cell(sheet: WriteOnlyWorksheet, value: Value, form: Form) -> StyleableObject:
    """A time as a part of a day, which is what such programs call a time."""
    if isinstance(value, str):
        value = ILLEGAL_CHARACTERS_RE.sub("", str(harmless(value)))
    elif value is not None and form == "time":
        value = value / DAY_S
    cell = WriteOnlyCell(sheet, value=value)
    cell.number_format = FORMATS[form]
    return cell
