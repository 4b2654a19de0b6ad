"""Accept an offer: the first person to do so gets the case, with its clocks."""

from rules.acts.act_context import ActContext
from rules.cases.dispatching import assign
from rules.facts.routing_facts import routing_facts_of
from rules.routing.offering import accepted_by
from rules.routing.route import route


def accept(act: ActContext) -> None:
    """Make the first person to accept accountable, as if the list had named them."""
    case, builder = act.case, act.builder
    listed = route(routing_facts_of(case, case.place, builder.context), builder.context)
    chosen = accepted_by(act.command.by, listed, builder.book)
    act.case = assign(builder, case, chosen, offer=None, acted_ms=max(act.occurred_ms, case.acted_ms))
