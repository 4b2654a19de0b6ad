"""What a new list or region does to cases in flight: names that they go by and that it no longer has."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, TypeAlias

from rules.check.problem import Problem
from rules.check.said import listed, problem
from schemas.names import Name
from schemas.past_names import PastNames
from schemas.region import Region
from schemas.rulebook import Category, Rulebook, Subcategory

InUse: TypeAlias = Mapping[str, Mapping[str, Sequence[str]]]
"""`category` (subcategories too), `person`, `department`, to id, to the numbers of the cases in flight that name it."""
Filed: TypeAlias = Category | Subcategory
_SHOWN: Final = 3
_SAME_NAME, _SAME_WORD, _SAME_ITEM = 100, 10, 5


def in_flight(
    before: tuple[Region, Rulebook], after: tuple[Region, Rulebook], used: InUse, past: PastNames | None = None
) -> Iterator[Problem]:
    """Each name that cases use and `after` lacks: how many, and what it becomes, or may have become.

    `past` are names of what `before`, which is in force, has no more. Another system's own words, which no list ever
    had, are left out.
    """
    past = past or {}
    yield from _categories(past.get("category", {}), before[1], after[1], used.get("category", {}))
    people = past.get("person", {}) | {each.id: each.name for each in before[0].persons}
    bodies = past.get("department", {}) | {each.code: each.name for each in before[0].organisations}
    here = {each.id for each in after[0].persons}, {each.code for each in after[0].organisations}
    yield from _gone("person_in_flight", "people", people, here[0], used.get("person", {}))
    yield from _gone("department_in_flight", "organisations", bodies, here[1], used.get("department", {}))


def _gone(
    code: str, sheet: str, known: Mapping[str, Name], kept: set[str], used: Mapping[str, Sequence[str]]
) -> Iterator[Problem]:
    for name, cases in sorted(used.items()):
        if name in known and name not in kept:
            yield problem(code, sheet, id=name, name=known[name], **_counted(cases))


def _categories(
    past: Mapping[str, Name], before: Rulebook, after: Rulebook, used: Mapping[str, Sequence[str]]
) -> Iterator[Problem]:
    known: dict[str, Filed] = {id: Category(id=id[:200], name=name) for id, name in past.items() if id}
    known |= {each.id: each for each in before.filed}
    kept = {each.id for each in after.filed}
    became = {old: each for each in after.filed for old in each.replaces}
    for name, cases in sorted(used.items()):
        if name not in known or name in kept:
            continue
        facts = {"id": name, "name": known[name].name, **_counted(cases)}
        if (new := became.get(name)) is not None:
            yield problem("category_replaced", "categories", (), "replaces", new=new.id, new_name=new.name, **facts)
        else:
            yield problem("category_in_flight", "categories", (), "replaces", maybe=_maybe(known[name], after), **facts)


def _counted(cases: Sequence[str]) -> dict[str, object]:
    return {"count": len(cases), "cases": listed(sorted(cases), _SHOWN)}


def _maybe(old: Filed, after: Rulebook) -> Name | str:
    """What is most like it in the new list, as far as names, words or the item agree."""
    best = max(after.filed, key=lambda each: likeness(old, each))
    if not likeness(old, best):
        return ""
    return Name(zh=f"（可能是 {best.id} {best.name.zh}）", en=f" (perhaps {best.id}, {best.name.en})")


def likeness(old: Filed, new: Filed) -> int:
    """How much speaks for one having become the other; 0: nothing."""
    words = {word.casefold() for word in old.words} & {word.casefold() for word in new.words}
    named = bool({old.name.zh, old.name.en} & {new.name.zh, new.name.en})
    items = {each.item for each in (old, new) if isinstance(each, Category)}
    shares = len(items) == 1 and None not in items and isinstance(old, type(new))
    return _SAME_NAME * named + _SAME_WORD * len(words) + _SAME_ITEM * shares
