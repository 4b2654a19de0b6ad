"""Decision tables: named inputs, rows of cells, one hit policy, one default (DMN words)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cached_property
from typing import Annotated, Any, Final, Literal, TypeAlias, TypeVar

from pydantic import ConfigDict, Field, ModelWrapValidatorHandler, ValidationError, model_serializer, model_validator
from pydantic_core import ErrorDetails, InitErrorDetails

from schemas.mistake import Said, mistake, mistakes, names_listed, said
from schemas.mistake_words import said_apart
from schemas.models import FileModel
from schemas.names import Name

Kind: TypeAlias = Literal["text", "number"]
HitPolicy: TypeAlias = Literal["U", "F", "P", "A", "C"]
Fact: TypeAlias = str | int
Facts: TypeAlias = Mapping[str, Fact]  # flat; an unknown fact is absent, never None or ""
Outputs: TypeAlias = dict[str, str | int | bool | list[str]]  # opaque to the matcher

MAX_TEXT: Final = 200  # characters
MAX_INT: Final = 2**53
MAX_VALUES: Final = 50  # in one cell

# The closed list of facts a table may ask for, and of what kind each is. New facts are added here and nowhere
# else: a test asserts that their 32-bit FNV-1a hashes differ, because durable-rules compares only those.
_TEXT: Final[Kind] = "text"
_NUMBER: Final[Kind] = "number"
FACTS: Final[Mapping[str, Kind]] = {
    **dict.fromkeys(("category", "subcategory", "kind", "severity", "urgency", "keyword", "reason"), _TEXT),  # what
    **dict.fromkeys(("street", "community", "grid", "unit", "area_kind", "land_kind"), _TEXT),  # where, as areas
    **dict.fromkeys(("segment", "road", "road_class", "side"), _TEXT),  # where, along a road
    **dict.fromkeys(("department", "department_hint", "team", "role", "reporter_kind", "door"), _TEXT),  # who
    **dict.fromkeys(("state", "action", "shift", "day_kind", "weather"), _TEXT),  # in what situation
    **dict.fromkeys(("month", "weekday", "hour"), _NUMBER),  # of the region's zone; Monday is 1
    **dict.fromkeys(("off_list", "on_list"), _NUMBER),  # 1 or 0
    **dict.fromkeys(("level", "photos", "reports", "reassignments", "returned", "reopened", "load"), _NUMBER),  # counts
    **dict.fromkeys(("repeats_in_segment_7d", "repeats_in_grid_7d", "distance_m", "overdue_min"), _NUMBER),
}

_ATTRIBUTE: Final = re.compile(r"attr_[a-z][a-z0-9_]{0,30}")


def kind_of(fact: str) -> Kind | None:
    """The kind of a fact; None when there is no such fact. A rulebook's free attributes are texts."""
    return _TEXT if _ATTRIBUTE.fullmatch(fact) else FACTS.get(fact)


_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


def bad_text(value: str) -> Said | None:
    """What is wrong with `value` as a text in a table or a fact; None when nothing is."""
    if not 1 <= len(value) <= MAX_TEXT:
        return said("mistakes.text_length", most=MAX_TEXT, found=len(value))
    if _CONTROL.search(value):
        return said("mistakes.text_control")
    return None


class Cell(FileModel):
    """One condition on one input: any, one of some values, or a range of numbers with both ends inside.

    YAML forms: `-` (any), a value, a list of values, `{ge: 7, le: 19}` with one or both ends.
    """

    model_config = ConfigDict(strict=True)

    one_of: Annotated[tuple[Fact, ...] | None, Field(strict=False)] = None
    ge: int | None = None
    le: int | None = None

    @model_validator(mode="before")
    @classmethod
    def _read(cls, raw: Any) -> Any:
        match raw:
            case None | "-":
                return {}
            case bool() | float():
                raise mistake("mistakes.cell_values")
            case str() | int():
                return {"one_of": (raw,)}
            case list() | tuple():
                return {"one_of": tuple(raw)}
            case {"in": values, **rest}:
                return {"one_of": values, **rest}
        return raw

    @model_validator(mode="after")
    def _check(self) -> Cell:
        for problem in self._problems():
            raise mistakes([problem])
        return self

    def _problems(self) -> Iterator[Said]:
        if self.one_of is not None:
            yield from _list_problems(self.one_of)
            if self.is_range:
                yield said("mistakes.list_and_range")
        for end in (self.ge, self.le):
            if end is not None and abs(end) > MAX_INT:
                yield said("mistakes.large")
        if self.ge is not None and self.le is not None and self.ge > self.le:
            yield said("mistakes.no_number", ge=self.ge, le=self.le)

    @property
    def is_range(self) -> bool:
        """Whether the cell has a lower or an upper end."""
        return self.ge is not None or self.le is not None

    @property
    def is_any(self) -> bool:
        """Whether everything meets the cell, including an absent fact."""
        return self.one_of is None and not self.is_range

    def meets(self, fact: Fact | None) -> bool:
        """Whether `fact` (of the input's kind; None: absent) meets this cell."""
        if self.is_any:
            return True
        if fact is None:
            return False
        if self.one_of is not None:
            return fact in self.one_of
        return isinstance(fact, int) and (self.ge is None or fact >= self.ge) and (self.le is None or fact <= self.le)

    @model_serializer
    def _write(self) -> Any:
        if self.one_of is not None:
            return list(self.one_of)
        ends = {"ge": self.ge, "le": self.le}
        return {name: end for name, end in ends.items() if end is not None} or "-"


ANY: Final = Cell()


def _list_problems(values: tuple[Fact, ...]) -> Iterator[Said]:
    if not 1 <= len(values) <= MAX_VALUES:
        yield said("mistakes.cell_length", most=MAX_VALUES, found=len(values))
    for value, times in Counter(values).items():
        if times > 1:
            yield said("mistakes.value_twice", value=value, times=times)
        if isinstance(value, str) and (problem := bad_text(value)):
            yield problem
        if isinstance(value, int) and abs(value) > MAX_INT:
            yield said("mistakes.large")


class Row(FileModel):
    """One row: when every cell is met, `then`. Lower `priority` wins; an input not named is any."""

    model_config = ConfigDict(strict=True)

    id: Annotated[str, Field(pattern=r"^[^\s,]{1,64}$")]
    priority: Annotated[int, Field(ge=1, le=60_000)] = 1_000
    when: dict[str, Cell] = Field(default_factory=dict)
    then: Outputs = Field(default_factory=dict)
    note: str | None = None

    def cell(self, name: str) -> Cell:
        """The cell under input `name`."""
        return self.when.get(name, ANY)


class Input(FileModel):
    """One named input; its kind follows from its name. YAML: the bare name is enough."""

    model_config = ConfigDict(strict=True)

    name: str
    kind: Kind

    @model_validator(mode="before")
    @classmethod
    def _read(cls, raw: Any) -> Any:
        named = {"name": raw} if isinstance(raw, str) else raw
        if isinstance(named, dict) and isinstance(name := named.get("name"), str):
            return {"kind": kind_of(name) or _TEXT, **named}
        return named

    @model_validator(mode="after")
    def _check(self) -> Input:
        kind = kind_of(self.name)
        if kind is None:
            known = ", ".join((*FACTS, "attr_ID"))
            raise mistake("mistakes.no_fact", name=self.name, known=known)
        if self.kind != kind:
            raise mistake("mistakes.fact_kind", name=self.name, kind=_kind(kind))
        return self


class Table(FileModel):
    """A decision table. Hit policies: `U` unique, `F` and `P` first by priority, `A` any, `C` collect.

    Validation names every problem of the whole table at once; rows are counted from 1 in table order. `default` is
    what holds when no row matches, and is no row.
    """

    model_config = ConfigDict(strict=True)

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
    hit_policy: HitPolicy
    inputs: Annotated[tuple[Input, ...], Field(strict=False)]
    rows: Annotated[tuple[Row, ...], Field(strict=False)] = ()
    default: Outputs | None = None

    @model_validator(mode="wrap")
    @classmethod
    def _collect(cls, raw: Any, read: ModelWrapValidatorHandler[Table]) -> Table:
        problems: list[InitErrorDetails] = []
        try:
            table = read(raw)
        except ValidationError as error:
            problems = [_relayed(detail) for detail in error.errors()]
            if isinstance(raw, Mapping):
                problems += _cross_problems(_readable(Input, raw.get("inputs")), _readable(Row, raw.get("rows")))
        else:
            problems += _cross_problems(dict(enumerate(table.inputs)), dict(enumerate(table.rows)))
            if not problems:
                return table
        raise ValidationError.from_exception_data(cls.__name__, problems)

    def kinds(self) -> dict[str, Kind]:
        """Each input's kind, in the order of the columns."""
        return self._kinds

    @cached_property
    def _kinds(self) -> dict[str, Kind]:
        return {column.name: column.kind for column in self.inputs}

    @cached_property
    def numbers(self) -> Mapping[str, int]:
        """Row numbers (from 1) by row id."""
        return {row.id: number for number, row in enumerate(self.rows, 1)}


_Part = TypeVar("_Part", Input, Row)


def _readable(model: type[_Part], raw: Any) -> dict[int, _Part]:
    """The readable parts by index: one bad row must not hide mistakes in the others."""
    found = {}
    for i, part in enumerate(raw if isinstance(raw, list | tuple) else ()):
        with suppress(ValidationError):
            found[i] = model.model_validate(part)
    return found


def _relayed(detail: ErrorDetails) -> InitErrorDetails:
    """A problem pydantic found, with the number of its row in front."""
    where = detail["loc"]
    row = where[1] if len(where) > 1 and where[0] == "rows" else None
    return _problem(where, said_apart(detail), row if isinstance(row, int) else None, detail["input"])


def _problem(
    where: tuple[int | str, ...], several: Iterable[Said], row: int | None = None, found: Any = None
) -> InitErrorDetails:
    prefix = "" if row is None else f"row {row + 1}: "
    return InitErrorDetails(type=mistakes(several, "table", prefix), loc=where, input=found)


def _cross_problems(inputs: dict[int, Input], rows: dict[int, Row]) -> list[InitErrorDetails]:
    kinds: dict[str, Kind] = {}
    problems = []
    for i, column in inputs.items():
        if column.name in kinds:
            twice = said("mistakes.input_twice", name=column.name)
            problems.append(_problem(("inputs", i), [twice]))
        kinds[column.name] = column.kind
    first: dict[str, int] = {}
    for i, row in rows.items():
        if first.setdefault(row.id, i) != i:
            other = first[row.id] + 1
            again = said("mistakes.row_id", row=row.id, other=other)
            problems.append(_problem(("rows", i, "id"), [again], i))
        for name, cell in row.when.items():
            problems += [_problem(("rows", i, "when", name), [said], i) for said in _misfits(name, cell, kinds)]
    return problems


def _misfits(name: str, cell: Cell, kinds: Mapping[str, Kind]) -> Iterator[Said]:
    if name not in kinds:
        yield said("mistakes.no_input", name=name, inputs=names_listed(kinds))
        return
    if kinds[name] == "text" and cell.is_range:
        yield said("mistakes.text_range", name=name)
    wanted = str if kinds[name] == "text" else int
    for value in cell.one_of or ():
        if not isinstance(value, wanted):
            yield said("mistakes.cell_kind", name=name, kind=_kind(kinds[name]), value=value)


def _kind(kind: Kind) -> Name:
    return Name.of(f"mistakes.kind.{kind}")
