"""Which standing remedies there are, which one counts for a place, and what each collects."""

from pathlib import Path
from typing import Any

import pytest

from connectors.ledger.queries.cases import Ledger
from connectors.ledger.queries.recurrence.remedies import (
    collected_by,
    collects,
    current_remedies,
    numbers_of,
    parents_of,
    remedies,
)
from schemas.case import Case
from schemas.remit import Remit
from tests.worlds.builders import HOMES, HOUR, START, LogBuilder, ledger_of

DAY = 24 * HOUR
PLACE: dict[str, Any] = {"grid": "g1", "segment": "s1", "label": "s1", "by": "address"}
REMEDY: dict[str, Any] = {"segment": "s1", "category": "greasy", "kind": "problem"}
REMEDY |= {"from_ms": START, "until_ms": START + DAY, "count": 1}


class Built:
    """A log with its ledger."""

    def __init__(self, folder: Path) -> None:
        self.log, self._file = LogBuilder(), folder / "l.sqlite"

    def case(self, day: float = 0, **now: Any) -> str:
        """A problem at the segment, so many days after the first."""
        return self.log.open(HOMES[0], round(START + day * DAY), **{"place": PLACE, **now})

    def parent(self, day: float = 1, **now: Any) -> str:
        """A remedy for it."""
        return self.case(day, remedy={**REMEDY, **now.pop("remedy", {})}, state=now.pop("state", "dispatched"), **now)

    @property
    def ledger(self) -> Ledger:
        """All of it."""
        return ledger_of(self.log, self._file)


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return Built(tmp_path)


def of(ledger: Ledger, number: str) -> Case:
    found = ledger.case(number)
    assert found is not None
    return found


def test_it_collects_what_its_cases_are_as_long_as_it_is_open(built: Built) -> None:
    """By segment, category, kind and time; of merged ones the master, and no other remedy."""
    first, later = built.case(), built.case(9)
    other = [
        built.case(-1), built.case(category="pothole"), built.case(kind="question"), built.case(duty="d"),
        built.case(place=PLACE | {"segment": "s2"}), built.case(place=None), built.case(state="moved"),
        built.case(state="merged", master=first), built.case(self_handled=True), built.case(change={"id": "I1"}),
    ]  # fmt: skip
    parent = built.parent()
    ledger = built.ledger
    found = of(ledger, parent)
    assert found.remedy is not None
    assert numbers_of(ledger, collected_by(found, found.remedy)) == [later, first]
    everything = [first, later, *other, parent]
    assert [each for each in everything if collects(found, of(ledger, each))] == [first, later]
    assert [[each.number for each in parents_of(ledger, of(ledger, case))] for case in (first, other[0])] == [
        [parent],
        [],
    ]


def test_closed_it_keeps_its_cases_and_gets_no_new_ones(built: Built) -> None:
    """One that was refused never had any."""
    first, later = built.case(), built.case(9)
    closed = built.parent(state="closed", closed_ms=START + 2 * DAY)
    built.parent(8, state="refused")
    ledger = built.ledger
    assert [each.number for each in parents_of(ledger, of(ledger, first))] == [closed]
    assert parents_of(ledger, of(ledger, later)) == []


def test_of_several_for_a_place_an_open_one_counts_then_the_newest(built: Built) -> None:
    opened = built.parent()
    built.parent(5, state="refused")
    built.parent(6, state="closed", closed_ms=START + 7 * DAY)
    other = built.parent(7, state="closed", closed_ms=START + 8 * DAY, remedy={"segment": "s9"})
    ledger = built.ledger
    counts = {key: case.number for key, case in current_remedies(ledger).items()}
    assert counts == {("s1", "greasy", "problem"): opened, ("s9", "greasy", "problem"): other}
    assert [each.number for each in remedies(ledger, open_only=True)] == [opened]
    assert len(remedies(ledger)) == 4
    assert len(remedies(ledger, segment="s1", limit=2)) == 2
    assert remedies(ledger, within=Remit(grids=frozenset({"g2"}))) == []
