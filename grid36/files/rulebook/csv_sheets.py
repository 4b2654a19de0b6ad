"""Lists in CSV files, as editors and spreadsheet programs save them."""

import csv
import io
from collections.abc import Iterable
from pathlib import Path

from grid36.files.rulebook.problems import CellPlace, Problems
from grid36.files.rulebook.sheets import MOST_ROWS, TypedCell, WorkbookSheet, WrittenCell, is_blank
from schemas.names import Name

MOST_BYTES = 30_000_000


def read_csv(path: Path, name: str, problems: Problems) -> WorkbookSheet | None:
    """The list in a CSV file: UTF-8 with or without a mark, or GB 18030 with a warning; None when it is unreadable."""
    text = _text(path, problems)
    if text is None:
        return None
    first = text.partition("\n")[0]
    if "," not in first and ("\t" in first or ";" in first):
        said = Name.of("files.sheet.no_commas")
        problems.add("separator", CellPlace(path.name, 1), said, Name.of("files.sheet.save_as_csv"))
        return None
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=False))
    except csv.Error as error:
        _unreadable(path, problems, str(error))
        return None
    if len(rows) > MOST_ROWS:
        too_many(CellPlace(path.name), len(rows), problems)
        return None
    numbered = [(number, tuple(row)) for number, row in enumerate(rows, 1) if not all(map(is_blank, row))]
    return WorkbookSheet(name, path.name, tuple(numbered))


def too_many(place: CellPlace, rows: int, problems: Problems) -> None:
    """Say that a list is longer than any list should be."""
    said = Name.of("files.sheet.too_many_rows", rows=rows, most=MOST_ROWS)
    problems.add("too_many_rows", place, said, Name.of("files.sheet.too_many_rows.remedy"))


def _text(path: Path, problems: Problems) -> str | None:
    raw = path.read_bytes()
    if len(raw) > MOST_BYTES:
        _unreadable(path, problems, f"{len(raw)} bytes")
        return None
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in raw[:1000]:
        said = Name.of("files.sheet.utf_16")
        problems.add("encoding", CellPlace(path.name), said, Name.of("files.sheet.save_as_csv"))
        return None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        text = raw.decode("gb18030")
    except UnicodeDecodeError as error:
        _unreadable(path, problems, str(error))
        return None
    said = Name.of("files.sheet.read_as_gb_18030")
    remedy = Name.of("files.sheet.read_as_gb_18030.remedy")
    problems.warn("encoding", CellPlace(path.name), said, remedy)
    return text


def _unreadable(path: Path, problems: Problems, detail: str) -> None:
    said = Name.of("files.sheet.unreadable", detail=detail)
    problems.add("unreadable", CellPlace(path.name), said, Name.of("files.sheet.save_as_csv"))


def write_csv(path: Path, written: WrittenCell, remarks: Iterable[str] = ()) -> None:
    """Write one list, with the mark by which spreadsheet programs know UTF-8."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(written.titles)
        if remark := list(remarks):
            writer.writerow([f"# {remark[0]}", *remark[1:]])
        writer.writerows([[_plain(cell) for cell in row] for row in written.rows])


def _plain(cell: str | TypedCell | None) -> str:
    return cell.text if isinstance(cell, TypedCell) else cell or ""
