"""How people write an address, brought to one spelling: widths, dashes, spaces, English short forms."""

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
_DIGIT = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNIT = {"十": 10, "百": 100, "千": 1000}
_NUMERAL = "零〇一二两三四五六七八九十百千"
# A number followed by one of these counts something else than houses: 12 米, 12 路公交, 3rd floor.
_NOT_A_HOUSE = r"(?!\s*[号號]线)(?![0-9a-z米路楼层月日点时分个人辆元公千])"
_NUMBER = r"([0-9]{1,5})(?:\s*(?:-|之|号之)\s*([0-9]{1,4}))?" + _NOT_A_HOUSE
_AFTER = re.compile(r"[\s,:()]*(?:no\b[.\s]*|#|第)?\s*" + _NUMBER)
_BEFORE = re.compile(r"(?:^|[^0-9a-z-])(?:no\b[.\s]*|#)?([0-9]{1,5})(?:-([0-9]{1,4}))?[\s,]*$")
_LATER = re.compile(r"([0-9]{1,5})(?:\s*(?:-|之|号之)\s*([0-9]{1,4}))?\s*[号號]" + r"(?![楼线])")
_CHINESE_AFTER = re.compile(rf"[\s,:()]*第?([{_NUMERAL}]{{1,8}})\s*[号號]")


class HouseNumber(NamedTuple):
    """The number that ranges hold, and how the whole of it is written (`12-8`)."""

    number: int
    written: str


def spell(text: str) -> str:
    """One spelling for matching: half width, lower case, plain dashes, English words in short form."""
    plain = normalize("NFKC", text).casefold().translate(_PLAIN)
    plain = " ".join(_ENGLISH.sub(lambda word: _SHORT.get(word[0], word[0]), plain).split())
    return _SPACE_AT_HAN.sub("", plain) if " " in plain else plain


def chinese_number(numeral: str) -> int | None:
    """十二 → 12, 一百零三 → 103, 一二三 → 123; None for what is no number."""
    if not any(c in _UNIT for c in numeral):
        return int("".join(str(_DIGIT[c]) for c in numeral)) if numeral else None
    total, digit = 0, 0
    for c in numeral:
        if c in _UNIT:
            total, digit = total + (digit or 1) * _UNIT[c], 0
        else:
            digit = _DIGIT[c]
    return total + digit


def house_number(before: str, after: str, *, latin: bool) -> HouseNumber | None:
    """The house number around a road's name, both sides as `spell` wrote them.

    English puts it in front (`latin`), Chinese behind; English with it behind is understood too.
    """
    if latin and (found := _BEFORE.search(before)):
        return _written(found)
    if found := _AFTER.match(after):
        return _written(found)
    if (found := _CHINESE_AFTER.match(after)) and (number := chinese_number(found[1])):
        return HouseNumber(number, str(number))
    if found := _LATER.search(after):
        return _written(found)
    return None


def _written(found: re.Match[str]) -> HouseNumber:
    part = found[2]
    return HouseNumber(int(found[1]), f"{int(found[1])}-{int(part)}" if part else str(int(found[1])))


class Mention(NamedTuple):
    """A known name in a text: which one, and where in the spelled text."""

    name: str
    start: int
    end: int


class Names:
    """Finds known names in a text, longest first, without asking every name of a city in turn."""

    def __init__(self, names: set[str]) -> None:
        self._names = names - {""}
        starts: dict[str, set[int]] = {}
        for name in self._names:
            starts.setdefault(name[:2], set()).add(len(name))
        self._letters = frozenset(name[0] for name in self._names)
        self._lengths = {start: sorted(lengths, reverse=True) for start, lengths in starts.items()}
        self._shortened: dict[str, set[str]] = {}
        for name in self._names:
            for short in _one_less(name) if _is_long(name) else ():
                self._shortened.setdefault(short, set()).add(name)
        self._near_lengths = sorted({len(name) for name in self._names if _is_long(name)})

    def mentions(self, spelled: str) -> list[Mention]:
        """Names that stand in the spelled text and not inside a longer one, in order of place."""
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
        kept: list[Mention] = []
        for mention in found:
            if all(mention.end <= k.start or mention.start >= k.end for k in kept):
                kept.append(mention)
        return sorted(kept, key=lambda m: m.start)

    def near(self, spelled: str) -> list[Mention]:
        """Names of which the text has one letter wrong, missing, too many or swapped; only ever a question."""
        found: dict[str, Mention] = {}
        for length, start in product(_around(self._near_lengths), range(len(spelled))):
            end = start + length
            window = spelled[start:end]
            if len(window) < length or not _stands_alone(spelled, start, end):
                continue
            for short in _one_less(window):
                for name in self._shortened.get(short, ()):
                    found.setdefault(name, Mention(name, start, end))
        return [found[name] for name in sorted(found)]


def _one_less(name: str) -> set[str]:
    """The name itself and with each one of its letters left out."""
    return {name} | {name[:i] + name[i + 1 :] for i in range(len(name))}


def _is_long(name: str) -> bool:
    """Long enough that one wrong letter still says which name was meant."""
    return len(name) >= (8 if name.isascii() else 4)


def _around(lengths: list[int]) -> list[int]:
    return sorted({near for length in lengths for near in (length - 1, length, length + 1)})


def _stands_alone(text: str, start: int, end: int) -> bool:
    """A Latin name must not be a part of a longer word; Chinese has no such boundary."""
    return not (
        (start and _is_latin(text[start]) and _is_latin(text[start - 1]))
        or (end < len(text) and _is_latin(text[end - 1]) and _is_latin(text[end]))
    )


def _is_latin(c: str) -> bool:
    return c.isascii() and c.isalnum()
