"""The mapping from columns of a file to fields."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final, Literal, Self

from pydantic import Field, model_validator

from grid36.replay.file.columns import (
    Column,
    Columns,
    DatumName,
    DepartmentColumn,
    EncodingName,
    KindColumn,
    Separator,
    TimeColumn,
)
from grid36.replay.file.reasons import LongMessage, WrongMapping, in_lines
from schemas.mistake import mistake
from schemas.models import FileModel
from schemas.report import MOST_ATTRIBUTES, Attribute

MOST_SHOWN: Final = 60
"""Columns of a file that an error lists."""
CONSTANTS: Final = {"datum", "order", "decimal", "encoding", "separator"}
"""Fields that name no column."""


class Mapping(FileModel):
    """The column of each field. Only id and time of the report are required."""

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
            raise mistake("mistakes.half_coordinates")
        if self.latitude is not None and self.datum is None:
            raise mistake("mistakes.datum_needed")
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
        wrong = [(field, column) for field, column in self.columns() if header.count(column) != 1]
        if wrong:
            shown = ", ".join(header[:MOST_SHOWN]) + " …" * (len(header) > MOST_SHOWN)
            each = (_not_once(field, column, header.count(column)) for field, column in wrong)
            said = in_lines(LongMessage.of("replay.mapping.does_not_fit", file=file.name), *each)
            raise WrongMapping(LongMessage.of("replay.mapping.with_columns", said=said, columns=shown))


def _not_once(field: str, column: str, count: int) -> LongMessage:
    if not count:
        return LongMessage.of("replay.mapping.no_such_column", field=field, column=column)
    return LongMessage.of("replay.mapping.several_columns", field=field, column=column, count=count)
