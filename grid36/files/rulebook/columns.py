"""Columns of the lists with fixed columns: items, categories, subcategories, whistles."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from grid36.files.rulebook.kinds import (
    CODE,
    CODE_LIST,
    DATE,
    FLAG,
    LIMIT,
    MILESTONES,
    NUMBER,
    TEXT,
    WORD_LIST,
    Kind,
    choice,
)
from schemas.names import Language, Name


@dataclass(frozen=True)
class Column:
    """A column: its titles, its field, how its cells are read, and its explanation for people."""

    name: str
    title: Name
    path: tuple[str, ...]
    kind: Kind
    about: Name
    needed: bool = False
    width: int = 14

    def titled(self, language: Language) -> str:
        """The title in a language."""
        return self.title.zh if language is Language.ZH else self.name


def _column(
    name: str, zh: str, path: str, kind: Kind, about_zh: str, about_en: str, *, needed: bool = False, width: int = 14
) -> Column:
    about = Name(zh=about_zh, en=about_en)
    return Column(name, Name(zh=zh, en=name), tuple(path.split(".")), kind, about, needed, width)


def _name(field: str, zh: str, what_zh: str, what_en: str, *, needed: bool = False, width: int = 24) -> list[Column]:
    base = field.rpartition(".")[2] if field != "redirect.name" else "redirect"
    return [
        _column(f"{base}_zh", zh, f"{field}.zh", TEXT, what_zh, what_en, needed=needed, width=width),
        _column(f"{base}_en", f"{zh}(英文)", f"{field}.en", TEXT, "可空", "may be empty", width=width),
    ]


VERDICT: Final = choice(
    {
        "handle": Name(zh="可办理", en="handle"),
        "assist": Name(zh="协助办理", en="assist"),
        "refuse": Name(zh="不可办理", en="refuse"),
    },
    {"办理": "handle", "协办": "assist", "不办理": "refuse"},
)
LEVEL: Final = choice(
    {
        "village": Name(zh="村", en="village"),
        "street": Name(zh="街道", en="street"),
        "district": Name(zh="区", en="district"),
        "city": Name(zh="市", en="city"),
    },
    {"社区": "village", "乡镇": "street", "县": "district"},
)
AFTER_PHOTO: Final = choice(
    {"required": Name(zh="必须", en="required"), "optional": Name(zh="可选", en="optional")}, {"需要": "required"}
)
PLACE: Final = choice(
    {"required": Name(zh="必须", en="required"), "optional": Name(zh="可选", en="optional")},
    {"需要": "required", "无": "optional", "不需要": "optional", "none": "optional"},
)
LIFE: Final = choice(
    {
        "proposed": Name(zh="提议", en="proposed"),
        "active": Name(zh="生效", en="active"),
        "suspended": Name(zh="暂停", en="suspended"),
        "withdrawn": Name(zh="撤销", en="withdrawn"),
    }
)
WHISTLE_CLASS: Final = choice(
    {
        "joint_enforcement": Name(zh="综合执法", en="joint_enforcement"),
        "management_service": Name(zh="管理服务", en="management_service"),
        "emergency": Name(zh="应急处置", en="emergency"),
    }
)

_LIMITS: Final = (
    _column("accept", "签收时限", "limits.accept", LIMIT, "如 30m", "such as 30m", width=10),
    _column("respond", "响应时限", "limits.respond", LIMIT, "如 2h、4wh", "such as 2h, 4wh", width=10),
    _column("resolve", "处置时限", "limits.resolve", LIMIT, "如 3d、5wd", "such as 3d, 5wd", width=10),
    _column(
        "milestones",
        "节点",
        "milestones",
        MILESTONES,
        "fence(围挡)=3uh; repair(抢修)=8uh",
        "fence=3uh; repair=8uh",
        width=24,
    ),
)

_REPLACES: Final = _column(
    "replaces", "代替旧编号", "replaces", WORD_LIST, "由哪些旧编号改来", "earlier ids that became this one", width=18
)

ITEMS: Final = (
    _column("id", "编号", "id", CODE, "清单中的编号，不重复", "its id on the list, once", needed=True, width=10),
    _column("level", "层级", "level", LEVEL, "空为各级通用", "empty: every level", width=8),
    *_name("name", "名称", "事项名称", "what it is called", needed=True),
    _column("verdict", "结论", "verdict", VERDICT, "本级能否办理", "what this level does", needed=True, width=12),
    _column("lead", "主办", "lead", CODE, "主办部门的代码", "code of the department that leads", width=18),
    _column("assists", "协办", "assists", CODE_LIST, "代码，以分号隔开", "codes, with semicolons", width=24),
    _column("dual", "双向派单", "dual", FLAG, "协办部门同时派单", "assisting departments get orders too", width=10),
    _column("post", "岗位", "post", TEXT, "岗位目录中的岗位", "the post that handles it"),
    _column("basis", "依据", "basis", TEXT, "法规或清单条款", "legal basis", width=26),
    *_name("redirect.name", "转介单位", "不可办理时找谁", "whom to turn to when refused"),
    *_name("redirect.address", "转介地址", "地址", "where", width=20),
    _column("phone", "转介电话", "redirect.phone", CODE, "电话", "telephone", width=16),
    *_LIMITS,
    _column("after_photo", "处置后照片", "after_photo", AFTER_PHOTO, "空则按类别", "empty: as the category", width=12),
    *_name("task", "任务", "做什么", "what is to be done", width=36),
    *_name("standard", "标准", "做到什么程度", "when it is done well", width=36),
    *_name("guide", "步骤", "按什么步骤", "the steps", width=36),
    *_name("method", "方法", "每步怎么做", "how each step is done", width=36),
    _column("life", "状态", "life", LIFE, "空为生效", "empty: active", width=10),
    _column("valid_from", "生效日", "valid_from", DATE, "当日起", "first day", width=12),
    _column("valid_to", "失效日", "valid_to", DATE, "当日起失效", "first day without it", width=12),
)

CATEGORIES: Final = (
    _column("id", "编号", "id", CODE, "类别编号，不重复", "its id, once", needed=True, width=18),
    *_name("name", "名称", "类别名称", "what it is called", needed=True),
    _column("words", "词语", "words", WORD_LIST, "群众会怎么说", "what reporters say", width=50),
    _column("item", "事项", "item", CODE, "清单中的事项编号", "id of its item", width=10),
    _column("after_photo", "处置后照片", "after_photo", AFTER_PHOTO, "空为可选", "empty: optional", width=12),
    _column("merge_radius_m", "合并半径", "merge.radius_m", NUMBER, "米，空为不合并", "metres; empty: never", width=10),
    _column("merge_window", "合并时段", "merge.window", LIMIT, "如 2d", "such as 2d", width=10),
    _column("merge_linear", "整段合并", "merge.linear", FLAG, "整段算一处", "a segment is one place", width=10),
    *_LIMITS,
    _column(
        "policy_after",
        "核查时限",
        "verification.policy_after",
        LIMIT,
        "无人核查则到期办结",
        "closed then if nobody looks",
        width=10,
    ),
    _column(
        "place",
        "地点",
        "place",
        PLACE,
        "空为必须；可选则无地点也派",
        "empty: required",
        width=10,
    ),
    _column("urgent", "紧急", "urgent", FLAG, "本类都紧急", "none of it can wait", width=8),
    _REPLACES,
)

SUBCATEGORIES: Final = (
    _column("id", "编号", "id", CODE, "子类编号，不与类别重复", "its id, that of no category", needed=True, width=18),
    _column("category", "类别", "category", CODE, "属于哪个类别", "the category it is of", needed=True, width=18),
    *_name("name", "名称", "子类名称", "what it is called", needed=True),
    _column("words", "词语", "words", WORD_LIST, "群众会怎么说", "what reporters say", width=50),
    _column("urgent", "紧急", "urgent", FLAG, "本子类都紧急", "none of it can wait", width=8),
    _REPLACES,
)

WHISTLES: Final = (
    _column("id", "编号", "id", CODE, "吹哨清单编号", "its id, once", needed=True, width=10),
    *_name("name", "名称", "事项名称", "what it is called", needed=True, width=30),
    _column("whistle_class", "类型", "whistle_class", WHISTLE_CLASS, "三类之一", "one of three", needed=True, width=20),
    _column("departments", "部门", "departments", CODE_LIST, "被吹部门", "who is called", needed=True, width=36),
    _column("basis", "依据", "basis", TEXT, "条款", "legal basis", width=26),
    _column("sign", "签收时限", "limits.sign", LIMIT, "空则按类型", "empty: as its class", width=10),
    _column("contact", "联系时限", "limits.contact", LIMIT, "空则按类型", "empty: as its class", width=10),
    _column("attend", "到场时限", "limits.attend", LIMIT, "空则按类型", "empty: as its class", width=10),
)

FIXED: Final[Mapping[str, tuple[Column, ...]]] = {
    "items": ITEMS,
    "categories": CATEGORIES,
    "subcategories": SUBCATEGORIES,
    "whistles": WHISTLES,
}
"""Columns by list."""
