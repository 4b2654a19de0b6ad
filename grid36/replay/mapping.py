"""The mapping: which column of a file means what. A YAML file that a person writes; every mistake is listed at once."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, Literal, Self

import yaml
from pydantic import Field, ValidationError, model_validator

from grid36.replay.columns import (
    Column,
    Columns,
    DatumName,
    DepartmentColumn,
    EncodingName,
    KindColumn,
    Separator,
    TimeColumn,
)
from schemas.errors import WrongInput
from schemas.report import MOST_ATTRIBUTES, Attribute
from schemas.value import Sheet

CONSTANTS: Final = {"datum", "order", "decimal", "encoding", "separator"}
"""Fields that name no column."""
Path_ = tuple[int | str, ...]


class WrongMapping(WrongInput):
    """The mapping has mistakes. Correct the lines that are named; docs and `regions/nyc/mapping.yaml` show the form."""


class Mapping(Sheet):
    """What each column means. Only id and the time of the report are needed."""

    id: Column
    reported_at: TimeColumn
    acknowledged_at: TimeColumn | None = None
    closed_at: TimeColumn | None = None
    due_at: TimeColumn | None = None
    category: Column | None = None
    kind: KindColumn | None = None
    latitude: Column | None = None
    longitude: Column | None = None
    """The same column as `latitude` where one cell holds both."""
    datum: DatumName | None = None
    """A constant, not a column: a datum, or the coordinate system that northing and easting are in."""
    order: Literal["lat_lon", "lon_lat"] | None = None
    """Which comes first where one cell holds two bare numbers."""
    decimal: Literal[".", ","] | None = None
    address: Columns | None = None
    code: Column | None = None
    text: Columns | None = None
    photos: Columns | None = None
    """Hold links, which are kept with the text."""
    attributes: dict[Attribute, Column] = Field(default_factory=dict, max_length=MOST_ATTRIBUTES)
    """The column of each free attribute, by its id."""
    reporter: Column | None = None
    merged_into: Column | None = None
    """Holds the id of the row that this one is a duplicate of."""
    department: DepartmentColumn | None = None
    encoding: EncodingName | None = None
    separator: Separator | None = None

    @model_validator(mode="after")
    def _whole_place(self) -> Self:
        if (self.latitude is None) != (self.longitude is None):
            raise ValueError("latitude and longitude come together; name both columns or none")
        if self.latitude is not None and self.datum is None:
            raise ValueError("coordinates need their datum: add `datum: wgs84` (or gcj02, bd09, or e.g. epsg:2056)")
        return self

    @property
    def times(self) -> dict[str, TimeColumn]:
        """The columns of times that are named, by field."""
        fields = ("reported_at", "acknowledged_at", "closed_at", "due_at")
        return {name: column for name in fields if (column := getattr(self, name)) is not None}

    def columns(self) -> Iterator[tuple[str, str]]:
        """(field of the mapping, column it names), in the order of the fields."""
        for field in type(self).model_fields:
            match getattr(self, field):
                case TimeColumn() as named:
                    yield from ((field, column) for column in named.columns)
                case DepartmentColumn() | KindColumn() as named:
                    yield field, named.column
                case tuple() as several:
                    yield from ((field, column) for column in several)
                case dict() as attributes:
                    yield from ((f"{field}.{name}", column) for name, column in attributes.items())
                case str() as column if field not in CONSTANTS:
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
