"""Counts cases by share and by state."""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

from schemas.case import Case, Count, State, share_of


@dataclass(frozen=True, slots=True)
class CaseCounts:
    """Cases by share of the accepted reports and by state; `late`: open and past due at `at_ms`."""

    shares: Mapping[Count, int]
    states: Mapping[State, int]
    late: int
    at_ms: int


def case_counts(connection: sqlite3.Connection, at: int) -> CaseCounts:
    """Shares, states, and how many open cases are past due at `at` ms."""
    rows = connection.execute(
        "SELECT state, master IS NOT NULL, dispatched_ms IS NOT NULL, moved_from IS NOT NULL, count(*),"
        " sum(open AND master IS NULL AND state <> 'resolved' AND due_ms < min(?, coalesce(suspended_ms, ?)))"
        " FROM cases GROUP BY 1, 2, 3, 4",
        (at, at),
    ).fetchall()
    shares, states, late = dict.fromkeys(Count, 0), dict.fromkeys(State, 0), 0
    for state, merged, dispatched, moved_in, count, past in rows:
        shares[_share(State(state), merged, dispatched)] += count
        shares[Count.MOVED_IN] += count if moved_in else 0
        states[State(state)] += count
        late += past or 0
    return CaseCounts(shares, states, late, at)


def _share(state: State, merged: bool, dispatched: bool) -> Count:
    """The share of cases like this one; uses `share_of`, so that the rule is in one place."""
    return share_of(
        Case(
            number="", home="", report="", state=state, master="x" if merged else None,
            dispatched_ms=0 if dispatched else None,
        )
    )  # fmt: skip
