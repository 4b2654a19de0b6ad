"""Orders as they stand, from the ledger: the documents that a department finds in its topic."""

from dataclasses import dataclass
from typing import Any, Final

from connectors.intake.context import Gateway
from connectors.ledger.queries.cases import Ledger
from schemas.case import Case
from schemas.event import Because, Event
from schemas.order import NOT_OF_AN_ORDER, Order, Written, ordered_from

_OF_THE_CASE: Final = Order.model_fields.keys() & Case.model_fields.keys()
_CLARITIES: Final = ("task", "standard", "guide", "method")


@dataclass(frozen=True, slots=True)
class OrderPage:
    """Some of a department's open orders, newest submitted first."""

    orders: tuple[Order, ...]
    last: Case | None
    """The last case that was looked at; None when there are no more."""
    since_ms: dict[int, int]
    """By partition of the department's topic, a time (ms UTC): what was written before is in these orders."""


async def open_orders(gateway: Gateway, department: str, before: tuple[int, str] | None, limit: int) -> OrderPage:
    """A page behind `before`. Raises `Refused` (503) without a ledger."""

    def look(ledger: Ledger) -> OrderPage:
        since_ms = ledger.newest_ms()  # read before the rows, so that no order is missed
        partitions = range(gateway.system.partitions)
        cases = ledger.cases(ordered_from=department, open_only=True, before=before, limit=limit + 1)
        shown = [case for case in cases[:limit] if department in ordered_from(case)]
        orders = [order_of(gateway, department, case, ledger) for case in shown]
        last = cases[limit - 1] if len(cases) > limit else None
        return OrderPage(tuple(orders), last, {partition: since_ms.get(partition, 0) for partition in partitions})

    return await gateway.ask(look)


def order_of(gateway: Gateway, department: str, case: Case, ledger: Ledger) -> Order:
    """One order as it stands: nothing `changed`. What the list says of it is what it says now."""
    written: list[Written] = ledger.texts(case.number)
    fields: dict[str, Any] = {name: getattr(case, name) for name in _OF_THE_CASE}
    items = gateway.items.own(case.item)
    if items:
        fields |= {"post": items[-1].post or None} | {part: getattr(items[-1], part) for part in _CLARITIES}
    return Order(
        **fields, case=case.number, changed=(), written=tuple(written), assisting=ordered_from(case)[department],
        category_name=gateway.category_names.get(case.category), because=_because(ledger.timeline(case.number)),
    )  # fmt: skip


def _because(events: list[Event]) -> Because | None:
    """The last reason that an order gave."""
    reasons = [event.because for event in events if event.because is not None and event.type not in NOT_OF_AN_ORDER]
    return reasons[-1] if reasons else None
