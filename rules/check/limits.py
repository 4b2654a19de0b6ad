"""Finds limits that contradict each other: accept, respond and resolve must come in this order."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from itertools import combinations
from typing import TypeVar

from rules.book.labels import CLOCK_NAMES, STEP_NAMES
from rules.check.known import References
from rules.check.outputs import is_limit
from rules.check.problem import Problem
from rules.check.said import listed, problem
from schemas.items import Limits, Milestone
from schemas.limit import is_working, longer, spelled
from schemas.limit_words import limit_name
from schemas.names import Name

Step = TypeVar("Step", bound=StrEnum)


def limits(known: References) -> Iterator[Problem]:
    """All places where limits are written."""
    book = known.rulebook
    for number, category in enumerate(book.categories, 1):
        yield from _contradict("categories", (number,), _told(category.limits), CLOCK_NAMES)
        yield from _milestones("categories", number, category.milestones, category.limits.resolve)
    for number, item in enumerate(book.items, 1):
        if item.limits is not None:
            yield from _contradict("items", (number,), _told(item.limits), CLOCK_NAMES)
            yield from _milestones("items", number, item.milestones, item.limits.resolve)
    yield from _without_shifts(known)
    for number, row in enumerate(book.limits.rows if book.limits else (), 1):
        assert book.limits is not None, "its rows are read"
        yield from _contradict(book.limits.name, (number,), row.then, CLOCK_NAMES)
    for number, whistle in enumerate(book.whistles, 1):
        if whistle.limits is not None:
            yield from _contradict("whistles", (number,), whistle.limits.model_dump(), STEP_NAMES)
    for report_in in (*book.policy.whistles.values(), book.policy.assist):
        yield from _contradict("policy", (), report_in.model_dump(), STEP_NAMES)


def _milestones(sheet: str, number: int, steps: tuple[Milestone, ...], resolve: str | None) -> Iterator[Problem]:
    """Milestones that are due after the resolution."""
    for step in steps:
        if resolve is not None and longer(step.limit, resolve):
            facts = {"step": step.name, "a": limit_name(step.limit), "b": limit_name(resolve)}
            yield problem("milestone_after_resolution", sheet, (number,), "milestones", **facts)


def _without_shifts(known: References) -> Iterator[Problem]:
    """One problem for all working limits in a region without a calendar."""
    if known.region.calendar is not None:
        return
    resolves = [(category.id, category.limits.resolve) for category in known.rulebook.categories]
    working = [name for name, resolve in resolves if is_working(resolve)]
    if working:
        yield problem("working_limits_without_shifts", "categories", (), "resolve", category=listed(working))


def _told(limits: Limits) -> dict[str, object]:
    return limits.model_dump(exclude_none=True)


def _contradict(
    sheet: str, rows: tuple[int, ...], then: Mapping[str, object], steps: Mapping[Step, Name]
) -> Iterator[Problem]:
    there = [(name, str(spelled(then[name]))) for name in steps if name in then and is_limit(then[name])]
    for (first, a), (second, b) in combinations(there, 2):
        if longer(a, b):
            facts = {"first": steps[first], "second": steps[second], "a": limit_name(a), "b": limit_name(b)}
            yield problem("limits_contradict", sheet, rows, str(first), **facts)
            return
