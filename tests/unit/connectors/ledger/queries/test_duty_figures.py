"""Duties in the ledger: due, done and not done by person and grid, and in no other figure."""

from pathlib import Path
from typing import Any

from connectors.ledger.queries.duty_figures import duties, weeks
from schemas.command import Outcome
from schemas.remit import Remit
from tests.worlds.builders import HOUR, START, LogBuilder, ledger_of

SUNDAY = START + 6 * 24 * HOUR
"""22:13 in Shanghai, on the last day of its week."""


def a_log() -> LogBuilder:
    """Of one person: done in time, done late, not done, still open; of another one: done. And a case of no duty."""
    log = LogBuilder()

    def due(person: str, t_ms: int = START, **end: Any) -> None:
        number = log.open(t_ms=t_ms, duty="school-run")
        log.dispatch(number, t_ms, assignee=person)
        if end:
            log.close(number, t_ms + HOUR, **end)

    due("patrol-1", outcome=Outcome.FIXED, on_time=True)
    due("patrol-1", outcome=Outcome.FIXED, on_time=False)
    due("patrol-1", outcome=Outcome.NOT_DONE, on_time=False)
    due("patrol-1")
    due("patrol-2", START + 24 * HOUR, outcome=Outcome.FIXED, on_time=True)
    log.open()
    return log


def test_each_duty_counts_once(tmp_path: Path) -> None:
    answer = duties(ledger_of(a_log(), tmp_path / "l.sqlite"), zone="Asia/Shanghai")
    rows = {row["person"]: row for row in answer["rows"]}
    one = rows["patrol-1"]
    assert (one["due"], one["done"], one["late"], one["not_done"], one["open"]) == (4, 2, 1, 1, 1)
    assert rows["patrol-2"]["done"] == 1


def test_a_period_is_by_the_begin_of_the_window(tmp_path: Path) -> None:
    ledger = ledger_of(a_log(), tmp_path / "l.sqlite")
    answer = duties(ledger, START + 24 * HOUR, START + 25 * HOUR)
    assert [(row["person"], row["due"]) for row in answer["rows"]] == [("patrol-2", 1)]
    assert duties(ledger, None, START)["rows"] == []


def test_weeks_begin_on_monday_in_the_region_and_each_duty_is_in_one(tmp_path: Path) -> None:
    """The log begins on a Monday evening; one duty begins before the end of that week in Shanghai, one after it."""
    log = LogBuilder()
    for t_ms in (START, SUNDAY + HOUR, SUNDAY + 2 * HOUR):
        log.dispatch(log.open(t_ms=t_ms, duty="school-run"), t_ms, assignee="patrol-1")
    told = weeks(ledger_of(log, tmp_path / "l.sqlite"), SUNDAY + 4 * HOUR, 3, "Asia/Shanghai")
    assert [(week["begin"], week["due"], week["open"]) for week in told] == [
        ("2026-09-28", 1, 1), ("2026-09-21", 2, 2), ("2026-09-14", 0, 0),
    ]  # fmt: skip


def test_they_are_in_no_other_figure(tmp_path: Path) -> None:
    (row,) = ledger_of(a_log(), tmp_path / "l.sqlite").stats("category")["rows"]
    assert row["opened"] == 1


def test_a_part_of_the_region_has_the_duties_of_its_grids(tmp_path: Path) -> None:
    """A duty belongs to no department."""
    ledger = ledger_of(a_log(), tmp_path / "l.sqlite")
    there, elsewhere, desk = (Remit(grids=frozenset({grid})) for grid in ("G001", "G002", ""))
    assert duties(ledger, within=there) == duties(ledger)
    assert duties(ledger, within=elsewhere)["rows"] == duties(ledger, within=desk)["rows"] == []
    assert duties(ledger, within=Remit(departments=frozenset({"sanitation"})))["rows"] == []
    assert [week["due"] for week in weeks(ledger, START + HOUR, 1, within=elsewhere)] == [0]
