"""The columns of decision tables and golden examples: one for each fact, one for each output."""

import json
import re
from collections.abc import Iterable
from typing import Any, Final

from grid36.files.rulebook.cells import half_width, plain_code, read_list, read_text, write_list, write_text
from grid36.files.rulebook.columns import Column
from grid36.files.rulebook.kinds import (
    CODE,
    LIMIT,
    MOST_DIGITS,
    NUMBER,
    STEPS,
    TEXT,
    WORDS,
    Kind,
    Misread,
    plain_number,
)
from grid36.files.rulebook.sheets import Raw, TypedCell
from schemas.names import Language, Name
from schemas.table import Fact, kind_of

FACT_NAMES: Final = {
    "category": "类别",
    "subcategory": "子类",
    "kind": "种类",
    "severity": "严重程度",
    "urgency": "紧急程度",
    "keyword": "关键词",
    "reason": "原因",
    "street": "街道",
    "community": "社区",
    "grid": "网格",
    "unit": "单元",
    "area_kind": "区域类型",
    "land_kind": "土地类型",
    "segment": "路段",
    "road": "道路",
    "road_class": "道路等级",
    "side": "路侧",
    "department": "部门",
    "department_hint": "建议部门",
    "team": "队伍",
    "role": "角色",
    "reporter_kind": "上报人",
    "door": "渠道",
    "shift": "班次",
    "day_kind": "日类型",
    "weather": "天气",
    "month": "月",
    "weekday": "星期",
    "hour": "小时",
    "off_list": "清单外",
    "on_list": "清单内",
    "distance_m": "距离",
    "repeats_in_segment_7d": "路段七日重复",
    "repeats_in_grid_7d": "网格七日重复",
}
"""Chinese titles of facts; one that is not here has its own name for a title."""

OUTPUT_NAMES: Final = {
    "assign": "派给",
    "department": "部门",
    "item": "事项",
    "offer": "征求",
    "accept": "签收时限",
    "respond": "响应时限",
    "resolve": "处置时限",
    "milestones": "节点",
}
THEN: Final = "then_"
THEN_ZH: Final = "结果:"

OUTPUTS: Final = {
    "routing": ("assign", "department", "item", "offer"),
    "joint": ("department",),
    "limits": ("accept", "respond", "resolve", "milestones"),
}
"""The outputs that every sheet of the table has a column for."""

TABLES: Final = tuple(OUTPUTS)


def _read_fact_text(raw: Raw) -> Any:
    if isinstance(raw, str) and half_width(raw) == "-":
        return "-"
    return read_list(_plain(raw), WORDS, plain_code)


def _plain(raw: Raw) -> str:
    text = plain_number(raw)
    if not isinstance(raw, str) and len(text) > MOST_DIGITS:
        raise Misread(Name.of("files.cell.code_became_number"), CODE.right, "became_number")
    return text


def _write_cell_text(value: Any, language: Language) -> str:
    return "-" if value == "-" else write_list(value, WORDS, plain_code)


def _read_fact_number(raw: Raw) -> Any:
    if isinstance(raw, int) and not isinstance(raw, bool):
        return [raw]
    text = half_width(plain_number(raw)).replace(" ", "")
    text = text.replace("≥", ">=").replace("≤", "<=").replace("至", "..").replace("~", "..").replace("…", "..")
    if text == "-":
        return "-"
    if found := re.fullmatch(r"(>=|<=)(-?\d+)", text):
        return {"ge" if found[1] == ">=" else "le": int(found[2])}
    if found := re.fullmatch(r"(-?\d+)\.\.+(-?\d+)", text):
        return {"ge": int(found[1]), "le": int(found[2])}
    try:
        return [int(part) for part in re.split("[;、,\n]", text) if part]
    except ValueError:
        raise Misread(Name.of("files.cell.no_range")) from None


def _write_cell_number(value: Any, language: Language) -> str | TypedCell:
    match value:
        case {"ge": low, "le": high}:
            return f"{low}..{high}"
        case {"ge": low}:
            return f">={low}"
        case {"le": high}:
            return f"<={high}"
        case [int() as only] if len(str(abs(only))) <= MOST_DIGITS:
            return TypedCell(only, str(only))
        case list():
            return "; ".join(map(str, value))
    return "-"


CELL_TEXT: Final = Kind(
    "cell",
    _read_fact_text,
    _write_cell_text,
    Name.of("files.right.cell_text"),
    is_code=True,
)
CELL_NUMBER: Final = Kind(
    "cell",
    _read_fact_number,
    _write_cell_number,
    Name.of("files.right.cell_number"),
)


def _read_output(raw: Raw) -> Any:
    if isinstance(raw, bool | int):
        return raw
    text = plain_number(raw)
    if re.fullmatch(r"\s*(-?\d+|true|false|\[.*\])\s*", text, re.DOTALL):
        try:
            return json.loads(text)
        except ValueError:
            return read_text(text)
    return read_text(text)


def _write_output(value: Any, language: Language) -> str | TypedCell:
    if isinstance(value, str):
        return write_text(value, lambda text: str(_read_output(text)) if isinstance(_read_output(text), str) else "")
    return json.dumps(value, ensure_ascii=False)


_OPAQUE: Final = Kind("output", _read_output, _write_output, Name.of("files.right.opaque"))


def _read_given(raw: Raw) -> Fact:
    values = _read_fact_number(raw)
    if isinstance(values, list) and len(values) == 1:
        return int(values[0])
    raise Misread(Name.of("files.cell.not_one_integer"))


_GIVEN_NUMBER: Final = Kind(
    "number", _read_given, _write_cell_number, Name.of("files.right.given_number"), text_format=False
)


def _whole(raw: Raw) -> Any:
    number = NUMBER.read(raw)
    return int(number) if float(number).is_integer() else number


_PRIORITY: Final = Kind("number", _whole, NUMBER.write, NUMBER.right, text_format=False)

_ID: Final = Column(
    "id", Name(zh="编号", en="id"), ("id",), CODE, Name(zh="本行编号，不重复", en="its id, once"), needed=True, width=18
)
_ORDER: Final = Column(
    "priority",
    Name(zh="优先级", en="priority"),
    ("priority",),
    _PRIORITY,
    Name(zh="小者先", en="lower wins"),
    width=9,
)
_NOTE: Final = Column("note", Name(zh="说明", en="note"), ("note",), TEXT, Name(zh="给人看", en="for people"), width=36)
_ROW: Final = Column(
    "row",
    Name(zh="应中行", en="row"),
    ("row",),
    CODE,
    Name(zh="应命中的路由行", en="the routing row that must win"),
    width=18,
)


def fact_column(fact: str) -> Column:
    """The column of an input of a table."""
    number = kind_of(fact) == "number"
    about = Name(zh="如 >=7、7..19" if number else "空为任意", en=">=7, 7..19" if number else "empty: any")
    kind = CELL_NUMBER if number else CELL_TEXT
    return Column(fact, _fact_title(fact), ("when", fact), kind, about, width=12 if number else 24)


def given_column(fact: str) -> Column:
    """The column of a fact of a golden example."""
    kind = _GIVEN_NUMBER if kind_of(fact) == "number" else CODE
    return Column(fact, _fact_title(fact), ("given", fact), kind, Name.of("files.cell.fact"), width=16)


def output_column(name: str) -> Column:
    """The column of an output of a table."""
    kind = _OUTPUT_KINDS.get(name, CODE if name in OUTPUT_NAMES else _OPAQUE)
    about = _ABOUT.get(name, Name.of("files.cell.outcome"))
    title = Name(zh=THEN_ZH + OUTPUT_NAMES.get(name, name), en=THEN + name)
    return Column(THEN + name, title, ("then", name), kind, about, width=18)


_OUTPUT_KINDS: Final = {**dict.fromkeys(("accept", "respond", "resolve"), LIMIT), "milestones": STEPS}
_ABOUT: Final = {
    "assign": Name(
        zh="segment_owner、grid_head、department 或人员编号", en="segment_owner, grid_head, department or a person"
    ),
    "department": Name(zh="部门代码", en="code of the department"),
    "item": Name(zh="事项编号", en="id of the item"),
    "milestones": Name(zh="fence=2uh; repair=无，未写的不变", en="fence=2uh; repair=none; the others stay"),
    "offer": Name(zh="workers 或 volunteers，空为直接派", en="workers or volunteers; empty: assigned at once"),
}


def table_columns(facts: Iterable[str], outputs: Iterable[str]) -> tuple[Column, ...]:
    """All columns of a decision table, in the order in which they are written."""
    return (_ID, _ORDER, *map(fact_column, facts), *map(output_column, outputs), _NOTE)


def example_columns(facts: Iterable[str]) -> tuple[Column, ...]:
    """All columns of golden examples."""
    return (*map(given_column, facts), _ROW, _NOTE)


def _fact_title(fact: str) -> Name:
    return Name(zh=FACT_NAMES.get(fact, fact), en=fact)
