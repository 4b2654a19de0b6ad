"""Reads JSON that anybody may have written: what is not of the expected kind counts as missing."""

from collections.abc import Mapping
from typing import Any, Final

MOST: Final = 65_536
"""Characters of a text; a whole event has no more bytes than that."""
LATEST_MS: Final = 2**53


def mapping_of(value: object) -> Mapping[str, Any]:
    """An object, or an empty one."""
    return value if isinstance(value, dict) else {}


def list_of(value: object) -> list[Any]:
    """A list, or an empty one."""
    return value if isinstance(value, list) else []


def mappings_of(value: object) -> list[Mapping[str, Any]]:
    """The objects of a list."""
    return [each for each in list_of(value) if isinstance(each, dict)]


def texts_of(value: object) -> list[str]:
    """The texts of a list."""
    return [each for each in list_of(value) if isinstance(each, str)]


def text_of(value: object, most: int = MOST) -> str:
    """A text, without halves of characters and NUL, which no database takes; or an empty one."""
    if not isinstance(value, str):
        return ""
    return value[:most].encode("utf-8", "replace").decode().replace("\0", "")


def number_of(value: object) -> int | None:
    """A whole number from 0 to 2**53, as JSON can carry it."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LATEST_MS else None
