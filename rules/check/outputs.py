"""Checks outputs of rows and defaults: assignee, department and item exist, and somebody can get the case."""

from collections.abc import Iterator
from typing import Final

from pydantic import TypeAdapter, ValidationError

from rules.check.items import suspended
from rules.check.known import References
from rules.check.problem import Problem
from rules.check.said import near, problem
from schemas.limit import Limit
from schemas.people import Role
from schemas.table import Outputs, Table

ROUTING: Final = ("assign", "department", "item", "offer")
JOINT: Final = ("department",)
LIMITS: Final = ("accept", "respond", "resolve")
STEPS: Final = "milestones"
WORDS: Final = ("segment_owner", "grid_head", "department")
"""Values of `assign` besides ids of people."""
_OFFERS: Final = ("workers", "volunteers")
_LIMIT: Final[TypeAdapter[str]] = TypeAdapter(Limit)


def outputs(known: References) -> Iterator[Problem]:
    """All problems of outputs in all tables."""
    book = known.rulebook
    for table, names in ((book.routing, ROUTING), (book.joint, JOINT), (book.limits, (*LIMITS, STEPS))):
        if table is None:
            continue
        for rows, then in _all(table):
            for name in then:
                if name not in names:
                    shown = ", ".join(names)
                    yield problem("unknown_output", table.name, rows, name, value=name, known=shown)
            yield from _departments(table, rows, then, known)
    yield from _routing(known)
    if book.limits is not None:
        yield from _limits(book.limits)
    if book.joint is not None:
        yield from _joint(book.joint, known)


def _all(table: Table) -> Iterator[tuple[tuple[int, ...], Outputs]]:
    """Row numbers with their outputs; the default has no number."""
    for number, row in enumerate(table.rows, 1):
        yield (number,), row.then
    if table.default is not None:
        yield (), table.default


def _departments(table: Table, rows: tuple[int, ...], then: Outputs, known: References) -> Iterator[Problem]:
    department = then.get("department")
    if department is None:
        return
    if department not in known.departments:
        alike = near(department, known.departments)
        yield problem("unknown_department", table.name, rows, "department", value=department, near=alike)


def _routing(known: References) -> Iterator[Problem]:
    table = known.rulebook.routing
    for rows, then in _all(table):
        assign = then.get("assign")
        if assign is None:
            yield problem("default_without_assign", table.name, rows, "assign")
        elif assign not in WORDS and assign not in known.persons:
            alike = near(assign, (*WORDS, *known.persons))
            yield problem("unknown_person_in_output", table.name, rows, "assign", value=assign, near=alike)
        elif assign == "department":
            yield from _desk(table, rows, then, known)
        if (offer := then.get("offer", _OFFERS[0])) not in _OFFERS:
            yield problem("wrong_output", table.name, rows, "offer", value=offer, known=", ".join(_OFFERS))
        yield from _takers(table, rows, then, known)
        if (rests := known.rests(then.get("item"))) is not None:
            yield suspended(rests, table.name, rows, known)
        elif (item := then.get("item")) is not None and known.item(item) is None:
            yield problem("row_item_not_in_force", table.name, rows, "item", item=item)


def _takers(table: Table, rows: tuple[int, ...], then: Outputs, known: References) -> Iterator[Problem]:
    """Offers that nobody can accept: they only waste time."""
    offer, region = then.get("offer"), known.region
    if offer == "workers":
        empty = [grid.id for grid in region.grids if grid.head is None and not grid.workers]
    elif offer == "volunteers" and not any(Role.VOLUNTEER in person.roles for person in region.persons):
        empty = [grid.id for grid in region.grids]
    else:
        return
    if empty:
        facts = {"value": offer, "count": len(empty), "grid": empty[0]}
        yield problem("offer_without_takers", table.name, rows, "offer", **facts)


def _desk(table: Table, rows: tuple[int, ...], then: Outputs, known: References) -> Iterator[Problem]:
    """Rows that route to a department but name none, or one without an officer."""
    item = known.item(then.get("item"))
    department = then.get("department") or (item.lead if item else None)
    if department is None:
        if not _leads(table, rows, known):
            yield problem(
                "department_missing", table.name, rows, "department", fallback=known.region.fallback_department
            )
    elif department in known.departments and department not in known.desks:
        yield problem("department_without_desk", table.name, rows, "department", value=department)


def _leads(table: Table, rows: tuple[int, ...], known: References) -> bool:
    """Whether every category of the row has an item with a lead; a row for all categories passes."""
    cell = table.rows[rows[0] - 1].cell("category") if rows else None
    named = known.categories if cell is None or cell.one_of is None else cell.one_of
    items = [known.item(category.item) for name in named if (category := known.categories.get(str(name)))]
    return all(item is not None and item.lead is not None for item in items)


def _limits(table: Table) -> Iterator[Problem]:
    for rows, then in _all(table):
        for name in LIMITS:
            if name in then and not is_limit(then[name]):
                yield problem("wrong_output", table.name, rows, name, value=then[name], known="30m, 4h, 3wd, sd, …")


def _joint(table: Table, known: References) -> Iterator[Problem]:
    """Assisting departments without an officer, or that lead the only item that the row can mean."""
    for number, row in enumerate(table.rows, 1):
        code = row.then.get("department")
        if code in known.departments and code not in known.desks:
            yield problem("assist_without_desk", table.name, (number,), "department", value=code)
        leads = {
            item.lead
            for name in row.cell("category").one_of or ()
            if (category := known.categories.get(str(name))) and (item := known.item(category.item))
        }
        if leads == {code}:
            yield problem("lead_assists_itself", table.name, (number,), "department", value=code)


def is_limit(value: object) -> bool:
    """Whether it is a limit in its short or its Chinese form."""
    try:
        _LIMIT.validate_python(value)
    except ValidationError:
        return False
    return True
