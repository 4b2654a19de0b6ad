"""Reads house numbers as people write them: 12-8, 175A, 45 1/2, 十二号, 12号之3; and all other numbers of a text.

All texts are as `rules.places.wording.spell` writes them.
"""

import re
from typing import Final, NamedTuple

_DIGIT: Final = (
    {c: i for i, c in enumerate("零一二三四五六七八九")}
    | {"〇": 0, "两": 2}
    | {c: i for i, c in enumerate("壹贰叁肆伍陆柒捌玖", 1)}
)
_UNIT: Final = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
_TENS: Final = str.maketrans({"廿": "二十", "卅": "三十", "卌": "四十"})
_ONE: Final = f"[{''.join(c for c, digit in _DIGIT.items() if digit)}]"
_PROPER: Final = re.compile(
    rf"(?:{_ONE}?[千仟])?(?:(?:(?<=[千仟])[零〇])?{_ONE}?[百佰])?(?:(?:(?<=[千仟百佰])[零〇])?{_ONE}?[十拾])?"
    rf"(?:(?:(?<=[千仟百佰])[零〇]|(?<=[十拾])){_ONE})?"
)
NUMERAL: Final = "".join((*_DIGIT, *_UNIT, *map(chr, _TENS)))

# 12m are metres, 12h is a time, 12o, 12l and 4s may be 120, 121 and 45; and "12 e hubin rd" may name another road
_LETTER = r"(?:([a-gjknp-rt-z甲乙丙丁戊己庚辛壬癸])(?![a-z0-9])| ([a-df-gj-kp-rt-vx-z])(?![a-z0-9]))?"
_PART = rf"(?: ?(?:-|之|附|号之|号附) ?([0-9]{{1,4}}(?![0-9/])|(?<=[之附])[{NUMERAL}]{{1,3}}){_LETTER})?"
_SHARE = r"(?:[ -](1/[2-9]|2/[3-9]|3/[4-9])(?![0-9/]))?"
_DIGITS = r"([0-9]{1,5})(?![0-9])"
_WHOLE = _DIGITS + _LETTER + _PART + _SHARE
_SIGN = r"(?:no |#|第|门牌号码|门牌号|门牌)?"
_AFTER = re.compile(rf" ?{_SIGN} ?{_WHOLE}(?: ?[号號#])?")
_BEFORE = re.compile(rf"(?<![0-9a-z/#-])(?:no |#)?{_WHOLE}(?: ?[号號])? *$")
_CHINESE = rf"([{NUMERAL}]{{1,8}})(?:之([{NUMERAL}]{{1,3}}))?([甲乙丙丁戊己庚辛壬癸])?"
_CHINESE_AFTER = re.compile(rf" ?第?{_CHINESE} ?[号號]")

_LANE: Final = re.compile(rf"(?<=[\u3400-\u9fff])(?<![{NUMERAL}])[{NUMERAL}]{{1,5}}(?=[巷弄里条])")

FLAT: Final = (
    r"(?<![a-z])(?:apt|apartment|unit|flat|room|rm|suite|ste|fl|floor|shop)(?: no)? ?#?[0-9]{1,4}[a-z]?(?![a-z0-9])"
    r"|(?<![a-z0-9])[0-9]{1,3}(?:st|nd|rd|th) (?:floor|fl)(?![a-z])"
)
"""A part of a house in English, which may also come before its number."""
ROOM: Final = (
    rf"(?:[0-9]{{1,4}}|[{NUMERAL}]{{1,4}}|(?<![a-z])[a-z]|[甲乙丙丁])(?:号楼|栋|幢|座|单元|室|楼|层|房|铺|户)|{FLAT}"
)
"""Parts of a house: building, unit, floor, room."""
NO_HOUSE: Final = r"(?<![0-9])[0-9]{6}(?![0-9])|(?<![0-9])1[3-9][0-9]{9}(?![0-9])"
"""A Chinese postcode or mobile phone number, never a house number."""
_COUNTED = (
    r"[0-9]+ ?(?:(?:km|m|meters?|metres?|ft|feet|yds?|yards?|cm|min|h|pm|am)(?![a-z])"
    r"|公里|千米|公斤|米|分钟|点|时|月|日|天|年|个|人|辆|元"
    r"|路公交|路车|号线)"
)
_OTHERS = re.compile(
    rf"(?P<passed>{NO_HOUSE}|(?<![0-9] ){ROOM}|{_COUNTED}|[0-9]{{6,}})"
    rf"|(?<![0-9])(?<![a-z]{{2}}){_WHOLE}"
    rf"|(?<![{NUMERAL}之]){_CHINESE}(?= ?[号號]|$)"
)


class HouseNumber(NamedTuple):
    """The number that ranges contain, how it is written in full (`12-8`), and the end of its range, if any (12-18)."""

    number: int
    written: str
    last: int | None = None


class Placed(NamedTuple):
    """A number of a text and its position there."""

    house: HouseNumber
    start: int
    end: int


def chinese_number(numeral: str) -> int | None:
    """十二 → 12, 一百零三 → 103, 一二三 → 123; None if it is not a number or ambiguous: 一百二 is 120 for many."""
    numeral = numeral.translate(_TENS)
    if not any(c in _UNIT for c in numeral):
        return int("".join(str(_DIGIT[c]) for c in numeral)) if numeral else None
    if not _PROPER.fullmatch(numeral):
        return None
    total, digit = 0, 0
    for c in numeral:
        if c in _UNIT:
            total, digit = total + (digit or 1) * _UNIT[c], 0
        else:
            digit = _DIGIT[c]
    return total + digit


def in_digits(road: str) -> str:
    """How people write the name of a lane: 中山路2弄 for 中山路二弄."""
    return _LANE.sub(lambda numeral: str(chinese_number(numeral[0]) or numeral[0]), road)


def number_beside(before: str, after: str, *, latin: bool) -> tuple[HouseNumber | None, str, str]:
    """The number right beside a road's name, and the rest of the text on either side.

    English puts it before the name (`latin`), Chinese after it; English with the number after it works too.
    """
    if latin and before and (found := _BEFORE.search(before)):
        return _house(found), before[: found.start()], after
    if found := _AFTER.match(after):
        return _house(found), before, after[found.end() :]
    if (found := _CHINESE_AFTER.match(after)) and (house := _chinese_house(*found.groups())):
        return house, before, after[found.end() :]
    return None, before, after


def holds_number(text: str) -> bool:
    """Whether a text begins with a house number, like an answer to the question for it."""
    return bool(_AFTER.match(text) or _CHINESE_AFTER.match(text))


def is_number(text: str) -> bool:
    """Whether a text is a house number and nothing else."""
    return bool(_AFTER.fullmatch(text) or _CHINESE_AFTER.fullmatch(text))


def numbers_in(text: str) -> list[Placed]:
    """Every number that may be a house number, anywhere; not those that count rooms, metres or buses."""
    found: list[Placed] = []
    for each in _OTHERS.finditer(text):
        if each["passed"] is not None:
            continue
        if each[2] is not None:
            found.append(Placed(_house(each, 1), *each.span()))
        elif house := _chinese_house(*each.groups()[-3:]):
            found.append(Placed(house, *each.span()))
    return found


def _house(found: re.Match[str], skip: int = 0) -> HouseNumber:
    """`12-8A` or `45 1/2`; a larger second number may be the end of a range."""
    digits, letter, apart, part, letter2, apart2, share = found.groups()[skip : skip + 7]
    number, second = int(digits), None if part is None else _plain_number(part)
    written = f"{number}{(letter or apart or '').upper()}"
    written += "" if second is None else f"-{second}{(letter2 or apart2 or '').upper()}"
    written += "" if share is None else f" {share}"
    return HouseNumber(number, written, second if second is not None and second > number else None)


def _chinese_house(numeral: str, part: str | None, letter: str | None) -> HouseNumber | None:
    """十二之三号 → 12-3; None for zero, which no house has."""
    number = chinese_number(numeral)
    second = "" if part is None else f"-{chinese_number(part)}"
    return HouseNumber(number, f"{number}{second}{letter or ''}") if number else None


def _plain_number(text: str) -> int:
    return int(text) if text.isdecimal() else chinese_number(text) or 0
