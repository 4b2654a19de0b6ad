"""Who is responsible for a category by the routing table: by department and by job, with the situation in words."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

from connectors.lists.public.entry import PublicHandler
from schemas.directory import Directory
from schemas.item_list import ItemList
from schemas.items import Item, Verdict
from schemas.names import Name
from schemas.rulebook import Category, Rulebook
from schemas.table import Cell, Row, Table

_WHERE: Final = frozenset(
    {"street", "community", "grid", "unit", "area_kind", "land_kind", "segment", "road", "road_class", "side"}
)
_WHEN: Final = frozenset({"month", "weekday", "hour", "shift", "day_kind", "weather"})
_NAMED: Final = {"urgency": frozenset({"urgent", "normal"})}
"""Facts whose values have words of their own here."""


class PublicHandlers:
    """For one region, one rulebook and one day."""

    def __init__(self, directory: Directory, rulebook: Rulebook, day: date) -> None:
        self._directory, self._rulebook, self._day = directory, rulebook, day
        self._items, self._called = ItemList(rulebook), rulebook.called()
        self._parts = rulebook.subcategories
        self._of = {each.id: {each.id, *each.replaces} for each in rulebook.subcategories}

    def of(self, category: Category) -> tuple[PublicHandler, ...]:
        """In the order in which the table decides; nothing that another one before it leaves over."""
        found: list[PublicHandler] = []
        for row in self._rows(category, self._rulebook.routing):
            if _is_general(row):
                continue
            found.append(self._handler(category, row, self._situation(row)))
            if found[-1].when is None:
                break
        else:
            found.append(self._handler(category, Row(id="-", then=self._rulebook.routing.default or {}), None))
        return tuple(dict.fromkeys(found))

    def general(self) -> tuple[PublicHandler, ...]:
        """Of rows about a situation, whatever the category."""
        rows = sorted(self._rulebook.routing.rows, key=lambda each: each.priority)
        return tuple(self._handler(None, row, self._situation(row)) for row in rows if _is_general(row))

    def has_other_limits(self, category: Category) -> bool:
        """Whether a row of the table of limits may be about it."""
        limits = self._rulebook.limits
        return limits is not None and next(self._rows(category, limits), None) is not None

    def item(self, category: Category) -> Item | None:
        """Its item on the list of this level."""
        return self._items.in_force(category.item, self._day)

    def _rows(self, category: Category, table: Table) -> Iterator[Row]:
        """Those that may be about a category, as the table orders them."""
        own = set(self._called.get(category.id, (category.id,)))
        parts = set[str]().union(*(self._of[each.id] for each in self._parts if each.category == category.id))
        for row in sorted(table.rows, key=lambda each: each.priority):
            if _may_be(row.cell("category"), own) and _may_be(row.cell("subcategory"), parts):
                yield row

    def _situation(self, row: Row) -> Name | None:
        said, where, when, else_ = [], False, False, False
        for fact, cell in row.when.items():
            if cell.is_any or fact == "category":
                continue
            words = self._words(fact, cell)
            if words is not None:
                said.append(words)
            where, when = where or (words is None and fact in _WHERE), when or (words is None and fact in _WHEN)
            else_ = else_ or (words is None and fact not in _WHERE | _WHEN)
        said += [Name.of(f"lists.public.if.{key}") for key, is_so in (("where", where), ("when", when)) if is_so]
        if else_:
            said.append(Name.of("lists.public.if.else"))
        return Name.joined("，", ", ", said) if said else None

    def _words(self, fact: str, cell: Cell) -> Name | None:
        values = cell.one_of or ()
        if fact == "subcategory":
            return _either(each.name for each in self._parts if self._of[each.id] & set(values))
        if fact in _NAMED and _NAMED[fact].issuperset(values):
            return _either(Name.of(f"lists.public.if.{value}") for value in values)
        if fact == "kind":
            return _either(Name.of(f"pages.kind.{value}") for value in values)
        attribute = next((each for each in self._rulebook.attributes if fact == f"attr_{each.id}"), None)
        return _either(each.name for each in attribute.values if each.id in values) if attribute is not None else None

    def _handler(self, category: Category | None, row: Row, when: Name | None) -> PublicHandler:
        then = row.then
        named = then.get("item")
        item = self._items.in_force(named if isinstance(named, str) else None, self._day)
        item = item or (self.item(category) if category is not None else None)
        urgent = row.cell("urgency").one_of == ("urgent",)
        if item is not None and item.verdict is Verdict.REFUSE and not urgent:  # what is urgent is never refused
            there = item.redirect
            return PublicHandler(
                when=when, verdict=item.verdict, department=self._body(item.lead), basis=item.basis,
                elsewhere=there.name if there else None, address=there.address if there else None,
            )  # fmt: skip
        code = then.get("department") or (item.lead if item else None)
        if code is None and category is not None:
            code = self._directory.region.fallback_department
        assists = item is not None and item.verdict is Verdict.ASSIST
        return PublicHandler(
            when=when,
            verdict=Verdict.ASSIST if assists else Verdict.HANDLE,
            department=self._body(code if isinstance(code, str) else None),
            job=Name.same(item.post) if item is not None and item.post else _job(then.get("assign")),
            basis=item.basis if item is not None else "",
        )

    def _body(self, code: str | None) -> Name | None:
        body = self._directory.organisation(code) if code else None
        return body.name if body is not None else None


def _is_general(row: Row) -> bool:
    """Whether it is about a situation, and not about a category."""
    asked = {fact for fact, cell in row.when.items() if not cell.is_any}
    return bool(asked) and not asked & {"category", "subcategory"}


def _may_be(cell: Cell, values: set[str]) -> bool:
    return cell.is_any or any(value in (cell.one_of or ()) for value in values)


def _job(assign: object) -> Name:
    known = assign if assign in {"segment_owner", "grid_head", "department"} else "appointed"
    return Name.of(f"lists.public.job.{known}")


def _either(names: Iterable[Name]) -> Name | None:
    each = tuple(names)
    return Name.joined("、", ", ", each) if each else None
