"""Checks milestones changed by rows of the limits table: unknown steps, and steps after the resolution."""

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from rules.check.known import References
from rules.check.outputs import STEPS
from rules.check.problem import Problem
from rules.check.said import listed, near, problem
from rules.clocks.limits import steps_of
from schemas.items import Milestone
from schemas.limit import is_limit, longer, spelled
from schemas.limit_words import limit_name
from schemas.milestone_overrides import changed, parts
from schemas.table import ANY, Cell, Outputs


class _Way(NamedTuple):
    """Milestones and resolution limit that cases of a category can have before the table changes them."""

    category: str
    steps: tuple[Milestone, ...]
    resolve: str | None


def steps(known: References) -> Iterator[Problem]:
    """All problems of milestones, in rows and the default."""
    table = known.rulebook.limits
    if table is None:
        return
    all_ways = _ways(known)
    asked: list[tuple[tuple[int, ...], Cell, Outputs]] = [
        ((number,), row.cell("category"), row.then) for number, row in enumerate(table.rows, 1)
    ]
    asked.append(((), ANY, table.default or {}))
    listed_steps = (each.milestones for sheet in (known.rulebook.categories, known.rulebook.items) for each in sheet)
    written = {step.id for milestones in listed_steps for step in milestones}

    @cache
    def met(names: tuple[str, ...] | None) -> tuple[_Way, ...]:
        ways = (way for way in all_ways if names is None or way.category in names)
        return tuple({(way.steps, way.resolve): way for way in reversed(list(ways))}.values())  # one of each kind

    for rows, cell, then in asked:
        ways = met(_names(cell))
        for code, facts in (*_named(then, ways, all_ways, written), *_late(then, ways, general=cell == ANY)):
            yield problem(code, table.name, rows, STEPS, **facts)


def _names(cell: Cell) -> tuple[str, ...] | None:
    return None if cell.one_of is None else tuple(map(str, cell.one_of))


def _ways(known: References) -> tuple[_Way, ...]:
    """By the category's own item and each item that routing can give it; without those that have no milestones."""
    found = dict[_Way, None]()
    everywhere, here = _given(known)
    for category in known.rulebook.categories:
        for name in sorted({str(category.item), *everywhere, *here.get(category.id, ())}):
            item = known.item(name)
            limits = item.limits if item is not None else None
            resolve = (limits.resolve if limits else None) or category.limits.resolve
            if own := steps_of(item, category):
                found[_Way(category.id, own, resolve)] = None
    return tuple(found)


def _given(known: References) -> tuple[set[str], dict[str, set[str]]]:
    """Items with limits of their own that rows of routing give to every category, and to some categories."""
    everywhere, here = set[str](), dict[str, set[str]]()
    routing = known.rulebook.routing
    given = [(row.cell("category"), row.then.get("item")) for row in routing.rows]
    for cell, name in [*given, (ANY, (routing.default or {}).get("item"))]:
        item = known.item(name)
        if item is None or not (item.milestones or item.limits):
            continue
        names = _names(cell)
        if names is None:
            everywhere.add(item.id)
        for category in names or ():
            here.setdefault(category, set()).add(item.id)
    return everywhere, here


_Found = Iterator[tuple[str, dict[str, object]]]


def _named(then: Outputs, ways: tuple[_Way, ...], all_ways: tuple[_Way, ...], written: set[str]) -> _Found:
    """Problems in the row's milestones: how they are written, and whether its cases have such steps."""
    here = {step.id for way in ways for step in way.steps}
    seen = set[str]()
    for text, step in parts(then.get(STEPS)):
        if step is None:
            yield "wrong_step", {"value": text}
            continue
        if step.id in seen:
            yield "step_twice", {"value": step.id}
        elif step.id not in written:
            yield "unknown_step", {"value": step.id, "near": near(step.id, written)}
        elif step.id not in here:
            having = dict.fromkeys(way.category for way in all_ways if step.id in {step.id for step in way.steps})
            yield "step_elsewhere", {"value": step.id, "known": listed(having) or "-"}
        seen.add(step.id)


def _late(then: Outputs, ways: tuple[_Way, ...], *, general: bool) -> _Found:
    """A step that the row, or its shorter resolution limit, puts after the resolution; other checks cover the rest.

    A general row, for any category, may shorten every resolution: steps then end with it (`limits.within`).
    """
    short = spelled(then.get("resolve"))
    said = str(short) if is_limit(short) else None
    if said is None and STEPS not in then:
        return
    ids = {step.id for _, step in parts(then.get(STEPS)) if step is not None}
    for way in ways:
        resolve = said or way.resolve
        for step in changed(way.steps, then.get(STEPS)):
            if resolve is None or not longer(step.limit, resolve) or (step in way.steps and resolve == way.resolve):
                continue
            if general and step.id not in ids:
                continue
            facts = {"category": way.category, "id": step.id, "step": step.name}
            yield "step_after_resolution", {**facts, "a": limit_name(step.limit), "b": limit_name(resolve)}
            return
