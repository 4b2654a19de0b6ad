"""Writes a rulebook into files of any form, so that reading them gives the same content.

A list that cells cannot say (two ids that look like one with lost zeros, a text longer than a cell) stays in YAML.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, TypeAdapter, ValidationError

from grid36.files.rulebook.columns import FIXED, Column
from grid36.files.rulebook.csv_sheets import write_csv
from grid36.files.rulebook.decisions import OUTPUTS, TABLES, example_columns, table_columns
from grid36.files.rulebook.layout import WORKBOOK, YAML, Form, layout_of
from grid36.files.rulebook.problems import Problems
from grid36.files.rulebook.rows import read_rows
from grid36.files.rulebook.sheets import MOST_TEXT, TypedCell, WorkbookSheet, WrittenCell
from grid36.files.rulebook.spellings import compare
from grid36.files.rulebook.titles import LISTS
from grid36.files.rulebook.yaml_file import as_yaml
from grid36.files.whole_folder import whole_folder
from schemas.errors import WrongInput
from schemas.names import Language
from schemas.rulebook import Rulebook
from schemas.table import Row, Table

_ROWS: Final[TypeAdapter[tuple[Row, ...]]] = TypeAdapter(tuple[Row, ...])


class RulebookThere(WrongInput):
    """The folder already holds a rulebook. Name another folder, or move its files away first."""


def write_rulebook(rulebook: Rulebook, folder: Path, form: Form, language: Language = Language.ZH) -> tuple[Path, ...]:
    """Write a rulebook into a folder, with titles and choices in `language`; the files. Raises `RulebookThere`."""
    lists = () if form is Form.YAML else tuple(written_lists(rulebook, language))
    with room_for_rulebook(folder) as new:
        files = [write_yaml(rulebook, new, {written.list for written in lists})]
        if form is Form.CSV:
            for written in lists:
                files.append(new / f"{written.list}.csv")
                write_csv(files[-1], written)
        elif lists:
            from grid36.files.rulebook.xlsx_sheets import empty_workbook, write_sheet  # openpyxl, only for a workbook

            book = empty_workbook()
            for written in lists:
                write_sheet(book, written, language)
            files.append(new / WORKBOOK)
            book.save(files[-1])
    return tuple(folder / file.name for file in files)


@contextmanager
def room_for_rulebook(folder: Path) -> Iterator[Path]:
    """A folder to write a rulebook into, which `folder` then holds. Raises `RulebookThere` when it holds one."""
    layout = layout_of(folder)
    if folder.is_file() or layout.yaml.exists() or layout.tables or layout.workbook:
        raise RulebookThere(folder=str(folder))
    with whole_folder(folder) as new:
        yield new


def write_yaml(rulebook: Rulebook, folder: Path, elsewhere: Iterable[str]) -> Path:
    """Write what does not stand in other files."""
    content = rulebook.model_dump(mode="json", exclude_defaults=True)
    for name in TABLES:
        if name in content:
            content[name]["inputs"] = [each["name"] for each in content[name]["inputs"]]
    for name in elsewhere:
        if name in TABLES:
            content[name] = {
                key: content[name][key] for key in ("name", "hit_policy", "default") if key in content[name]
            }
        else:
            content.pop(name, None)
    file = folder / YAML
    file.write_text(as_yaml(content), encoding="utf-8")
    return file


def written_lists(rulebook: Rulebook, language: Language) -> Iterable[WrittenCell]:
    """The lists that cells can say."""
    for name in LISTS:
        part = getattr(rulebook, name)
        if isinstance(part, Table) or part:
            with suppress(TypeError, AttributeError, ValueError):  # a value of another kind than its column
                written = written_list(name, part, language)
                if _is_the_same(written, part, rulebook):
                    yield written


def written_list(name: str, part: Any, language: Language) -> WrittenCell:
    """One list as titles and rows."""
    rows = part.rows if isinstance(part, Table) else part
    columns = columns_for(name, part)
    dumped = [_dumped(row) for row in rows]
    return WrittenCell(
        name,
        tuple(column.titled(language) for column in columns),
        tuple(_cells(fields, columns, language) for fields in dumped),
    )


def columns_for(name: str, part: Any) -> tuple[Column, ...]:
    """The columns with which a list is written."""
    if name in FIXED:
        return FIXED[name]
    if isinstance(part, Table):
        then = dict.fromkeys([*OUTPUTS[name], *(output for row in part.rows for output in row.then)])
        return table_columns((each.name for each in part.inputs), then)
    return example_columns(dict.fromkeys(fact for example in part or () for fact in example.given))


def _dumped(row: BaseModel) -> dict[str, Any]:
    """Fields that were said; where a part was said, all of it."""
    said = row.model_dump(mode="json", exclude_defaults=True)
    whole = row.model_dump(mode="json")
    return {name: _known(whole[name]) if isinstance(value, dict) else value for name, value in said.items()}


def _known(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return {name: _known(each) for name, each in value.items() if each is not None and (name, each) != ("en", "")}


def _cells(
    fields: Mapping[str, Any], columns: Sequence[Column], language: Language
) -> tuple[str | TypedCell | None, ...]:
    cells: list[str | TypedCell | None] = []
    empty = {name for name, value in fields.items() if value == {}}
    for column in columns:
        value: Any = fields
        for step in column.path:
            value = value.get(step) if isinstance(value, dict) else None
        if value is None and column.path[0] in empty and len(column.path) == 2:
            empty.remove(column.path[0])
            cells.append("-")  # said to be nothing
        else:
            cells.append(None if value is None else column.kind.write(value, language))
    return tuple(cells)


def _is_the_same(written: WrittenCell, part: Any, rulebook: Rulebook) -> bool:
    """Whether reading it gives the list back, without a complaint."""
    cells = [tuple(cell.text if isinstance(cell, TypedCell) else cell for cell in row) for row in written.rows]
    if any(len(cell or "") > MOST_TEXT for row in cells for cell in row):
        return False
    problems = Problems()
    numbered = tuple(enumerate([written.titles, *cells], 1))
    rows = read_rows(WorkbookSheet(written.list, written.list, numbered), problems)
    if rows is None or problems.errors:
        return False
    named = {name: [{"id": each.id} for each in getattr(rulebook, name)] for name in ("items", "categories")}
    compare({written.list: rows}, named, problems)
    if problems.errors:
        return False
    try:
        if isinstance(part, Table):
            inputs = [each.column.path[1] for each in rows.titled if each.column.path[0] == "when"]
            return _ROWS.validate_python(rows.fields) == part.rows and inputs == list(part.kinds())
        kind: type[BaseModel] = type(part[0])
        again = tuple(kind.model_validate(fields) for fields in rows.fields)
    except ValidationError:
        return False
    return bool(again == part)
