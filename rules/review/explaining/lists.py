"""Explains list items: which row of the list decides, why other versions do not, and the admission gate."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from rules.review.explaining.rows import LosingRow
from schemas.items import Item, Level, Life, Verdict
from schemas.names import Name
from schemas.rulebook import OffList, Rulebook

LEVEL_NAMES: Final = {level: Name.of(f"explain.level.{level or 'every'}") for level in (None, *Level)}
VERDICT_NAMES: Final = {verdict: Name.of(f"explain.verdict.{verdict}") for verdict in Verdict}
LIFE_NAMES: Final = {life: Name.of(f"explain.life.{life}") for life in Life}


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
            why = Name.of("explain.not_on_list", by=each.by)
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
        return Name.of("explain.other_level", there=there, here=here)
    if day is None or item.holds_on(day):
        return None
    if item.life is not Life.ACTIVE:
        return Name.of("explain.other_life", life=LIFE_NAMES[item.life])
    if item.valid_from is not None and day < item.valid_from:
        return Name.of("explain.holds_from", day=item.valid_from)
    return Name.of("explain.held_until", day=item.valid_to)


def _why(item: Item, rulebook: Rulebook, day: date | None) -> Name:
    return _bars(item, rulebook, day) or Name.of("explain.another_row")


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


_NOT_FOR_THIS: Final = ("_of_another", "_unfit")


def explain_gate(
    pushed_by: str, cited: str | None, admitted: bool, rulebook: Rulebook, day: date | None, code: str = ""
) -> Gate:
    """Tasks on the list of this level pass; any other is refused, or waits for the approver.

    `code` is that of the gate's reason if it held the task: the item may name others, or not fit the words.
    """
    by = Name.of("explain.by.department", department=pushed_by)
    listed = explain_item([Named(cited, by)] if cited else [], rulebook, day)
    item, policy = listed.item, rulebook.policy
    other = next((Name.of(f"explain.gate{end}") for end in _NOT_FOR_THIS if code.endswith(end)), None)
    if item is not None and item.verdict is not Verdict.REFUSE and other is None:
        return Gate(pushed_by, True, _says(item), listed)
    why = list(_held(listed))
    if other is not None:
        why.append(other)
    if policy.off_list is OffList.REFUSE or policy.approver is None:
        return Gate(pushed_by, False, Name.joined("；", "; ", [*why, Name.of("explain.gate.refused")]), listed)
    said = Name.joined("；", "; ", [*why, Name.of("explain.gate.approver", approver=policy.approver)])
    return Gate(pushed_by, admitted, said, listed, policy.approver, admitted)


def _held(listed: Listed) -> Iterator[Name]:
    if listed.item is not None:
        yield _says(listed.item)
    for lost in listed.passed_over:
        yield Name.of("explain.gate.passed_over", row=lost.row, why=lost.why)
    if listed.item is None and not listed.passed_over:
        yield Name.of("explain.gate.uncited")


def _says(item: Item) -> Name:
    return Name.of("explain.gate.says", verdict=VERDICT_NAMES[item.verdict])
