"""Pages of changed cases: read to the end they have every case as it is, and none again with each page."""

from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.ledger.changed_cases import changed_cases
from connectors.ledger.queries.cases import Ledger
from connectors.platforms.outcomes import standings_of
from schemas.event import EventType
from tests.worlds.builders import START, LogBuilder, ledger_of

HOME = "demo-G001"


def read_through(ledger: Ledger, after_seq: int, events: int) -> tuple[Counter[str], dict[str, str]]:
    """How often each case came, and its last state, from a position to the end."""
    came, states = Counter[str](), dict[str, str]()
    while True:
        page = changed_cases(ledger, after_seq, events)
        came.update(case.number for case in page.cases)
        states |= {case.number: case.state for case in page.cases}
        if not page.more:
            return came, states
        assert page.next_seq > after_seq
        after_seq = page.next_seq


def log_of(masters: list[int | None], notes: list[int]) -> tuple[LogBuilder, list[str]]:
    """Cases, of which some are merged into others, and events after that."""
    log = LogBuilder(1)
    numbers = [log.open(HOME, START + n) for n in range(len(masters))]
    for at, master in enumerate(masters):
        if master is not None and masters[master % len(masters)] is None and master % len(masters) != at:
            into = numbers[master % len(masters)]
            log.add(EventType.MERGED, numbers[at], t_ms=START + 50, now={"state": "merged", "master": into})
            log.add(EventType.CORRECTED, into, t_ms=START + 50, now={})
    for each in notes:
        log.add(EventType.CORRECTED, numbers[each % len(numbers)], t_ms=START + 60, now={"acted_ms": START + 60})
    return log, numbers


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.none() | st.integers(0, 9), min_size=1, max_size=10),
    st.lists(st.integers(0, 9), max_size=12),
    st.integers(1, 9),
    st.integers(0, 30),
)
def test_pages_of_any_size_end_with_the_same(
    masters: list[int | None], notes: list[int], events: int, after_seq: int
) -> None:
    log, _ = log_of(masters, notes)
    with TemporaryDirectory() as folder:
        ledger = ledger_of(log, Path(folder) / "ledger.sqlite")
        whole = changed_cases(ledger, after_seq, 10_000)
        came, states = read_through(ledger, after_seq, events)
        assert states == {case.number: case.state for case in whole.cases}
        assert all(times <= 2 for times in came.values())
        ledger.close()


@pytest.mark.parametrize("reports", [60])
def test_what_was_merged_into_one_case_comes_with_its_last_page(reports: int, tmp_path: Path) -> None:
    """Else each page that the case is in would have all of them; and the case is read once for all."""
    log, numbers = log_of([None, *[0] * (reports - 1)], [])
    ledger = ledger_of(log, tmp_path / "ledger.sqlite")
    came, _ = read_through(ledger, 0, 10)
    assert came.total() == reports
    found = standings_of(ledger, changed_cases(ledger, 0, 10_000).cases)
    assert {id(each.worked_on) for each in found if each.case.master} == {id(found[1].worked_on)}
    assert found[1].worked_on.number == numbers[0]
