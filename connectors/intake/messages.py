"""What people read whose submission was rejected: what was wrong and what to do, by code."""

from typing import Final

from schemas.names import Language, facts_in
from texts.catalogue import catalogue

FILE: Final = "intake"
_NAMED: Final = (("where", "field."), ("wanted", "wanted."))
"""Facts that have a name for readers, and how its key begins; programs find the field's own name in `where`."""


def message(code: str, language: Language, **facts: object) -> str:
    """The text for `code` in `language`, with its facts filled in; fields are called by their name in it."""
    known = catalogue(FILE, language)
    shown = facts_in(language, facts)
    for fact, group in _NAMED:
        if fact in shown:
            shown[fact] = known.get(f"{group}{shown[fact]}", str(shown[fact]))
    return known.say(code, **shown)
