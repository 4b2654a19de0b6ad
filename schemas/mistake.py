"""What a person wrote and cannot be meant: an error for validators to raise, in both languages."""

from collections.abc import Iterable
from typing import Final, TypeAlias

from pydantic_core import PydanticCustomError

from schemas.names import Language, Name, facts_in
from texts.catalogue import say

Said: TypeAlias = tuple[str, str]
"""One sentence in Chinese and in English."""
SEVERAL: Final = "several"
"""Key of the context under which the sentences are."""


def said(key: str, /, **facts: object) -> Said:
    """The sentence of `key` in `texts/`; a `Name` among `facts` is said in each language."""
    return (
        say(Language.ZH, key, **facts_in(Language.ZH, facts)),
        say(Language.EN, key, **facts_in(Language.EN, facts)),
    )


def names_listed(names: Iterable[str]) -> Name:
    """Several names of one kind, with commas between."""
    return Name.joined("、", ", ", map(Name.same, names))


def mistake(key: str, /, **facts: object) -> PydanticCustomError:
    """The error for one value; it is a `ValueError`, its message the English sentence of `key`."""
    return mistakes([said(key, **facts)])


def mistakes(several: Iterable[Said], code: str = "mistake", prefix: str = "") -> PydanticCustomError:
    """One error for several mistakes, of the type `code`; `prefix` goes before its message only."""
    found = tuple(several)
    message = "; ".join(en for _, en in found)
    return PydanticCustomError(code, "{said}", {"said": prefix + message, SEVERAL: found})
