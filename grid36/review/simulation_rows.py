"""Reads the rows of a file of reports, or names the cell that cannot be read."""

import csv
import io
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from grid36.replay.file.encoding import open_text
from grid36.replay.file.reasons import WrongFile
from grid36.replay.file.source import SEPARATORS
from schemas.datum import Datum
from schemas.errors import WrongInput
from schemas.mistake_words import said_of
from schemas.models import ChoiceEnum
from schemas.names import Name
from schemas.people import Role
from schemas.place import Coordinates, PlaceGiven
from schemas.report import Report, Reporter, ReportKind

COLUMNS: Final = (
    "text", "category", "address", "lat", "lon", "datum", "code", "at", "kind", "reporter", "reporter_kind",
    "urgent", "pushed_by", "item",
)  # fmt: skip
ATTRIBUTE: Final = "attr_"
"""Columns that begin so are free attributes: `attr_land`."""
_YES: Final = {"1", "true", "yes", "是", "urgent", "紧急"}
_NO: Final = {"", "0", "false", "no", "否", "normal", "一般"}

_Choice = TypeVar("_Choice", bound=ChoiceEnum)


class WrongColumns(WrongInput):
    """This file has columns that no report has, or none at all. The first line names them, as listed here."""


class NoReports(WrongInput):
    """This file of reports cannot be read. Save it as CSV UTF-8."""


class BadCell(ValueError):
    """A cell that cannot be read: its column, and why."""

    def __init__(self, column: str, why: Name) -> None:
        super().__init__(column, why)
        self.column, self.why = column, why


Line = tuple[int, dict[str, str]]


def read_lines(path: Path) -> list[Line]:
    """(row, cells by column) of a CSV file in UTF-8, UTF-16 or GB 18030; empty lines are no rows.

    Raises `WrongColumns` and `NoReports`.
    """
    try:
        with open_text(path).file as file:
            file.seek(0)
            text = file.read().decode("utf-8-sig")
    except WrongFile:
        raise NoReports(file=path.name) from None
    try:
        return _lines(csv.DictReader(io.StringIO(text, newline=""), restkey="", restval="", delimiter=_separator(text)))
    except csv.Error as error:
        raise NoReports(file=path.name, csv=str(error)) from None


def _separator(text: str) -> str:
    """The one with which the first line names most columns that are known."""
    first = text.partition("\n")[0].strip()
    return max(SEPARATORS, key=lambda each: sum(name.strip('" ') in COLUMNS for name in first.split(each)))


def _lines(reader: "csv.DictReader[str]") -> list[Line]:
    names = [name.strip() for name in reader.fieldnames or ()]
    reader.fieldnames = names
    unknown = [name for name in names if name not in COLUMNS and not name.startswith(ATTRIBUTE)]
    if unknown or not names:
        raise WrongColumns(unknown=", ".join(unknown), known=", ".join([*COLUMNS, ATTRIBUTE + "NAME"]))
    return [(reader.line_num, row) for row in reader if any(row.values())]


def report_in(cells: Mapping[str, str], zone: ZoneInfo, t_ms: int) -> Report:
    """The report of a row. Raises `BadCell`."""
    named = {name.removeprefix(ATTRIBUTE): text for name, text in cells.items() if name.startswith(ATTRIBUTE) and text}
    try:
        return Report(
            id="simulated",
            kind=_choice(cells, "kind", ReportKind.PROBLEM),
            text=cells.get("text", ""),
            category=_text(cells, "category", 200),
            urgent=_flag(cells, "urgent"),
            attributes=named,
            place=PlaceGiven(
                coordinates=_coordinates(cells), address=_text(cells, "address", 500), code=_text(cells, "code", 100)
            ),
            reporter=Reporter(id="somebody", kind=_choice(cells, "reporter_kind", Role.RESIDENT)),
            door="cli",
            received_ms=_time(cells, zone, t_ms),
            pushed_by=_text(cells, "pushed_by", 60),
            item=_text(cells, "item", 200),
        )
    except ValidationError as fault:
        raise _bad(fault) from None


def _bad(fault: ValidationError) -> BadCell:
    """The cell that no report may hold."""
    first = fault.errors()[0]
    field, *inner = map(str, first["loc"])
    column = {"received_ms": "at", "attributes": ATTRIBUTE + "".join(inner[:1])}.get(field, field)
    return BadCell(column, said_of(first))


def _text(cells: Mapping[str, str], column: str, longest: int) -> str | None:
    text = cells.get(column) or None
    if text is not None and len(text) > longest:
        raise BadCell(column, Name.of("review.cell.too_long", longest=longest))
    return text


def _flag(cells: Mapping[str, str], column: str) -> bool:
    text = cells.get(column, "").casefold()
    if text not in _YES | _NO:
        raise BadCell(column, Name.of("review.cell.no_flag"))
    return text in _YES


def _choice(cells: Mapping[str, str], column: str, default: _Choice) -> _Choice:
    text = cells.get(column)
    try:
        return type(default)(text) if text else default
    except ValueError:
        known = ", ".join(type(default))
        raise BadCell(column, Name.of("review.cell.no_choice", known=known)) from None


def _coordinates(cells: Mapping[str, str]) -> Coordinates | None:
    given = {name: cells.get(name, "") for name in ("lon", "lat")}
    if not any(given.values()):
        return None
    datum = _choice(cells, "datum", Datum.WGS84)
    for name, text in given.items():
        if not text:
            raise BadCell(name, Name.of("review.cell.half_position"))
        try:
            Coordinates.model_validate({"lon": 0, "lat": 0, name: text})
        except ValidationError:
            raise BadCell(name, Name.of("review.cell.no_degrees")) from None
    return Coordinates(lon=float(given["lon"]), lat=float(given["lat"]), datum=datum)


def _time(cells: Mapping[str, str], zone: ZoneInfo, t_ms: int) -> int:
    """ISO 8601; without an offset in the region's zone."""
    text = cells.get("at")
    if not text:
        return t_ms
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        why = Name.of("review.cell.no_time")
        raise BadCell("at", why) from None
    return int((at if at.tzinfo else at.replace(tzinfo=zone)).timestamp() * 1000)
