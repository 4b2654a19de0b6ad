"""The file: read once to learn the order of its facts by time, then row by row where the text is needed.

Only sort keys, ids and byte offsets stay in memory (about 300 bytes a row), so that a million rows fit.
"""

import csv
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import IO, Final, Self

from grid36.replay.mapping import Mapping
from grid36.replay.rows import Fault, Row, reader
from schemas.command import RecordWhat
from schemas.errors import WrongInput
from schemas.report import Department

ORDER: Final = (RecordWhat.OPENED, RecordWhat.ACKNOWLEDGED, RecordWhat.MERGED, RecordWhat.CLOSED)
_ROW_BITS: Final = 28
_ROW_MASK: Final = (1 << _ROW_BITS) - 1
_EPOCH_MS: Final = 2_208_988_800_000
"""Added to times, so that the year 1900 is not negative."""


class WrongFile(WrongInput):
    """This file cannot be replayed. It is a CSV with a header line and one past case a row, in UTF-8."""


class SourceFile:
    """A CSV file and its mapping. Raises `WrongFile` or `WrongMapping` where the header does not fit."""

    def __init__(self, path: Path, mapping: Mapping) -> None:
        self.path = path
        self.mapping = mapping
        self._read = reader(mapping)
        self._at = 0
        try:
            self._file: IO[bytes] = path.open("rb")
        except OSError as fault:
            raise WrongFile("This file cannot be opened. Check its name.", file=str(path)) from fault
        self.size = path.stat().st_size
        try:
            self.header = self._header()
        except WrongInput:
            self._file.close()
            raise
        self.start = self._at

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def digest(self) -> str:
        """SHA-256 of the file and the mapping, in hex: the identity of a replay."""
        told = sha256(self.mapping.model_dump_json().encode())
        with self.path.open("rb") as file:
            while block := file.read(1 << 20):
                told.update(block)
        return told.hexdigest()

    def rows(self) -> Iterator[tuple[int, Row | Fault]]:
        """(byte offset, row) for the whole file, in its order; empty lines are no rows."""
        number, offset = 0, self.start
        for cells in self._cells(self.start):
            if cells != []:
                number += 1
                yield offset, self._row(number, cells)
            offset = self._at

    def row(self, number: int, offset: int) -> Row | Fault:
        """The row that begins at `offset`."""
        return self._row(number, next(self._cells(offset)))

    def raw(self, start: int, end: int) -> bytes:
        """The bytes between two offsets."""
        self._file.seek(start)
        return self._file.read(end - start)

    def _header(self) -> list[str]:
        header = next(self._cells(0), None)
        if not isinstance(header, list) or not header:
            raise WrongFile(file=str(self.path))
        self.mapping.check_header(header, self.path)
        return header

    def _row(self, number: int, cells: list[str] | csv.Error) -> Row | Fault:
        if isinstance(cells, csv.Error):
            return Fault(number, "-", f"the row cannot be read: {cells}", "look for a stray quotation mark")
        if len(cells) != len(self.header):
            what = f"the row has {len(cells)} cells, the header {len(self.header)}"
            return Fault(number, "-", what, "look for a comma without quotation marks, or a row that was cut off")
        return self._read(number, dict(zip(self.header, cells, strict=True)))

    def _cells(self, offset: int) -> Iterator[list[str] | csv.Error]:
        self._file.seek(offset)
        self._at = offset
        read = csv.reader(self._lines())
        while True:
            try:
                yield next(read)
            except StopIteration:
                return
            except csv.Error as fault:
                yield fault

    def _lines(self) -> Iterator[str]:
        for raw in self._file:
            first = self._at == 0
            self._at += len(raw)
            yield raw.decode("utf-8-sig" if first else "utf-8", "replace")


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that happened to a past case, at its own time; `into` is the report id of the master (merged)."""

    what: RecordWhat
    row: Row
    at_ms: int


@dataclass(slots=True)
class Plan:
    """The order in which a file is replayed: first what is parked, in row order, then the facts by time.

    Facts at the same time follow the order of their rows, and of a life within a row.
    """

    source: SourceFile
    offsets: "array[int]" = field(default_factory=lambda: array("q"))
    parked: list[int] = field(default_factory=list)
    keys: list[int] = field(default_factory=list)
    rows: int = 0
    end: int = 0
    """Byte offset behind the last row."""
    departments: dict[str, Department] = field(default_factory=dict)
    repeats: dict[int, int] = field(default_factory=dict)
    """Rows whose id stands in an earlier row already, and that row."""

    def __len__(self) -> int:
        return len(self.parked) + len(self.keys)

    @property
    def first_ms(self) -> int | None:
        """The time of the earliest fact."""
        return _time(self.keys[0]) if self.keys else None

    @property
    def last_ms(self) -> int | None:
        """The time of the latest fact."""
        return _time(self.keys[-1]) if self.keys else None

    def __getitem__(self, index: int) -> Fact | Fault:
        """What comes at place `index`."""
        if index < len(self.parked):
            number = self.parked[index]
            row = self._row(number)
            if number in self.repeats:
                what = f"the id {row.report!r} stands already in row {self.repeats[number]}"
                return Fault(number, self.source.mapping.id, what, "give every row an id of its own")
            if isinstance(row, Fault):
                return row
            raise self._changed()
        key = self.keys[index - len(self.parked)]
        row = self._row(key & _ROW_MASK)
        if isinstance(row, Fault):
            raise self._changed()
        return Fact(ORDER[key >> _ROW_BITS & 3], row, _time(key))

    def time(self, index: int) -> int | None:
        """When what comes at place `index` happened; None for what is parked."""
        return None if index < len(self.parked) else _time(self.keys[index - len(self.parked)])

    def until(self, until_ms: int | None) -> int:
        """How many places of the order lie at or before `until_ms`."""
        if until_ms is None:
            return len(self)
        low, high = 0, len(self.keys)
        while low < high:
            middle = (low + high) // 2
            low, high = (middle + 1, high) if _time(self.keys[middle]) <= until_ms else (low, middle)
        return len(self.parked) + low

    def raw(self, number: int) -> bytes:
        """The bytes of a row as they stand in the file."""
        end = self.offsets[number] if number < len(self.offsets) else self.end
        return self.source.raw(self.offsets[number - 1], end)

    def _row(self, number: int) -> Row | Fault:
        return self.source.row(number, self.offsets[number - 1])

    def _changed(self) -> WrongFile:
        return WrongFile("The file changed while it was read. Start again.", file=str(self.source.path))


def make_plan(source: SourceFile, limit: int | None = None) -> Plan:
    """Read the first `limit` rows (None: all) and put their facts in order."""
    plan = Plan(source)
    numbers: dict[str, int] = {}
    reported: dict[int, int] = {}
    merges: list[Row] = []
    for offset, row in source.rows():
        plan.end = offset
        if plan.rows == limit:
            break
        plan.rows += 1
        plan.offsets.append(offset)
        if row.report is not None and (first := numbers.setdefault(row.report, row.number)) != row.number:
            plan.repeats[row.number] = first
        if isinstance(row, Fault) or row.number in plan.repeats:
            plan.parked.append(row.number)
            continue
        if row.department is not None:
            plan.departments.setdefault(row.department.code, row.department)
        reported[row.number] = row.reported_ms
        if row.merged_into is None:
            plan.keys.extend(_keys(row))
        else:
            merges.append(row)
    else:
        plan.end = source.size
    for row in merges:
        plan.keys.extend(_merge_keys(row, numbers.get(row.merged_into or ""), reported))
    plan.keys.sort()
    return plan


def _keys(row: Row) -> Iterator[int]:
    times = (row.reported_ms, row.acknowledged_ms, None, row.closed_ms)
    for what, at_ms in enumerate(times):
        if at_ms is not None:
            yield _key(at_ms, row.number, what, row.number)


def _merge_keys(row: Row, master: int | None, reported: dict[int, int]) -> Iterator[int]:
    """As `_keys`, and the merge once both cases are open. Later facts of a merged case are for `cases` to judge."""
    yield from _keys(row)
    if master is not None and master != row.number and master in reported:
        yield _key(max(row.reported_ms, reported[master]), max(row.number, master), 2, row.number)


def _key(at_ms: int, rank: int, what: int, number: int) -> int:
    return (((at_ms + _EPOCH_MS) << _ROW_BITS | rank) << 2 | what) << _ROW_BITS | number


def _time(key: int) -> int:
    return (key >> 2 * _ROW_BITS + 2) - _EPOCH_MS
