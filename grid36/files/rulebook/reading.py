"""Reads a rulebook from any form of files, and collects all problems."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from grid36.files.rulebook.csv_sheets import read_csv
from grid36.files.rulebook.decisions import TABLES
from grid36.files.rulebook.faults import add_faults
from grid36.files.rulebook.layout import Layout, layout_of
from grid36.files.rulebook.other_kinds import name_strays, name_unseen
from grid36.files.rulebook.problems import CellPlace, FaultyRulebook, FileProblem, Problems
from grid36.files.rulebook.rows import Rows, read_rows
from grid36.files.rulebook.sheets import WorkbookSheet
from grid36.files.rulebook.spellings import compare
from grid36.files.rulebook.yaml_file import read_yaml
from schemas.names import Name
from schemas.rulebook import Rulebook

HIT_POLICIES: Final = {"routing": "F", "joint": "C", "limits": "F"}
"""Of tables whose hit policy nobody wrote."""


@dataclass(frozen=True)
class RulebookReading:
    """The result of reading: the rulebook (unless there are errors), all problems, and the source of each list."""

    layout: Layout
    rulebook: Rulebook | None
    problems: tuple[FileProblem, ...]
    lists: Mapping[str, Rows]
    sheets: tuple[WorkbookSheet, ...]


def load_rulebook(path: Path) -> Rulebook:
    """The rulebook in a folder, or around one of its files. Raises `FaultyRulebook` with all its mistakes."""
    reading = read_rulebook(path)
    if reading.rulebook is None:
        raise FaultyRulebook([problem for problem in reading.problems if problem.severity == "error"])
    return reading.rulebook


def read_rulebook(path: Path) -> RulebookReading:
    """Read all files of the rulebook in a folder, or around one of its files."""
    problems = Problems()
    layout = layout_of(path)
    content = read_yaml(layout.yaml, problems)
    name_strays(layout, content or {}, problems)
    if layout.strays and problems.errors:
        return RulebookReading(layout, None, problems.in_order(), {}, ())
    sheets = _sheets(layout, problems)
    lists: dict[str, Rows] = {}
    for sheet in sheets:
        rows = read_rows(sheet, problems)
        if rows is not None:
            lists[sheet.list] = rows
            name_unseen(sheet, set(rows.numbers), problems)
    if content is None:
        return RulebookReading(layout, None, problems.in_order(), lists, sheets)
    whole = {**content}
    for sheet in sheets:
        _join(whole, sheet, lists.get(sheet.list), layout.yaml.name, problems)
    compare(lists, whole, problems)
    rulebook = _validated(whole, lists, layout.yaml, problems)
    return RulebookReading(layout, None if problems.errors else rulebook, problems.in_order(), lists, sheets)


def _workbook(path: Path, problems: Problems) -> Iterable[WorkbookSheet]:
    """The sheets of a workbook. Its library is large, and a system whose rulebook has none does without it."""
    from grid36.files.rulebook.xlsx_sheets import open_workbook, read_workbook

    book = open_workbook(path, problems)
    return read_workbook(book, problems) if book else ()


def _sheets(layout: Layout, problems: Problems) -> tuple[WorkbookSheet, ...]:
    sheets = [read_csv(path, name, problems) for name, path in layout.tables.items()]
    found = {sheet.list: sheet for sheet in sheets if sheet is not None}
    for sheet in _workbook(layout.workbook, problems) if layout.workbook else ():
        assert layout.workbook is not None, "it was opened"
        problems.files[sheet.label] = layout.workbook.name
        if sheet.list in layout.tables:
            _two_places(CellPlace(sheet.label), layout.tables[sheet.list].name, problems)
        else:
            found[sheet.list] = sheet
    return tuple(found.values())


def _two_places(place: CellPlace, other: str, problems: Problems) -> None:
    text = Name.of("files.sheet.list_elsewhere_too", other=other)
    problems.add("two_places", place, text, Name.of("files.sheet.list_elsewhere_too.remedy"))


def _join(whole: dict[str, Any], sheet: WorkbookSheet, rows: Rows | None, yaml: str, problems: Problems) -> None:
    """Add a list to the fields of the rulebook."""
    name = sheet.list
    table = whole.get(name)
    if name not in TABLES:
        if table:
            _two_places(CellPlace(sheet.label), yaml, problems)
        whole[name] = list(rows.fields) if rows else []
        return
    if table is not None and not isinstance(table, dict):
        return  # the model says what is wrong with it
    table = table or {}
    if table.get("rows"):
        _two_places(CellPlace(sheet.label), yaml, problems)
    if not table and name != "routing" and not (rows and rows.fields):
        return
    inputs = [each.column.path[1] for each in rows.titled if each.column.path[0] == "when"] if rows else []
    if table.get("inputs") not in (None, [], inputs):
        text = Name.of("files.sheet.other_inputs", yaml=yaml)
        remedy = Name.of("files.sheet.other_inputs.remedy", yaml=yaml)
        problems.add("two_places", CellPlace(sheet.label, rows.title_row if rows else None), text, remedy)
    head = {"name": name, "hit_policy": HIT_POLICIES[name], **table}
    whole[name] = {**head, "inputs": inputs, "rows": list(rows.fields) if rows else []}


def _validated(content: dict[str, Any], lists: Mapping[str, Rows], yaml: Path, problems: Problems) -> Rulebook | None:
    try:
        return Rulebook.model_validate(content)
    except ValidationError as error:
        known = len(problems.errors)
        add_faults(error, lists, yaml, problems)
        assert known or problems.errors, "what is faulty is said"
        return None
