"""One picture cannot prove two works, wherever they lie."""

from pathlib import Path
from typing import Any

from connectors.ledger.queries.reused_photos import Reuse, Reuses, reuse_json, reused
from schemas.event import EventType
from tests.worlds.builders import HOMES, HOUR, START, LogBuilder, ledger_of


def photo(letter: str) -> dict[str, Any]:
    return {"digest": letter * 64}


def done(log: LogBuilder, home: str, at_ms: int, *letters: str) -> str:
    number = log.open(home)
    log.resolve(number, at_ms, photos=[photo(letter) for letter in letters])
    return number


def test_the_later_case_is_flagged_with_the_earlier_one(tmp_path: Path) -> None:
    """Also across homes, also after the earlier one was closed and archived; a photo of its own is none."""
    log = LogBuilder()
    first = done(log, HOMES[0], START, "a", "b")
    log.close(first, START + 1)
    log.add(EventType.ARCHIVED, first, t_ms=START + 2)
    other = done(log, HOMES[2], START + HOUR, "c")
    late = done(log, HOMES[1], START + 2 * HOUR, "c", "d", "a")
    ledger = ledger_of(log, tmp_path / "l.sqlite")
    found = reused(ledger, [first, other, late])
    uses = Reuse("a" * 64, first, START), Reuse("c" * 64, other, START + HOUR)
    assert found == {late: Reuses(uses, 2)}
    assert reuse_json(found[late].shown[0]) == {"photo": "a" * 64, "case": first, "first_ms": START}
    assert reused(ledger, []) == {}


def test_the_same_photo_again_for_one_case_counts_once(tmp_path: Path) -> None:
    """The first time counts, so that a rework cannot turn the tables."""
    log = LogBuilder()
    mine = done(log, HOMES[0], START, "a")
    theirs = done(log, HOMES[1], START + HOUR, "a")
    log.add(EventType.REWORK_ORDERED, mine, now={"state": "rework"})
    log.resolve(mine, START + 2 * HOUR, photos=[photo("a")])
    assert list(reused(ledger_of(log, tmp_path / "l.sqlite"), [mine, theirs])) == [theirs]


def test_many_uses_are_three_and_a_number(tmp_path: Path) -> None:
    """And the list of all is a page of cases like any other."""
    log = LogBuilder()
    cases = [done(log, HOMES[n % 3], START + n * HOUR, "a") for n in range(12)]
    ledger = ledger_of(log, tmp_path / "l.sqlite")
    found = reused(ledger, cases[-2:])
    assert [reuse.case for reuse in found[cases[-1]].shown] == cases[:3]
    assert (found[cases[-1]].count, found[cases[-1]].more, found[cases[-2]].more) == (11, 8, 7)
    assert {case.number for case in ledger.cases(proof="a" * 64)} == set(cases)
    assert len(ledger.cases(proof="a" * 64, limit=5)) == 5
    assert ledger.cases(proof="b" * 64) == []
