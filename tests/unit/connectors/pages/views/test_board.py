"""The live board as the server draws it, and what its script gets."""

import gzip
import re
from pathlib import Path

import pytest
from aiohttp import ClientSession

from connectors.ledger.fold import OVER
from connectors.ledger.queries.board import OpenCase
from connectors.pages.app import OTHERS
from grid36.machine.page_parts import MANIFEST, unpack
from schemas.command import Act, Cover
from schemas.topics import EVERYWHERE
from tests.browser.reading_pages import open_cases, text_of
from tests.worlds.small_town import Town
from tests.worlds.town_life import BOSS, OWNER, WALKER, Life, live_through, work_together


async def test_without_script_it_says_who_has_what_and_what_is_late(town: Town, browser: ClientSession) -> None:
    life = live_through(town)
    work_together(life)
    page = await text_of(browser, "/board", "en")
    late = page[page.index('id="late"') :].partition("</ul>")[0]
    assert life.numbers["late"] in late
    assert "Segment supervisor 01" in page[page.index('id="people"') :]
    assert "Sanitation Centre" in page[page.index('id="departments"') :]
    assert life.numbers["water"] in page[page.index('id="called"') :].partition("</ul>")[0]
    assert "吹哨进行中" in await text_of(browser, "/board")
    assert 'href="/board"' in await text_of(browser, "/supervisor")


async def test_filters_are_in_the_address_and_unknown_ones_are_ignored(town: Town, browser: ClientSession) -> None:
    life = live_through(town)
    chosen = await text_of(browser, "/board?department=sanitation", "en")
    assert '<option value="sanitation" selected>' in chosen
    assert life.numbers["late"] not in chosen[chosen.index('id="late"') :].partition("</ul>")[0]
    assert life.numbers["late"] in await text_of(browser, "/board?department=nobody&grid=../etc", "en")


async def test_its_script_gets_every_open_case_with_the_words_for_it(town: Town, browser: ClientSession) -> None:
    life = live_through(town)
    async with browser.get("/board/cases?lang=en") as answer:
        sent = await open_cases(answer)
    rows = {row[0]: dict(zip(OpenCase._fields, row, strict=True)) for row in sent["rows"]}
    fresh = rows[life.numbers["fresh"]]
    assert fresh["assignee"] == OWNER
    assert sent["names"]["assignee"][OWNER] == "Segment supervisor 01"
    assert sent["names"]["category"][fresh["category"]]
    assert life.numbers["closed"] not in rows
    async with browser.get("/board/cases?category=street-light") as answer:
        assert {row[4] for row in (await open_cases(answer))["rows"]} == {"street-light"}


async def test_a_place_that_repeats_leads_to_the_open_cases_of_its_category(town: Town, browser: ClientSession) -> None:
    life = Life(town)
    for n in range(3):
        life.report(f"again-{n}", "路面油污", "云帆路5号")
        life.act(f"again-{n}", Act.RESOLVE, photos=(life.proof(n),))
        life.act(f"again-{n}", Act.VERIFY, WALKER)
    page = await text_of(browser, "/board", "en")
    assert "3 times" in page
    assert 'href="/board?category=greasy-pavement"' in page


async def test_a_board_that_leaves_cases_out_says_so(
    town: Town, browser: ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    live_through(town)
    hidden = '<p id="truncated" class="late" role="status" hidden>'
    assert hidden in await text_of(browser, "/board")
    monkeypatch.setattr("connectors.ledger.queries.board.MOST_OPEN", 2)
    for address in ("/board", "/board?wall=1"):
        page = await text_of(browser, address)
        assert hidden not in page
        assert "在办案件超过" in page
    async with browser.get("/board/cases") as answer:
        sent = await open_cases(answer)
    assert (len(sent["rows"]), sent["truncated"]) == (2, True)


async def test_a_wall_screen_has_nothing_to_touch(town: Town, browser: ClientSession) -> None:
    """No link, field or button, also as the server draws it; all that has to be seen is there."""
    life = live_through(town)
    work_together(life)
    away = Cover(id="c", home=EVERYWHERE, person=OWNER, by=BOSS, from_ms=town.clock(), until_ms=town.clock() + 9**9)
    town.take(away)
    page = await text_of(browser, "/board?wall=1", "en")
    body = page[page.index("<body") :]
    assert re.findall(r"<(?:a|button|input|select|form)\b", body) == []
    assert "Nobody answers for" in body
    assert life.numbers["water"].removeprefix("350203006-") in body
    for part in ("called", "repeats", "late", "soon", "events", "departments"):
        assert f'id="panel-{part}"' in body
    open_cases = len([case for case in town.street.cases.values() if case.state not in OVER])
    assert f'data-total="open">{open_cases}<' in body
    (town.folder / "ledger.sqlite").unlink()
    assert 'http-equiv="refresh"' in await text_of(browser, "/board?wall=1", status=503)


async def test_the_shapes_of_the_region_are_sent_once(browser: ClientSession) -> None:
    async with browser.get("/board/shapes") as answer:
        shapes = await answer.json(content_type="application/geo+json")
        tag = answer.headers["ETag"]
    assert {feature["properties"]["kind"] for feature in shapes["features"]} == {"grid", "road"}
    async with browser.get("/board/shapes", headers={"If-None-Match": tag}) as again:
        assert (again.status, await again.read()) == (304, b"")


async def test_the_frame_of_the_map_is_wide_where_its_grids_are(browser: ClientSession) -> None:
    """The example street is, one of its grids is not."""
    for query, wide in (("", True), ("?grid=G001", False), ("?grid=nowhere", True)):
        assert ('id="map" class="wide"' in await text_of(browser, "/board" + query)) is wide


async def test_an_act_moves_a_case_from_late_to_verified(town: Town, browser: ClientSession) -> None:
    life = Life(town)
    life.report("a", "消防通道被杂物堵住", "云帆路5号")
    town.clock.wait(60 * 24)
    assert (
        life.numbers["a"]
        in (await text_of(browser, "/board"))[:100_000].partition('id="late"')[2].partition("</ul>")[0]
    )
    life.act("a", Act.RESOLVE, photos=(life.proof(1),))
    assert life.numbers["a"] not in (await text_of(browser, "/board")).partition('id="late"')[2].partition("</ul>")[0]


def test_what_others_wrote_is_what_the_manifest_names(tmp_path: Path) -> None:
    (tmp_path / MANIFEST).write_bytes((OTHERS / MANIFEST).read_bytes())
    names = unpack(Path(__file__).parents[5] / ".web" / "pages", tmp_path)
    assert names == ["echarts.js", "leaflet.css", "leaflet.js"]
    for name in names:
        assert (tmp_path / name).read_bytes() == (OTHERS / name).read_bytes()
        assert gzip.decompress((OTHERS / f"{name}.gz").read_bytes()) == (OTHERS / name).read_bytes()


async def test_a_department_sees_its_calls_its_oldest_cases_and_what_was_in_time(
    town: Town, browser: ClientSession
) -> None:
    """And a called case of another department is among its calls, not among its own."""
    life = live_through(town)
    work_together(life)
    drainage = await text_of(browser, "/board?department=drainage", "en")
    calls = drainage[drainage.index('id="calls"') :].partition("</section>")[0]
    assert life.numbers["water"] in calls
    assert re.findall(r"<li><span>(\w+)</span>", calls) == ["Sign", "Contact", "Attend"]
    assert calls.count("data-due=") == 2, "it signed"
    page = await text_of(browser, "/board?department=sanitation", "en")
    assert "<h1>Sanitation Centre: live board</h1>" in page
    own = [case for case in town.street.cases.values() if case.department and case.department.code == "sanitation"]
    done = [case for case in own if case.state in {"resolved", "closed"} and case.on_time is not None]
    assert f"{sum(case.on_time is True for case in done)} of {len(done)} resolved" in page
    oldest = page[page.index('id="oldest"') :].partition("</ul>")[0]
    still = sorted((case for case in own if case.state not in OVER), key=lambda case: case.submitted_ms)
    assert re.findall(r'data-case="([^"]+)"', oldest) == [case.number for case in still][:12]
    assert 'id="departments"' not in page
    assert "吹哨到本部门" in await text_of(browser, "/board?department=drainage&wall=1")
