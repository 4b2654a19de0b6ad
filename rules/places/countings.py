"""Numbers that look like house numbers but may count or number something else: 2处油污, lamp post 45."""

import re
from typing import Final

from rules.places.house_numbers import HouseNumber

_MEASURES: Final = "处|内|里"
_THINGS: Final = (
    "店铺|商铺|店面|门面|大门(?!口)|台阶|楼|油[污渍]|污[渍水]|垃圾|积水|漏|坑|大[坑树]|井盖|路?灯|共享单车|单车|电动车|小广告"
    "|流动摊贩|摊贩|树|断枝|杂物|建筑垃圾|人行道|车行道|机动车道|非机动车道|盲道|绿化带|中国"
)
_COUNTED: Final = re.compile(rf"(\d+)(?:\s*(?:{_MEASURES})|(?:{_THINGS}))")
"""As written: 12路灯 counts or numbers lamps, but 12 路灯不亮 describes a problem at number 12."""
_OBJECT: Final = "lights?|lamps?|lamp ?posts?|posts?|poles?|trees?|manholes?|covers?|bins?|drains?|gutters?"
_MORE: Final = "bikes?|bicycles?|cars?|potholes?|pot holes?|holes?|cracks?|posters?|branch|branches|puddles?|stains?"
_LATIN: Final = re.compile(
    rf"(?<![a-z])(?:{_OBJECT}) +(?:(?:no|nr|number)\.? *|# *)?([0-9]+)"
    rf"|(?<![0-9a-z-])([0-9]+) +(?:[a-z]+ +)?(?:{_OBJECT}|{_MORE})(?![a-z])",
    re.IGNORECASE,
)


def may_count(address: str, house: HouseNumber | None) -> bool:
    """Whether the number in the address, as it was written, may not be a house number."""
    if house is None or house.written != str(house.number):
        return False
    found = (_LATIN if address.isascii() else _COUNTED).finditer(address)
    return any(int(digits) == house.number for each in found for digits in each.groups() if digits)
