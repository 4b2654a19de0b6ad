"""Decides whether text decoded as GB 18030 is certainly Chinese, not another encoding misread. Pure."""

import re
import unicodedata
from typing import Final

GB_18030: Final = "gb18030"
RUN: Final = re.compile(r"[A-Za-z]?[^\x00-\x7f]+[A-Za-z]?")
"""Characters beyond ASCII, with the letters that touch them: in a European word they do, in Chinese they rarely do."""
_FEW: Final = 10
"""Of fewer characters more must be familiar."""
_FAMILIAR: Final = frozenset(
    "一三上下不与世业东丢两个中为主举么义之也乡乱了事二于五井些交产享人什从他代以们件任会但位体何作你使供侧便保信"
    "修倒做停儿元充先克入全公共关其养内再军冰决几出分利别到制前力办加务动助化北区十单卖南占卫厂原去县又及反发受变"
    "口只可台右号司各合同名后向否告员味命和咨喷噪四回因园国圈土在地场圾址坏坑坡坪垃城堆塌境墙声处外多大天太失头女"
    "她好如姓委子存学它安定实室家容对将小少尔就局层居屋展山工左己已巷市常平年并广序应店度建开弃弄当形很得德心必志"
    "态性总情想意感成我或战房所手才打扰把投护报挂指损掉排接描提搭摆摊改放政教数整文料斜断斯新方施旁无日时明是晒晾"
    "暴更最月有期未本机杆村条来松林果枝柜标栋栏树校样格案桥桩桶楼次正此歪段比民气水求江污沉沟没河油治法泵洞活派海"
    "涂消涵清渠渣湖源滨滴漆漏灯点热然燃爆牌物特犬状猫环现理生用由电的盖目盲直相省看真着知砖破社神禽种科秩积空窨立"
    "站章第等管箱类系红纬线经结给统维绿缆编缺网美老者而能脏自臭至苑草营落虫蚊行街表被裂裸西要见角解计认议许论设诉"
    "话询说请贴资走起路身车边过还这进违述通速道那部都里重量金铺锈镇长门问间闸队防阶院陷雨雪露非面音顶题马骑高鼠"
)
"""Characters that make up a third and more of any Chinese text, least of all of reports and addresses."""
_COMMON: Final = 0.6
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
        and familiar >= (0.5 if len(pairs) < _FEW else 0.3) * len(pairs)
        and familiar > 1
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
