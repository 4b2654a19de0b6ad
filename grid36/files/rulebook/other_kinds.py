"""Recognises workbooks of other formats, whatever their file name, and names the remedy."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Final
from zipfile import BadZipFile, ZipFile

from grid36.files.rulebook.decisions import TABLES
from grid36.files.rulebook.layout import OTHER_BOOKS, Layout
from grid36.files.rulebook.problems import CellPlace, Problems, letters
from grid36.files.rulebook.sheets import WorkbookSheet, is_blank
from grid36.files.rulebook.titles import LISTS
from schemas.names import Name

_STRICT: Final = b"http://purl.oclc.org/ooxml/"


def other_kind(path: Path) -> Name | None:
    """The kind of the file; None for an Excel workbook or an unknown kind."""
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return Name.of("files.sheet.kind.old_excel")
    if head.lstrip(b"\xef\xbb\xbf \r\n\t")[:5].lower() in {b"<html", b"<!doc", b"<tabl", b"<meta"}:
        return Name.of("files.sheet.kind.web_page")
    try:
        with ZipFile(path) as parts:
            return _packed(parts)
    except (BadZipFile, OSError, RuntimeError, NotImplementedError, KeyError):
        return None


def _packed(parts: ZipFile) -> Name | None:
    names = set(parts.namelist())
    if "mimetype" in names and b"opendocument" in parts.read("mimetype")[:200]:
        return Name.of("files.sheet.kind.opendocument")
    if "xl/workbook.bin" in names:
        return Name.of("files.sheet.kind.binary_excel")
    if "xl/workbook.xml" in names and _STRICT in parts.read("xl/workbook.xml")[:10_000]:
        return Name.of("files.sheet.kind.strict_open_xml")
    return None


def name_strays(layout: Layout, content: Mapping[str, Any], problems: Problems) -> None:
    """Name each file beside the rulebook that looks like a list and is not read.

    An error where its list stands nowhere else, because then this one is meant; all else would follow from it.
    """
    there = {*layout.tables, *(name for name in LISTS if content.get(name) and name not in TABLES)}
    there |= {name for name in TABLES if isinstance(content.get(name), dict) and content[name].get("rows")}
    for file, name in layout.strays.items():
        is_meant = layout.workbook is None and (name or "categories") not in there
        kind = other_kind(file) if file.suffix.lower() in OTHER_BOOKS else None
        text = Name.of("files.sheet.not_read")
        if kind is not None:
            text = Name.of("files.sheet.other_kind_not_read", kind=kind)
        if file.suffix.lower() in OTHER_BOOKS:
            remedy = Name.of("files.sheet.save_as_xlsx")
        elif file.suffix.lower() in {".xlsx", ".xlsm"}:
            remedy = Name.of("files.sheet.not_read.call_it_lists")
        else:
            remedy = Name.of("files.sheet.not_read.call_it_as_its_list")
        (problems.add if is_meant else problems.warn)("not_read", CellPlace(file.name), text, remedy)


def name_unseen(sheet: WorkbookSheet, data: Collection[int], problems: Problems) -> None:
    """Say which rows and columns people cannot see, or have struck through: they count like all others."""
    for every, key in ((sheet.hidden, "files.sheet.hidden_rows"), (sheet.struck, "files.sheet.struck_rows")):
        if rows := tuple(row for row in every if row in data):
            text = Name.of(key, n=len(rows), rows=ranges(rows))
            remedy = Name.of("files.sheet.unseen_rows.remedy")
            problems.warn("unseen_rows", CellPlace(sheet.label, rows[0]), text, remedy)

    if sheet.hidden_columns:
        names = [f"{letters(number)} {_title(sheet, number)}" for number in sheet.hidden_columns]
        shown = ", ".join(names[:_MOST]) + " …" * (len(names) > _MOST)
        text = Name.of("files.sheet.hidden_columns", n=len(names), columns=shown)
        remedy = Name.of("files.sheet.unseen_columns.remedy")
        problems.warn("unseen_columns", CellPlace(sheet.label), text, remedy)


_MOST: Final = 6


def _title(sheet: WorkbookSheet, column: int) -> str:
    """What stands at the top of a column."""
    return next(str(row[column - 1]) for _, row in sheet.rows if not is_blank(row[column - 1]))


def ranges(rows: tuple[int, ...]) -> str:
    """`3, 5-9, 12 …`."""
    runs: list[list[int]] = []
    for row in rows:
        if runs and row == runs[-1][-1] + 1:
            runs[-1] = [runs[-1][0], row]
        else:
            runs.append([row, row])
    shown = ", ".join(f"{a}" if a == b else f"{a}-{b}" for a, b in runs[:_MOST])
    return shown + (" …" if len(runs) > _MOST else "")
