"""Pull mode 社区派单、网格员接单: a case is offered to several people; the first who accepts gets it.

An offer that lapses goes to more people once; then the case goes to the person on the list.
"""

from dataclasses import replace
from typing import Final

from rules.book.compiled_rulebook import CompiledRulebook
from rules.book.labels import OFFER_NAMES
from rules.book.reasons import because, ruled
from rules.decision.builder import DecisionBuilder
from rules.routing.route import Route, name_of
from rules.time.working import due_at
from schemas.case import Case, Deadline, State
from schemas.event import Because, EventType
from schemas.pending import Offer, OfferTo

WIDER: Final[dict[OfferTo, OfferTo | None]] = {
    OfferTo.WORKERS: OfferTo.ALL_WORKERS,
    OfferTo.VOLUNTEERS: OfferTo.EVERYBODY,
    OfferTo.ALL_WORKERS: None,
    OfferTo.EVERYBODY: None,
}
"""Who gets an offer next that nobody accepted; None: the case is assigned."""


def offered(builder: DecisionBuilder, case: Case, to: OfferTo, rule: Because | None = None) -> Case:
    """Offer the case until the offer lapses; `rule` is the reason."""
    policy, calendar = builder.book.rulebook.policy, builder.book.region.calendar
    until_ms = due_at(builder.t_ms, policy.offer_lapses, calendar)
    reason = because("offered", people=OFFER_NAMES[to])
    return builder.happen(
        case,
        EventType.OFFERED,
        ruled(reason, rule) if rule else reason,
        by="system",
        facts={"to": to},
        state=State.SUBMITTED,
        offer=Offer(to=to, until_ms=until_ms),
        deadlines={Deadline.OFFER: until_ms},
    )


def accepted_by(person: str, chosen: Route, book: CompiledRulebook) -> Route:
    """The route of a case to the person who accepted it."""
    reason = because("accepted_offer", person=name_of(person, book))
    return replace(chosen, assignee=person, accountable=None, gap=False, because=ruled(reason, chosen.because))
