"""Changes one row of a list, by cells as a workbook has them; read as the sheet of a workbook is."""

from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import ValidationError

from connectors.lists.editing import EditableCell, EditableRow, ListRow, ListSheet
from connectors.lists.errors import RowElsewhere, RowUnreadable
from grid36.files.rulebook.problems import Problems
from grid36.files.rulebook.rows import Rows, read_rows
from grid36.files.rulebook.sheets import TypedCell, WorkbookSheet
from grid36.files.rulebook.titles import LISTS
from grid36.files.rulebook.writing import columns_for, written_list
from schemas.mistake_words import said_apart
from schemas.names import Language, Name
from schemas.rulebook import Rulebook
from schemas.table import Table


def sheets_of(rulebook: Rulebook) -> tuple[ListSheet, ...]:
    """All lists that have rows."""
    return tuple(
        ListSheet(key, name, tuple(_row(number, row) for number, row in enumerate(rows)))
        for key, name in LISTS.items()
        if key != "examples" and (rows := _rows(rulebook, key))
    )


def row_of(rulebook: Rulebook, sheet: str, number: int, language: Language) -> EditableRow:
    """One row. Raises `RowElsewhere`."""
    rows = _rows(rulebook, sheet)
    if number >= len(rows):
        raise RowElsewhere
    part = getattr(rulebook, sheet)
    written, columns = written_list(sheet, part, language), columns_for(sheet, part)
    cells = tuple(
        EditableCell(
            title.rstrip("*"),
            (cell.text if isinstance(cell, TypedCell) else cell) or "",
            column.about.to(language),
            tuple(each.to(language) for each in (column.kind.choices or {}).values()),
        )
        for title, cell, column in zip(written.titles, written.rows[number], columns, strict=True)
    )
    return EditableRow(LISTS[sheet], rows[number].id, cells)


def with_row(
    rulebook: Rulebook, sheet: str, number: int, id: str, cells: Sequence[str], language: Language
) -> Rulebook:
    """The rulebook with other cells in one row. Raises `RowUnreadable` and `RowElsewhere`."""
    part, rows = getattr(rulebook, sheet, None), _rows(rulebook, sheet)
    if number >= len(rows) or rows[number].id != id:
        raise RowElsewhere
    titles = tuple(column.titled(language) for column in columns_for(sheet, part))
    if len(cells) != len(titles):
        raise RowElsewhere
    content = rulebook.model_dump(mode="json")
    whole = content[sheet]["rows"] if isinstance(part, Table) else content[sheet]
    read = _read(sheet, titles, cells, language)
    whole[number] = read.fields[0]
    try:
        return Rulebook.model_validate(content)
    except ValidationError as error:
        inside = (sheet, "rows", number) if isinstance(part, Table) else (sheet, number)
        raise RowUnreadable(_joined([*_faults(error, inside, read)])) from None


def _faults(error: ValidationError, inside: tuple[str | int, ...], read: Rows) -> Iterator[Name]:
    """What a rulebook may not be, with the title of the column where it is one of this row."""
    for detail in error.errors(include_url=False):
        where = detail["loc"]
        titled = read.at(tuple(map(str, where[len(inside) :]))) if where[: len(inside)] == inside else None
        for zh, en in said_apart(detail):
            text = Name(zh=zh, en=en)
            yield text if titled is None else Name.joined("：", ": ", (Name.same(titled.title), text))


def _read(sheet: str, titles: tuple[str, ...], cells: Sequence[str], language: Language) -> Rows:
    problems = Problems()
    label = LISTS[sheet].to(language)
    rows = read_rows(WorkbookSheet(sheet, label, ((1, titles), (2, tuple(cell or None for cell in cells)))), problems)
    if problems.errors:
        column = [Name.same(each.place.column or label) for each in problems.errors]
        said = [
            Name.joined("：", ": ", (where, Name.joined("；", "; ", (each.text, each.remedy))))
            for where, each in zip(column, problems.errors, strict=True)
        ]
        raise RowUnreadable(_joined(said))
    if rows is None or len(rows.fields) != 1:
        raise RowUnreadable(Name.of("lists.row_empty"))
    return rows


def _joined(said: Sequence[Name]) -> Name:
    return Name.joined("\n", "\n", dict.fromkeys(said))


def _rows(rulebook: Rulebook, sheet: str) -> Sequence[Any]:
    part = getattr(rulebook, sheet, None) if sheet in LISTS else None
    return part.rows if isinstance(part, Table) else part or ()


def _row(number: int, row: Any) -> ListRow:
    name = getattr(row, "name", None)
    note = getattr(row, "note", None)
    return ListRow(number, row.id, name if isinstance(name, Name) else Name.same(note[:60]) if note else None)
