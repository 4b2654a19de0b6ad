"""Messages for refused submissions, by code: what was wrong and what to do."""

from typing import Final

from schemas.names import Language, Name, facts_in
from texts.catalogue import catalogue

FILE: Final = "intake"
_NAMED: Final = (("where", "field."), ("wanted", "wanted."))
"""Facts that are shown by a translated name, and the prefix of its key; programs read the field's name in `where`."""


def message(code: str, language: Language, **facts: object) -> str:
    """The text for `code` in `language`, with its facts filled in and fields named in that language.

    A `Name` among them is a name already, and no field of ours.
    """
    known = catalogue(FILE, language)
    shown = facts_in(language, facts)
    for fact, group in _NAMED:
        if fact in shown and not isinstance(facts[fact], Name):
            shown[fact] = known.get(f"{group}{shown[fact]}", str(shown[fact]))
    return known.say(code, **shown)
