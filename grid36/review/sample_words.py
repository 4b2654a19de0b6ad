"""Words for sample responsibility lists: things by department, and the work on them."""

from typing import Final, NamedTuple

from schemas.names import Name


class SampleWork(NamedTuple):
    """What is done about a thing `{}`; `resolve` within this limit."""

    name: Name
    resolve: str

    def of(self, thing: Name) -> Name:
        """It, done about one thing."""
        return Name(zh=self.name.zh.format(thing.zh), en=(self.name.en or "").format(thing.en))


def _names(pairs: str) -> tuple[Name, ...]:
    return tuple(Name(zh=zh, en=en) for zh, en in (each.split("=") for each in pairs.split("; ")))


THINGS: Final = {
    "urban-management": _names(
        "占道摊点=street stalls; 小广告=posters; 店招牌=shop signs; "
        "违章棚架=unlawful sheds; 共享单车=shared bicycles; 户外灯箱=light boxes; "
        "临街堆物=goods on the pavement; 流动商贩=hawkers; 夜市摊区=night markets; "
        "遮阳篷=awnings; 建筑渣土=building rubble; 楼顶搭建=roof structures"
    ),
    "sanitation": _names(
        "路面油污=greasy pavement; 垃圾桶=waste bins; 垃圾房=rubbish rooms; "
        "公共厕所=public toilets; 果皮箱=litter boxes; 落叶堆=heaps of leaves; "
        "大件垃圾=bulky waste; 厨余垃圾=kitchen waste; 背街小巷=back lanes; "
        "河道漂浮物=floating litter; 分类投放点=sorting points; 清运车辆=refuse lorries"
    ),
    "municipal-works": _names(
        "路面坑洼=potholes; 井盖=manhole covers; 人行道板=paving; "
        "盲道=tactile paving; 护栏=railings; 路缘石=kerbs; "
        "桥面=bridge decks; 人行天桥=footbridges; 地下通道=underpasses; "
        "路名牌=street name signs; 公交站台=bus stops; 挡土墙=retaining walls"
    ),
    "parks": _names(
        "行道树=street trees; 绿化带=planted strips; 街头花坛=flower beds; "
        "公园座椅=park benches; 古树=old trees; 草坪=lawns; "
        "枯枝=dead branches; 树穴=tree pits; 口袋公园=pocket parks; "
        "健身步道=fitness paths; 灌溉管=irrigation pipes; 绿地围栏=green fences"
    ),
    "water-supply": _names(
        "供水管道=water mains; 水表=water meters; 二次供水=block pumps; "
        "水压=water pressure; 消火栓=hydrants; 水箱=water tanks; "
        "供水阀门=supply valves; 饮水点=drinking fountains; 停水通知=water cut notices; "
        "水质=water quality; 入户支管=house pipes; 加压泵房=pump rooms"
    ),
    "drainage": _names(
        "雨水口=storm drains; 下水道=sewers; 化粪池=septic tanks; "
        "污水井=sewage shafts; 低洼积水点=low spots; 排水沟=ditches; "
        "截污管=intercepting sewers; 排洪渠=flood channels; 提升泵站=lift stations; "
        "隔油池=grease traps; 雨水管=rain pipes; 河岸排口=river outfalls"
    ),
    "housing": _names(
        "老旧房屋=old buildings; 外墙瓷砖=wall tiles; 电梯=lifts; "
        "楼道照明=stairway lights; 物业服务=property service; 维修资金=repair funds; "
        "屋面防水=roof sealing; 公共门禁=entrance doors; 租赁房屋=rented homes; "
        "装修施工=fitting-out works; 充电桩=charging posts; 小区车库=block garages"
    ),
    "traffic-police": _names(
        "机动车停放=parked cars; 信号灯=traffic lights; 斑马线=zebra crossings; "
        "交通标牌=traffic signs; 电动自行车=e-bikes; 学校路口=school crossings; "
        "消防通道=fire lanes; 减速带=speed bumps; 僵尸车=abandoned cars; "
        "货车通行=lorry traffic; 临时停车位=short-stay bays; 非机动车道=cycle lanes"
    ),
    "market-supervision": _names(
        "小餐饮店=small eateries; 农贸市场=food markets; 过期食品=expired food; "
        "计量秤=scales; 药店=pharmacies; 价格标签=price tags; "
        "预付卡=prepaid cards; 食品摊贩=food vendors; 校园食堂=school canteens; "
        "保健品推销=health product sales; 网络订餐=online meals; 特种设备=special equipment"
    ),
    "ecology": _names(
        "餐饮油烟=cooking fumes; 工地噪声=site noise; 工地扬尘=site dust; "
        "社会噪声=loud music; 水体异味=smelling water; 露天焚烧=open fires; "
        "入河排污=discharges; 废旧电池=old batteries; 异味气体=odours; "
        "光污染=light pollution; 危险废物=hazardous waste; 沿街喷漆=street spraying"
    ),
    "street-lighting": _names(
        "路灯=street lights; 灯杆=lamp posts; 景观灯=decorative lights; "
        "小巷照明=lane lights; 灯杆线缆=lamp cables; 配电箱=switch boxes; "
        "庭院灯=courtyard lights; 过街灯=crossing lights; 灯罩=lamp covers; "
        "智能灯控=lamp controls; 隧道灯=tunnel lights; 广场灯=square lights"
    ),
}
"""By departments of the example street."""

WORKS: Final = tuple(
    SampleWork(Name(zh=zh, en=en), resolve)
    for zh, en, resolve in (
        ("{}问题处置", "Trouble with {}", "3wd"),
        ("{}日常巡查", "Patrols for {}", "2wd"),
        ("{}投诉核实", "Complaints about {}", "5wd"),
        ("{}隐患排查", "Dangers from {}", "2wd"),
        ("{}台账登记", "Records of {}", "10wd"),
        ("{}宣传告知", "Information about {}", "10wd"),
        ("{}专项整治", "Campaign on {}", "20wd"),
        ("{}应急值守", "Emergency watch over {}", "8uh"),
        ("{}更新申报", "Requests to renew {}", "20wd"),
        ("{}现场清理", "Clearing up around {}", "1wd"),
        ("{}季节防护", "Seasonal care for {}", "5wd"),
        ("{}回访评价", "Follow-up on {}", "5wd"),
        ("{}数据汇总", "Figures on {}", "5wd"),
        ("{}会商协调", "Meetings on {}", "5wd"),
    )
)
PERMIT: Final = SampleWork(Name(zh="{}许可审批", en="Permits for {}"), "20wd")
"""What levels like a village refuse."""
