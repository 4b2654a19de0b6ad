"""Finds the limits of a case: in the table of limits first, then in the list item, then in the category."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from rules.book.compiled_rulebook import CompiledRulebook
from rules.facts.routing_facts import RoutingFacts, question
from rules.tables.matcher import Conflict, choose
from schemas.items import Item, Limits, Milestone
from schemas.limit import is_limit, longer, spelled
from schemas.milestone_overrides import changed
from schemas.rulebook import Category
from schemas.table import Outputs

_CLOCKS: Final = tuple(Limits.model_fields)


@dataclass(frozen=True, slots=True)
class Terms:
    """The limits of the three clocks, and the milestones with their limits."""

    limits: Limits
    milestones: tuple[Milestone, ...] = ()


def terms_of(routing_facts: RoutingFacts, item: str | None, book: CompiledRulebook, t_ms: int) -> Terms:
    """The terms of a case dispatched at `t_ms`; each source fills in the limits that those before it leave open."""
    category, listed = book.category(routing_facts.category), book.item(item, t_ms)
    output = _by_table(routing_facts, book, t_ms)
    by_row = _limits(output)
    sources = [by_row, listed.limits if listed else None, category.limits]
    said = (next((limit for each in sources if each and (limit := getattr(each, clock))), None) for clock in _CLOCKS)
    steps = changed(steps_of(listed, category), output.get("milestones"))
    return Terms(_made(*said), within(steps, by_row.resolve))


def within(steps: tuple[Milestone, ...], resolve: str | None) -> tuple[Milestone, ...]:
    """The milestones cut to the resolution limit of a row, which may be shorter for any category."""
    if resolve is None:
        return steps
    return tuple(step.model_copy(update={"limit": resolve}) if longer(step.limit, resolve) else step for step in steps)


def steps_of(item: Item | None, category: Category) -> tuple[Milestone, ...]:
    """The milestones of the list item, or else of the category; the table of limits changes them."""
    return (item.milestones if item is not None else ()) or category.milestones


def _by_table(routing_facts: RoutingFacts, book: CompiledRulebook, t_ms: int) -> Outputs:
    """The output of the table for these facts."""
    table = book.rulebook.limits
    if table is None:
        return {}
    hit = choose(table, book.matcher.matches(*question(routing_facts, table, book, t_ms)))
    return {} if isinstance(hit, Conflict) else hit.then or {}


def _limits(then: Outputs) -> Limits:
    """The valid limits in it; the rules check reports the others."""
    limits = (spelled(then.get(clock)) for clock in _CLOCKS)
    return _made(*(limit if is_limit(limit) else None for limit in limits))


@lru_cache(1024)
def _made(accept: str | None, respond: str | None, resolve: str | None) -> Limits:
    """Cached, because a rulebook has few different ones."""
    return Limits(accept=accept, respond=respond, resolve=resolve)
