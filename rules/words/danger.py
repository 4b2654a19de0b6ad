"""Finds words of danger in a text: as a fact, or only negated or as part of another word."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final, NamedTuple

from rules.words.denial import denied
from rules.words.letters import letter

_INFLECTED: Final = re.compile(r"(?:s|es|ing|ed|age)?(?![^\W_])")
"""Endings of the same English word: leaks, leaking, leaked, leakage."""
_ANOTHER: Final = re.compile(
    "人(?:行(?:道|天桥|横道|步道|便道|通道)|工(?:湖|草)|民(?:路|公园|广场)|造|防)"
    "|电(?:动(?:车|自行|三轮|轮椅|摩托|汽车|滑板|单车|工具)|池(?!塘)|瓶|脑|话)"
    "|火(?:锅|腿|红|龙果|鸡)"
)
"""Chinese words that begin with the last character of a word of danger: 砸到人 is not meant by 砸到人行道."""


class Danger(NamedTuple):
    """The words of the policy that were found."""

    said: tuple[str, ...] = ()
    doubtful: tuple[str, ...] = ()
    """Words found only negated ("nobody injured") or within another word: worth a look, not a fact."""


_NONE: Final = Danger()
_TEXTS_KEPT: Final = 1024
"""About two batches of texts: each is read once to ask ahead, and again to decide."""


class DangerWords:
    """The words of danger of a policy, compiled for searching."""

    def __init__(self, words: Iterable[str]) -> None:
        distinct = [word for word in dict.fromkeys(words) if word.strip()]
        self._words = tuple((word, _plain(word), _pattern(word)) for word in distinct)
        self.found = lru_cache(_TEXTS_KEPT)(self._found)
        """The words of danger in a text, and whether they state a fact anywhere in it."""

    def _found(self, said: str) -> Danger:
        plain = _plain(said)
        hits = [(word, pattern) for word, plainly, pattern in self._words if plainly in plain]
        if not hits:
            return _NONE
        text = said.casefold().replace("’", "'")
        facts, doubts = list[str](), list[str]()
        for word, pattern in hits:
            places = [(found.start(), found.end()) for found in pattern.finditer(text) if _whole(found, text)]
            if any(not _ANOTHER.match(text, end - 1) and not denied(text, begin, end) for begin, end in places):
                facts.append(word)
            elif places:
                doubts.append(word)
        return Danger(tuple(facts), tuple(doubts))


def _plain(said: str) -> str:
    return " ".join(said.casefold().replace("’", "'").split())


def _pattern(word: str) -> re.Pattern[str]:
    return re.compile(r"\s+".join(map(re.escape, _plain(word).split(" "))))


def _whole(found: re.Match[str], text: str) -> bool:
    """Whether it is a whole word in alphabetic scripts: "uninjured" does not contain "injured"."""
    begin, end = found.span()
    if begin and letter(text[begin]) and letter(text[begin - 1]):
        return False
    return not letter(text[end - 1]) or end == len(text) or _INFLECTED.match(text, end) is not None
