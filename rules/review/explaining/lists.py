"""Explains list items: which row of the list decides, why other versions do not, and the admission gate."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from rules.review.explaining.rows import LosingRow
from schemas.items import Item, Level, Life, Verdict
from schemas.names import Name
from schemas.rulebook import OffList, Rulebook

LEVEL_NAMES: Final = {
    None: Name(zh="各级", en="every level"),
    Level.VILLAGE: Name(zh="村、社区", en="the village or community"),
    Level.STREET: Name(zh="街道、乡镇", en="the street or township"),
    Level.DISTRICT: Name(zh="区、县", en="the district or county"),
    Level.CITY: Name(zh="市", en="the city"),
}
VERDICT_NAMES: Final = {
    Verdict.HANDLE: Name(zh="可办理", en="handle"),
    Verdict.ASSIST: Name(zh="协助办理", en="assist"),
    Verdict.REFUSE: Name(zh="不可办理", en="refuse"),
}
LIFE_NAMES: Final = {
    Life.PROPOSED: Name(zh="提议", en="proposed"),
    Life.ACTIVE: Name(zh="生效", en="active"),
    Life.SUSPENDED: Name(zh="暂停", en="suspended"),
    Life.WITHDRAWN: Name(zh="撤销", en="withdrawn"),
}


@dataclass(frozen=True, slots=True)
class Named:
    """A source that names an item: a row of routing, a category, a pushing department, or the case itself."""

    item: str
    by: Name


@dataclass(frozen=True, slots=True)
class Listed:
    """The ruling of the list: the item that decides and its row, who named it, and rows that do not decide."""

    item: Item | None
    number: int | None = None
    by: Name | None = None
    passed_over: tuple[LosingRow, ...] = ()
    """Versions not in force or not at this level, and items that are not on the list (row 0)."""


def explain_item(named: Sequence[Named], rulebook: Rulebook, day: date | None) -> Listed:
    """The first named item in force at this level on a day; without a day, its last version."""
    over: list[LosingRow] = []
    for each in named:
        rows = [(number, item) for number, item in enumerate(rulebook.items, 1) if item.id == each.item]
        if not rows:
            why = Name(zh=f"{each.by.zh}所指，清单上没有", en=f"{each.by.en} names it, and it is not on the list")
            over.append(LosingRow(each.item, 0, why))
        here = [(number, item) for number, item in rows if _bars(item, rulebook, day) is None]
        won = (here[0] if day is not None else here[-1]) if here else None
        over += [
            LosingRow(item.id, number, _why(item, rulebook, day))
            for number, item in rows
            if won is None or number != won[0]
        ]
        if won is not None:
            return Listed(won[1], won[0], each.by, tuple(over))
    return Listed(None, passed_over=tuple(over))


def _bars(item: Item, rulebook: Rulebook, day: date | None) -> Name | None:
    """Why a version does not decide; None when it does."""
    if not item.is_for(rulebook.level):
        there, here = LEVEL_NAMES[item.level], LEVEL_NAMES[rulebook.level]
        return Name(
            zh=f"属于{there.zh}的清单，本级为{here.zh}", en=f"it is for {there.en}, and this is the list of {here.en}"
        )
    if day is None or item.holds_on(day):
        return None
    if item.life is not Life.ACTIVE:
        life = LIFE_NAMES[item.life]
        return Name(zh=f"状态为{life.zh}", en=f"it is {life.en}")
    if item.valid_from is not None and day < item.valid_from:
        return Name(zh=f"自 {item.valid_from} 起才生效", en=f"it holds from {item.valid_from} on")
    return Name(zh=f"至 {item.valid_to} 已失效", en=f"it held until {item.valid_to}")


def _why(item: Item, rulebook: Rulebook, day: date | None) -> Name:
    return _bars(item, rulebook, day) or Name(zh="另一行同时生效", en="another row holds as well")


@dataclass(frozen=True, slots=True)
class Gate:
    """The ruling of the admission gate on a pushed task, and the row of the list it used."""

    pushed_by: str
    passes: bool
    why: Name
    listed: Listed
    approver: str | None = None
    """Who had to admit it."""
    admitted: bool = False


_NOT_FOR_THIS: Final = {
    "_of_another": Name(zh="事项未列该部门为主办或协办", en="the item names other departments"),
    "_unfit": Name(zh="事项与所述内容不符", en="the item does not fit what is described"),
}


def explain_gate(
    pushed_by: str, cited: str | None, admitted: bool, rulebook: Rulebook, day: date | None, code: str = ""
) -> Gate:
    """Tasks on the list of this level pass; any other is refused, or waits for the approver.

    `code` is that of the gate's reason if it held the task: the item may name others, or not fit the words.
    """
    by = Name(zh=f"下派部门 {pushed_by}", en=f"the department {pushed_by}")
    listed = explain_item([Named(cited, by)] if cited else [], rulebook, day)
    item, policy = listed.item, rulebook.policy
    other = next((why for end, why in _NOT_FOR_THIS.items() if code.endswith(end)), None)
    if item is not None and item.verdict is not Verdict.REFUSE and other is None:
        verdict = VERDICT_NAMES[item.verdict]
        return Gate(pushed_by, True, Name(zh=f"清单为“{verdict.zh}”", en=f"the list says “{verdict.en}”"), listed)
    why = "；".join(_held(listed, "zh")), "; ".join(_held(listed, "en"))
    if other is not None:
        why = f"{why[0]}；{other.zh}", f"{why[1]}; {other.en}"
    if policy.off_list is OffList.REFUSE or policy.approver is None:
        end = Name(zh="清单外一律不予受理（off_list）", en="what is not on the list is refused (off_list)")
        return Gate(pushed_by, False, Name(zh=f"{why[0]}；{end.zh}", en=f"{why[1]}; {end.en}"), listed)
    end = Name(zh=f"清单外须 {policy.approver} 准入", en=f"{policy.approver} has to admit what is not on the list")
    said = Name(zh=f"{why[0]}；{end.zh}", en=f"{why[1]}; {end.en}")
    return Gate(pushed_by, admitted, said, listed, policy.approver, admitted)


def _held(listed: Listed, language: str) -> Iterator[str]:
    if listed.item is not None:
        verdict = VERDICT_NAMES[listed.item.verdict]
        yield f"清单为“{verdict.zh}”" if language == "zh" else f"the list says “{verdict.en}”"
    for lost in listed.passed_over:
        yield f"{lost.row}: {lost.why.zh if language == 'zh' else lost.why.en}"
    if listed.item is None and not listed.passed_over:
        yield "没有引用清单事项" if language == "zh" else "no list item is cited"
