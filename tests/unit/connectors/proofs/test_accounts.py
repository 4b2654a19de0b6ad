"""Both sides of a day: what counts here, and what a partner's statement shows."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from connectors.proofs.accounts import Proofs
from schemas.command import Act
from schemas.place import PlaceGiven
from schemas.proof import Entry, ProofVerdict, ProofWay, account_of, write_lines
from schemas.report import Report, Reporter
from tests.worlds.proved_town import DAY, WATER, close, listed, proofs_of, sign, two_burst_pipes
from tests.worlds.small_town import Town, small_town
from tests.worlds.town_life import WALKER, Life


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    async with small_town(tmp_path) as town:
        yield town


def state(proofs: Proofs, entries: list[Entry], *, listed: bool = True, way: ProofWay = ProofWay.TO_PARTNER) -> None:
    lines = "\n".join(entry.line.decode() for entry in entries) if listed else None
    proofs.book.state(WATER, DAY, way, account_of(entries), lines, 0)


async def test_an_order_that_changes_counts_once_a_day_as_it_was_last(town: Town, tmp_path: Path) -> None:
    numbers = two_burst_pipes(town)
    proofs = proofs_of(town, tmp_path)
    cases = town.street.cases
    assert listed(proofs) == sorted(Entry(f"{WATER}/{each}/{cases[each].seq}", each) for each in numbers)
    assert listed(proofs, ProofWay.FROM_PARTNER) == [Entry("7", numbers[1])]
    assert proofs.codes() == [WATER]


async def test_nothing_is_proved_before_the_day_is_closed(town: Town, tmp_path: Path) -> None:
    two_burst_pipes(town)
    proofs = proofs_of(town, tmp_path)
    state(proofs, listed(proofs))
    assert proofs.day(WATER, DAY).verdict is ProofVerdict.OPEN
    close(proofs)
    assert proofs.day(WATER, DAY).ways[ProofWay.TO_PARTNER].verdict is ProofVerdict.EQUAL
    assert proofs.day(WATER, DAY).verdict is ProofVerdict.UNSTATED, "of their acts they say nothing yet"
    state(proofs, listed(proofs, ProofWay.FROM_PARTNER), listed=False, way=ProofWay.FROM_PARTNER)
    assert proofs.day(WATER, DAY).verdict is ProofVerdict.EQUAL
    assert proofs.day(WATER, DAY + timedelta(days=1)).verdict is ProofVerdict.OPEN


@pytest.mark.parametrize("say_which", [True, False])
async def test_one_order_less_is_seen_and_named_by_who_sends_the_list(
    town: Town, tmp_path: Path, say_which: bool
) -> None:
    two_burst_pipes(town)
    proofs = proofs_of(town, tmp_path)
    close(proofs)
    lost, *kept = listed(proofs)
    state(proofs, kept, listed=say_which)
    proof = proofs.day(WATER, DAY).ways[ProofWay.TO_PARTNER]
    assert proof.verdict is ProofVerdict.DIFFERS
    assert (proof.found.missing_there if proof.found else None) == ((lost,) if say_which else None)


async def test_an_order_of_which_they_only_have_an_older_state_is_missing(town: Town, tmp_path: Path) -> None:
    one, _ = two_burst_pipes(town)
    proofs = proofs_of(town, tmp_path)
    first = listed(proofs)
    sign(town, one, "by-hand")
    close(proofs)
    state(proofs, first)
    found = proofs.day(WATER, DAY).ways[ProofWay.TO_PARTNER].found
    assert found is not None
    assert [entry.case for entry in found.missing_there] == [one]
    assert [entry.case for entry in found.elsewhere] == [one], "they have a state of it that we know"
    assert found.verdict is ProofVerdict.DIFFERS


async def test_what_a_later_day_overtook_need_not_be_there(town: Town, tmp_path: Path) -> None:
    """Compaction keeps the last order of a case: who was away for a week never sees those before it."""
    one, two = two_burst_pipes(town)
    town.clock.wait(26 * 60)
    sign(town, one, "by-hand")
    proofs = proofs_of(town, tmp_path)
    close(proofs, DAY + timedelta(days=1))
    state(proofs, [entry for entry in listed(proofs) if entry.case == two])
    day, next_day = proofs.day(WATER, DAY), listed(proofs, day=DAY + timedelta(days=1))
    assert day.ways[ProofWay.TO_PARTNER].verdict is ProofVerdict.OVERTAKEN
    assert one in [entry.case for entry in next_day], "it counts there"


async def test_what_they_have_too_much_or_twice_is_named(town: Town, tmp_path: Path) -> None:
    two_burst_pipes(town)
    proofs = proofs_of(town, tmp_path)
    close(proofs)
    ours, strange = listed(proofs), Entry(f"{WATER}/nowhere/1", "nowhere")
    state(proofs, [*ours, ours[0], strange])
    found = proofs.day(WATER, DAY).ways[ProofWay.TO_PARTNER].found
    assert found is not None
    assert (found.missing_there, found.missing_here, found.twice_there) == ((), (strange,), (ours[0],))


async def test_a_ledger_that_was_built_anew_gives_the_same(town: Town, tmp_path: Path) -> None:
    """What they stated stays."""
    two_burst_pipes(town)
    proofs = proofs_of(town, tmp_path)
    before = listed(proofs)
    state(proofs, before)
    town.rebuild("e2")
    close(proofs)
    assert listed(proofs) == before
    assert proofs.day(WATER, DAY).ways[ProofWay.TO_PARTNER].verdict is ProofVerdict.EQUAL


async def test_following_in_steps_of_one_event_gives_the_same(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A command whose events are read apart sends no more than one whose events are read together."""
    life = Life(town)
    two_burst_pipes(town)
    life.report("leaves", "人行道上落叶很多，没有打扫", "晨光街20号")
    life.act("leaves", Act.RESOLVE, photos=(life.proof(1),))
    life.act("leaves", Act.REJECT, WALKER)
    at_once = proofs_of(town, tmp_path / "once")
    monkeypatch.setattr("connectors.proofs.book.AT_ONCE", 1)
    by_one = proofs_of(town, tmp_path / "one")
    assert len(at_once.codes()) > 1
    for code in at_once.codes():
        for way in ProofWay:
            assert write_lines(listed(by_one, way, code)) == write_lines(listed(at_once, way, code))


async def test_what_programs_and_neighbours_reported_is_theirs_by_their_ids(town: Town, tmp_path: Path) -> None:
    for id in ("neighbour-H-1", "open311-city-app-0123abcd", "open311--0123abcd"):
        reporter, place = Reporter(id=WALKER), PlaceGiven(address="湖滨南路12号")
        town.report(
            Report(id=id, text="水管爆裂", place=place, reporter=reporter, received_ms=town.clock(), door="web")
        )
    proofs = proofs_of(town, tmp_path)
    assert [code for code in proofs.codes() if "." in code] == ["neighbour.server", "open311.city-app"]
    assert [entry.id for entry in listed(proofs, ProofWay.FROM_PARTNER, "neighbour.server")] == ["H-1"]
    assert [entry.id for entry in listed(proofs, ProofWay.FROM_PARTNER, "open311.city-app")] == [
        "open311-city-app-0123abcd"
    ]
