"""Checks before a merge that the master gives a report everything it would get as a case of its own."""

from dataclasses import replace
from functools import cached_property

from rules.cases.dispatching import assign, at_gate
from rules.decision.builder import DecisionBuilder
from rules.facts.routing_facts import RoutingFacts, routing_facts_of
from rules.routing.route import Route, route
from schemas.case import Case
from schemas.claims import Claims
from schemas.joining import ALIKE, Lost, claims_of, lost
from schemas.report import Report


class Alone:
    """A case ready for dispatch. What it would get is computed when it is needed."""

    def __init__(self, builder: DecisionBuilder, case: Case, source: Report | None) -> None:
        self._builder = builder
        self._case = case
        self._source = source

    def lost(self, master: Case) -> Lost | None:
        """What it would lose by a merge into `master`; None: nothing."""
        case = self._case
        if case.kind not in ALIKE:
            return Lost.KIND
        if case.subcategory and master.subcategory and case.subcategory != master.subcategory:
            return lost(self._said, master) or Lost.SUBCATEGORY
        return lost(self._said, master) or self._lost_by_list(master)

    def _lost_by_list(self, master: Case) -> Lost | None:
        if at_gate(self._builder, self._case) is not None or self._route.refused:
            return Lost.LIST
        if not self._same_hands(master):
            return Lost.HANDS
        if not _called(self._dispatched) <= _called(master):
            return Lost.CALLED
        return lost(claims_of(self._dispatched), master)

    @property
    def _said(self) -> Claims:
        """What is known without the list."""
        return claims_of(self._case)

    @cached_property
    def _facts(self) -> RoutingFacts:
        return routing_facts_of(self._case, self._case.place, self._builder.context)

    @cached_property
    def _route(self) -> Route:
        return route(self._facts, self._builder.context)

    @cached_property
    def _dispatched(self) -> Case:
        """The case as it would be dispatched; one to be offered, as if nobody accepted it."""
        return assign(self._builder.aside(), self._case, self._route, source=self._source, asked=self._facts)

    def _same_hands(self, master: Case) -> bool:
        """Whether the list gives it to the holders of the master.

        If a person assigned or accepted the master, its holder by the list counts.
        """
        own = _hands(self._dispatched)
        if own == _hands(master):
            return True
        handed = master.hops > 0 or self._route.offer is not None
        if self._dispatched.item != master.item:  # a pushed task keeps the item that it cites
            return False
        if not handed or master.rulebook != self._builder.book.version:
            return False
        context = self._builder.context
        listed = route(replace(routing_facts_of(master, master.place, context), counts=self._facts.counts), context)
        return _decided(listed) == _decided(self._route)


def _called(case: Case) -> set[str]:
    """The departments that work on it besides the owner."""
    return {each.department.code for each in case.assists}


def _hands(case: Case) -> tuple[str | None, str | None, str | None]:
    """The responsible person, the department, and the item."""
    return case.accountable or case.assignee, case.department.code if case.department else None, case.item


def _decided(chosen: Route) -> tuple[object, ...]:
    department = chosen.department.code if chosen.department else None
    return chosen.accountable or chosen.assignee, department, chosen.item, chosen.offer, chosen.refused
