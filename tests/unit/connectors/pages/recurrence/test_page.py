"""The page of hot spots: its rows, the ways to their cases, its file, and what it refuses."""

import csv
import io
import re
from html import unescape
from pathlib import Path

from aiohttp import ClientSession

from tests.browser.reading_pages import text_of
from tests.worlds.outside import signed_in
from tests.worlds.small_town import Town, small_town
from tests.worlds.town_life import OVERFLOWS, litter, live_through


async def test_a_place_that_stands_out_is_listed_with_the_way_to_its_cases(town: Town, browser: ClientSession) -> None:
    """By numbers in words, in both languages; the file has the same."""
    litter(town)
    page = await text_of(browser, "/hot-spots", "en")
    (row,) = re.findall("<tr[^>]*>(.*?)</tr>", page.partition("<tbody")[2].partition("</tbody>")[0])
    (address,) = re.findall(r'href="(/supervisor[^"]*)"', row)
    cases = re.findall(r'data-case="([^"]+)"', await text_of(browser, unescape(address)))
    assert f">{len(cases)}</a>" in row
    assert len(cases) >= OVERFLOWS
    assert "no data for that year" in row
    chinese = await text_of(browser, "/hot-spots")
    assert "高发点位" in chinese
    assert "分之一" in chinese
    async with browser.get("/hot-spots.csv") as answer:
        (line,) = csv.DictReader(io.StringIO(await answer.text("utf-8-sig")))
    assert (int(line["cases"]), line["season"], line["year_ago"]) == (len(cases), "unknown", "")
    assert 0 < float(line["false_discovery_rate"]) <= 0.01


async def test_grids_are_listed_by_the_length_of_their_roads(town: Town, browser: ClientSession) -> None:
    """With the way to exactly their cases, the definition, the comparison with other grids, and the file."""
    litter(town)
    page = await text_of(browser, "/hot-spots?by=grid", "en")
    (row,) = re.findall("<tr[^>]*>(.*?)</tr>", page.partition("<tbody")[2].partition("</tbody>")[0])
    assert "by the length of all its segments, not by its area" in page
    assert "/hot-spots/propose" not in row
    (address,) = re.findall(r'href="(/supervisor[^"]*)"', row)
    cases = set(re.findall(r'data-case="([^"]+)"', await text_of(browser, unescape(address))))
    assert f">{len(cases)}</a>" in row
    (address,) = re.findall(r'href="(/hot-spots/remedy\?grid=[^"]*)"', row)
    compared = await text_of(browser, f"{unescape(address)}&day=2026-11-20", "en")
    assert "All other grids" in compared
    before, after = (int(n) for n in re.findall(r'<a href="/supervisor[^"]*by=grid[^"]*">(\d+)</a>', compared))
    assert 1 <= before < after < len(cases)
    async with browser.get("/hot-spots.csv?by=grid") as answer:
        (line,) = csv.DictReader(io.StringIO(await answer.text("utf-8-sig")))
    assert (line["grid"], int(line["cases"])) == ("G001", len(cases))
    assert "remedy" not in line
    assert "no choice" not in await text_of(browser, "/hot-spots?by=road", status=400)


async def test_without_roads_grids_are_listed_by_their_areas(town: Town, browser: ClientSession) -> None:
    """Unasked, and the page says that it is by area."""
    litter(town)
    town.gateway.region = town.gateway.region.model_copy(update={"segments": ()})
    page = await text_of(browser, "/hot-spots", "en")
    assert "by its area, because the region has no road segments" in page
    assert '<option value="grid" selected>' in page
    assert "Places and categories that stand out: 1. At most 1% of them may be chance." in page
    async with browser.get("/hot-spots.csv") as answer:
        (line,) = csv.DictReader(io.StringIO(await answer.text("utf-8-sig")))
    assert line["grid"] == "G001"


async def test_where_nothing_stands_out_it_says_so(town: Town, browser: ClientSession) -> None:
    live_through(town)
    assert "No segment stands out" in await text_of(browser, "/hot-spots", "en")


async def test_choices_and_days_that_are_none_are_refused_in_words(town: Town, browser: ClientSession) -> None:
    for query, said in {
        "kind=y": "“类型”不能是“y”。可用：problem, ",
        "from=2026-13-01": "“起始日”不是日期：2026-13-01。",
        "from=2026-11-20&to=2026-11-01": "时段在2026-11-01结束，早于开始日2026-11-20。",
    }.items():
        for path in ("/hot-spots", "/hot-spots.csv"):
            assert said in await text_of(browser, f"{path}?{query}", status=400)


async def test_everybody_sees_their_part_only(tmp_path: Path) -> None:
    """Of another part of the region neither a row nor a case."""
    async with small_town(tmp_path, demo=False) as town:
        litter(town)
        rows = {}
        for person in ("duty-desk", "lane-chief-2"):
            cookies = {"session": await signed_in(town, person)}
            async with ClientSession(town.url, cookies=cookies) as own, own.get("/hot-spots.csv") as answer:
                rows[person] = list(csv.DictReader(io.StringIO(await answer.text("utf-8-sig"))))
        mine = {segment.id for segment in town.gateway.region.segments if segment.grid in {"G005", "G006", "G007"}}
    assert len(rows["duty-desk"]) == 1
    assert {row["segment"] for row in rows["lane-chief-2"]} <= mine


async def test_a_place_is_compared_with_itself_before_a_day(town: Town, browser: ClientSession) -> None:
    """From the way in its row; the counts lead to their cases; too early and unknown places are said."""
    litter(town)
    town.clock.wait(60 * 24 * 8)
    rows = (await text_of(browser, "/hot-spots", "en")).partition("<tbody")[2]
    (address,) = (unescape(each) for each in re.findall(r'href="(/hot-spots/remedy[^"]*)"', rows))
    assert 'name="day"' in await text_of(browser, address, "en")
    page = await text_of(browser, f"{address}&day=2026-11-26", "en")
    assert "Not sure: the difference may be chance, or too little was reported elsewhere" in page
    counted = [(unescape(way), int(n)) for way, n in re.findall(r'<a href="(/supervisor[^"]*)">(\d+)</a>', page)]
    assert sum(n for _, n in counted) >= OVERFLOWS
    for way, n in counted:
        assert len(set(re.findall(r'data-case="([^"]+)"', await text_of(browser, way)))) == n
    assert "偶然" in await text_of(browser, f"{address}&day=2026-11-26")
    assert "must be over" in await text_of(browser, f"{address}&day=2027-11-26", "en")
    assert "is no day: x" in await text_of(browser, f"{address}&day=x", "en", status=400)
    async with browser.get("/hot-spots/remedy?segment=none&category=none") as answer:
        assert answer.status == 404
