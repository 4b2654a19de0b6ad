"""One picture cannot prove two works, wherever they lie."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from connectors.ledger.queries.cases import Ledger
from connectors.ledger.queries.reused_photos import Reuse, Reuses, reuse_json, reused
from connectors.ledger.write.store import Store
from schemas.event import EventType
from tests.worlds.builders import HOMES, HOUR, START, LogBuilder, ledger_of, take


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


ORDERS: tuple[Callable[[int], int], ...] = (lambda p: p, lambda p: -p, lambda p: p % 2)


def done_alike(log: LogBuilder, home: str, at_ms: int, letter: str, *bits: int) -> str:
    """A case with a photo that looks like nothing known, but for some bits."""
    looks = f"{sum(1 << bit for bit in bits) | 0xABCD << 200:064x}"
    number = log.open(home)
    log.resolve(number, at_ms, photos=[photo(letter) | {"dhash": looks}])
    return number


def test_a_photo_that_resembles_an_earlier_one_is_flagged(tmp_path: Path) -> None:
    """Saved anew, so that its digest is another one; a photo of the same hash, too; one that differs more is not."""
    log = LogBuilder()
    first = done_alike(log, HOMES[0], START, "a")
    near = done_alike(log, HOMES[1], START + HOUR, "b", *range(8))
    equal = done_alike(log, HOMES[2], START + 2 * HOUR, "c")
    far = done_alike(log, HOMES[1], START + 3 * HOUR, "d", *range(100, 109))
    ledger = ledger_of(log, tmp_path / "l.sqlite")
    found = reused(ledger, [first, near, equal, far])
    resembles = Reuse("b" * 64, first, START, alike=True)
    uses = Reuse("c" * 64, first, START, alike=True), Reuse("c" * 64, near, START + HOUR, alike=True)
    assert found == {near: Reuses((resembles,), 1, copies=False), equal: Reuses(uses, 2, copies=False)}
    assert reuse_json(resembles) == {"photo": "b" * 64, "case": first, "first_ms": START, "alike": True}
    assert {case.number for case in ledger.cases(proof="b" * 64)} == {first, near, equal}


def test_the_same_file_counts_more_than_one_that_resembles_it(tmp_path: Path) -> None:
    """A case that used both is named once, and a rework does not make the list longer."""
    log = LogBuilder()
    first = log.open(HOMES[0])
    looks = [{"dhash": f"{0xABCD << 200 | bit:064x}"} for bit in (0, 1)]
    log.resolve(first, START, photos=[photo("a") | looks[0], photo("b") | looks[1]])
    second = log.open(HOMES[1])
    log.resolve(second, START + HOUR, photos=[photo("a") | looks[0]])
    ledger = ledger_of(log, tmp_path / "l.sqlite")
    assert reused(ledger, [second]) == {second: Reuses((Reuse("a" * 64, first, START),), 1)}


@pytest.mark.parametrize("batches", [1, 2, 3])
def test_it_is_the_same_in_whichever_order_partitions_are_read(tmp_path: Path, batches: int) -> None:
    """Also when the ledger was closed and opened between: what resembles what is in its file."""
    log = LogBuilder()
    cases = [done_alike(log, HOMES[n % 3], START + n * HOUR, "abcdef"[n], *range(n)) for n in range(6)]
    known = reused(ledger_of(log, tmp_path / "known.sqlite"), cases)
    assert set(known) == set(cases[1:])
    for n, order in enumerate(ORDERS):
        way = sorted(log.records, key=lambda each: order(each.partition))
        file, size = tmp_path / f"{n}.sqlite", -(-len(way) // batches)
        Store.create(file, "e").close()
        for start in range(0, len(way), size):
            store = Store(file)
            take(store, LogBuilder(records=way[start : start + size]))
            store.close()
        assert reused(Ledger(file), cases) == known
