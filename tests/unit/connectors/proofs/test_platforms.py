"""Rows of platforms in the proof: by their own ids, under a partner of their own, and stated with their key."""

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from connectors.doors.http.context import PROOFS
from connectors.proofs.accounts import Proofs
from connectors.proofs.recorded import counted_ways, platforms_in, taken_by
from schemas.proof import Entry, ProofVerdict, ProofWay, account_of, write_lines
from tests.processes.waiting import wait_until
from tests.worlds.platforms import DISTRICT, HOTLINE, OTHER_ADDRESS, PlatformTown, call, filed, platform_town
from tests.worlds.proved_town import DAY, close, listed, proving

CALLED = date(2026, 11, 18)
CASE = "350203006-G001-2611-00001"


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[PlatformTown]:
    async with platform_town(tmp_path, [proving(tmp_path)]) as running:
        yield running


def taken(proofs: Proofs, platform: str, day: date) -> list[Entry]:
    return listed(proofs, ProofWay.FROM_PARTNER, f"platform.{platform}", day)


async def stated(world: PlatformTown, platform: str, day: date, entries: list[Entry], **more: str) -> Any:
    said = {"way": "from_partner", "records": write_lines(entries), **account_of(entries).model_dump(), **more}
    headers = {"Authorization": f"Bearer {world.keys[platform]}", "Accept-Language": "en"}
    async with world.session.post(f"{world.town.url}/api/proofs/{day}", json=said, headers=headers) as answer:
        return answer.status, await answer.json()


async def test_a_row_counts_once_by_its_own_id_on_the_day_it_was_called_in(world: PlatformTown) -> None:
    """For each platform that has the case; added words, and what follows from it here, count for nobody."""
    called = {"来电时间": f"{CALLED} 09:00"}
    await world.rows(HOTLINE, call("H1", **called), call("H 2/3", "路灯不亮", OTHER_ADDRESS, **called))
    await world.rows(DISTRICT, filed("D1", "H1"), filed("D2", "H9", "井盖破损"))
    await world.rows(HOTLINE, call("H1", "路面有油污，越来越多", **called))
    ledger, proofs = world.town.gateway.ledger, world.town.app[PROOFS]
    await wait_until(lambda: len(ledger.rows("SELECT 1 FROM timeline WHERE type = 'supplied'")) == 1, "added words")
    proofs.follow()
    ours = {each: (await world.case_of(f"{HOTLINE}#{each}")).number for each in ("H1", "H9")}
    assert not {HOTLINE, DISTRICT} & set(proofs.codes()), "no platform is taken for a department"
    assert [code for code in proofs.codes() if "." in code] == [f"platform.{DISTRICT}", f"platform.{HOTLINE}"]
    assert {entry.id for entry in taken(proofs, HOTLINE, CALLED)} == {"H1", "H 2/3"}
    assert Entry("H1", ours["H1"]) in taken(proofs, HOTLINE, CALLED)
    assert taken(proofs, HOTLINE, DAY) == []
    assert taken(proofs, DISTRICT, DAY) == [Entry("D1", ours["H1"]), Entry("D2", ours["H9"])]


async def test_a_platform_states_its_day_with_its_own_key(world: PlatformTown) -> None:
    """What it was told is not counted, so no number of it is stated."""
    await world.rows(DISTRICT, filed("D1"), filed("D2", address=OTHER_ADDRESS))
    await world.case_of(f"{DISTRICT}#D2")
    proofs = world.town.app[PROOFS]
    close(proofs)
    ours = taken(proofs, DISTRICT, DAY)
    assert len(ours) == 2
    headers = {"Authorization": f"Bearer {world.keys[DISTRICT]}"}
    async with world.session.get(f"{world.town.url}/api/proofs?day={DAY}", headers=headers) as answer:
        answered = await answer.json()
    assert (answered["partner"], answered["days"][0]["from_partner"]["ours"]["count"]) == (f"platform.{DISTRICT}", 2)
    assert "to_partner" not in answered["days"][0]
    status, said = await stated(world, DISTRICT, DAY, [*ours[:1], Entry("D3", "")])
    assert (status, said["verdict"]) == (201, "differs")
    assert [each["id"] for each in said["differences"]["missing_here"]] == ["D3"]
    assert (await stated(world, DISTRICT, DAY, ours))[1]["verdict"] == "equal"
    assert proofs.day(f"platform.{DISTRICT}", DAY).verdict is ProofVerdict.EQUAL
    assert proofs.day(f"platform.{DISTRICT}", DAY).statement("Asia/Shanghai").to_partner is None
    for more, error in (
        ({"way": "to_partner"}, "way_not_counted"),
        ({"partner": "water-supply"}, "not_for_platform"),
        ({"partner": f"platform.{HOTLINE}"}, "not_for_platform"),
    ):
        status, said = await stated(world, DISTRICT, DAY, ours, **more)
        assert (status, said["error"]) == (400 if error == "way_not_counted" else 403, error)


def event(command: str, by: str, kind: str = "dispatched", **now: Any) -> dict[str, Any]:
    return {"type": kind, "command": command, "by": by, "case": CASE, "t_ms": 1000, "now": now}


def test_an_act_of_a_department_counts_although_a_platform_has_its_code() -> None:
    """An officer is behind it, and nobody behind what a row does."""
    row = event("water#H1", "water:H1", "opened", door="platform-water", report="water#H1")
    assert platforms_in(row) == {"water"}
    known = frozenset({"water"})
    for of_row in (row, event("water#H1", "system"), event("water#H2.0-0123456789ab", "hotline:H1")):
        assert list(taken_by(of_row, known)) == []
    acted = event("water#7", "officer-water", "acknowledged")
    assert [(each.partner, each.id) for each in taken_by(acted, known)] == [("water", "7")]
    assert [each.id for each in taken_by(event("water#8", "system", "command_parked"), frozenset())] == ["8"]


def test_only_departments_have_both_ways_counted() -> None:
    partners = ("water-supply", "neighbour.server", "open311.app", "platform.hotline")
    assert [len(counted_ways(each)) for each in partners] == [2, 1, 1, 1]
