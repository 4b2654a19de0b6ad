"""Rows of a platform's file, CSV or workbook, under the names of its header. Nothing is guessed about a cell."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Any, Final, NamedTuple

from grid36.platform_files.workbook import workbook_rows
from grid36.replay.file.encoding import open_text
from grid36.replay.file.reasons import LongMessage, WrongFile
from schemas.names import Name
from schemas.platform import NeighbourPlatform

LINES_ABOVE: Final = 10
"""Among so many rows the header is looked for, below titles and empty rows."""
SEPARATORS: Final = (",", ";", "\t", "|")
WORKBOOKS: Final = frozenset({".xlsx", ".xlsm"})
EXACT: Final = 15
"""Digits that spreadsheet programs keep of a number."""
LOOKED_AT: Final = 200

Cells = Sequence[Any]


class FileRow(NamedTuple):
    """A row by its number in the file, the first being 1; None where it has more cells than the header."""

    number: int
    cells: dict[str, Any] | None


def file_rows(path: Path, platform: NeighbourPlatform) -> Iterator[FileRow]:
    """The rows below the header. Raises `WrongFile` for a file that is none, or whose ids were all rounded."""
    if path.suffix.lower() in WORKBOOKS:
        return _headed(workbook_rows(path), platform, path)
    text = open_text(path)
    with text.file:
        text.file.seek(0)
        separator = _separator(text.file.readline().decode("utf-8-sig"), platform)
    return _headed(_csv(path, text.encoding, separator), platform, path)


def _separator(line: str, platform: NeighbourPlatform) -> str:
    return max(SEPARATORS, key=lambda each: (platform.columns.id in _split(line, each), line.count(each)))


def _split(line: str, separator: str) -> list[str]:
    return [cell.strip(' "\r\n') for cell in line.split(separator)]


def _csv(path: Path, encoding: str, separator: str) -> Iterator[Cells]:
    with path.open(encoding="utf-8-sig" if encoding == "utf-8" else encoding, newline="") as file:
        yield from csv.reader(file, delimiter=separator)


def _headed(rows: Iterator[Cells], platform: NeighbourPlatform, path: Path) -> Iterator[FileRow]:
    """The rows under the first one that names the column of ids."""
    numbered = enumerate(rows, 1)
    for _, cells in islice(numbered, LINES_ABOVE):
        names = [str(cell).strip() if cell is not None else "" for cell in cells]
        if platform.columns.id in names:
            break
    else:
        column = platform.columns.id
        raise WrongFile(LongMessage.of("command.import.no_header", column=column, lines=LINES_ABOVE), file=str(path))
    first = list(islice(numbered, LOOKED_AT))
    _check_rounded((cells for _, cells in first), names.index(platform.columns.id), path)
    return (row for at, cells in chain(first, numbered) for row in _row(at, cells, names))


def _row(number: int, cells: Cells, names: Sequence[str]) -> Iterator[FileRow]:
    if all(_is_empty(cell) for cell in cells):
        return
    if not all(_is_empty(cell) for cell in cells[len(names) :]):
        yield FileRow(number, None)
        return
    here = zip(names, cells, strict=False)
    yield FileRow(number, {name: cell for name, cell in here if name and not _is_empty(cell)})


def _is_empty(cell: Any) -> bool:
    return cell is None or not str(cell).strip()


def _check_rounded(rows: Iterable[Cells], column: int, path: Path) -> None:
    """Long ids that all end in zeros were numbers in a spreadsheet program once, and several became one."""
    ids = [str(cells[column]).strip() for cells in rows if column < len(cells) and not _is_empty(cells[column])]
    long = [id for id in ids if id.isdecimal() and len(id) > EXACT]
    if len(long) > 1 and all(not id[EXACT:].strip("0") for id in long):
        raise WrongFile(Name.of("command.import.rounded", given=long[0]), file=str(path))
