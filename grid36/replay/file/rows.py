"""Parses one row of the file, or says why it cannot be used. Pure; `source` reads the file.

A row with an unusable fact is imported without it and lists it in `left_out`. Only its id
and the time of the report are required.
"""

import re
from collections.abc import Callable
from collections.abc import Mapping as Cells
from dataclasses import dataclass, field
from typing import Final, TypeVar

from grid36.replay.file.cells import cell, joined
from grid36.replay.file.mapping import Mapping
from grid36.replay.file.places import PositionReader, position_reader
from grid36.replay.file.positions import Order
from grid36.replay.file.reasons import Reason, UnusableValue
from grid36.replay.file.times import LAST_YEAR, Moment, TimeReader, time_reader
from schemas.command import RecordWhat
from schemas.names import Language
from schemas.place import PlaceGiven
from schemas.report import Department, ReportKind

NOWHERE: Final = PlaceGiven()
MAX_TEXT: Final = 4000
MAX_ID: Final = 80
"""Leaves room for what ids of commands add to it."""
MAX_CATEGORY: Final = 200
MAX_ATTRIBUTE: Final = 60
MAX_LINKS: Final = 20
_MOST: Final = 40
_UNSAFE: Final = re.compile(r"[\s/?#%~\x00-\x1f\x7f]")
_ROUNDED: Final = re.compile(r"\d(?:\.\d+)?E\+0?(?:1[1-9]|[2-9]\d)", re.ASCII)
"""How spreadsheets write numbers of twelve digits and more."""
_LINKS: Final = re.compile(r"[\s;|]+|,(?=\s*https?://)")
_LINK: Final = re.compile(r"https?://\S{3,500}", re.IGNORECASE)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A fact without which a row came in: the field of the mapping, its column, and why."""

    field: str
    column: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class PastRow:
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
    """Report id of the master, as the row names it."""
    kind: ReportKind = ReportKind.PROBLEM
    attributes: Cells[str, str] = field(default_factory=dict)
    by_day: frozenset[RecordWhat] = frozenset()
    """The facts of which only the day is known."""
    left_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True, slots=True)
class RowFault:
    """Why a row is parked. `report` is its id where that can be read."""

    number: int
    column: str
    reason: Reason
    report: str | None = None

    def __str__(self) -> str:
        """As an operator reads it, and as the log keeps it."""
        return f"row {self.number}, column {self.column!r}: {self.what}; {self.reason.remedy()}"

    @property
    def what(self) -> str:
        """What is wrong, in English."""
        return self.reason.what(Language.EN)


@dataclass(frozen=True, slots=True)
class FileFacts:
    """Facts known only from the whole file: the order of bare pairs, times that are only days, and the last year."""

    order: Order | None = None
    days: frozenset[str] = frozenset()
    last_year: int = LAST_YEAR
    """Nothing happened after it."""
    last_due_year: int = LAST_YEAR


Reader = Callable[[int, Cells[str, str]], PastRow | RowFault]


def reader(mapping: Mapping, known: FileFacts | None = None) -> Reader:
    """A function from row number and cells by column name to the row or its fault."""
    known = known or FileFacts()
    times = {
        name: time_reader(
            column,
            days=name in known.days,
            last_year=known.last_due_year if name == "due_at" else known.last_year,
        )
        for name, column in mapping.times.items()
    }
    position = position_reader(mapping, known.order)

    def read(number: int, cells: Cells[str, str]) -> PastRow | RowFault:
        report: str | None = None
        try:
            report = _id(cells, mapping.id)
            reported = _present(times["reported_at"](cells), mapping.reported_at.column)
        except UnusableValue as fault:
            return RowFault(number, fault.column, fault.reason, report)
        return _Reading(mapping, cells).row(number, report, reported, times, position)

    return read


class _Reading:
    """One row being read; what cannot be used is left out and noted."""

    def __init__(self, mapping: Mapping, cells: Cells[str, str]) -> None:
        self._mapping, self._cells = mapping, cells
        self._left: list[LeftOut] = []

    def row(
        self, number: int, report: str, reported: Moment, times: Cells[str, TimeReader], position: PositionReader
    ) -> PastRow:
        """The row with every fact that can be used."""
        mapping, cells = self._mapping, self._cells
        due = self._try("due_at", lambda: self._later(times, "due_at", reported))
        closed = self._try("closed_at", lambda: self._later(times, "closed_at", reported))
        acknowledged = self._try("acknowledged_at", lambda: self._acknowledged(times, reported, closed))
        where = self._try("latitude", lambda: position(cells))
        impossible = any(each.field == "latitude" for each in self._left)
        address, code = joined(cells, mapping.address or ())[:500] or None, cell(cells, mapping.code)[:100] or None
        moments = {
            RecordWhat.OPENED: reported, RecordWhat.ACKNOWLEDGED: acknowledged, RecordWhat.CLOSED: closed,
        }  # fmt: skip
        due_ms = _at(due, reported)
        acknowledged_ms, closed_ms = _instants(reported, acknowledged, closed, due_ms)
        return PastRow(
            number=number,
            report=report,
            reported_ms=reported.first_ms,
            acknowledged_ms=acknowledged_ms,
            closed_ms=closed_ms,
            due_ms=due_ms,
            category=self._try("category", lambda: _short(cells, mapping.category)),
            text=self._text(),
            reporter=self._try("reporter", lambda: _other_id(cells, mapping.reporter)) or "source",
            place=PlaceGiven(coordinates=where, address=address, code=code),
            impossible=impossible,
            department=self._try("department", lambda: _department(cells, mapping)),
            merged_into=self._try("merged_into", lambda: _other_id(cells, mapping.merged_into)),
            kind=self._try("kind", lambda: _kind(cells, mapping)) or ReportKind.PROBLEM,
            attributes=self._attributes(),
            by_day=frozenset(what for what, moment in moments.items() if moment is not None and moment.by_day),
            left_out=tuple(self._left),
        )

    def _try(self, field: str, read: Callable[[], T | None]) -> T | None:
        try:
            return read()
        except UnusableValue as fault:
            self._left.append(LeftOut(field, fault.column, fault.reason))
            return None

    def _later(self, times: Cells[str, TimeReader], name: str, reported: Moment) -> Moment | None:
        """A time that cannot lie before the report."""
        moment = times[name](self._cells) if name in times else None
        if moment is not None and max(moment.last_ms, moment.again_ms) < reported.first_ms:
            raise UnusableValue(self._mapping.times[name].column, "before_report", text=moment.text)
        return moment

    def _acknowledged(self, times: Cells[str, TimeReader], reported: Moment, closed: Moment | None) -> Moment | None:
        moment = self._later(times, "acknowledged_at", reported)
        if moment is not None and closed is not None and moment.first_ms > max(closed.last_ms, closed.again_ms):
            raise UnusableValue(self._mapping.times["acknowledged_at"].column, "after_closing", text=moment.text)
        return moment

    def _text(self) -> str:
        """The words, and after them the links to photos."""
        words = "\n".join(text for column in self._mapping.text or () if (text := cell(self._cells, column)))
        links = "\n".join(self._links())
        if not links:
            return words[:MAX_TEXT]
        return f"{words[: MAX_TEXT - len(links) - 1]}\n{links}".strip()[:MAX_TEXT]

    def _links(self) -> list[str]:
        found: list[str] = []
        for column in self._mapping.photos or ():
            for text in filter(None, _LINKS.split(cell(self._cells, column))):
                if _LINK.fullmatch(text) and len(found) < MAX_LINKS and sum(map(len, found)) < MAX_TEXT // 2:
                    found.append(text)
                else:
                    self._left.append(LeftOut("photos", column, Reason("no_link", {"text": text[:_MOST]})))
        return found

    def _attributes(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for name, column in self._mapping.attributes.items():
            text = cell(self._cells, column)
            if len(text) > MAX_ATTRIBUTE:
                reason = Reason("long", {"most": MAX_ATTRIBUTE})
                self._left.append(LeftOut(f"attributes.{name}", column, reason))
            elif text:
                found[name] = text
        return found


def _present(moment: Moment | None, column: str) -> Moment:
    if moment is None:
        raise UnusableValue(column, "no_report_time")
    return moment


def _at(moment: Moment | None, reported: Moment) -> int | None:
    """The instant of something that is not before the report; of two that clocks show alike the first that fits."""
    if moment is None:
        return None
    return moment.last_ms if moment.last_ms >= reported.first_ms else moment.again_ms


def _instants(
    reported: Moment, acknowledged: Moment | None, closed: Moment | None, due_ms: int | None
) -> tuple[int | None, int | None]:
    """When it was acknowledged and closed, in that order also where only days are known.

    A closing of which only the day is known is in time when it was due on that day, at whatever hour.
    """
    acknowledged_ms, closed_ms = _at(acknowledged, reported), _at(closed, reported)
    if closed is not None and closed.by_day and due_ms is not None and closed.first_ms <= due_ms <= closed.last_ms:
        first_ms = acknowledged.first_ms if acknowledged is not None else reported.first_ms
        closed_ms = max(due_ms, first_ms, reported.first_ms)
    if acknowledged is not None and acknowledged.by_day and acknowledged_ms is not None and closed_ms is not None:
        acknowledged_ms = min(acknowledged_ms, closed_ms)
    return acknowledged_ms, closed_ms


def _short(cells: Cells[str, str], column: str | None) -> str | None:
    text = cell(cells, column)
    if len(text) > MAX_CATEGORY:
        raise UnusableValue(column or "", "long", most=MAX_CATEGORY)
    return text or None


def _id(cells: Cells[str, str], column: str) -> str:
    if not (found := _other_id(cells, column)):
        raise UnusableValue(column, "no_id")
    if _ROUNDED.fullmatch(found):
        raise UnusableValue(column, "rounded_id", text=found)
    return found


def _other_id(cells: Cells[str, str], column: str | None) -> str | None:
    """An id that fits keys and addresses: what does not is written as `~2F`, so that different ids stay different."""
    plain = _UNSAFE.sub(lambda found: "".join(f"~{byte:02X}" for byte in found[0].encode()), cell(cells, column))
    if len(plain) > MAX_ID:
        raise UnusableValue(column or "", "long_id", most=MAX_ID)
    return plain or None


def _department(cells: Cells[str, str], mapping: Mapping) -> Department | None:
    name = _short(cells, mapping.department.column) if mapping.department else None
    return mapping.department.department(name) if mapping.department and name else None


def _kind(cells: Cells[str, str], mapping: Mapping) -> ReportKind | None:
    word = cell(cells, mapping.kind.column) if mapping.kind else ""
    if not word or mapping.kind is None:
        return None
    found = mapping.kind.kind(word)
    if found is None:
        raise UnusableValue(mapping.kind.column, "unknown_kind", text=word[:_MOST])
    return found
