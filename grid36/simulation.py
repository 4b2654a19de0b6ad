"""`grid36 rules simulate`: a CSV file of reports, each decided as in an empty street where everybody is on duty."""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, TypeVar
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from rules.book import Book
from rules.rehearsal import outcome, rehearse
from schemas.datum import Datum
from schemas.errors import WrongInput
from schemas.event import Because
from schemas.names import Language, Name
from schemas.people import Role
from schemas.place import Coordinates, PlaceGiven
from schemas.report import Report, Reporter, ReportKind
from schemas.value import Choice

COLUMNS: Final = (
    "text", "category", "address", "lat", "lon", "datum", "code", "at", "kind", "reporter", "reporter_kind",
    "urgent", "pushed_by", "item",
)  # fmt: skip
ATTRIBUTE: Final = "attr_"
"""Columns that begin so are free attributes: `attr_land`."""
ANSWERS: Final = ("outcome", "category", "assignee", "department", "gap", "row", "row_number", "code", "zh", "en")
MOST_SHOWN: Final = 20
_YES: Final = {"1", "true", "yes", "是", "urgent", "紧急"}
_NO: Final = {"", "0", "false", "no", "否", "normal", "一般"}

_Choice = TypeVar("_Choice", bound=Choice)


class WrongColumns(WrongInput):
    """This file has columns that no report has, or none at all. The first line names them, as listed here."""


class _Bad(ValueError):
    """A cell that cannot be read: its column, and why."""

    def __init__(self, column: str, why: Name) -> None:
        super().__init__(column, why)
        self.column, self.why = column, why


@dataclass(frozen=True, slots=True)
class Bad:
    """A row that is no report; `row` as a spreadsheet counts, the header is row 1."""

    row: int
    column: str
    value: str
    why: Name


@dataclass(frozen=True, slots=True)
class Decided:
    """What would become of a row."""

    row: int
    outcome: str
    category: str | None
    assignee: str | None
    department: str | None
    gap: bool
    because: Because

    def as_row(self) -> dict[str, Any]:
        """For programs."""
        why = self.because
        return {
            "line": self.row,
            **{name: getattr(self, name) for name in ("outcome", "category", "assignee", "department", "gap")},
            "row": why.row,
            "row_number": why.row_number,
            "code": why.code,
            "zh": why.zh,
            "en": why.en,
        }


Line = tuple[int, dict[str, str]]


def read_lines(path: Path) -> list[Line]:
    """(row, cells by column) of a CSV file in UTF-8; empty lines are no rows. Raises `WrongColumns`."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return _lines(csv.DictReader(file, restkey="", restval=""))
    except csv.Error as error:
        raise WrongColumns("This is no CSV file. Save it as CSV in UTF-8.", says=str(error)) from None


def _lines(reader: "csv.DictReader[str]") -> list[Line]:
    names = [name.strip() for name in reader.fieldnames or ()]
    reader.fieldnames = names
    unknown = [name for name in names if name not in COLUMNS and not name.startswith(ATTRIBUTE)]
    if unknown or not names:
        raise WrongColumns(unknown=", ".join(unknown), known=", ".join([*COLUMNS, ATTRIBUTE + "NAME"]))
    return [(reader.line_num, row) for row in reader if any(row.values())]


def simulated(lines: Iterable[Line], book: Book, t_ms: int) -> Iterator[Decided | Bad]:
    """Each row decided at its own time, or at `t_ms`."""
    zone = ZoneInfo(book.region.zone)
    for number, cells in lines:
        try:
            report = _report({name: text.strip() for name, text in cells.items() if name}, zone, t_ms)
        except _Bad as bad:
            yield Bad(number, bad.column, cells.get(bad.column, ""), bad.why)
            continue
        draft = outcome(rehearse(report, book, report.received_ms))
        assert draft.because is not None, "every decision has a reason"
        now = draft.now
        department = now.get("department")
        yield Decided(
            number,
            draft.type.value,
            now.get("category"),
            now.get("assignee"),
            department.code if department is not None else None,
            bool(now.get("gap")),
            draft.because,
        )


def _report(cells: Mapping[str, str], zone: ZoneInfo, t_ms: int) -> Report:
    """The report of a row. Raises `_Bad`."""
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


def _bad(fault: ValidationError) -> _Bad:
    """The cell that no report may hold."""
    first = fault.errors()[0]
    field, *inner = map(str, first["loc"])
    column = {"received_ms": "at", "attributes": ATTRIBUTE + "".join(inner[:1])}.get(field, field)
    return _Bad(column, Name(zh=f"不能这样写（{first['msg']}）", en=first["msg"]))


def _text(cells: Mapping[str, str], column: str, longest: int) -> str | None:
    text = cells.get(column) or None
    if text is not None and len(text) > longest:
        raise _Bad(column, Name(zh=f"不超过 {longest} 字", en=f"it has more than {longest} characters"))
    return text


def _flag(cells: Mapping[str, str], column: str) -> bool:
    text = cells.get(column, "").casefold()
    if text not in _YES | _NO:
        raise _Bad(column, Name(zh="应为是或否", en="it must be yes or no"))
    return text in _YES


def _choice(cells: Mapping[str, str], column: str, default: _Choice) -> _Choice:
    text = cells.get(column)
    try:
        return type(default)(text) if text else default
    except ValueError:
        known = ", ".join(type(default))
        raise _Bad(column, Name(zh=f"应为 {known}", en=f"it must be one of {known}")) from None


def _coordinates(cells: Mapping[str, str]) -> Coordinates | None:
    given = {name: cells.get(name, "") for name in ("lon", "lat")}
    if not any(given.values()):
        return None
    datum = _choice(cells, "datum", Datum.WGS84)
    for name, text in given.items():
        if not text:
            raise _Bad(name, Name(zh="经度和纬度须同时给出", en="lon and lat belong together"))
        try:
            Coordinates.model_validate({"lon": 0, "lat": 0, name: text})
        except ValidationError:
            raise _Bad(name, Name(zh="应为度数，如 118.08", en="it must be degrees, such as 118.08")) from None
    return Coordinates(lon=float(given["lon"]), lat=float(given["lat"]), datum=datum)


def _time(cells: Mapping[str, str], zone: ZoneInfo, t_ms: int) -> int:
    """ISO 8601; without an offset in the region's zone."""
    text = cells.get("at")
    if not text:
        return t_ms
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        why = Name(zh="应为时间，如 2026-11-22T08:30", en="it must be a time, such as 2026-11-22T08:30")
        raise _Bad("at", why) from None
    return int((at if at.tzinfo else at.replace(tzinfo=zone)).timestamp() * 1000)


def as_answer(results: Iterable[Decided | Bad], language: Language) -> dict[str, Any]:
    """For `--json`: every row, and every row that is no report."""
    listed = list(results)
    bad = [each for each in listed if isinstance(each, Bad)]
    decided = [each for each in listed if isinstance(each, Decided)]
    return {
        "rows": [each.as_row() for each in decided],
        "bad": [{"line": b.row, "column": b.column, "value": b.value, "why": b.why.to(language)} for b in bad],
        "counts": dict(Counter(each.outcome for each in decided)),
        "gaps": sum(each.gap for each in decided),
    }


def as_lines(answer: Mapping[str, Any], language: Language) -> list[str]:
    """For people: the first rows, all that are no reports, and how many went where."""
    zh = language is Language.ZH
    lines = [_line(row, language) for row in answer["rows"][:MOST_SHOWN]]
    if (more := len(answer["rows"]) - MOST_SHOWN) > 0:
        lines.append(f"……另有 {more} 行：--csv OUT" if zh else f"... and {more} more: --csv OUT has all")
    for bad in answer["bad"]:
        where = f"第 {bad['line']} 行，“{bad['column']}”列" if zh else f"row {bad['line']}, column {bad['column']}"
        lines.append(f"{where}: “{bad['value']}” {bad['why']}")
    counts = [f"{name} {count}" for name, count in answer["counts"].items()]
    counts += [f"{'兜底' if zh else 'fallback'} {answer['gaps']}"] if answer["gaps"] else []
    counts += [f"{'无法读取' if zh else 'unreadable'} {len(answer['bad'])}"] if answer["bad"] else []
    return [*lines, ("，" if zh else ", ").join(counts) or ("没有行" if zh else "no rows")]


def _line(row: Mapping[str, Any], language: Language) -> str:
    who = " ".join(str(row[name]) for name in ("assignee", "department") if row[name])
    return f"{row['line']:>5}  {row['outcome']:<18} {who:<32} {row[language.value[:2]]}".rstrip()


def write_csv(path: Path, lines: Iterable[Line], answer: Mapping[str, Any]) -> None:
    """The rows as they came, each with what became of it; a spreadsheet opens it as it is."""
    by_line: dict[int, dict[str, Any]] = {row["line"]: row for row in answer["rows"]}
    by_line |= {bad["line"]: {"outcome": "unreadable", "zh": f"{bad['column']}: {bad['why']}"} for bad in answer["bad"]}
    listed = list(lines)
    names = [name for name in (listed[0][1] if listed else ()) if name]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*names, *(f"-> {name}" for name in ANSWERS)])
        for number, cells in listed:
            told = by_line[number]
            writer.writerow([*(cells[name] for name in names), *(told.get(name) for name in ANSWERS)])
