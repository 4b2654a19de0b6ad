"""Words beside an address that cannot change the place.

Any other word beside a house number leads to a question. A word that is missing here costs its reporter one tap; a
word that is listed here and moves the place ("behind", 对面) would send somebody to the wrong house.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Final

from rules.places.house_numbers import FLAT, NO_HOUSE, ROOM
from rules.places.wording import spell

_CHINESE: Final = """
    门口 门前 门外 大门口 大门 楼下 楼上 楼顶 院 院内 院里 院子 大院 内 里 处 这里 店铺 商铺 店面 门面 路段 路上
    路面 地面 地上 马路上 人行道 人行道上 车行道 机动车道 非机动车道 盲道 绿化带 树池 台阶 地址 位置 地点 在 位于
    就在 我在 是 有 的 了 被 很 有人 发现 看到 反映 上报 请 尽快 处理 清理 维修 修理 快来 来人 麻烦 谢谢 您好 你好
    师傅 一处 一个 一堆 一片 一滩 一块 一棵 一辆 大量 很多 好多 多处 严重 油污 油渍 污渍 垃圾 垃圾桶 积水
    污水 漏水 漏电 坑洼 坑 大坑 破损 损坏 坏了 脏 脏乱 塌陷 开裂 井盖 缺失 松动 路灯 灯 不亮 熄灭 乱停车 违停
    共享单车 单车 电动车 小广告 占道 占道经营 流动摊贩 摊贩 倒伏 倒了 树 树枝 大树 断枝 噪音 噪声 异味 臭味 溢出
    满溢 堵塞 堆放 杂物 建筑垃圾 中国
"""
_ENGLISH: Final = """
    the, at, in, on, of, there, is, are, was, it, this, that, here, please, has, have, been, with, house,
    address, location, place, outside, in front of, right in front of, front door, entrance, pavement, sidewalk,
    footpath, road surface, surface, ground, carriageway, kerb, curb, gutter, drain, cycle path, bike lane,
    tree pit, greasy, oily, dirty, filthy, slippery, wet, broken, cracked, damaged, loose, missing, blocked,
    overflowing, fallen, flooded, flooding, leaking, dark, big, large, small, deep, huge, very, some, many, lots,
    grease, oil, stain, litter, rubbish, garbage, trash, waste, bin, dirt, mud, glass, pothole, pot hole, hole,
    crack, manhole, manhole cover, cover, water, sewage, leak, puddle, street light, street lamp, lamp, light,
    lamp post, tree, branch, noise, smell, graffiti, poster, shared bike, bike, bicycle, parked car, china
"""
_HOW_FAR: Final = "与和至到及跟同旁边后侧往向距离近对隔间过前再下上另那这头"
"""Characters of "beside", "behind" or "between": no name of a district contains them."""
_ARTICLE: Final = "(?<![a-z])an?(?= [a-z])"
"""Not at the end, where it is the letter of a building."""
_RANKS: Final = (
    ("特别行政区", "自治区", "省"), ("自治州", "市"), ("新区", "区", "县"), ("街道", "镇", "乡"), ("社区",), ("村",),
)  # fmt: skip
_NEVER: Final = "(?!)"
_ENGLISH_RANKS: Final = ("subdistrict", "district", "city", "county", "province")
_ENGLISH_PLACE: Final = (
    r"(?<![a-z])(?!(?:opposite|opp|across|facing|behind|beside|besides|near|next|to|by|past|after|before|from|towards|between|over"
    r"|under|other|outside)(?![a-z]))[a-z]+ "
)


class HarmlessWords:
    """What may come before and after an address without changing it; `own` are names of the region itself.

    If they name a city, an address in any other city is not in the region; the same for a district or street.
    """

    def __init__(self, own: Iterable[str]) -> None:
        own = list(own)
        district, english = _districts(own)
        said = {spell(word) for word in chain(_CHINESE.split(), _ENGLISH.split(","), own)} - {""}
        words = "|".join(_whole(word) for word in sorted(said, key=lambda word: (-len(word), word)))
        self._before = _nothing_but(NO_HOUSE, FLAT, district, english, _ARTICLE, words)
        self._after = _nothing_but(NO_HOUSE, ROOM, english, _ARTICLE, words)
        self._without_number = _nothing_but(NO_HOUSE, english, _ARTICLE, words)

    def context(self, before: str, after: str, *, numbered: bool) -> bool:
        """Whether both sides are explained completely; rooms only for a house with a number."""
        behind = self._after if numbered else self._without_number
        return (not before or bool(self._before.fullmatch(before))) and (not after or bool(behind.fullmatch(after)))


def _districts(own: Sequence[str]) -> tuple[str, str]:
    """Patterns of names of any district, Chinese and English, without the ranks that the region names."""
    every = sorted((rank for group in _RANKS for rank in group), key=len, reverse=True)
    named = {next((rank for rank in every if name.endswith(rank)), "") for name in own}
    ranks_named = [rank for group in _RANKS if named & set(group) for rank in group]
    ranks = [rank for rank in every if rank not in ranks_named]
    never = "|".join((f"[{_HOW_FAR}]", "小区", *ranks_named))
    words = {name.casefold().split()[-1] for name in own if name.split()}
    english = [rank for rank in _ENGLISH_RANKS if rank not in words]
    return (
        rf"(?:(?!{never})[\u3400-\u9fff]){{1,5}}?(?:{'|'.join(ranks)})(?<!小区)" if ranks else _NEVER,
        rf"{_ENGLISH_PLACE}(?:{'|'.join(english)})(?![a-z])" if english else _NEVER,
    )


def _whole(word: str) -> str:
    """Only whole words in Latin script; Chinese has no such boundary."""
    escaped = re.escape(word)
    return rf"(?<![a-z]){escaped}(?![a-z])" if word.isascii() else escaped


def _nothing_but(*parts: str) -> re.Pattern[str]:
    """Possessive, never tried in two ways, so that no text takes long."""
    return re.compile(f"(?:{'|'.join((' ', *parts))})*+")
