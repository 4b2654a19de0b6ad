"""What other systems write comes into any database."""

from pathlib import Path

from tests.worlds.builders import START, LogBuilder, ledger_of


def test_a_nul_in_the_words_of_another_system_stops_no_ledger(tmp_path: Path) -> None:
    log = LogBuilder()
    number = log.open(category="Pot\x00hole", change={"id": "item\x00one"})
    log.dispatch(number, START, department={"code": "parks", "name": "Pa\x00rks"})
    ledger = ledger_of(log, tmp_path / "l.sqlite")
    assert [case.number for case in ledger.cases(category="Pot\ufffdhole")] == [number]
    (case,) = ledger.cases()
    assert case.category == "Pot\x00hole", "what is on the log is shown as it is"
    query = "SELECT department_name, proposes, service FROM cases"
    assert ledger.rows(query) == [("Pa\ufffdrks", "item\ufffdone", "Pot\ufffdhole")]
