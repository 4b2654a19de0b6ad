"""The pages of proofs: who sees which partner, and what differs, case by case."""

from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import quote

import pytest
from aiohttp import ClientSession

from connectors.proofs.accounts import Proofs
from schemas.proof import Entry, ProofWay, account_of
from tests.worlds.no_days import NO_DAYS
from tests.worlds.outside import signed_in
from tests.worlds.proved_town import DAY, WATER, close, listed, proved_town, two_burst_pipes
from tests.worlds.small_town import Town
from tests.worlds.town_life import BOSS, Life

LIGHTING = "street-lighting"


@pytest.fixture
async def proved(tmp_path: Path) -> AsyncIterator[tuple[Town, Proofs]]:
    """Two departments with orders."""
    async with proved_town(tmp_path) as (town, proofs):
        two_burst_pipes(town)
        Life(town).report("lamp", "路灯不亮", "晨光街8号")
        close(proofs)
        yield town, proofs


async def page(town: Town, person: str, path: str = "/proofs", language: str = "en") -> tuple[int, str]:
    headers = {"Cookie": f"session={await signed_in(town, person)}", "Accept-Language": language}
    async with (
        ClientSession(town.url, headers=headers | {"Accept": "text/html"}) as browser,
        browser.get(path) as answer,
    ):
        return answer.status, await answer.text()


@pytest.mark.parametrize(
    ("person", "seen"),
    [
        (BOSS, {WATER, LIGHTING}),
        ("inspector-1", {WATER, LIGHTING}),
        ("officer-water-supply", {WATER}),
        ("officer-street-lighting", {LIGHTING}),
        ("steward-01", set()),
        ("rider-02", None),
    ],
)
async def test_everybody_sees_the_partners_that_are_theirs(
    proved: tuple[Town, Proofs], person: str, seen: set[str] | None
) -> None:
    """Whoever answers for the whole region all of them, officers their own."""
    town, _ = proved
    status, text = await page(town, person)
    assert status == (403 if seen is None else 200)
    for code in (WATER, LIGHTING):
        assert (f"/proofs/{DAY}/{code}" in text) is (code in (seen or ())), code
        status, _ = await page(town, person, f"/proofs/{DAY}/{code}")
        assert status == (403 if seen is None else 200 if code in seen else 404), code


async def test_a_day_says_what_it_is_and_names_each_case_that_differs(proved: tuple[Town, Proofs]) -> None:
    town, proofs = proved
    status, text = await page(town, BOSS)
    assert text.count("No statement yet") == 2
    lost, *kept = listed(proofs)
    strange = Entry(f"{WATER}/strange/1", "strange")
    for way, entries in (
        (ProofWay.TO_PARTNER, [*kept, strange]),
        (ProofWay.FROM_PARTNER, listed(proofs, ProofWay.FROM_PARTNER)),
    ):
        lines = "\n".join(entry.line.decode() for entry in entries)
        proofs.book.state(WATER, DAY, way, account_of(entries), lines, 0)
    status, text = await page(town, BOSS)
    assert (text.count("Differs"), text.count("No statement yet")) == (1, 1)
    assert account_of(listed(proofs)).digest[:8] in text
    status, text = await page(town, BOSS, f"/proofs/{DAY}/{WATER}")
    assert "Missing there: 1" in text
    assert "Missing here: 1" in text
    assert f'href="/case/{lost.case}?role=supervisor"' in text
    assert "strange" in text
    assert "/case/strange" not in text, "there is no such case here"
    assert lost.id in text
    assert kept[0].id not in text
    status, text = await page(town, BOSS, f"/proofs/{DAY}/{WATER}", "zh-CN")
    assert (status, "对方缺少：1" in text) == (200, True)


async def test_a_day_that_is_not_closed_says_so(proved: tuple[Town, Proofs]) -> None:
    town, _ = proved
    town.clock.wait(24 * 60)
    status, text = await page(town, BOSS)
    assert (status, text.count("Day not closed")) == (200, 2)


async def test_what_is_no_day_is_said_on_a_page(proved: tuple[Town, Proofs]) -> None:
    for no_day in NO_DAYS:
        status, text = await page(proved[0], BOSS, f"/proofs/{quote(no_day)}/{WATER}")
        assert (status, f"is no day: {no_day}" in text, "<main" in text) == (400, True, True), no_day
    status, text = await page(proved[0], BOSS, f"/proofs/9999-12-31/{WATER}", "zh-CN")
    assert "不是日期：9999-12-31" in text


async def test_what_is_not_theirs_is_a_page_that_says_there_is_nothing(proved: tuple[Town, Proofs]) -> None:
    for person, partner in (("officer-street-lighting", WATER), (BOSS, "nobody"), (BOSS, "platform.hotline")):
        status, text = await page(proved[0], person, f"/proofs/{DAY}/{partner}")
        assert (status, "<main" in text) == (404, True)
