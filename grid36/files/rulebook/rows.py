"""Turns a sheet into rows of a list, as fields by name; an unreadable cell is a problem."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from grid36.files.rulebook.columns import Column
from grid36.files.rulebook.kinds import NOTHING, Misread
from grid36.files.rulebook.problems import CellPlace, Problems
from grid36.files.rulebook.sheets import Formula, Raw, WorkbookSheet, is_blank
from grid36.files.rulebook.titles import column_of, needed, titles_of
from schemas.names import Name


@dataclass(frozen=True)
class Titled:
    """A column where it stands in a sheet."""

    number: int
    title: str
    column: Column


@dataclass(frozen=True)
class Rows:
    """A list as it was read: its rows as fields, and where each came from."""

    sheet: WorkbookSheet
    titled: tuple[Titled, ...]
    title_row: int
    numbers: tuple[int, ...]
    """Row numbers in the sheet, by index."""
    fields: tuple[dict[str, Any], ...]
    cells: tuple[tuple[Raw, ...], ...] = ()

    def place(self, index: int | None, path: tuple[str, ...] = ()) -> CellPlace:
        """Where a row or one of its fields stands; index None is the row of titles."""
        row = self.title_row if index is None else self.numbers[index] if index < len(self.numbers) else None
        titled = self.at(path)
        if titled is None:
            return CellPlace(self.sheet.label, row)
        return CellPlace(self.sheet.label, row, titled.title, titled.number)

    def quoted(self, index: int, path: tuple[str, ...]) -> str | None:
        """The cell of a field as it stands there; None where there is none."""
        titled, cells = self.at(path), self.cells[index] if index < len(self.cells) else ()
        if titled is None or titled.number > len(cells):
            return None
        return self.sheet.quoted(self.numbers[index], titled.number, cells[titled.number - 1])

    def at(self, path: tuple[str, ...]) -> Titled | None:
        """The column that holds a field, or a part of it."""
        if not path:
            return None
        paths = [(titled, titled.column.path) for titled in self.titled]
        inside = [titled for titled, own in paths if path[: len(own)] == own]
        around = [titled for titled, own in paths if own[: len(path)] == path]
        return next(iter([*inside, *around]), None)


def read_rows(sheet: WorkbookSheet, problems: Problems) -> Rows | None:
    """The rows of a sheet whose first row has titles; rows that begin with `#` are remarks. None without titles."""
    if not sheet.rows:
        return Rows(sheet, (), 1, (), ())
    title_row, titles = sheet.rows[0]
    titled = _titled(sheet, title_row, titles, problems)
    present = {each.column.name for each in titled}
    lacking = [column for column in needed(sheet.list) if not _has(column, present)]
    for column in lacking:
        title = Name(zh=column.title.zh, en=column.name)
        text = Name.of("files.sheet.missing_column", title=title)
        remedy = Name.of("files.sheet.missing_column.remedy", title=title)
        problems.add("missing_column", CellPlace(sheet.label, title_row), text, remedy)
    if lacking:
        return None
    data = [(number, cells) for number, cells in sheet.rows[1:] if not _is_remark(cells)]
    _merged(sheet, {title_row, *(number for number, _ in data)}, titled, problems)
    fields = tuple(_fields(sheet, number, cells, titled, problems) for number, cells in data)
    cells = tuple(row for _, row in data)
    return Rows(sheet, tuple(titled), title_row, tuple(number for number, _ in data), fields, cells)


def _has(column: Column, present: set[str]) -> bool:
    """A name in one language is enough."""
    return column.name in present or (column.path[-1] == "zh" and f"{column.name[:-3]}_en" in present)


def _is_remark(cells: tuple[Raw, ...]) -> bool:
    first = next((cell for cell in cells if not is_blank(cell)), None)
    return isinstance(first, str) and first.lstrip().startswith("#")


def _titled(sheet: WorkbookSheet, row: int, titles: tuple[Raw, ...], problems: Problems) -> list[Titled]:
    found: list[Titled] = []
    for number, raw in enumerate(titles, 1):
        title = "" if raw is None else str(raw).strip()
        place = CellPlace(sheet.label, row, title or None, number)
        if is_blank(raw):
            _untitled(sheet, row, number, problems)
            continue
        column = column_of(sheet.list, title)
        if column is None:
            known = ", ".join(titles_of(sheet.list))
            text = Name.of("files.sheet.no_such_column")
            problems.add(
                "unknown_column", place, text, Name.of("files.sheet.no_such_column.remedy", known=known), title
            )
        elif any(each.column.name == column.name for each in found):
            text = Name.of("files.sheet.column_twice")
            problems.add("twice", place, text, Name.of("files.sheet.column_twice.remedy"), title)
        else:
            found.append(Titled(number, title, column))
    return found


def _untitled(sheet: WorkbookSheet, title_row: int, number: int, problems: Problems) -> None:
    for row, cells in sheet.rows:
        if row != title_row and number <= len(cells) and not is_blank(cells[number - 1]) and not _is_remark(cells):
            text = Name.of("files.sheet.no_title")
            remedy = Name.of("files.sheet.no_title.remedy")
            problems.add("no_title", CellPlace(sheet.label, row, None, number), text, remedy, cells[number - 1])
            return


def _merged(sheet: WorkbookSheet, rows: set[int], titled: list[Titled], problems: Problems) -> None:
    for row, number, name in sheet.merged:
        if row in rows:
            title = next((each.title for each in titled if each.number == number), None)
            text = Name.of("files.sheet.merged", name=name)
            remedy = Name.of("files.sheet.merged.remedy")
            problems.add("merged", CellPlace(sheet.label, row, title, number), text, remedy)


def _fields(
    sheet: WorkbookSheet, row: int, cells: tuple[Raw, ...], titled: list[Titled], problems: Problems
) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for each, raw in _filled(cells, titled):
        place = CellPlace(sheet.label, row, each.title, each.number)
        try:
            _put(fields, each.column.path, _value(raw, each.column, place, problems))
        except Misread as wrong:
            right = wrong.right or each.column.kind.right
            shown = sheet.quoted(row, each.number, raw)
            problems.add(wrong.code, place, wrong.text, right, shown)
    _translate(fields)
    extra = next((i for i in range(len(sheet.rows[0][1]), len(cells)) if not is_blank(cells[i])), None)
    if extra is not None:
        text = Name.of("files.sheet.more_cells")
        problems.add("more_cells", CellPlace(sheet.label, row, None, extra + 1), text, _COMMAS, cells[extra])
    return fields


_COMMAS = Name.of("files.sheet.more_cells.remedy")


def _filled(cells: tuple[Raw, ...], titled: list[Titled]) -> Iterator[tuple[Titled, Raw]]:
    for each in titled:
        if each.number <= len(cells) and not is_blank(cells[each.number - 1]):
            yield each, cells[each.number - 1]


def _value(raw: Raw, column: Column, place: CellPlace, problems: Problems) -> Any:
    if isinstance(raw, Formula):
        raise Misread(Name.of("files.sheet.formula"), Name.of("files.sheet.formula.remedy"), "formula")
    if raw in _ERRORS:
        raise Misread(Name.of("files.sheet.formula_error"), Name.of("files.sheet.formula.remedy"), "formula")
    value = column.kind.read(raw)
    if isinstance(raw, str) and raw != raw.strip(" \t\u3000\xa0"):
        text = Name.of("files.sheet.blanks")
        problems.warn("blanks", place, text, Name.of("files.sheet.blanks.remedy"), raw)
    return value


_ERRORS = ("#N/A", "#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#NUM!", "#NULL!")


def _put(fields: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    for step in path[:-1]:
        fields = fields.setdefault(step, {})
    if value is not NOTHING:
        fields[path[-1]] = value


def _translate(fields: dict[str, Any]) -> None:
    """A name in English alone serves for both languages."""
    for value in fields.values():
        if isinstance(value, dict):
            _translate(value)
    if "en" in fields and "zh" not in fields:
        fields["zh"] = fields["en"]
