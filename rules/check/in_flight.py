"""Checks a new list or region against cases in flight: names they use that it no longer has."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, TypeAlias

from rules.check.problem import Problem
from rules.check.said import listed, problem
from schemas.heirs import heirs_of
from schemas.names import Name
from schemas.past_names import PastNames
from schemas.region import Region
from schemas.rulebook import Category, Rulebook, Subcategory

UNANSWERED: Final = frozenset({"category_in_flight", "person_in_flight", "department_in_flight"})
"""Codes of problems that ask what became of an id that open cases use."""
InUse: TypeAlias = Mapping[str, Mapping[str, Sequence[str]]]
"""`category` (subcategories too), `person`, `department`, to id, to the numbers of the cases in flight that name it."""
Filed: TypeAlias = Category | Subcategory
_SHOWN: Final = 3
_SAME_NAME, _SAME_WORD, _SAME_ITEM = 100, 10, 5


def in_flight(
    before: tuple[Region, Rulebook], after: tuple[Region, Rulebook], used: InUse, past: PastNames | None = None
) -> Iterator[Problem]:
    """Each name that cases use and `after` lacks: how many cases, and what it becomes or may have become.

    `past` are names of what `before`, which is in force, has no more. Another system's own words, which no list ever
    had, are left out.
    """
    past = past or {}
    yield from _categories(past.get("category", {}), before[1], after[1], used.get("category", {}))
    people = past.get("person", {}) | {each.id: each.name for each in before[0].persons}
    bodies = past.get("department", {}) | {each.code: each.name for each in before[0].organisations}
    heirs = heirs_of(after[0])
    there = {each.id: each.name for each in after[0].persons}
    became = {old: (heir.id, heir.name) for old, heir in heirs.persons.items()}
    yield from _gone("person", "people", people, there, became, used.get("person", {}))
    there = {each.code: each.name for each in after[0].organisations}
    became = {old: (heir.code, heir.name) for old, heir in heirs.departments.items()}
    yield from _gone("department", "organisations", bodies, there, became, used.get("department", {}))


def _gone(
    kind: str,
    sheet: str,
    known: Mapping[str, Name],
    there: Mapping[str, Name],
    became: Mapping[str, tuple[str, Name]],
    used: Mapping[str, Sequence[str]],
) -> Iterator[Problem]:
    """A person or department with open cases that no longer exists: its successor, or that none is named."""
    for id, cases in sorted(used.items()):
        if id not in known or id in there:
            continue
        facts = {"id": id, "name": known[id], **_counted(cases)}
        if id in became:
            new, new_name = became[id]
            yield problem(f"{kind}_replaced", sheet, (), "replaces", new=new, new_name=new_name, **facts)
        else:
            alike = next((new for new, name in there.items() if name == known[id] and new not in known), None)
            maybe = Name.of("checks.perhaps", id=alike) if alike else ""
            yield problem(f"{kind}_in_flight", sheet, (), "replaces", maybe=maybe, **facts)


def _categories(
    past: Mapping[str, Name], before: Rulebook, after: Rulebook, used: Mapping[str, Sequence[str]]
) -> Iterator[Problem]:
    known: dict[str, Filed] = {id: Category(id=id[:200], name=name) for id, name in past.items() if id}
    known |= {each.id: each for each in before.filed}
    present = {each.id for each in after.filed}
    became = {old: each for each in after.filed for old in each.replaces}
    for name, cases in sorted(used.items()):
        if name not in known or name in present:
            continue
        facts = {"id": name, "name": known[name].name, **_counted(cases)}
        if (new := became.get(name)) is not None:
            yield problem("category_replaced", "categories", (), "replaces", new=new.id, new_name=new.name, **facts)
        else:
            yield problem("category_in_flight", "categories", (), "replaces", maybe=_maybe(known[name], after), **facts)


def _counted(cases: Sequence[str]) -> dict[str, object]:
    return {"count": len(cases), "cases": listed(sorted(cases), _SHOWN)}


def _maybe(old: Filed, after: Rulebook) -> Name | str:
    """The most similar entry of the new list, by names, words or item."""
    best = max(after.filed, key=lambda each: likeness(old, each))
    if not likeness(old, best):
        return ""
    return Name.of("checks.perhaps_named", id=best.id, name=best.name)


def likeness(old: Filed, new: Filed) -> int:
    """How likely one became the other; 0: no evidence."""
    words = {word.casefold() for word in old.words} & {word.casefold() for word in new.words}
    named = bool({old.name.zh, old.name.en} & {new.name.zh, new.name.en})
    items = {each.item for each in (old, new) if isinstance(each, Category)}
    shares = len(items) == 1 and None not in items and isinstance(old, type(new))
    return _SAME_NAME * named + _SAME_WORD * len(words) + _SAME_ITEM * shares
