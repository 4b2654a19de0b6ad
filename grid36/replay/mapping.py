"""The mapping: which column of a file means what. A YAML file that a person writes; every mistake is listed at once."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Self
from zoneinfo import ZoneInfo

import yaml
from pydantic import Field, ValidationError, field_validator, model_validator

from schemas.datum import Datum
from schemas.errors import WrongInput
from schemas.people import Code, code_from_name
from schemas.report import Department
from schemas.value import Sheet

Column = Annotated[str, Field(min_length=1, max_length=200)]
Path_ = tuple[int | str, ...]

_PROBE = datetime(2015, 11, 23, 17, 45, tzinfo=UTC)


class WrongMapping(WrongInput):
    """The mapping has mistakes. Correct the lines that are named; docs and `regions/nyc/mapping.yaml` show the form."""


class TimeColumn(Sheet):
    """A column with a time. `zone` (IANA) and `format` (`strptime`) where the column itself lacks them (ISO 8601)."""

    column: Column
    zone: str | None = None
    format: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _bare_name(cls, raw: Any) -> Any:
        return {"column": raw} if isinstance(raw, str) else raw

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, zone: str | None) -> str | None:
        if zone is not None:
            try:
                ZoneInfo(zone)
            except (OSError, ValueError, KeyError):
                raise ValueError(
                    f"no time zone is called {zone!r}; use an IANA name such as America/New_York"
                ) from None
        return zone

    @field_validator("format")
    @classmethod
    def _says_when(cls, form: str | None) -> str | None:
        if form is not None:
            try:
                read = datetime.strptime(_PROBE.strftime(form), form)  # noqa: DTZ007 - only its digits are compared
            except ValueError as fault:
                raise ValueError(f"this is no format of strptime: {fault}") from None
            if (read.year, read.month, read.day, read.hour, read.minute) != (2015, 11, 23, 17, 45):
                raise ValueError("the format must say year, month, day, hour (12 hours with %p) and minute")
        return form


class DepartmentColumn(Sheet):
    """The column that names the department, and the code of each name that shall not be derived."""

    column: Column
    values: dict[str, Code] = {}

    @model_validator(mode="before")
    @classmethod
    def _bare_name(cls, raw: Any) -> Any:
        return {"column": raw} if isinstance(raw, str) else raw

    def department(self, name: str) -> Department:
        """The department that the source calls `name`."""
        return Department(code=self.values.get(name) or code_from_name(name), name=name)


class Mapping(Sheet):
    """What each column means. Only id and the time of the report are needed."""

    id: Column
    reported_at: TimeColumn
    acknowledged_at: TimeColumn | None = None
    closed_at: TimeColumn | None = None
    due_at: TimeColumn | None = None
    category: Column | None = None
    latitude: Column | None = None
    longitude: Column | None = None
    datum: Datum | None = None
    """A constant, not a column."""
    address: Column | None = None
    code: Column | None = None
    text: Column | None = None
    reporter: Column | None = None
    merged_into: Column | None = None
    """Holds the id of the row that this one is a duplicate of."""
    department: DepartmentColumn | None = None

    @model_validator(mode="after")
    def _whole_place(self) -> Self:
        if (self.latitude is None) != (self.longitude is None):
            raise ValueError("latitude and longitude come together; name both columns or none")
        if self.latitude is not None and self.datum is None:
            raise ValueError("coordinates need their datum: add `datum: wgs84` (or gcj02, bd09)")
        return self

    def columns(self) -> Iterator[tuple[str, str]]:
        """(field of the mapping, column it names), in the order of the fields."""
        for field in type(self).model_fields:
            match getattr(self, field):
                case TimeColumn() | DepartmentColumn() as named:
                    yield field, named.column
                case str() as column if field != "datum":
                    yield field, column

    def check_header(self, header: list[str], file: Path) -> None:
        """Raise `WrongInput` that lists every column the file lacks."""
        mistakes = [
            f"{field}: {header.count(column) or 'no'} column{'s' * (column in header)} called {column!r}"
            for field, column in self.columns()
            if header.count(column) != 1
        ]
        if mistakes:
            listed = "\n  ".join(mistakes)
            raise WrongMapping(
                f"The mapping does not fit {file.name}:\n  {listed}\nIts columns are: {', '.join(header)}"
            )


def read_mapping(path: Path) -> Mapping:
    """The mapping in a YAML file. Raises `WrongMapping` with the line and field of every mistake."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as fault:
        raise WrongInput("This mapping cannot be read. Check its name; it is a UTF-8 text.", file=str(path)) from fault
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        raw = yaml.safe_load(text)
        lines: dict[Path_, int] = {(): 1}
        mistakes = list(_walk(root, (), lines)) if root is not None else []
    except (yaml.YAMLError, ValueError, RecursionError) as fault:
        raise WrongMapping(f"{path.name} is no YAML: {fault}") from None
    if not isinstance(root, yaml.MappingNode):
        raise WrongMapping(f"{path.name} is empty or a list; a mapping is `field: column` lines")
    try:
        mapping = Mapping.model_validate(raw)
    except ValidationError as error:
        rows = error.errors(include_url=False, include_input=False, include_context=False)
        mistakes += [(_line(tuple(row["loc"]), lines), f"{_name(row['loc'])}{_words(row)}") for row in rows]
    else:
        if not mistakes:
            return mapping
    listed = "\n  ".join(f"line {line}: {words}" for line, words in sorted(mistakes))
    raise WrongMapping(f"{path.name} has {len(mistakes)} mistake{'s' * (len(mistakes) > 1)}:\n  {listed}")


def _walk(node: yaml.Node, where: Path_, lines: dict[Path_, int]) -> Iterator[tuple[int, str]]:
    """Note the line of every field, and yield the fields that stand twice (YAML would keep the last in silence)."""
    if not isinstance(node, yaml.MappingNode):
        return
    for key, value in node.value:
        here = (*where, str(key.value))
        if here in lines:
            yield key.start_mark.line + 1, f"{_name(here)}stands twice; keep one"
        lines[here] = key.start_mark.line + 1
        yield from _walk(value, here, lines)


def _line(where: Path_, lines: dict[Path_, int]) -> int:
    while where not in lines:
        where = where[:-1]
    return lines[where]


def _name(where: Path_) -> str:
    return f"{'.'.join(map(str, where))}: " if where else ""


def _words(row: Any) -> str:
    match row["type"]:
        case "missing":
            return "is missing; name its column"
        case "extra_forbidden":
            return f"is no field of a mapping; there are {', '.join(Mapping.model_fields)}"
    return str(row["msg"]).removeprefix("Value error, ")
