"""The public list as a page and as open data: for whoever is not signed in, in both languages, kept by caches."""

import csv
from io import StringIO
from pathlib import Path

from aiohttp import ClientSession

from tests.browser.reading_pages import text_of
from tests.worlds.small_town import small_town


async def test_a_stranger_looks_up_who_does_what(tmp_path: Path) -> None:
    async with small_town(tmp_path, demo=False) as town, ClientSession(town.url) as browser:
        page = await text_of(browser, "/public-list?q=路灯不亮")
        assert page.index("路灯不亮") < page.index("主办部门值守岗（路灯管理所）")
        assert "办结：" in page
        assert "说明地点" in page
        page = await text_of(browser, "/public-list?q=felling", "en")
        assert "Not handled here. Go to Sample District Forestry Bureau" in page
        page = await text_of(browser, "/public-list?q=%3Cscript%3Ex", "en")
        assert "Nothing on the list fits" in page
        assert "<script>x" not in page
        assert 'href="/public-list"' in await text_of(browser, "/form")
        async with browser.get("/public-list", headers={"Accept-Language": "en"}) as answer:
            assert answer.headers["Cache-Control"] == "public, max-age=300"
            assert "Set-Cookie" not in answer.headers
            assert "Accept-Language" in answer.headers["Vary"]
        async with browser.get("/public-list?lang=en") as answer:
            assert answer.headers["Cache-Control"] == "no-store", "it sets a cookie"


async def test_it_is_open_data_and_follows_the_list_in_force(tmp_path: Path) -> None:
    async with small_town(tmp_path, demo=False) as town, ClientSession(town.url) as browser:
        async with browser.get("/public-list.json") as answer:
            told = await answer.json()
        assert {each["id"] for each in told["categories"]} == {each.id for each in town.gateway.rulebook.categories}
        async with browser.get("/public-list.csv", headers={"Accept-Language": "en"}) as answer:
            rows = list(csv.DictReader(StringIO((await answer.read()).decode("utf-8-sig"))))
        forest = next(row for row in rows if (row["category"], row["situation"]) == ("tree", "Forest land"))
        assert (forest["verdict"], forest["elsewhere"]) == ("refuse", "Sample District Forestry Bureau")
        items = tuple(
            each.model_copy(update={"redirect": None}) if each.id == "P03" else each
            for each in town.gateway.rulebook.items
        )
        town.gateway.rulebook = town.gateway.rulebook.model_copy(update={"items": items})
        async with browser.get("/public-list.csv", headers={"Accept-Language": "en"}) as answer:
            assert "Forestry Bureau" not in await answer.text()
