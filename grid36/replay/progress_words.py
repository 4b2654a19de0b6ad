"""Words for the progress line of a replay."""

import re

from schemas.names import Language
from texts.catalogue import say

_SAID = tuple(
    (re.compile(pattern), f"replay.progress.{key}")
    for pattern, key in (
        ("waiting for Kafka", "kafka"),
        ("reading the file", "file"),
        ("reading the ledger", "ledger"),
        ("rows", "rows"),
        ("closing", "closing"),
        (r"facts; (?P<cases>\d+) cases", "facts"),
        (r"waiting for (?P<what>.*)", "waiting"),
    )
)


def words_of(what: str, language: Language) -> str:
    """The same in the language of whoever watches."""
    for pattern, key in _SAID:
        if found := pattern.fullmatch(what):
            return say(language, key, **found.groupdict())
    return what
