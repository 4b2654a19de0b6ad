from pathlib import Path

from bench.filled_ledger import YEAR_MS, fill
from connectors.ledger.queries.cases import Ledger
from schemas.case import State
from tests.worlds.builders import START


def test_replicas_are_cases_like_any_other(tmp_path: Path) -> None:
    """Open and ended ones of a whole year, each with a timeline, beside those that the rules made."""
    path = tmp_path / "ledger.sqlite"
    fill(path, 500, START, models=20)
    ledger = Ledger(path)
    cases = ledger.cases(limit=1000)
    assert len(cases) == 500
    assert len({case.report for case in cases}) == 500
    replicas = [case for case in cases if case.report.endswith("like-it")]
    assert len(replicas) == 460
    assert min(case.submitted_ms for case in replicas) == START - YEAR_MS
    assert {State.CLOSED, State.MERGED} < {case.state for case in cases}
    assert len(ledger.cases(open_only=True)) > 20
    assert [event.t_ms for event in ledger.timeline(replicas[-1].number)] == [replicas[-1].submitted_ms]
