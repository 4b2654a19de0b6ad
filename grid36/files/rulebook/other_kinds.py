"""Workbooks of other kinds than ours, whatever their file is called, each named with the remedy."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Final
from zipfile import BadZipFile, ZipFile

from grid36.files.rulebook.decisions import TABLES
from grid36.files.rulebook.layout import OTHER_BOOKS, Layout
from grid36.files.rulebook.problems import CellPlace, Problems, letters
from grid36.files.rulebook.sheets import WorkbookSheet, is_blank
from grid36.files.rulebook.titles import LISTS

SAVE_AS_XLSX: Final = (
    "打开后去掉密码，另存为“Excel 工作簿（.xlsx）”，文件名 lists.xlsx",
    "open it, take any password off, and save it as Excel workbook (.xlsx) called lists.xlsx",
)
_STRICT: Final = b"http://purl.oclc.org/ooxml/"


def other_kind(path: Path) -> tuple[str, str] | None:
    """What the file is, in both languages; None for an Excel workbook, or what cannot be told."""
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return "旧版 Excel 文件（.xls）或有密码的工作簿", "an old Excel file (.xls), or a workbook with a password"
    if head.lstrip(b"\xef\xbb\xbf \r\n\t")[:5].lower() in {b"<html", b"<!doc", b"<tabl", b"<meta"}:
        return "网页格式的表格", "a table in a web page"
    try:
        with ZipFile(path) as parts:
            return _packed(parts)
    except (BadZipFile, OSError, RuntimeError, NotImplementedError, KeyError):
        return None


def _packed(parts: ZipFile) -> tuple[str, str] | None:
    names = set(parts.namelist())
    if "mimetype" in names and b"opendocument" in parts.read("mimetype")[:200]:
        return "OpenDocument 表格（.ods）", "an OpenDocument spreadsheet (.ods)"
    if "xl/workbook.bin" in names:
        return "二进制 Excel 工作簿（.xlsb）", "a binary Excel workbook (.xlsb)"
    if "xl/workbook.xml" in names and _STRICT in parts.read("xl/workbook.xml")[:10_000]:
        return "“Strict Open XML”工作簿", "a workbook in Strict Open XML"
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
        text = ("这个文件没有被读取", "this file is not read")
        if kind is not None:
            text = (f"这是{kind[0]}，没有被读取", f"this is {kind[1]} and is not read")
        if file.suffix.lower() in OTHER_BOOKS:
            remedy = SAVE_AS_XLSX
        elif file.suffix.lower() in {".xlsx", ".xlsm"}:
            remedy = ("改名为 lists.xlsx，或把它移走", "call it lists.xlsx, or move it away")
        else:
            remedy = (
                "改名为清单名加 .csv，如 items.csv，或移走",
                "call it as its list, such as items.csv, or move it away",
            )
        (problems.add if is_meant else problems.warn)("not_read", CellPlace(file.name), text, remedy)


def name_unseen(sheet: WorkbookSheet, data: Collection[int], problems: Problems) -> None:
    """Say which rows and columns people cannot see, or have struck through: they count like all others."""
    for every, zh, en in (
        (sheet.hidden, "行是隐藏的，仍然有效", "hidden"),
        (sheet.struck, "行带删除线，仍然有效", "struck-through"),
    ):
        if rows := tuple(row for row in every if row in data):
            many = "row counts" if len(rows) == 1 else "rows count"
            text = (f"{len(rows)} {zh}:{ranges(rows)}", f"{len(rows)} {en} {many} all the same: {ranges(rows)}")
            remedy = ("不要的行请删除；要的请取消隐藏或删除线", "delete those not wanted; show the others plainly")
            problems.warn("unseen_rows", CellPlace(sheet.label, rows[0]), text, remedy)

    if sheet.hidden_columns:
        names = [f"{letters(number)} {_title(sheet, number)}" for number in sheet.hidden_columns]
        shown = ", ".join(names[:_MOST]) + " …" * (len(names) > _MOST)
        many = "column counts" if len(names) == 1 else "columns count"
        text = (f"{len(names)} 列是隐藏的，仍然有效：{shown}", f"{len(names)} hidden {many} all the same: {shown}")
        remedy = ("不要的列请删除；要的请取消隐藏", "delete those not wanted; show the others")
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
