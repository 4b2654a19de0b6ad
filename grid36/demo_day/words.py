"""What the people of the example street write on a day; each text leads to its category in the rulebook."""

from dataclasses import dataclass
from typing import Final

from schemas.names import Name


@dataclass(frozen=True, slots=True)
class KindOfTrouble:
    """One kind of trouble: how often it comes, and what is written about it."""

    category: str
    weight: int
    texts: tuple[Name, ...]
    by_hand: bool = False
    """Whether the responsible person may name an executor for it."""


def _said(zh: str, en: str) -> Name:
    return Name(zh=zh, en=en)


def _kind(category: str, weight: int, *texts: tuple[str, str], by_hand: bool = False) -> KindOfTrouble:
    return KindOfTrouble(category, weight, tuple(_said(*text) for text in texts), by_hand)


GREASY: Final = _kind(
    "greasy-pavement", 4,
    ("路面有油污，走路打滑", "Grease on the pavement, one slips"),
    ("早点摊前地面油渍很厚", "A thick oil stain where breakfast was sold"),
    by_hand=True,
)  # fmt: skip
RUBBISH: Final = _kind(
    "rubbish", 6,
    ("垃圾桶满溢", "Overflowing bin"),
    ("垃圾堆在路边，有臭味", "Rubbish lies by the road and smells"),
    by_hand=True,
)  # fmt: skip
USUAL: Final = (
    GREASY,
    RUBBISH,
    _kind(
        "dirty-road", 5,
        ("落叶很多，没有打扫", "Leaves all over, nobody has swept"),
        ("路面有泥沙，需要清扫", "Dirty road, sand and mud"),
        by_hand=True,
    ),
    _kind(
        "graffiti", 3, ("墙上贴了小广告", "Posters stuck to the wall"), ("电线杆上都是牛皮癣", "Stickers on a post")
    ),
    _kind(
        "shared-bicycle", 5,
        ("共享单车乱停，堵住人行口", "Shared bikes block the crossing"),
        ("共享单车倒了一片", "A row of shared bikes has fallen over"),
    ),
    _kind("vending", 4, ("流动摊占道经营", "A vendor in the way"), ("有人在路口摆摊", "A stall at the corner")),
    _kind("sign", 1, ("店铺招牌松动，快掉下来了", "A shop's signboard is loose and may come down")),
    _kind("pothole", 3, ("路面坑洼，骑车颠得厉害", "Potholes all along"), ("机动车道有坑洞", "A pothole in the lane")),
    _kind("paving", 2, ("人行道地砖翘起", "Broken paving"), ("盲道缺了两块", "Two slabs of paving are gone")),
    _kind("street-light", 3, ("路灯不亮", "Street light is off"), ("路灯一闪一闪，晚上太黑", "Street light flickers")),
    _kind("railing", 1, ("护栏歪了", "The railing leans over")),
    _kind("parking", 3, ("汽车违停", "Illegal parking"), ("有车乱停车，公交进不了站", "A parked car at the bus stop")),
    _kind("noise", 2, ("装修噪声扰民", "Noise of drilling all day")),
    _kind("public-toilet", 2, ("公厕地面很湿，有异味", "Public toilet: wet floor, bad smell")),
)  # fmt: skip
"""A normal day."""

FLOODING: Final = _kind(
    "flooding", 9,
    ("路面积水，到脚踝了", "Standing water, up to the ankles"),
    ("雨水口堵住，积水退不下去", "Blocked drain, the water does not go down"),
    ("下水道堵了，水往店里漫", "Blocked drain, water runs into the shops"),
)  # fmt: skip
BURST_PIPE: Final = _kind("burst-pipe", 2, ("水管爆了，一直喷水", "Burst pipe, it sprays all the time"))
STORM: Final = (
    FLOODING,
    BURST_PIPE,
    _kind("tree", 5, ("行道树倒了", "Fallen tree"), ("树枝断了，挂在半空", "A broken branch hangs in the air")),
    _kind("sewage", 3, ("污水外溢", "Sewage comes up"), ("污水井冒水", "Sewage runs out of a shaft")),
    _kind("manhole", 2, ("没有井盖，水冲走了", "The manhole cover is gone, washed away")),
)
"""Water, drainage and trees."""

REFUSED: Final = ("medical", _said("医院看病排队太久，请街道管一管", "One waits too long at the hospital"))
UNCLEAR: Final = ("rubbish", _said("垃圾桶满了，没人收", "The waste bin is full, nobody collects it"))
FIXED: Final = ("graffiti", _said("墙上的小广告，已当场清除", "Posters on the wall, taken off at once"))
TWICE: Final = ("fly-tipping", _said("渣土偷倒在路边", "Building waste was dumped here"))
TWICE_AGAIN: Final = _said("又有人偷倒建筑垃圾", "Somebody left construction waste again")
LONGER: Final = ("pothole", _said("路面塌陷，一个大坑", "Sunken road, a big hole"))
TOO_MUCH: Final = (
    "unlawful-building",
    _said("楼顶违章搭建，邻居多次反映", "Illegal construction on the roof, reported before"),
)
WHOLE_BLOCK: Final = ("block-water", _said("整栋楼停水，地下室返水", "The whole block has no water, the cellar is wet"))
UNSIGNED: Final = ("fire-lane", _said("消防通道被杂物堵住", "The fire lane is full of old furniture"))
PAUSED: Final = ("street-light", _said("路灯整排不亮", "A whole row of street light is off"))
WASHED_IN: Final = ("fire-lane", _said("消防通道被冲来的杂物堵住", "The rain washed things into the fire lane"))
SOMEWHERE: Final = ("flooding", _said("积水很深，车过不去", "Flooded, no car can pass"))
ENGLISH: Final = ("rubbish", "The waste bin is overflowing")
"""What a resident writes who knows no Chinese."""

NOT_FIXED: Final = (
    _said("还没弄干净", "Not clean yet"),
    _said("只清了一半", "Only half of it"),
    _said("问题还在", "It is still there"),
)
MORE_TIME: Final = _said("需要开挖路面，等材料，申请延期一天", "The road has to be opened; one more working day")
SPARE_PART: Final = _said("等配件，后天到货", "A part comes the day after tomorrow")
ABOVE_US: Final = _said("涉及多户产权，本级协调不了", "Several owners; we cannot bring them together")
WHISTLED: Final = _said("请三家到场会商", "Please come, all three")
STORM_WHISTLED: Final = _said("积水影响通行，请到场抢险", "Nobody can pass; please come at once")


def house(road: Name, number: int) -> Name:
    """An address as people write it."""
    return Name(zh=f"{road.zh}{number}号", en=f"{number} {road.en}" if road.en else "")
