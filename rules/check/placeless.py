"""Checks routing of reports without a place: rows for a segment's owner or a grid's head find nobody."""

from collections.abc import Iterator
from typing import Final

from rules.check.gaps import PLACE_FACTS
from rules.check.known import References
from rules.check.problem import Problem
from rules.check.said import listed, problem
from schemas.items import Verdict
from schemas.report import ReportKind, Urgency
from schemas.rulebook import Category, PlaceNeed
from schemas.table import Row

_BY_PLACE: Final = frozenset({"segment_owner", "grid_head"})
_URGENT: Final = (Urgency.URGENT.value,)


def placeless(known: References) -> Iterator[Problem]:
    """For each row and the default: categories and kinds whose reports without a place reach nobody."""
    routing = known.rulebook.routing
    rows = sorted(enumerate(routing.rows, 1), key=lambda each: each[1].priority)
    found = dict[int | None, list[str]]()
    for name, taking, leads in _needs_none(rows, known):
        for number, row in taking:
            if row.then.get("assign") in _BY_PLACE and row.cell("urgency").one_of != _URGENT:
                found.setdefault(number, []).append(name)
        if leads and (routing.default or {}).get("assign") in _BY_PLACE:
            found.setdefault(None, []).append(name)
    owner = known.region.fallback_owner
    for where, names in found.items():
        numbers = () if where is None else (where,)
        yield problem("place_sought_without_one", routing.name, numbers, "assign", names=listed(names), owner=owner)


def _needs_none(rows: list[tuple[int, Row]], known: References) -> Iterator[tuple[str, list[tuple[int, Row]], bool]]:
    """Names, the rows that may match their reports without a place, and whether the default may apply."""
    for category in known.rulebook.categories:
        if category.place is PlaceNeed.OPTIONAL and not _refused(category, known):
            met = [each for each in rows if _is_for(each[1], category, known) and _anywhere(each[1])]
            end = next((at for at, (_, row) in enumerate(met, 1) if _takes_all(row)), None)
            yield category.id, met[:end], end is None
    for kind in known.rulebook.policy.without_place:
        taking = [each for each in rows if _only(each[1], kind, known) and _anywhere(each[1])]
        yield kind.value, taking, False


def _refused(category: Category, known: References) -> bool:
    item = known.item(category.item)
    return item is not None and item.verdict is Verdict.REFUSE


def _anywhere(row: Row) -> bool:
    return all(row.cell(name).is_any for name in PLACE_FACTS)


def _only(row: Row, kind: ReportKind, known: References) -> bool:
    """Whether a row is only for kinds that need no place, including this one."""
    named = row.cell("kind").one_of or ()
    return kind.value in named and set(named) <= {each.value for each in known.rulebook.policy.without_place}


def _is_for(row: Row, category: Category, known: References) -> bool:
    parts = row.cell("subcategory").one_of
    own = {part.id for part in known.rulebook.subcategories if part.category == category.id}
    return row.cell("category").meets(category.id) and (parts is None or not own.isdisjoint(parts))


def _takes_all(row: Row) -> bool:
    """Whether it matches all reports of its categories, so that later rows get none."""
    return all(cell.is_any for name, cell in row.when.items() if name != "category")
