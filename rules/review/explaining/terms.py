"""Explains limits and joint departments: whether the table, the list item or the category gives them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from rules.clocks.limits import steps_of, within
from rules.review.explaining.rows import Ruling, Won
from schemas.items import Item, Limits
from schemas.limit import is_limit, spelled
from schemas.milestone_overrides import changed
from schemas.names import Name
from schemas.rulebook import Category

Source = Literal["limits", "item", "category"]


@dataclass(frozen=True, slots=True)
class Said:
    """A limit of a clock or milestone and its source; without a limit nothing gives one, or the step does not apply."""

    clock: str
    """`accept`, `respond`, `resolve`, or the id of a milestone."""
    limit: str | None = None
    by: Source | None = None
    name: Name | None = None
    """Of a milestone."""


def explain_limits(
    ruling: Ruling | None, item: Item | None, category: Category, steps: Mapping[str, str] | None
) -> tuple[Said, ...]:
    """Each clock and milestone: the table goes first, then the item, then the category.

    `steps` are the limits of the milestones that the case got, by id; None: it has no clocks yet.
    """
    sources: list[tuple[Source, Mapping[str, object]]] = [
        ("limits", ruling.then if ruling else {}),
        ("item", _told(item.limits if item else None)),
        ("category", _told(category.limits)),
    ]
    clocks = {clock: _said(clock, sources) for clock in Limits.model_fields}
    if steps is None:
        resolve = clocks["resolve"]
        steps = _will_be(ruling, item, category, resolve.limit if resolve.by == "limits" else None)
    return (*clocks.values(), *_milestones(item, category, steps))


def _will_be(ruling: Ruling | None, item: Item | None, category: Category, resolve: str | None) -> Mapping[str, str]:
    """The milestones that it will get by the present table."""
    output = ruling.then.get("milestones") if ruling else None
    return {step.id: step.limit for step in within(changed(steps_of(item, category), output), resolve)}


def _told(limits: Limits | None) -> Mapping[str, object]:
    return limits.model_dump() if limits else {}


def _said(clock: str, sources: Iterable[tuple[Source, Mapping[str, object]]]) -> Said:
    for source, output in sources:
        limit = spelled(output.get(clock))
        if isinstance(limit, str) and is_limit(limit):
            return Said(clock, limit, source)
    return Said(clock)


def _milestones(item: Item | None, category: Category, steps: Mapping[str, str]) -> Iterator[Said]:
    by: Source = "item" if item is not None and item.milestones else "category"
    for step in steps_of(item, category):
        limit = steps.get(step.id)
        yield Said(step.id, limit, by if limit == step.limit else "limits", step.name)


@dataclass(frozen=True, slots=True)
class Called:
    """A department that the list calls besides the owner, and the rows that name it; a lead is not called."""

    department: str
    rows: tuple[Won, ...] = ()
    by_item: bool = False
    leads: bool = False


def explain_called(ruling: Ruling | None, item: Item | None, lead: str | None) -> tuple[Called, ...]:
    """The departments of a dual item, and of every row of the joint table that matches."""
    dual = list(item.assists) if item is not None and item.dual else []
    won = ruling.won if ruling else ()
    codes = dict.fromkeys([*dual, *(str(row.then.get("department")) for row in won)])
    return tuple(
        Called(
            code,
            tuple(row for row in won if row.then.get("department") == code),
            code in dual,
            code == lead,
        )
        for code in codes
    )
