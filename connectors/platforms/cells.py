"""Cells of a platform's row, from a file or from JSON: one way to read a text and an id; pure."""

import re
from collections.abc import Mapping
from typing import Any, Final

from connectors.platforms.refusals import bad_cell
from schemas.platform import NeighbourPlatform

Cells = Mapping[str, Any]
"""By the names of its columns: text, numbers, true and false, or nothing."""
LONGEST_ID: Final = 60
SHOWN: Final = 40
EXACT: Final = 10**15
"""A spreadsheet program keeps fifteen digits of a number, and makes zeros of the rest."""
_ROUNDED: Final = re.compile(r"\d(?:[.,]\d+)?[Ee]\+?\d{1,3}", re.ASCII)
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")


def cell_text(value: Any, column: str) -> str:
    """The text of a cell; `="007"`, by which programs keep zeros from spreadsheets, is `007`.

    Raises `Refused` for a list or an object: its text would be that of our program.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < EXACT:
        return str(int(value))
    if not isinstance(value, str | int | float):
        raise bad_cell("platform_value", column, given=_kind(value))
    text = str(value).replace("\r\n", "\n").replace("\r", "\n").strip()
    return text[2:-1].strip() if text.startswith('="') and text.endswith('"') and len(text) > 2 else text


def id_text(value: Any, column: str) -> str:
    """An id in full. Raises `Refused` for one that a spreadsheet program has rounded, and for what can be none."""
    if isinstance(value, bool):
        raise bad_cell("platform_value", column, given=_kind(value))
    text = cell_text(value, column)
    if _ROUNDED.fullmatch(text) or (isinstance(value, float) and not text.isdecimal()):
        raise bad_cell("platform_rounded", column, given=text[:SHOWN])
    if len(text) > LONGEST_ID or _CONTROL.search(text):
        raise bad_cell("platform_bad_id", column, given=text[:SHOWN], limit=LONGEST_ID)
    return text


def own_id(platform: NeighbourPlatform, cells: Cells) -> str:
    """The id of a row there. Raises `Refused` where it has none, or one that is none."""
    column = platform.columns.id
    text = id_text(cells.get(column), column)
    if not text:
        raise bad_cell("platform_no_id", column)
    return text


def _kind(value: Any) -> str:
    """As JSON writes such a value."""
    return {bool: "true / false", dict: "{…}", list: "[…]"}.get(type(value), type(value).__name__)
