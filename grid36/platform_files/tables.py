"""Tables for spreadsheet programs, in which no text becomes a formula."""

from typing import Final

_FORMULA: Final = ("=", "+", "-", "@", "\t")
"""How a formula begins for spreadsheet programs."""


def table_cell(text: str) -> str:
    """The text as a cell shows it."""
    return f"'{text}" if text.startswith(_FORMULA) else text
