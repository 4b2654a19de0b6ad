"""The values of the state topic of `cases`, by key prefix, and how the texts of a case are joined."""

from collections.abc import Iterable
from typing import Final

from pydantic import Field

from schemas.case import Deadline, State
from schemas.models import LogModel
from schemas.order import Written
from schemas.topics import CASE_KEY, WORDS_KEY

CASE: Final = CASE_KEY
WORDS: Final = WORDS_KEY
HOME: Final = "home/"
ROSTER: Final = "roster/"
LATELY: Final = "lately/"


class CaseWords(LogModel):
    """What was written for one case, oldest first: the value of `words/<number>`."""

    written: tuple[Written, ...] = ()


class HomeCount(LogModel):
    """How many cases a home has opened in its latest month (yymm): the value of `home/<home>`."""

    yymm: str
    count: int


class CoverSpan(LogModel):
    """Who covers for a person from `from_ms` until before `until_ms`; nobody when `cover` is None."""

    cover: str | None = None
    by: str
    from_ms: int
    until_ms: int


class Roster(LogModel):
    """When a person is away, the latest entry last: the value of `roster/<person>`."""

    spans: tuple[CoverSpan, ...] = ()


class Spot(LogModel):
    """The part of a place that the index of open cases needs."""

    segment: str | None = None
    lon: float | None = None
    lat: float | None = None


class Glimpse(LogModel):
    """The part of a case that the indexes need; a takeover reads only this, because it must be fast."""

    number: str
    home: str
    report: str
    state: State
    category: str = ""
    master: str | None = None
    place: Spot | None = None
    deadlines: dict[Deadline, int] = Field(default_factory=dict)
    assignee: str | None = None
    rulebook: str = ""


NOBODY_AWAY: Final = Roster()


_WORDS_HEAD: Final = b'{"written":['
_WORDS_END: Final = b"]}"


def more_words(words: bytes | None, texts: Iterable[bytes]) -> bytes:
    """The value of `words/<number>`, which is a `CaseWords`, with more texts (their bytes) behind those in `words`."""
    if words is not None:
        assert words.startswith(_WORDS_HEAD)
        texts = (words[len(_WORDS_HEAD) : -len(_WORDS_END)], *texts)
    return _WORDS_HEAD + b",".join(texts) + _WORDS_END
