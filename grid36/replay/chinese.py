"""Whether characters read as GB 18030 are a Chinese text for certain, and not another encoding misread. Pure."""

import re
import unicodedata
from typing import Final

GB_18030: Final = "gb18030"
RUN: Final = re.compile(r"[A-Za-z]?[^\x00-\x7f]+[A-Za-z]?")
"""Characters beyond ASCII, with the letters that touch them: in a European word they do, in Chinese they rarely do."""
_FEW: Final = 8
"""Of fewer characters more must be familiar."""
_FAMILIAR: Final = frozenset(
    "一三上下不与世业东丢两个中为主举么义之也乡乱了事二于五井些交产人什从他代以们件任会但位体何作你使供侧便保信修"
    "倒做停儿元先克入全公关其内再军冰决几出分利别到制前力办加务动助化北区十单南占卫厂原去县又及反发受变口只可右号"
    "司各合同名后向否告员命和咨噪四回因园国土在地场圾址坏坪垃城堆境声处外多大天太失头女她好如姓委子存学它安定实室"
    "家容对将小少尔就局层居屋展山工左己已巷市常平年并广序应店度建开弄当形很得德心必志态性总情想意感成我或战房所手"
    "才打扰把投护报指损排接描提搭改放政教数整文料斯新方施旁无日时明是暴更最月有期未本机杆村条来林果枝标栋栏树校样"
    "格案桥桶楼次正此段比民气水求江污没河油治法活派海消清渣湖源滨漏灯点热然燃牌物特状环现理生用由电的盖目直相省看"
    "真着知破社神种科秩积空立站章第等管类系纬线经结给统维绿缆编缺网美老者而能自至苑草营行街表被西要见角解计认议许"
    "论设诉话询说请资走起路身车边过还这进违述通速道那部都里重量金镇长门问间队防院雨雪露非面音题马高"
)
"""Characters that make up a third and more of any Chinese text, least of all of reports and addresses."""
_COMMON: Final = 0.7
"""Share of characters that must be marks or of the first level of GB 2312, for a text to be Chinese for certain."""
_PLAIN: Final = 0.9
"""Share that must be in GB 2312 at all: rare names are not."""


def is_chinese(runs: list[str]) -> bool:
    """Whether these runs of characters are of a Chinese text and nothing else."""
    pairs = [pair for run in runs for pair in (c.encode(GB_18030) for c in run) if len(pair) == 2]
    common = sum(low >= 0xA1 and (0xB0 <= high <= 0xD7 or high in {0xA1, 0xA3}) for high, low in pairs)
    plain = common + sum(low >= 0xA1 and 0xD8 <= high <= 0xF7 for high, low in pairs)
    familiar = sum(character in _FAMILIAR for run in runs for character in run)
    within_words = sum(run[0].isascii() or run[-1].isascii() for run in runs)
    return (
        common > 0
        and common >= _COMMON * len(pairs)
        and plain >= _PLAIN * len(pairs)
        and familiar >= (0.6 if len(pairs) < _FEW else 0.3) * len(pairs)
        and within_words <= 0.5 * len(runs)
    )


def is_either(runs: list[str]) -> bool:
    """Whether runs that are valid UTF-8 are Chinese words in GB 18030 as well.

    A few words are, of letters that no language puts side by side.
    """
    if not runs or max(map(max, runs)) >= "\u0800" or not any(map(_mixed, runs)):
        return False
    try:
        read = "".join(runs).encode().decode(GB_18030)
    except UnicodeDecodeError:
        return False
    return all(character < "\x80" or "\u3000" <= character <= "\u9fff" for character in read)


def _mixed(run: str) -> bool:
    """Whether letters of two scripts stand side by side."""
    return len({unicodedata.name(character, "?").split()[0] for character in run if character > "\x7f"}) > 1
