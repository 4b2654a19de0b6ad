"""Changes of state of the cases that other systems see, oldest first."""

from typing import Any, Final, NamedTuple

from pydantic_core import from_json

from connectors.ledger.queries.cases import Ledger
from connectors.ledger.service_requests import PUBLISHED, events_between

_CHANGES: Final = f"""
SELECT timeline.partition, n, t_ms, number, report, event FROM timeline CROSS JOIN cases USING (number)
WHERE seq > ? AND seq <= ? AND t_ms BETWEEN ? AND ? AND type <> 'opened'
AND json_extract(CAST(event AS TEXT), '$.now.state') IS NOT NULL AND {PUBLISHED} ORDER BY seq LIMIT ? OFFSET ?
"""  # noqa: S608 - of our own parts


class StateChange(NamedTuple):
    """An event that set the state of a case; `partition` and `n` are its place in the log, which stays."""

    partition: int
    n: int
    t_ms: int
    number: str
    report: str
    now: dict[str, Any]


def state_changes(ledger: Ledger, from_ms: int, to_ms: int, limit: int, offset: int = 0) -> list[StateChange]:
    """Of a time, ms UTC, both ends included. Raises `TooManyEventsError`."""
    rows = ledger.rows(_CHANGES, *events_between(ledger, from_ms, to_ms), from_ms, to_ms, limit, offset)
    return [
        StateChange(partition, n, t_ms, number, report, from_json(event)["now"])
        for partition, n, t_ms, number, report, event in rows
    ]
