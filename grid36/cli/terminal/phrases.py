"""Texts of the commands, in one language at a time."""

from schemas.names import Language
from texts.catalogue import say


def label(name: str, language: Language) -> str:
    """The label of a row of an answer."""
    return say(language, f"command.label.{name}")


def phrase(name: str, language: Language, **facts: object) -> str:
    """A sentence with its facts."""
    return say(language, f"command.answer.{name}", **facts)


def padded(text: str, columns: int, *, right: bool = False) -> str:
    """The text with blanks up to so many columns; Chinese characters are two columns wide."""
    blanks = " " * (columns - sum(2 if ord(character) > 0x2E7F else 1 for character in text))
    return blanks + text if right else text + blanks
