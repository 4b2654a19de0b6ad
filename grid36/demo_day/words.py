"""What the people of the example street write on a day; each text leads to its category in the rulebook."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class KindOfTrouble:
    """One kind of trouble: what is written about it, and how often it comes."""

    category: str
    weight: int
    texts: tuple[str, ...]
    by_hand: bool = False
    """Whether the responsible person may name an executor for it."""


USUAL: Final = (
    KindOfTrouble("greasy-pavement", 4, ("路面有油污，走路打滑", "早点摊前地面油渍很厚"), by_hand=True),
    KindOfTrouble("dirty-road", 5, ("落叶很多，没有打扫", "路面有泥沙，需要清扫"), by_hand=True),
    KindOfTrouble("rubbish", 6, ("垃圾桶满溢", "垃圾堆在路边，有臭味"), by_hand=True),
    KindOfTrouble("graffiti", 3, ("墙上贴了小广告", "电线杆上都是牛皮癣")),
    KindOfTrouble("shared-bicycle", 5, ("共享单车乱停，堵住人行口", "共享单车倒了一片")),
    KindOfTrouble("vending", 4, ("流动摊占道经营", "有人在路口摆摊")),
    KindOfTrouble("sign", 1, ("店铺招牌松动，快掉下来了",)),
    KindOfTrouble("pothole", 3, ("路面坑洼，骑车颠得厉害", "机动车道有坑洞")),
    KindOfTrouble("paving", 2, ("人行道地砖翘起", "盲道缺了两块")),
    KindOfTrouble("street-light", 3, ("路灯不亮", "路灯一闪一闪，晚上太黑")),
    KindOfTrouble("railing", 1, ("护栏歪了",)),
    KindOfTrouble("parking", 3, ("汽车违停", "有车乱停车，公交进不了站")),
    KindOfTrouble("noise", 2, ("装修噪声扰民",)),
    KindOfTrouble("public-toilet", 2, ("公厕地面很湿，有异味",)),
)
"""A normal day."""

STORM: Final = (
    KindOfTrouble("flooding", 9, ("路面积水，到脚踝了", "雨水口堵住，积水退不下去", "下水道堵了，水往店里漫")),
    KindOfTrouble("tree", 5, ("行道树倒了", "树枝断了，挂在半空")),
    KindOfTrouble("sewage", 3, ("污水外溢", "污水井冒水")),
    KindOfTrouble("manhole", 2, ("没有井盖，水冲走了",)),
    KindOfTrouble("burst-pipe", 2, ("水管爆了，一直喷水",)),
)
"""Water, drainage and trees."""

REFUSED: Final = ("medical", "医院看病排队太久，请街道管一管")
UNCLEAR: Final = ("rubbish", "垃圾桶满了，没人收")
FIXED: Final = ("graffiti", "墙上的小广告，已当场清除")
TWICE: Final = ("fly-tipping", ("渣土偷倒在路边", "又有人偷倒建筑垃圾"))
LONGER: Final = ("pothole", "路面塌陷，一个大坑")
TOO_MUCH: Final = ("unlawful-building", "楼顶违章搭建，邻居多次反映")
WHOLE_BLOCK: Final = ("block-water", "整栋楼停水，地下室返水")
UNSIGNED: Final = ("fire-lane", "消防通道被杂物堵住")
PAUSED: Final = ("street-light", "路灯整排不亮")
WASHED_IN: Final = ("fire-lane", "消防通道被冲来的杂物堵住")
SOMEWHERE: Final = ("flooding", "积水很深，车过不去")
ENGLISH: Final = ("rubbish", "The waste bin is overflowing")

NOT_FIXED: Final = ("还没弄干净", "只清了一半", "问题还在")
MORE_TIME: Final = "需要开挖路面，等材料，申请延期一天"
SPARE_PART: Final = "等配件，后天到货"
ABOVE_US: Final = "涉及多户产权，本级协调不了"
WHISTLED: Final = "请三家到场会商"
STORM_WHISTLED: Final = "积水影响通行，请到场抢险"
ON_SITE: Final = "已到现场"


def house(road: str, number: int) -> str:
    """An address as people write it."""
    return f"{road}{number}号"
