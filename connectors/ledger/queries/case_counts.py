"""Counts cases by share and by state."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from connectors.ledger.sql import LedgerRows
from schemas.case import Case, Count, State, share_of

COUNTS: Final = "SELECT state, merged, dispatched, moved_in, cases FROM counts"
LATE: Final = (
    "SELECT count(*) FROM cases INDEXED BY cases_open_due WHERE open = 1 AND due_order < ?"
    " AND master IS NULL AND state <> 'resolved' AND due_ms < coalesce(suspended_ms, ?)"
)


@dataclass(frozen=True, slots=True)
class CaseCounts:
    """Cases by share of the accepted reports and by state; `late`: open and past due at `at_ms`."""

    shares: Mapping[Count, int]
    states: Mapping[State, int]
    late: int
    at_ms: int


def case_counts(connection: LedgerRows, at: int) -> CaseCounts:
    """Shares, states, and how many open cases are past due at `at` ms."""
    shares, states = dict.fromkeys(Count, 0), dict.fromkeys(State, 0)
    for state, merged, dispatched, moved_in, count in connection.execute(COUNTS):
        shares[_share(State(state), merged, dispatched)] += count
        shares[Count.MOVED_IN] += count if moved_in else 0
        states[State(state)] += count
    ((late,),) = connection.execute(LATE, (at, at))
    return CaseCounts(shares, states, late, at)


def _share(state: State, merged: bool, dispatched: bool) -> Count:
    """The share of cases like this one; uses `share_of`, so that the rule is in one place."""
    return share_of(
        Case(
            number="", home="", report="", state=state, master="x" if merged else None,
            dispatched_ms=0 if dispatched else None,
        )
    )  # fmt: skip
