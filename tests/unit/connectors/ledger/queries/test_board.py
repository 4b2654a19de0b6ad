from collections import Counter
from pathlib import Path

import pytest

from connectors.ledger.queries.board import (
    REPEATED,
    REPEATS_MS,
    RUNNING,
    SHOWN,
    SOON_MS,
    Area,
    Load,
    board,
    latest,
    open_cases,
)
from connectors.ledger.queries.cases import Ledger
from schemas.case import Case
from schemas.remit import Remit
from tests.worlds.builders import HOMES, HOUR, START, LogBuilder, ledger_of

DAY = 24 * HOUR


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    """Sixty cases over two days, every third closed; some with another person, department and rung, some paused."""
    log = LogBuilder().stories(60)
    for n in range(40):
        number = log.open(HOMES[n % 3], START + n * HOUR, category=("greasy", "pothole")[n % 2])
        if n % 5 == 0:
            continue
        more: dict[str, object] = {"department": {"code": "parks", "name": "Parks"}} if n % 2 else {}
        due_ms = START + n * HOUR + 4 * HOUR
        log.dispatch(number, START + n * HOUR, assignee=f"p-{n % 4}", raised=n % 3, due_ms=due_ms, **more)
        if n % 7 == 0:
            log.resolve(number, START + n * HOUR + 1)
    return ledger_of(log, tmp_path / "l.sqlite")


LANE, DESK = Remit(grids=frozenset({"G001", "G002"})), Remit(departments=frozenset({"parks"}))
AREAS = [
    Area(), Area(department="parks"), Area(category="pothole"), Area(grid="G002", category="greasy"), Area("none"),
    Area(within=LANE), Area(grid="G003", within=LANE), Area(within=DESK), Area(category="greasy", within=LANE | DESK),
    Area(within=Remit()), Area(within=DESK | Remit(lists=frozenset({"G001"}))),
]  # fmt: skip


def inside(area: Area, case: Case) -> bool:
    pairs = (
        (area.department, case.department.code if case.department else None),
        (area.category, case.category),
        (area.grid, case.place.grid if case.place else None),
    )
    return area.within.has(case) and all(wanted in ("", value) for wanted, value in pairs)


@pytest.mark.parametrize("area", AREAS)
@pytest.mark.parametrize("now_ms", [START, START + 10 * HOUR, START + 40 * HOUR, START + 40 * DAY])
def test_it_is_what_the_cases_themselves_say(ledger: Ledger, area: Area, now_ms: int) -> None:
    every = [case for case in ledger.cases(limit=1000) if inside(area, case)]
    going_on = [
        case for case in every if case.number in {each.number for each in ledger.cases(open_only=True, limit=1000)}
    ]
    running = sorted((c for c in going_on if c.state in RUNNING and c.due_ms), key=lambda c: (c.due_ms or 0, c.number))
    found = board(ledger, area, now_ms)
    assert found.late == [c for c in running if (c.due_ms or 0) < now_ms][:SHOWN]
    assert found.soon == [c for c in running if now_ms <= (c.due_ms or 0) < now_ms + SOON_MS][:SHOWN]
    late = {case.number for case in running if (case.due_ms or 0) < now_ms}
    assert found.people == loads([(case.assignee, case) for case in going_on], late)
    assert found.departments == loads([(c.department.code if c.department else None, c) for c in going_on], late)
    assert found.rungs == loads([(str(case.raised), case) for case in going_on], late)
    assert {row[0] for row in open_cases(ledger, area)[0]} == {case.number for case in going_on}
    assert found.totals == {
        "open": len(going_on),
        "late": len(late),
        "soon": len([c for c in running if now_ms <= (c.due_ms or 0) < now_ms + SOON_MS]),
        "resolved": len([c for c in going_on if c.state == "resolved"]),
    }
    lately = [case for case in every if case.submitted_ms >= now_ms - REPEATS_MS and case.master is None]
    counts = Counter((c.place.segment, c.category) for c in lately if c.place and c.place.segment)
    again = sorted((-count, *key) for key, count in counts.items() if count >= REPEATED)[:SHOWN]
    assert [(-each.count, each.segment, each.category) for each in found.repeats] == again
    events = latest(ledger, area, 10, 7)
    numbers = {case.number for case in every}
    changes = [each for each in ledger.changes(10, 1000) if each.case is not None and each.case.number in numbers]
    assert events == changes[-7:]


def loads(pairs: list[tuple[str | None, Case]], late: set[str]) -> list[Load]:
    keys = {key for key, _ in pairs if key is not None}
    found = [
        Load(key, sum(k == key for k, _ in pairs), sum(k == key and c.number in late for k, c in pairs)) for key in keys
    ]
    return sorted(found, key=lambda load: (-load.late, -load.open, load.key))[:SHOWN]


def test_a_clock_that_stands_is_not_late(tmp_path: Path) -> None:
    log = LogBuilder()
    done, paused = log.open(), log.open()
    for number in (done, paused):
        log.dispatch(number, START)
    log.resolve(done, START + 1)
    log.dispatch(paused, START + 1, state="suspended")
    found = board(ledger_of(log, tmp_path / "l.sqlite"), Area(), START + DAY)
    assert (found.late, found.people) == ([], [Load("p-owner", 2, 0)])


def test_positions_and_deadlines_of_open_cases(tmp_path: Path) -> None:
    log = LogBuilder()
    place = {"grid": "G001", "segment": "S-1", "label": "x", "by": "coordinates", "lon": 118.5, "lat": 24.25}
    there, nowhere = log.open(place=place), log.open(place=None)
    log.dispatch(there, START)
    rows, truncated = open_cases(ledger_of(log, tmp_path / "l.sqlite"), Area())
    assert not truncated
    assert rows == [
        (there, 118.5, 24.25, "dispatched", "greasy", "p-owner", "sanitation", 0, START + 4 * HOUR, START),
        (nowhere, None, None, "submitted", "greasy", None, None, 0, None, START),
    ]


def test_more_open_cases_than_are_sent_are_said_to_be(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.ledger.queries.board.MOST_OPEN", 5)
    rows, truncated = open_cases(ledger, Area())
    assert (len(rows), truncated) == (5, True)
    assert board(ledger, Area(), START).truncated
    assert not board(ledger, Area("none"), START).truncated
