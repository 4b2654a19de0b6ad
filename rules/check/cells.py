"""Checks cells for what does not exist: categories, places, words and numbers that a fact never has."""

from collections.abc import Iterator
from typing import Final

from rules.check.known import References
from rules.check.problem import Problem
from rules.check.said import listed, near, problem
from rules.check.sets import Numbers, Texts, whole
from schemas.names import Name
from schemas.table import Cell, Fact, Table

NEVER_KNOWN: Final = frozenset(
    {"severity", "keyword", "reason", "street", "road_class", "side"}
    | {"department", "department_hint", "role", "state", "action", "weather", "off_list"}
    | {"on_list", "level", "photos", "reports", "overdue_min"}
)
"""Facts reserved for later releases, not computed yet: a row that uses one never matches."""
_ATTRIBUTE: Final = "attr_"


def cells(table: Table, known: References) -> Iterator[Problem]:
    """All names in cells and columns of one table that do not exist."""
    for column in table.inputs:
        yield from _column(table, column.name, known)
    for number, row in enumerate(table.rows, 1):
        for name, cell in row.when.items():
            for value in _stated(cell):
                if found := _wrong(table.name, number, name, value, known):
                    yield found


def _stated(cell: Cell) -> Iterator[Fact]:
    yield from cell.one_of or ()
    for end in (cell.ge, cell.le):
        if end is not None:
            yield end


def _column(table: Table, name: str, known: References) -> Iterator[Problem]:
    asked = [number for number, row in enumerate(table.rows, 1) if not row.cell(name).is_any]
    if name in NEVER_KNOWN:
        yield problem("fact_never_known", table.name, asked, name)
    if name in known.unfilled:
        yield problem(f"no_{name}", table.name, asked, name)
    if name.startswith(_ATTRIBUTE) and name.removeprefix(_ATTRIBUTE) not in known.attributes:
        yield problem("unknown_attribute", table.name, asked, name, value=name.removeprefix(_ATTRIBUTE))
    elif table.rows and not asked:
        yield problem("unused_input", table.name, (), name)


def _wrong(sheet: str, number: int, name: str, value: Fact, known: References) -> Problem | None:
    """What is wrong with one value of a cell, if anything."""
    rows, names = (number,), None if name in known.unfilled else known.values.get(name)
    if isinstance(value, int):
        return _number(sheet, rows, name, value)
    if name.startswith(_ATTRIBUTE):
        attribute = name.removeprefix(_ATTRIBUTE)
        values = known.attributes.get(attribute, [value])
        facts = {"attribute": attribute, "value": value, "known": listed(values)}
        return None if value in values else problem("unknown_attribute_value", sheet, rows, name, **facts)
    if names is None:
        return _word(sheet, rows, name, value)
    if value in names:
        return None
    return _unknown(sheet, rows, name, value, names)


def _unknown(sheet: str, rows: tuple[int, ...], name: str, value: str, names: frozenset[str]) -> Problem:
    alike = near(value, names)
    if name == "category":
        return problem("unknown_category_in_cell", sheet, rows, name, value=value, near=alike)
    if name == "subcategory":
        return problem("unknown_subcategory_in_cell", sheet, rows, name, value=value, near=alike)
    if name == "team":
        return problem("unknown_team_in_cell", sheet, rows, name, value=value, near=alike)
    if name == "department":
        return problem("unknown_department", sheet, rows, name, value=value, near=alike)
    if name == "area_kind":
        return problem("unknown_word_in_cell", sheet, rows, name, value=value, known=listed(sorted(names)))
    what = Name.of(f"checks.place.{name}")
    return problem("unknown_place_in_cell", sheet, rows, name, value=value, what=what, near=alike)


def _word(sheet: str, rows: tuple[int, ...], name: str, value: str) -> Problem | None:
    """Facts with a few fixed values in every region."""
    words = whole(name)
    if not isinstance(words, Texts) or words.others or value in words.values:
        return None
    return problem("unknown_word_in_cell", sheet, rows, name, value=value, known=listed(sorted(words.values), 30))


def _number(sheet: str, rows: tuple[int, ...], name: str, value: int) -> Problem | None:
    numbers = whole(name)
    low, high = numbers.spans[0] if isinstance(numbers, Numbers) else (value, value)
    if name in {"off_list", "on_list"}:
        low, high = 0, 1
    elif not isinstance(numbers, Numbers) or numbers.absent:
        low, high = 0, float("inf")  # counts and metres
    if low <= value <= high:
        return None
    shown = "∞" if high == float("inf") else high
    return problem("impossible_number", sheet, rows, name, value=value, low=low, high=shown)
