"""Cells of a row by the name of their column, without blanks around them; what is absent is empty. Pure."""

from collections.abc import Iterable, Mapping


def cell(cells: Mapping[str, str], column: str | None) -> str:
    """The text of one column; `="007"`, by which programs keep zeros from spreadsheets, is `007`."""
    text = (cells.get(column) or "").strip() if column else ""
    return text[2:-1].strip() if text.startswith('="') and text.endswith('"') and len(text) > 2 else text


def joined(cells: Mapping[str, str], columns: Iterable[str]) -> str:
    """The texts of several columns with a blank between, without the empty ones."""
    return " ".join(text for column in columns if (text := cell(cells, column)))
