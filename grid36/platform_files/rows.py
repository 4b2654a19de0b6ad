"""Rows of a platform's file, CSV or workbook, under the names of its header. Nothing is guessed about a cell."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Any, Final, NamedTuple

from grid36.platform_files.csv_rows import csv_rows
from grid36.platform_files.workbook import NoValue, workbook_rows
from grid36.replay.file.reasons import LongMessage, WrongFile
from schemas.names import Name
from schemas.platform import NeighbourPlatform

LINES_ABOVE: Final = 10
"""Among so many rows the header is looked for, below titles and empty rows."""
WORKBOOKS: Final = frozenset({".xlsx", ".xlsm"})
EXACT: Final = 15
"""Digits that spreadsheet programs keep of a number."""
LOOKED_AT: Final = 200

Cells = Sequence[Any]


class FileRow(NamedTuple):
    """A row by its number in the file, the first being 1."""

    number: int
    cells: dict[str, Any] | None
    """Those that the table uses, by the names of the header; None where the row has more cells than the header."""
    id: str = ""
    """What stands under the column of ids, as it stands there."""


class CheckedFile(NamedTuple):
    """A file that was read to its end once, so that nothing of a broken one is sent."""

    path: Path
    platform: NeighbourPlatform
    total: int
    """Rows below the header."""

    def rows(self) -> Iterator[FileRow]:
        """They, read anew: none is kept."""
        return file_rows(self.path, self.platform)


def checked_file(path: Path, platform: NeighbourPlatform) -> CheckedFile:
    """Read all of it. Raises `WrongFile` where any part of it cannot be read."""
    return CheckedFile(path, platform, sum(1 for _ in file_rows(path, platform)))


def file_rows(path: Path, platform: NeighbourPlatform) -> Iterator[FileRow]:
    """The rows below the header. Raises `WrongFile` for a file that is none, or whose ids were all rounded."""
    if path.suffix.lower() in WORKBOOKS:
        return _headed(workbook_rows(path), platform, path)
    return _headed(csv_rows(path, platform.columns.id, LINES_ABOVE), platform, path)


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
    _check_twice(names, platform, path)
    at_id = names.index(platform.columns.id)
    first = list(islice(numbered, LOOKED_AT))
    _check_rounded((cells for _, cells in first), at_id, path)
    used = [name if name in platform.columns.used else "" for name in names]
    calculated = ((at, _calculated(cells, used, path)) for at, cells in chain(first, numbered))
    return (row for at, cells in calculated for row in _row(at, cells, used, at_id))


def _calculated(cells: Cells, names: Sequence[str], path: Path) -> Cells:
    """The cells. Raises `WrongFile` if a formula that is used has no value: it is not empty, and nobody knows it."""
    unknown = [at for at, cell in enumerate(cells) if isinstance(cell, NoValue)]
    for at in unknown:
        if at < len(names) and names[at]:
            raise WrongFile(LongMessage.of("command.import.no_value", cell=cells[at]), file=str(path))
    return [None if at in unknown else cell for at, cell in enumerate(cells)] if unknown else cells


def _row(number: int, cells: Cells, names: Sequence[str], at_id: int) -> Iterator[FileRow]:
    if all(_is_empty(cell) for cell in cells):
        return
    id = str(cells[at_id]).strip() if at_id < len(cells) and not _is_empty(cells[at_id]) else ""
    if not all(_is_empty(cell) for cell in cells[len(names) :]):
        yield FileRow(number, None, id)
        return
    here = zip(names, cells, strict=False)
    yield FileRow(number, {name: cell for name, cell in here if name and not _is_empty(cell)}, id)


def _is_empty(cell: Any) -> bool:
    return cell is None or not str(cell).strip()


def _check_twice(names: Iterable[str], platform: NeighbourPlatform, path: Path) -> None:
    """Of two columns with one name nobody knows which is meant; those that the table does not use may repeat."""
    used = platform.columns.used
    twice = [name for name, times in Counter(names).items() if times > 1 and name in used]
    if twice:
        raise WrongFile(LongMessage.of("command.import.column_twice", columns=", ".join(twice)), file=str(path))


def _check_rounded(rows: Iterable[Cells], column: int, path: Path) -> None:
    """Long ids that all end in zeros were numbers in a spreadsheet program once, and several became one."""
    ids = [str(cells[column]).strip() for cells in rows if column < len(cells) and not _is_empty(cells[column])]
    long = [id for id in ids if id.isdecimal() and len(id) > EXACT]
    if len(long) > 1 and all(not id[EXACT:].strip("0") for id in long):
        raise WrongFile(Name.of("command.import.rounded", given=long[0]), file=str(path))
