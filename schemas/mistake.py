"""Errors for validators about values that a person wrote, with sentences in both languages."""

from collections.abc import Iterable
from typing import Final

from pydantic_core import PydanticCustomError

SEVERAL: Final = "several"
"""Key in the error's context of its sentences, each a pair of Chinese and English."""


def mistake(zh: str, en: str) -> PydanticCustomError:
    """The error for one value; it is a `ValueError`, its message the English sentence."""
    return mistakes([(zh, en)])


def mistakes(several: Iterable[tuple[str, str]], code: str = "mistake", prefix: str = "") -> PydanticCustomError:
    """One error for several mistakes, of the type `code`; `prefix` goes before its message only."""
    found = tuple(several)
    said = "; ".join(en for _, en in found)
    return PydanticCustomError(code, "{said}", {"said": prefix + said, SEVERAL: found})
