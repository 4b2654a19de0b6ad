"""What one department has before it today: calls to it, its oldest open cases, and how much of it was in time."""

from dataclasses import dataclass, field
from typing import Final

from connectors.ledger.queries.board import SHOWN, Area
from connectors.ledger.queries.cases import Ledger
from schemas.case import Case
from schemas.remit import WHOLE

BACK_MS: Final = 60 * 86_400_000
"""Cases reported before are not counted among those resolved today, so that few have to be looked at."""


@dataclass(frozen=True, slots=True)
class DepartmentToday:
    """At one moment: open cases of others to which it was called, its own oldest ones, and today's resolved ones."""

    calls: list[Case] = field(default_factory=list)
    oldest: list[Case] = field(default_factory=list)
    resolved: int = 0
    """Resolved since midnight with a deadline, and not sent back since."""
    in_time: int = 0


def department_today(ledger: Ledger, area: Area, now_ms: int, midnight_ms: int) -> DepartmentToday:
    """For the department of `area`, whose other filters hold too."""
    where, values = area.condition("open = 1")
    oldest = f"SELECT number FROM cases INDEXED BY cases_open WHERE {where} ORDER BY submitted_ms, number LIMIT {SHOWN}"  # noqa: S608 - only names of ours
    within = WHOLE if area.department in area.within.departments else area.within  # who is called may see the case
    elsewhere = Area("", area.category, area.grid, within)
    there, more = elsewhere.condition("open = 1 AND called IS NOT NULL AND instr(called, ' ' || ? || ' ') > 0")
    calls = f"SELECT number FROM cases INDEXED BY cases_open_called WHERE {there} ORDER BY submitted_ms LIMIT {SHOWN}"  # noqa: S608
    done, again = area.condition("submitted_ms >= ? AND resolved_ms >= ? AND on_time IS NOT NULL")
    counts = (
        f"SELECT count(*), coalesce(sum(on_time), 0) FROM cases INDEXED BY cases_department WHERE {done}"  # noqa: S608
        " AND state IN ('resolved', 'closed')"
    )
    with ledger.snapshot() as connection:
        resolved, in_time = connection.execute(counts, [now_ms - BACK_MS, midnight_ms, *again]).fetchone()
        called = [row[0] for row in connection.execute(calls, [area.department, *more])]
        first = [row[0] for row in connection.execute(oldest, values)]
    found = {case.number: case for case in ledger.cases(numbers=[*called, *first], limit=2 * SHOWN)}
    own = [found[number] for number in first if number in found]
    return DepartmentToday([found[each] for each in called if each in found], own, resolved, in_time)
