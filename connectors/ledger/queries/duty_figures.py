"""Figures of duties 值守: due, done, not done, by person and grid or by week, apart from all other cases."""

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final, TypedDict
from zoneinfo import ZoneInfo

from connectors.ledger.queries.cases import Ledger
from schemas.case import State
from schemas.command import Outcome
from schemas.remit import WHOLE, Remit

_Period = TypedDict("_Period", {"from": str | None, "to": str | None})


class DutyCounts(TypedDict):
    """`due` = `done` + `not_done` + `open`; `open` are those whose window has not ended."""

    due: int
    done: int
    late: int
    """Of `done`: after the window."""
    not_done: int
    open: int


class DutyRow(DutyCounts):
    """One row, by person and grid."""

    person: str
    grid: str


class Week(DutyCounts):
    """The duties that began in one week; `begin` is its Monday, `YYYY-MM-DD`."""

    begin: str


class DutyFigures(_Period):
    """The answer; `from` and `to` are ISO 8601 times in `zone`, None where the period is open."""

    zone: str
    rows: list[DutyRow]


_SQL: Final = """
SELECT coalesce(assignee, ''), coalesce(grid, ''), count(*),
    count(*) FILTER (WHERE state = ?1 AND outcome <> ?2),
    count(*) FILTER (WHERE state = ?1 AND outcome <> ?2 AND on_time = 0),
    count(*) FILTER (WHERE state = ?1 AND outcome = ?2), sum(open)
FROM cases
WHERE duty IS NOT NULL AND state <> ?3 AND submitted_ms >= ?4 AND submitted_ms < ?5
GROUP BY 1, 2 ORDER BY 1, 2
"""
_FOR_EVER: Final = 1 << 62


def duties(
    ledger: Ledger,
    from_ms: int | None = None,
    to_ms: int | None = None,
    zone: str = "UTC",
    *,
    within: Remit = WHOLE,
) -> DutyFigures:
    """Figures of all duties with `from_ms` ≤ begin < `to_ms` (ms UTC), by person and grid.

    `within`: only of its grids; a duty belongs to no department.
    """
    words = State.CLOSED.value, Outcome.NOT_DONE.value, State.REFUSED.value
    period = -_FOR_EVER if from_ms is None else from_ms, _FOR_EVER if to_ms is None else to_ms
    rows = [
        DutyRow(person=person, grid=grid, due=due, done=done, late=late, not_done=not_done, open=still)
        for person, grid, due, done, late, not_done, still in ledger.rows(_SQL, *words, *period)
        if within.has_grid(grid or None)
    ]
    place = ZoneInfo(zone)
    begin, end = (
        None if at is None else datetime.fromtimestamp(at / 1000, place).isoformat() for at in (from_ms, to_ms)
    )
    return {"from": begin, "to": end, "zone": zone, "rows": rows}


def weeks(ledger: Ledger, now_ms: int, count: int, zone: str = "UTC", *, within: Remit = WHOLE) -> list[Week]:
    """The last `count` weeks, Monday to Monday in `zone`, starting with the week of `now_ms` (ms UTC)."""
    now = datetime.fromtimestamp(now_ms / 1000, ZoneInfo(zone))
    monday = now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=now.weekday())
    mondays = [monday - timedelta(weeks=back) for back in range(-1, count)]
    found = []
    for end, begin in pairwise(mondays):
        rows = duties(ledger, _ms(begin), _ms(end), zone, within=within)["rows"]
        due, done, late = (sum(row[name] for row in rows) for name in ("due", "done", "late"))
        not_done, still = sum(row["not_done"] for row in rows), sum(row["open"] for row in rows)
        found.append(Week(begin=f"{begin:%Y-%m-%d}", due=due, done=done, late=late, not_done=not_done, open=still))
    return found


def _ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)
