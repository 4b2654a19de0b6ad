"""The cases to which something happened since a position, with the reports that follow them."""

from typing import Final, NamedTuple

from connectors.ledger.queries.cases import Ledger
from schemas.case import Case

MOST_EVENTS: Final = 2000
"""Events that one page goes through."""


class ChangedCases(NamedTuple):
    """One page: cases as they are now, each once, by the order of their events, and where the next page goes on."""

    cases: list[Case]
    next_seq: int
    more: bool


def changed_cases(ledger: Ledger, after_seq: int, events: int = MOST_EVENTS) -> ChangedCases:
    """Those with events behind `after_seq`. What happens to a case concerns the reports that were merged into it."""
    with ledger.snapshot() as connection:
        rows = connection.execute(
            "SELECT seq, number FROM timeline WHERE seq > ? ORDER BY seq LIMIT ?", (after_seq, events)
        ).fetchall()
        numbers = list(dict.fromkeys(number for _, number in rows if number is not None))
        docs = dict[str, str]()
        for number in numbers:
            found = connection.execute(
                "SELECT number, doc FROM cases JOIN docs USING (id) WHERE number = ? OR master = ?", (number, number)
            ).fetchall()
            docs |= dict(found)
    cases = [Case.model_validate_json(doc) for doc in docs.values()]
    return ChangedCases(cases, rows[-1][0] if rows else after_seq, len(rows) == events)
