from pathlib import Path

from connectors.ledger.queries.past_cases import as_the_event_says, past_case
from schemas.case import State
from schemas.event import EventType
from tests.worlds.builders import START, LogBuilder, ledger_of


def test_a_case_after_each_of_its_events(tmp_path: Path) -> None:
    log = LogBuilder()
    number = log.open(reporter="p-anna")
    log.open()
    log.dispatch(number, START + 1000)
    ledger = ledger_of(log, tmp_path / "ledger.sqlite")
    opened, dispatched = ledger.timeline(number)
    first, last = past_case(ledger, opened), past_case(ledger, dispatched)
    assert first.read
    assert first.case is not None
    assert (first.case.state, first.case.assignee, first.case.seq) == (State.SUBMITTED, None, 1)
    assert last == (ledger.case(number), True)
    assert as_the_event_says(first.case, dispatched) == ledger.case(number)


def test_what_the_ledger_has_not_read_is_what_it_was_before(tmp_path: Path) -> None:
    log = LogBuilder()
    number = log.open(reporter="p-anna")
    ledger = ledger_of(log, tmp_path / "ledger.sqlite")
    later = log.add(EventType.DISPATCHED, number, now={"state": State.DISPATCHED})
    case, read = past_case(ledger, later)
    assert (case, read) == (ledger.case(number), False)
    unknown = log.add(EventType.OPENED, "demo-G001-2609-00099")
    assert past_case(ledger, unknown) == (None, False)
