"""The invented people and organisations of the example street; nobody here exists."""

from collections.abc import Iterator
from typing import Any

GRIDS = 10
SUPERVISORS = 15
EXECUTORS = 12

# (zh, en, class, its grids)
COMMUNITIES = (
    ("云帆社区", "Cloudsail Community", "new_town", range(4)),
    ("潮声社区", "Tidesound Community", "old_town", range(4, 7)),
    ("橘灯社区", "Orange Lantern Community", "former_village", range(7, 10)),
)
DEPARTMENTS = (
    ("urban-management", "城市管理局", "Urban Management Bureau"),
    ("sanitation", "环境卫生中心", "Sanitation Centre"),
    ("municipal-works", "市政工程中心", "Municipal Works Centre"),
    ("parks", "园林绿化中心", "Parks and Greening Centre"),
    ("water-supply", "供水公司", "Water Supply Company"),
    ("drainage", "排水管理中心", "Drainage Centre"),
    ("housing", "住房建设局", "Housing Bureau"),
    ("traffic-police", "交通警察大队", "Traffic Police"),
    ("market-supervision", "市场监督管理所", "Market Supervision Office"),
    ("ecology", "生态环境局", "Ecology Bureau"),
    ("street-lighting", "路灯管理所", "Street Lighting Office"),
)
OTHERS = (
    ("street-office", "示例街道办事处", "Sample Street Office", "street"),
    ("clear-homes", "晴居物业", "Clear Homes Property", "firm"),
    ("tide-homes", "潮居物业", "Tide Homes Property", "firm"),
    ("crew-east", "东片保洁队", "East Cleaning Crew", "crew"),
    ("crew-west", "西片保洁队", "West Cleaning Crew", "crew"),
)
TEAMS = (("riders-1", "先锋骑手一队", "Rider Team 1"), ("drivers-1", "移动探头一队", "Driver Team 1"))

BODIES: dict[str, Any] = {
    "organisations": [
        *({"code": code, "name": {"zh": zh, "en": en}, "kind": "department"} for code, zh, en in DEPARTMENTS),
        *({"code": code, "name": {"zh": zh, "en": en}, "kind": kind} for code, zh, en, kind in OTHERS),
    ],
    "teams": [{"code": code, "name": {"zh": zh, "en": en}} for code, zh, en in TEAMS],
}


def grid_id(n: int) -> str:
    """Id of the n-th grid, counted from 0."""
    return f"G{n + 1:03}"


def grid(n: int) -> dict[str, Any]:
    """Row of the n-th grid."""
    number = next(k for k, community in enumerate(COMMUNITIES) if n in community[3])
    zh, en, kind, _ = COMMUNITIES[number]
    ladder = (
        f"steward-{n + 1:02}",
        f"lane-chief-{number + 1}",
        "street-chief",
        "district-coordinator",
        "city-coordinator",
    )
    return {
        "id": grid_id(n),
        "name_zh": f"第{n + 1}网格",
        "name_en": f"Grid {n + 1}",
        "households": 320 + 17 * n,
        "people": 910 + 23 * n,
        "community_zh": zh,
        "community_en": en,
        "community_class": kind,
        "land_kind": ("", "", "collective")[number],
        "property_firm": ("clear-homes", "tide-homes", "")[number],
        "legacy_codes": f"CG-{n + 1:02}A;ZF-{n + 1:02}",
        "head": f"head-{n + 1:02}",
        "workers": f"patroller-{2 * n + 1:02};patroller-{2 * n + 2:02}",
        "ladder": ";".join(ladder),
    }


def of_segment(n: int) -> dict[str, Any]:
    """Who answers for the n-th segment and who works there."""
    return {
        "owner": f"supervisor-{n % SUPERVISORS + 1:02}",
        "crew": ("crew-west", "crew-east")[n % 5 > 2],
        "executors": f"cleaner-{n % EXECUTORS + 1:02};cleaner-{(n + 5) % EXECUTORS + 1:02}",
    }


def everybody() -> Iterator[dict[str, Any]]:
    """Rows of all people; ids say what they do, so that examples can be read."""
    for n in range(1, GRIDS + 1):
        yield _person(f"head-{n:02}", f"网格长{n:02}", f"Grid head {n:02}", "patroller;steward")
        yield _person(f"steward-{n:02}", f"小巷管家{n:02}", f"Lane steward {n:02}", "steward")
    for n in range(1, 2 * GRIDS + 1):
        yield _person(f"patroller-{n:02}", f"网格员{n:02}", f"Patroller {n:02}", "patroller")
    for n in range(1, len(COMMUNITIES) + 1):
        yield _person(f"lane-chief-{n}", f"巷长{n}", f"Lane chief {n}", "lane_chief")
    for n in range(1, SUPERVISORS + 1):
        yield _person(f"supervisor-{n:02}", f"路段负责人{n:02}", f"Segment supervisor {n:02}", "segment_supervisor")
    for n in range(1, EXECUTORS + 1):
        yield _person(f"cleaner-{n:02}", f"作业员{n:02}", f"Cleaner {n:02}", "executor", "sanitation")
    for code, zh, en in DEPARTMENTS:
        yield _person(f"officer-{code}", f"{zh}值班员", f"Duty officer, {en}", "department_officer", code)
    yield _person("street-chief", "街长", "Street chief", "street_chief")
    yield _person("duty-desk", "街道值班台（兜底）", "Street duty desk (fallback)", "street_office", "street-office")
    yield _person("list-steward", "清单管理员", "List steward", "list_steward", "street-office")
    yield _person("district-coordinator", "区级协调员", "District coordinator", "coordinator")
    yield _person("city-coordinator", "市级协调员", "City coordinator", "coordinator")
    for n in (1, 2):
        yield _person(f"inspector-{n}", f"核查员{n}", f"Inspector {n}", "inspector")
    for n in range(1, 7):
        yield _person(f"rider-{n:02}", f"骑手{n:02}", f"Rider {n:02}", "volunteer", team="riders-1")
    for n in range(1, 5):
        yield _person(f"driver-{n:02}", f"司机{n:02}", f"Driver {n:02}", "volunteer", team="drivers-1")
    for n in range(1, 5):
        yield _person(f"resident-{n:02}", f"居民{n:02}", f"Resident {n:02}", "resident", language="zh-CN")
    yield _person("resident-en", "英文居民", "English-speaking resident", "resident", language="en")


def _person(  # one row, in the order of the columns
    name: str, zh: str, en: str, roles: str, department: str = "", *, team: str = "", language: str = "zh-CN"
) -> dict[str, Any]:
    row = {"id": name, "name_zh": zh, "name_en": en, "roles": roles}
    return row | {"department": department, "team": team, "language": language}
