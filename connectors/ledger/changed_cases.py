"""The cases to which something happened since a position, with the reports that follow them."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Final, NamedTuple

from connectors.ledger.queries.cases import Ledger
from connectors.ledger.remit_sql import AMONG, among
from connectors.ledger.sql import LedgerRows
from schemas.case import Case

MOST_EVENTS: Final = 2000
"""Events that one page goes through."""
_LATER: Final = f"SELECT DISTINCT number FROM timeline INDEXED BY timeline_number WHERE number {AMONG} AND seq > ?"  # noqa: S608 - names of ours
_OWN: Final = f"SELECT number, master, doc FROM cases CROSS JOIN docs USING (id) WHERE number {AMONG}"  # noqa: S608
_MERGED: Final = (
    "SELECT number, master, doc FROM cases INDEXED BY cases_master CROSS JOIN docs USING (id)"  # noqa: S608
    f" WHERE master IS NOT NULL AND master {AMONG} ORDER BY id"
)


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
        numbers = dict.fromkeys(number for _, number in rows if number is not None)
        later = _later(connection, numbers, last_seq) if more else set()
        now = among(frozenset(number for number in numbers if number not in later))
        own = {row[0]: row for row in connection.execute(_OWN, (now,))}
        merged = defaultdict[str, list[tuple[str, str, str]]](list)
        for row in connection.execute(_MERGED, (now,)):
            merged[row[1]].append(row)
        masters = {master for _, master, _ in own.values() if master is not None}
        later |= _later(connection, masters, last_seq) if more else set()
    docs = dict[str, str]()
    for number in numbers:
        if number in own:
            docs |= {case: doc for case, master, doc in (own[number], *merged[number]) if master not in later}
    cases = [Case.model_validate_json(doc) for doc in docs.values()]
    return ChangedCases(cases, last_seq, more)


def _later(connection: LedgerRows, numbers: Iterable[str], last_seq: int) -> set[str]:
    """Those to which something happened after a sequence."""
    return {number for (number,) in connection.execute(_LATER, (among(frozenset(numbers)), last_seq))}
