"""Finds the columns of a sheet by their titles, in either language and with any spacing."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Final

from grid36.files.rulebook.cells import half_width
from grid36.files.rulebook.columns import FIXED, Column
from grid36.files.rulebook.decisions import (
    FACT_NAMES,
    OUTPUT_NAMES,
    THEN,
    THEN_ZH,
    example_columns,
    fact_column,
    given_column,
    output_column,
    table_columns,
)
from schemas.names import Name
from schemas.table import FACTS, kind_of

LISTS: Final[Mapping[str, Name]] = {
    "items": Name(zh="事项", en="items"),
    "categories": Name(zh="类别", en="categories"),
    "subcategories": Name(zh="子类", en="subcategories"),
    "routing": Name(zh="路由", en="routing"),
    "joint": Name(zh="联合", en="joint"),
    "limits": Name(zh="时限", en="limits"),
    "whistles": Name(zh="吹哨", en="whistles"),
    "examples": Name(zh="示例", en="examples"),
}
"""The lists that can be sheets, with the names of their sheets."""


def plain_title(text: str) -> str:
    """A title as it is looked up: half width, lower case, without the mark of a needed column."""
    return half_width(text).casefold().rstrip("*").strip().replace(" ", "_")


def column_of(sheet: str, title: str) -> Column | None:
    """The column with this title; None when the sheet can have none."""
    plain = plain_title(title)
    if found := _known(sheet).get(plain):
        return found
    if sheet in FIXED:
        return None
    if plain.startswith((THEN, THEN_ZH)) and sheet != "examples":
        name = plain.removeprefix(THEN).removeprefix(THEN_ZH)
        return output_column(name) if name.isidentifier() else None
    fact = plain.replace("属性:", "attr_")
    if kind_of(fact) is None:
        return None
    return given_column(fact) if sheet == "examples" else fact_column(fact)


def titles_of(sheet: str) -> list[str]:
    """Titles that a sheet can have, for people who wrote another."""
    return list(dict.fromkeys(column.name for column in _known(sheet).values()))


def needed(sheet: str) -> list[Column]:
    """Columns without which no row of the sheet can be read."""
    fixed = FIXED.get(sheet) or (example_columns(()) if sheet == "examples" else table_columns((), ()))
    return [column for column in fixed if column.needed]


@cache
def _known(sheet: str) -> dict[str, Column]:
    if sheet in FIXED:
        return _by_title(FIXED[sheet])
    facts: Callable[[str], Column] = given_column if sheet == "examples" else fact_column
    known = _by_title(tuple(facts(fact) for fact in [*FACTS, *(set(FACT_NAMES) - set(FACTS))] if kind_of(fact)))
    if sheet == "examples":
        return known | _by_title(example_columns(()))
    return known | _by_title(tuple(map(output_column, OUTPUT_NAMES))) | _by_title(table_columns((), ()))


def _by_title(columns: tuple[Column, ...]) -> dict[str, Column]:
    return {plain_title(title): column for column in columns for title in (column.name, column.title.zh)}
