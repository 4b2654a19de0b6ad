"""Which language somebody asks for, by tags of BCP 47."""

from collections.abc import Iterable, Sequence
from typing import Final

from schemas.names import Language

MOST_TAGS: Final = 10


def tags_of(header: str) -> Sequence[str]:
    """The tags of an `Accept-Language`, as they come; weights are not looked at."""
    return [part.partition(";")[0].strip() for part in header.split(",")[:MOST_TAGS]]


def language_among(tags: Iterable[str], own: Language) -> Language:
    """The first language among `tags` that we speak, else our `own`."""
    for tag in tags:
        match tag.lower().partition("-")[0]:
            case "zh":
                return Language.ZH
            case "en":
                return Language.EN
    return own
