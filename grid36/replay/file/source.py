"""The source file: reads all of it once before anything is used, then single rows on demand."""

import csv
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Final, Self

from grid36.replay.file.encoding import open_text
from grid36.replay.file.mapping import Mapping
from grid36.replay.file.reasons import LongMessage, Reason, WrongFile
from grid36.replay.file.rows import PastRow, RowFault, reader
from grid36.replay.file.survey import survey
from schemas.errors import WrongInput
from schemas.names import Name
from schemas.region import Box

SEPARATORS: Final = (",", ";", "\t", "|")
LINES_ABOVE: Final = 10
"""Among so many lines the header is looked for, below titles and empty lines."""
_OTHERS: Final = {"{": "json", "[": "json", "<": "xml"}
AHEAD: Final = 10
"""Years from now that a due date may lie ahead. What happened lies in no later year than this one: time would go on
until then for every open case."""
READING: Final = 4
"""Goes into the identity of a replay: one that was begun by another way of reading a file cannot go on."""


class SourceFile:
    """A CSV file and its mapping, read once from end to end; `box` is the region's; it decides the order of numbers.

    Raises `WrongFile` where it cannot be read or no coordinates in it can be used, `WrongMapping` where the header does
    not fit. `encoding`, `separator` and `known` say what was found out.
    """

    def __init__(self, path: Path, mapping: Mapping, box: Box | None = None) -> None:
        self.path = path
        self.mapping = mapping
        self._at = 0
        self.header: list[str] = []
        text = open_text(path, mapping.encoding)
        self._file, self.encoding, self.size = text.file, text.encoding, text.size
        try:
            self._first = self._named_separator()
            self.separator, self.header = self._header()
            mapping.check_header(self.header, path)
            self.start = self._at
            year = (datetime.now(UTC) + timedelta(days=1)).year  # in some zones it is tomorrow already
            known = survey(self._plain_rows(), mapping, box)
            self.known = replace(known, last_year=year, last_due_year=year + AHEAD)
        except WrongInput:
            self._file.close()
            raise
        self._read = reader(mapping, self.known)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    @property
    def unused(self) -> list[str]:
        """The columns that the mapping does not name."""
        used = {column for _, column in self.mapping.columns()}
        return [name for name in self.header if name and name not in used]

    def digest(self) -> str:
        """SHA-256 of the file and the mapping, in hex: the identity of a replay."""
        digest = sha256(f"{READING} {self.known.order} {sorted(self.known.days)} ".encode())
        digest.update(self.mapping.model_dump_json().encode())
        with self.path.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
        return digest.hexdigest()

    def rows(self) -> Iterator[tuple[int, PastRow | RowFault]]:
        """(byte offset, row) for the whole file, in its order; empty lines are no rows."""
        number, offset = 0, self.start
        for cells in self._cells(self.start):
            if cells != []:
                number += 1
                yield offset, self._row(number, cells)
            offset = self._at

    def row(self, number: int, offset: int) -> PastRow | RowFault:
        """The row that begins at `offset`."""
        return self._row(number, next(self._cells(offset)))

    def raw(self, start: int, end: int) -> bytes:
        """The bytes between two offsets, in UTF-8."""
        self._file.seek(start)
        return self._file.read(end - start)

    def _named_separator(self) -> str | None:
        """What the mapping says, or a first line `sep=;` as spreadsheet programs write it; that line is passed over."""
        self._file.seek(0)
        line = self._file.readline(20)
        first = line.decode("utf-8-sig", "replace").strip("\r\n")
        if first.lower().startswith("sep=") and len(first) == 5 and line.endswith(b"\n"):
            self._begin = self._file.tell()
            return self.mapping.separator or first[4]
        self._begin = 0
        return self.mapping.separator

    def _header(self) -> tuple[str, list[str]]:
        """The separator with which most columns of the mapping are there, and the names of all columns.

        They stand in the first line that is not empty, or below a title in the first line that has all of them.
        """
        wanted = {column for _, column in self.mapping.columns()}
        best: tuple[int, int, str, list[str], int] | None = None
        for separator in (self._first,) if self._first else SEPARATORS:
            self.separator = separator
            is_first = True
            for cells in islice(self._cells(self._begin), LINES_ABOVE):
                if not isinstance(cells, list) or not any(map(str.strip, cells)):
                    continue
                names = [name if name in wanted else name.strip() for name in cells]
                here = sum(names.count(column) == 1 for column in wanted)
                if (is_first or here == len(wanted)) and (best is None or (here, len(names)) > best[:2]):
                    best = here, len(names), separator, names, self._at
                is_first = False
        if best is None:
            raise WrongFile(LongMessage.of("replay.file.no_rows"), file=str(self.path))
        if not best[0] and (kind := _OTHERS.get(best[3][0][:1])):
            raise WrongFile(Name.of(f"replay.file.export_as_csv.{kind}"), file=str(self.path))
        self._at = best[4]
        return best[2], best[3]

    def _plain_rows(self) -> Iterator[dict[str, str] | None]:
        for cells in self._cells(self.start):
            if cells != []:
                fitted = self._fitted(cells) if isinstance(cells, list) else []
                yield dict(zip(self.header, fitted, strict=True)) if len(fitted) == len(self.header) else None

    def _fitted(self, cells: list[str]) -> list[str]:
        """Without empty cells beyond the header, which a separator at the end of lines makes."""
        most = len(self.header)
        return cells if len(cells) <= most or any(map(str.strip, cells[most:])) else cells[:most]

    def _row(self, number: int, cells: list[str] | csv.Error) -> PastRow | RowFault:
        if isinstance(cells, csv.Error):
            return RowFault(number, "-", Reason("no_csv", {"detail": str(cells)}))
        cells = self._fitted(cells)
        if len(cells) != len(self.header):
            return RowFault(number, "-", Reason("cells", {"cells": len(cells), "header": len(self.header)}))
        return self._read(number, dict(zip(self.header, cells, strict=True)))

    def _cells(self, offset: int) -> Iterator[list[str] | csv.Error]:
        """The records from `offset` on. A stray quotation mark costs its own line at most, never those after it."""
        read = self._reader(offset)
        while True:
            begin = self._at
            try:
                yield next(read)
            except StopIteration:
                return
            except csv.Error as fault:
                self._file.seek(begin)
                line = self._decode(self._file.readline())
                read = self._reader(self._file.tell())
                yield self._alone(line) or fault

    def _reader(self, offset: int) -> Iterator[list[str]]:
        self._file.seek(offset)
        self._at = offset
        return csv.reader(self._lines(), delimiter=self.separator, strict=True)

    def _alone(self, line: str) -> list[str] | None:
        """A line whose quotation marks do not pair, if it has the right number of cells all the same."""
        try:
            (cells,) = csv.reader([line.rstrip("\r\n")], delimiter=self.separator)
        except (csv.Error, ValueError):
            return None
        return cells if len(cells) == len(self.header) else None

    def _lines(self) -> Iterator[str]:
        for raw in self._file:
            text = self._decode(raw)
            self._at += len(raw)
            yield text

    def _decode(self, raw: bytes) -> str:
        return raw.decode("utf-8-sig" if self._at == 0 else "utf-8")
