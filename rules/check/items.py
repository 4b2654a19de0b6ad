"""Checks the responsibility list: leads, refusals and where they send people, versions, and unused items."""

from collections.abc import Iterator
from itertools import pairwise

from rules.check.known import References
from rules.check.problem import Problem
from rules.check.said import listed, near, problem
from schemas.items import Item, Life, Verdict
from schemas.names import Name

SHEET = "items"


def items(known: References) -> Iterator[Problem]:
    """All problems of the list."""
    for number, item in enumerate(known.rulebook.items, 1):
        if item.life is Life.WITHDRAWN:
            continue
        yield from _departments(number, item, known)
        if item.verdict is Verdict.REFUSE:
            yield from _refusal(number, item, known)
    yield from _holes(known)
    yield from _names(known)
    yield from _unused(known)


def suspended(item: Item, sheet: str, rows: tuple[int, ...], known: References) -> Problem:
    """Where cases of a suspended item go."""
    owner = known.region.fallback_owner
    if known.elsewhere(item.id):
        then = Name.of("checks.then.elsewhere")
    elif item.redirect is not None:
        then = Name.of("checks.then.refused", to=item.redirect.name)
    else:
        then = Name.of("checks.then.fallback", owner=owner)
    return problem("item_suspended", sheet, rows, "item", item=item.id, then=then)


def _departments(number: int, item: Item, known: References) -> Iterator[Problem]:
    rows = (number,)
    for column, value in [("lead", item.lead), *(("assists", code) for code in item.assists)]:
        if value is not None and value not in known.departments:
            alike = near(value, known.departments)
            yield problem("item_unknown_department", SHEET, rows, column, item=item.id, value=value, near=alike)
    if item.lead is not None and item.lead in item.assists:
        yield problem("lead_is_assist", SHEET, rows, "assists", item=item.id, value=item.lead)
    if item.dual and not item.assists:
        yield problem("dual_without_assists", SHEET, rows, "dual", item=item.id)


def _refusal(number: int, item: Item, known: References) -> Iterator[Problem]:
    """Refusals without a legal basis or without whom to ask instead."""
    rows = (number,)
    if not item.basis.strip():
        yield problem("refuse_without_basis", SHEET, rows, "basis", item=item.id)
    if item.lead is not None:
        if item.lead in known.departments and item.lead not in known.desks:
            yield problem("item_lead_without_desk", SHEET, rows, "lead", item=item.id, value=item.lead)
    elif item.redirect is None:
        if not known.elsewhere(item.id):
            yield problem("refuse_without_owner", SHEET, rows, "redirect", item=item.id)
    elif item.redirect.address is None and not (item.redirect.phone or "").strip():
        yield problem("redirect_without_address", SHEET, rows, "redirect", item=item.id, to=item.redirect.name)


def _holes(known: References) -> Iterator[Problem]:
    """Days between two versions on which none holds."""
    versions: dict[tuple[str, object], list[tuple[int, Item]]] = {}
    for number, item in enumerate(known.rulebook.items, 1):
        if item.life is Life.ACTIVE:
            versions.setdefault((item.id, item.level), []).append((number, item))
    for same in versions.values():
        dated = sorted(same, key=lambda one: (one[1].valid_from is not None, str(one[1].valid_from)))
        for (a, earlier), (b, later) in pairwise(dated):
            start, end = earlier.valid_to, later.valid_from
            if start is not None and end is not None and start < end:
                yield problem("item_hole", SHEET, (a, b), "valid_to", item=earlier.id, start=start, end=end)


def _names(known: References) -> Iterator[Problem]:
    first: dict[tuple[str, object], tuple[int, Item]] = {}
    for number, item in enumerate(known.rulebook.items, 1):
        other_number, other = first.setdefault((item.name.zh, item.level), (number, item))
        if other.id != item.id and Life.WITHDRAWN not in {item.life, other.life}:
            facts = {"item": other.id, "other": item.id, "name": item.name}
            yield problem("same_item_name", SHEET, (other_number, number), "name", **facts)


def _unused(known: References) -> Iterator[Problem]:
    """Items of this level that nothing uses; those of other levels are only for comparison."""
    book = known.rulebook
    named = {category.item for category in book.categories} | {row.then.get("item") for row in book.routing.rows}
    named |= {(book.routing.default or {}).get("item")}
    unused = [
        (number, item.id)
        for number, item in enumerate(book.items, 1)
        if item.id not in named and item.life is Life.ACTIVE and item.is_for(book.level)
    ]
    if unused:
        numbers, ids = zip(*unused, strict=True)
        yield problem("unused_items", SHEET, numbers, count=len(set(ids)), items=listed(dict.fromkeys(ids)))
