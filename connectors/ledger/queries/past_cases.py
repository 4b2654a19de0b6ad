"""A case as it was right after one of its events."""

from typing import Any, NamedTuple

from pydantic_core import from_json

from connectors.ledger.fold import Doc, fold
from connectors.ledger.reader import LedgerReader
from schemas.case import Case
from schemas.event import Event


class PastCase(NamedTuple):
    """A case after an event; where the ledger has not `read` the event yet, after what it has."""

    case: Case | None
    read: bool


def past_case(ledger: LedgerReader, event: Event) -> PastCase:
    """The case after `event`, which is one of its own."""
    rows = ledger.rows("SELECT n, event FROM timeline WHERE number = ? AND n <= ? ORDER BY seq", event.case, event.n)
    doc: Doc | None = None
    for _, raw in rows:
        doc = fold(doc, from_json(raw))
    return PastCase(_case(doc), bool(rows) and rows[-1][0] == event.n)


def as_the_event_says(before: Case | None, event: Event) -> Case:
    """The case when only the event is at hand: what it sets, over what was known before."""
    doc: dict[str, Any] | None = before.model_dump(mode="json") if before is not None else None
    return Case.model_validate(fold(doc, event.model_dump(mode="json")))


def _case(doc: Doc | None) -> Case | None:
    return None if doc is None else Case.model_validate(doc)
