"""One row of the file: what it says, or why it cannot be used. Pure; the file itself is read in `source`."""

import re
from collections.abc import Callable
from collections.abc import Mapping as Cells
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import isfinite
from typing import Final
from zoneinfo import ZoneInfo

from grid36.replay.mapping import Mapping, TimeColumn
from schemas.datum import Datum
from schemas.place import Coordinates, PlaceGiven
from schemas.report import Department

NOWHERE: Final = PlaceGiven()
MAX_TEXT: Final = 4000
MAX_ID: Final = 80
"""Leaves room for what ids of commands add to it."""
MAX_CATEGORY: Final = 200
_EARLIEST: Final = datetime(1900, 1, 1, tzinfo=UTC)
_LATEST: Final = datetime(2200, 1, 1, tzinfo=UTC)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MS: Final = timedelta(milliseconds=1)
_UNSAFE: Final = re.compile(r"[\s/?#%~\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Row:
    """A usable row. `number` counts rows of data from 1; times are milliseconds since the epoch."""

    number: int
    report: str
    reported_ms: int
    acknowledged_ms: int | None = None
    closed_ms: int | None = None
    due_ms: int | None = None
    category: str | None = None
    text: str = ""
    reporter: str = "source"
    place: PlaceGiven = NOWHERE
    impossible: bool = False
    """The coordinates are no numbers, or none that a position has."""
    department: Department | None = None
    merged_into: str | None = None
    """Report id of the master."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a row is parked: where, what, and what to do. `report` is its id where that can be read."""

    number: int
    column: str
    what: str
    remedy: str
    report: str | None = None

    def __str__(self) -> str:
        """As an operator reads it."""
        return f"row {self.number}, column {self.column!r}: {self.what}; {self.remedy}"


class _Unusable(Exception):
    def __init__(self, column: str, what: str, remedy: str) -> None:
        super().__init__(what)
        self.column, self.what, self.remedy = column, what, remedy


def reader(mapping: Mapping) -> Callable[[int, Cells[str, str]], Row | Fault]:
    """A function from row number and cells by column name to the row or its fault."""
    times = {f: _time_reader(getattr(mapping, f)) for f in ("reported_at", "acknowledged_at", "closed_at", "due_at")}

    def read(number: int, cells: Cells[str, str]) -> Row | Fault:
        report: str | None = None
        try:
            report = _id(cells, mapping.id)
            reported = _present(times["reported_at"](cells, None), mapping.reported_at.column)
            place, impossible = _place(cells, mapping)
            return Row(
                number=number,
                report=report,
                reported_ms=reported,
                acknowledged_ms=times["acknowledged_at"](cells, reported),
                closed_ms=times["closed_at"](cells, reported),
                due_ms=times["due_at"](cells, None),
                category=_short(cells, mapping.category),
                text=_cell(cells, mapping.text)[:MAX_TEXT],
                reporter=_other_id(cells, mapping.reporter) or "source",
                place=place,
                impossible=impossible,
                department=_department(cells, mapping),
                merged_into=_other_id(cells, mapping.merged_into),
            )
        except _Unusable as fault:
            return Fault(number, fault.column, fault.what, fault.remedy, report)

    return read


def _cell(cells: Cells[str, str], column: str | None) -> str:
    return (cells.get(column) or "").strip() if column else ""


def _short(cells: Cells[str, str], column: str | None) -> str | None:
    text = _cell(cells, column)
    if len(text) > MAX_CATEGORY:
        raise _Unusable(column or "", f"it is longer than {MAX_CATEGORY} characters", "shorten it")
    return text or None


def _id(cells: Cells[str, str], column: str) -> str:
    if not (found := _other_id(cells, column)):
        raise _Unusable(column, "the id is missing", "give every row an id of its own")
    return found


def _other_id(cells: Cells[str, str], column: str | None) -> str | None:
    """An id that fits keys and addresses: what does not is written as `~2F`, so that different ids stay different."""
    plain = _UNSAFE.sub(lambda found: "".join(f"~{byte:02X}" for byte in found[0].encode()), _cell(cells, column))
    if len(plain) > MAX_ID:
        raise _Unusable(column or "", f"the id is longer than {MAX_ID} characters", "shorten it")
    return plain or None


def _department(cells: Cells[str, str], mapping: Mapping) -> Department | None:
    column = mapping.department.column if mapping.department else None
    name = _short(cells, column)
    return mapping.department.department(name) if mapping.department and name else None


def _place(cells: Cells[str, str], mapping: Mapping) -> tuple[PlaceGiven, bool]:
    """What the row says about the place, and whether its coordinates are impossible (then they are left out)."""
    address = _cell(cells, mapping.address)[:500] or None
    code = _cell(cells, mapping.code)[:100] or None
    lat, lon = _cell(cells, mapping.latitude), _cell(cells, mapping.longitude)
    if not lat and not lon:
        return PlaceGiven(address=address, code=code), False
    position = _position(lat, lon, mapping.datum or Datum.WGS84)
    return PlaceGiven(coordinates=position, address=address, code=code), position is None


def _position(lat: str, lon: str, datum: Datum) -> Coordinates | None:
    try:
        y, x = float(lat), float(lon)
    except ValueError:
        return None
    possible = isfinite(x) and isfinite(y) and abs(x) <= 180 and abs(y) <= 90
    return Coordinates(lon=x, lat=y, datum=datum) if possible else None


def _time_reader(named: TimeColumn | None) -> Callable[[Cells[str, str], int | None], int | None]:
    """A function from cells to milliseconds, or None where the cell is empty.

    A local time that the clocks show twice (the end of summer time) means the first, unless that lies before
    `after_ms`, the row's report: then the second. A time before the report cannot be used.
    """
    if named is None:
        return lambda _cells, _after_ms: None
    column, form = named.column, named.format
    zone = ZoneInfo(named.zone) if named.zone else None

    def read(cells: Cells[str, str], after_ms: int | None) -> int | None:
        text = _cell(cells, column)
        if not text:
            return None
        try:
            when = datetime.strptime(text, form) if form else datetime.fromisoformat(text)  # noqa: DTZ007 - zone below
        except ValueError:
            remedy = f"write it as {form or 'ISO 8601'}, or name its format in the mapping"
            raise _Unusable(column, f"{text[:40]!r} is no time", remedy) from None
        if when.tzinfo is None:
            if zone is None:
                raise _Unusable(column, f"{text[:40]!r} has no offset", "name the column's zone in the mapping")
            when = when.replace(tzinfo=zone)
        at_ms = _ms(column, when)
        if after_ms is not None and at_ms < after_ms:
            at_ms = max(at_ms, _ms(column, when.replace(fold=1)))
            _in_order(column, text, after_ms, at_ms)
        return at_ms

    return read


def _ms(column: str, when: datetime) -> int:
    if not _EARLIEST <= when < _LATEST:
        raise _Unusable(column, f"the year {when.year} cannot be meant", "correct the time")
    return (when - _EPOCH) // _MS


def _in_order(column: str, text: str, after_ms: int, at_ms: int) -> None:
    if at_ms < after_ms:
        raise _Unusable(column, f"{text[:40]!r} lies before the time of the report", "correct one of the times")


def _present(at_ms: int | None, column: str) -> int:
    if at_ms is None:
        raise _Unusable(column, "the time of the report is missing", "fill it in")
    return at_ms
