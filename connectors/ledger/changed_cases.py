"""The cases to which something happened since a position, with the reports that follow them."""

from functools import cache
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
    """Those with events behind `after_seq`. What happens to a case concerns the reports that were merged into it.

    A page that is not the last leaves out what comes again with a later one: hundreds of reports of one case would
    else come with each page that it is in.
    """
    with ledger.snapshot() as connection:
        rows = connection.execute(
            "SELECT seq, number FROM timeline WHERE seq > ? ORDER BY seq LIMIT ?", (after_seq, events)
        ).fetchall()
        more, last_seq = len(rows) == events, rows[-1][0] if rows else after_seq

        @cache
        def comes_later(number: str | None) -> bool:
            newest = "SELECT coalesce(max(seq), 0) FROM timeline WHERE number = ?"
            return more and number is not None and connection.execute(newest, (number,)).fetchone()[0] > last_seq

        docs = dict[str, str]()
        for number in dict.fromkeys(number for _, number in rows if number is not None):
            if comes_later(number):
                continue
            found = connection.execute(
                "SELECT number, master, doc FROM cases JOIN docs USING (id) WHERE number = ? OR master = ?",
                (number, number),
            )
            docs |= {case: doc for case, master, doc in found if case in docs or not comes_later(master)}
    cases = [Case.model_validate_json(doc) for doc in docs.values()]
    return ChangedCases(cases, last_seq, more)
