"""Normalises how people write addresses: widths, dashes, spaces, English short forms."""

import re
from itertools import product
from typing import NamedTuple
from unicodedata import normalize

_HAN = r"\u3400-\u9fff"
_SHORT = {
    "road": "rd", "street": "st", "avenue": "ave", "av": "ave", "lane": "ln", "boulevard": "blvd",
    "drive": "dr", "square": "sq", "place": "pl", "court": "ct", "alley": "aly",
    "south": "s", "north": "n", "east": "e", "west": "w", "number": "no", "middle": "mid",
}  # fmt: skip
_PLAIN = str.maketrans(
    dict.fromkeys("‐‑‒–—―−﹣~", "-") | dict.fromkeys(",.;:!?。，、；：！？\"'()（）【】[]", " ") | {"\u2019": "'"}
)
_ENGLISH = re.compile(r"[a-z]+")
_SPACE_AT_HAN = re.compile(rf"(?<=[{_HAN}]) | (?=[{_HAN}])")
# characters that NFKC would join to the digits before: ½ after 45, ² after 12; and invisible ones
_RARE = re.compile(r"[^\x00-\x7f\u3000-\u303f\u3400-\u9fff\uff00-\uff60]")
_UNSEEN = frozenset("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufe0e\ufe0f\ufeff")


def spell(text: str) -> str:
    """One spelling for matching: half width, lower case, plain dashes, English words in short form."""
    if not text.isascii():
        text = normalize("NFKC", _RARE.sub(_apart, text))
    plain = text.casefold().translate(_PLAIN)
    plain = " ".join(_ENGLISH.sub(lambda word: _SHORT.get(word[0], word[0]), plain).split())
    return _SPACE_AT_HAN.sub("", plain) if " " in plain else plain


def _apart(found: re.Match[str]) -> str:
    """A rare character as it reads, separated by spaces if it is or contains a digit."""
    char = found[0]
    if char in _UNSEEN:
        return ""
    plain = normalize("NFKC", char).replace("\u2044", "/")
    return f" {plain} " if plain != char and any(c.isdigit() for c in plain) else plain


class Mention(NamedTuple):
    """A known name in a text, and its position in the spelled text."""

    name: str
    start: int
    end: int


class Names:
    """Finds known names in a text, longest first, without trying every name of a city."""

    def __init__(self, names: set[str]) -> None:
        self._names = names - {""}
        starts: dict[str, set[int]] = {}
        for name in self._names:
            starts.setdefault(name[:2], set()).add(len(name))
        self._letters = frozenset(name[0] for name in self._names)
        self._lengths = {start: sorted(lengths, reverse=True) for start, lengths in starts.items()}
        self._shortened: dict[str, set[str]] = {}
        for name in self._names:
            for short in (*(_one_less(name) if _is_long(name) else ()), *_beginnings(name)):
                self._shortened.setdefault(short, set()).add(name)
        self._starts = frozenset(short[:2] for short in self._shortened)
        self._ends = frozenset(short[-2:] for short in self._shortened)
        self._near_lengths = {len(short) for short in self._shortened}

    def mentions(self, spelled: str) -> list[Mention]:
        """Names in the spelled text that are not inside a longer name, in order of position."""
        found: list[Mention] = []
        letters, lengths = self._letters, self._lengths
        for start in [i for i, letter in enumerate(spelled) if letter in letters]:
            for length in lengths.get(spelled[start : start + 2]) or lengths.get(spelled[start]) or ():
                end = start + length
                if spelled[start:end] in self._names and _stands_alone(spelled, start, end):
                    found.append(Mention(spelled[start:end], start, end))
                    break
        if len(found) < 2:
            return found
        found.sort(key=lambda m: (m.start - m.end, m.start))
        separate: list[Mention] = []
        for mention in found:
            if all(mention.end <= k.start or mention.start >= k.end for k in separate):
                separate.append(mention)
        return sorted(separate, key=lambda m: m.start)

    def near(self, spelled: str) -> list[Mention]:
        """Names that appear in the text with one letter wrong, missing, extra or swapped, or only their beginning.

        They are only for questions.
        """
        found: dict[str, Mention] = {}
        windows = [
            (start, start + length)
            for length, start in product(_around(self._near_lengths), range(len(spelled)))
            if start + length <= len(spelled) and _stands_alone(spelled, start, start + length)
        ]
        for start, end in reversed(windows):  # the longest part of the name in the text
            for name in self._shortened.get(spelled[start:end], ()):
                found.setdefault(name, Mention(name, start, end))
        for start, end in windows:
            window = spelled[start:end]
            if not _is_long(window) or not (window[:2] in self._starts or window[-2:] in self._ends):
                continue  # one wrong letter leaves one of the two halves intact
            for short in _one_less(window):
                for name in self._shortened.get(short, ()):
                    found.setdefault(name, Mention(name, start, end))
        return [found[name] for name in sorted(found)]


def _one_less(name: str) -> set[str]:
    """The name itself and with each one of its letters left out."""
    return {name} | {name[:i] + name[i + 1 :] for i in range(len(name))}


def _is_long(name: str) -> bool:
    """Whether it is long enough to be recognised with one wrong letter."""
    return len(name) >= (8 if name.isascii() else 4)


def _beginnings(name: str) -> set[str]:
    """Short forms that people use: 鹭影地铁站 for its exits; `hubin rd` for `hubin s rd`."""
    if not name.isascii():
        return {name[:end] for end in range(max(3, (len(name) + 1) // 2), len(name))}
    words = name.split()
    starts = {" ".join(words[:end]) for end in range(2, len(words))}
    return starts | {" ".join((*words[:i], *words[i + 1 :])) for i in range(1, len(words)) if len(words) > 2}


def _around(lengths: set[int]) -> list[int]:
    return sorted({near for length in lengths for near in (length - 1, length, length + 1)})


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether a Latin name is not part of a longer word or number; Chinese has no such boundary."""
    return not (
        (start and _is_one_word(text[start - 1], text[start]))
        or (end < len(text) and _is_one_word(text[end - 1], text[end]))
    )


def _is_one_word(a: str, b: str) -> bool:
    """Whether two letters or two digits touch; a house number may touch a name: `hubin s rd12`."""
    return a.isascii() and b.isascii() and ((a.isalpha() and b.isalpha()) or (a.isdigit() and b.isdigit()))
