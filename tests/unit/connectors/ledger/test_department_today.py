"""What one department has before it today."""

from pathlib import Path

from connectors.ledger.department_today import DepartmentToday, department_today
from connectors.ledger.queries.board import Area
from schemas.remit import Remit
from tests.worlds.builders import HOUR, START, LogBuilder, ledger_of

OWN = {"department": {"code": "parks", "name": "Parks"}}
DAY = 24 * HOUR


def test_what_was_resolved_today_counts_by_its_deadline_until_it_is_sent_back(tmp_path: Path) -> None:
    log = LogBuilder()
    numbers = [log.open() for _ in range(5)]
    for number in numbers:
        log.dispatch(number, START, due_ms=START + 4 * HOUR, **OWN)
    log.resolve(numbers[0], START + HOUR, on_time=True)
    log.resolve(numbers[1], START + 5 * HOUR, on_time=False)
    log.resolve(numbers[2], START + HOUR, on_time=True)
    log.dispatch(numbers[2], START + 2 * HOUR, state="rework", due_ms=START + 6 * HOUR, **OWN)
    ledger = ledger_of(log, tmp_path / "l.sqlite")
    today = department_today(ledger, Area("parks"), START + 6 * HOUR, START)
    assert (today.resolved, today.in_time) == (2, 1)
    assert [case.number for case in today.oldest] == numbers
    assert department_today(ledger, Area("parks"), START + 2 * DAY, START + DAY).resolved == 0
    assert department_today(ledger, Area("sanitation"), START + 6 * HOUR, START).oldest == []
    for elsewhere in (Remit(grids=frozenset({"G999"})), Remit()):
        found = department_today(ledger, Area("parks", within=elsewhere), START + HOUR, START)
        assert found == DepartmentToday(), "an empty part of the region has nothing"
