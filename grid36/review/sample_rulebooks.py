"""Sample rulebooks with the structure of real lists and invented content, to show how one of that size is built.

How long each part is, is from such lists; every name is put together from `sample_words`. The departments are those
of the example street.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final

from grid36.review.sample_words import PERMIT, THINGS, WORKS, SampleWork
from schemas.items import Level, Verdict
from schemas.models import ChoiceEnum
from schemas.names import Name
from schemas.rulebook import Rulebook
from schemas.table import MAX_VALUES
from schemas.whistles import WhistleClass

_DEPARTMENTS: Final = tuple(THINGS)
_ALL: Final = tuple(
    (department, thing)
    for things in zip(*THINGS.values(), strict=True)
    for department, thing in zip(_DEPARTMENTS, things, strict=True)
)
"""All things, in turn of the departments."""
_WHISTLES: Final = {
    WhistleClass.JOINT_ENFORCEMENT: Name(zh="{}联合执法", en="Joint enforcement on {}"),
    WhistleClass.MANAGEMENT_SERVICE: Name(zh="{}会商整改", en="Putting {} right together"),
    WhistleClass.EMERGENCY: Name(zh="{}险情处置", en="Emergency over {}"),
}


_REPORT_IN: Final = {
    WhistleClass.JOINT_ENFORCEMENT: {"sign": "4wh", "contact": "1wd", "attend": "3wd"},
    WhistleClass.MANAGEMENT_SERVICE: {"sign": "1h", "contact": "24h", "attend": "3d"},
    WhistleClass.EMERGENCY: {"sign": "15m", "contact": "30m", "attend": "1h"},
}


_DANGER: Final = {"id": "danger", "priority": 10, "when": {"urgency": "urgent"}, "then": {"assign": "grid_head"}}
"""The head of the grid is there first, at any hour; the department that leads has the order, too."""
_URGENT: Final = (
    *("受伤", "摔伤", "砸伤", "撞伤", "烧伤", "烫伤", "骨折", "流血", "出血", "昏迷"),
    *("晕倒", "站不起来", "被困", "电梯困人", "困在电梯", "溺水", "落水", "掉进井", "掉下井"),
    *("触电", "漏电", "带电", "着火", "起火", "失火", "爆炸", "燃气泄漏", "煤气泄漏"),
    *("倒塌", "坍塌", "砸到人", "砸到我", "砸中人", "压到人"),
    *("someone is hurt", "someone hurt", "somebody is hurt", "somebody hurt", "got hurt"),
    *("injured", "bleeding", "unconscious", "fainted"),
    *("broke his leg", "broke her leg", "fell into the manhole", "fell on my", "trapped", "live wire"),
    *("electric shock", "current on", "on fire", "gas leak", "collapsed", "explosion"),
)


class Shape(ChoiceEnum):
    """Lists that villages, townships and districts keep."""

    VILLAGE = "village"
    TOWNSHIP = "township"
    WHISTLES = "whistles"
    DISTRICT = "district"


@dataclass(frozen=True, slots=True)
class _Size:
    level: Level
    items: dict[Verdict, int]
    whistles: int = 0


SIZES: Final = {
    Shape.VILLAGE: _Size(Level.VILLAGE, {Verdict.HANDLE: 16, Verdict.ASSIST: 30, Verdict.REFUSE: 34}),
    Shape.TOWNSHIP: _Size(Level.STREET, {Verdict.HANDLE: 41, Verdict.ASSIST: 20, Verdict.REFUSE: 10}),
    Shape.WHISTLES: _Size(Level.STREET, {}, 36),
    Shape.DISTRICT: _Size(Level.DISTRICT, {Verdict.HANDLE: 988, Verdict.ASSIST: 840}),
}


def shaped(shape: Shape) -> Rulebook:
    """The rulebook of a shape, the same each time.

    Each item is led to by a category of its own. What a village handles itself goes to the head of the grid, all else
    to the department that leads by the list.
    """
    size = SIZES[shape]
    listed = list(_items(size))
    return Rulebook.model_validate(
        {
            "name": f"sample-{shape}",
            "note": "虚构内容，仅示形制。Invented content: only its shape is real.",
            "level": size.level,
            "default_category": "other",
            "categories": [*_categories(listed), _OTHER],
            "items": [item for item, _ in listed],
            "routing": {
                "name": "routing",
                "hit_policy": "F",
                "inputs": ["category", "urgency"],
                "rows": [_DANGER, *_rows(size, [item for item, _ in listed])],
            },
            "limits": {
                "name": "limits",
                "hit_policy": "F",
                "inputs": ["urgency"],
                "rows": [_DANGER | {"then": {"accept": "15m", "respond": "1uh", "resolve": "4uh"}}],
            },
            "whistles": list(_whistles(size.whistles)),
            "policy": {"urgent_words": _URGENT} | ({"whistles": _REPORT_IN} if size.whistles else {}),
        }
    )


_OTHER: Final = {
    "id": "other",
    "name": {"zh": "其他", "en": "Other"},
    "limits": {"accept": "4wh", "respond": "1wd", "resolve": "5wd"},
}


def _items(size: _Size) -> Iterator[tuple[dict[str, Any], Name]]:
    """Items with the things that they are about."""
    verdicts = list(chain.from_iterable([verdict] * count for verdict, count in size.items.items()))
    numbers = dict.fromkeys(size.items, 0)
    for place, verdict in enumerate(verdicts):
        department, thing = _ALL[place % len(_ALL)]
        work = PERMIT if verdict is Verdict.REFUSE else WORKS[place // len(_ALL)]
        numbers[verdict] += 1
        number = f"{verdict[0].upper()}{numbers[verdict]:03}"
        yield _item(f"{size.level[0].upper()}{number}", size.level, verdict, department, thing, work), thing


def _item(id: str, level: Level, verdict: Verdict, department: str, thing: Name, work: SampleWork) -> dict[str, Any]:
    item: dict[str, Any] = {
        "id": id,
        "level": level,
        "name": work.of(thing),
        "verdict": verdict,
        "basis": f"示例清单 Sample list, {id}",
    }
    if verdict is Verdict.REFUSE:
        office = Name(zh=f"示例{thing.zh}服务窗口", en=f"Sample counter for {thing.en}")
        return item | {"redirect": {"name": office, "address": {"zh": "示例区一号楼", "en": "Sample Building 1"}}}
    assist = _DEPARTMENTS[(_DEPARTMENTS.index(department) + 1) % len(_DEPARTMENTS)]
    return item | {
        "lead": department,
        "assists": [assist] if verdict is Verdict.ASSIST else [],
        "post": f"{thing.zh}管理岗",
        "limits": {"accept": "15m", "respond": "1uh", "resolve": work.resolve}
        if work.resolve.endswith("uh")
        else {"accept": "4wh", "respond": "1wd", "resolve": work.resolve},
        **_clarities(thing, work.of(thing)),
    }


def _clarities(thing: Name, name: Name) -> dict[str, Name]:
    """The four: what to do, when it is done well, the steps, and how."""
    return {
        "task": Name(zh=f"办结：{name.zh}。", en=f"See to it: {name.en}."),
        "standard": Name(
            zh=f"{thing.zh}完好可用，来件人认可。", en=f"No fault left in {thing.en}; the reporter agrees."
        ),
        "guide": Name(
            zh=f"1 到场查看{thing.zh};2 处置;3 拍照回复。",
            en=f"1 look at the {thing.en}; 2 act; 3 photograph and answer.",
        ),
        "method": Name(zh="先易后难，先急后缓。", en="What is easy first, what is urgent before all."),
    }


def _categories(items: list[tuple[dict[str, Any], Name]]) -> Iterator[dict[str, Any]]:
    """One for each item; the first that is about a thing also has the plain word for it."""
    plain = set[str]()
    for item, thing in items:
        name: Name = item["name"]
        words = [word for word in (name.zh, name.en) if word]
        if thing.zh not in plain:
            plain.add(thing.zh)
            words += [word for word in (thing.zh, thing.en) if word]
        yield {"id": item["id"], "name": name, "words": [word.lower() for word in words], "item": item["id"]}


def _rows(size: _Size, items: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """To the head of the grid or to the department that leads; a refused item refuses before either has it."""
    to: dict[str | None, list[str]] = {None: ["other"]}
    for item in items:
        own = item["verdict"] is Verdict.REFUSE or (size.level, item["verdict"]) == (Level.VILLAGE, Verdict.HANDLE)
        to.setdefault(None if own else item["lead"], []).append(item["id"])
    for department, categories in to.items():
        then = {"assign": "department", "department": department} if department else {"assign": "grid_head"}
        for start in range(0, len(categories), MAX_VALUES):
            id = f"{department or 'grid-head'}-{start // MAX_VALUES + 1}"
            some = categories[start : start + MAX_VALUES]
            yield {"id": id, "priority": 100, "when": {"category": some, "urgency": "normal"}, "then": then}


def _whistles(count: int) -> Iterator[dict[str, Any]]:
    """In three classes, each calling two or three departments."""
    classes = list(_WHISTLES)
    for number in range(count):
        department, thing = _ALL[number]
        at = _DEPARTMENTS.index(department)
        kind = classes[number * len(classes) // count]
        called = [_DEPARTMENTS[(at + step) % len(_DEPARTMENTS)] for step in range(2 + number % 2)]
        yield {
            "id": f"W{number + 1:02}",
            "name": SampleWork(_WHISTLES[kind], "").of(thing),
            "whistle_class": kind,
            "departments": called,
            "basis": f"示例哨单 Sample whistle list, {number + 1}",
        }
