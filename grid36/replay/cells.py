"""Cells of a row by the name of their column, without blanks around them; what is absent is empty. Pure."""

from collections.abc import Iterable, Mapping


def cell(cells: Mapping[str, str], column: str | None) -> str:
    """The text of one column."""
    return (cells.get(column) or "").strip() if column else ""


def joined(cells: Mapping[str, str], columns: Iterable[str]) -> str:
    """The texts of several columns with a blank between, without the empty ones."""
    return " ".join(text for column in columns if (text := cell(cells, column)))
