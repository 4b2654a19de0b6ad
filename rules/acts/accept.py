"""Accepting an offer: the first one has the case, with its clocks."""

from rules.acts.act_context import Doing
from rules.cases.dispatching import assign
from rules.facts.routing_facts import matter_of
from rules.routing.offering import accepted_by
from rules.routing.route import route


def accept(doing: Doing) -> None:
    """Whoever accepts first is accountable for it, as if the list had named them."""
    case, making = doing.case, doing.making
    listed = route(matter_of(case, case.place, making.around), making.around)
    chosen = accepted_by(doing.command.by, listed, making.book)
    doing.case = assign(making, case, chosen, offer=None, acted_ms=max(doing.occurred_ms, case.acted_ms))
