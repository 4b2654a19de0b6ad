"""What the page's script is given to draw: the numbers of the table, each with the way to its cases."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession

from tests.browser.reading_pages import text_of
from tests.unit.connectors.pages.statistics.test_page import PERIOD, lines, numbers
from tests.unit.connectors.pages.statistics.test_people import BY_PERSON, as_person
from tests.worlds.small_town import Town, small_town
from tests.worlds.town_life import BOSS, live_through


def drawn(page: str) -> dict[str, Any]:
    """The data of the one chart of a page."""
    (found,) = re.findall(r'<figure class="chart".*?<script type="application/json">(.*?)</script></figure>', page)
    return dict(json.loads(found))


async def test_a_time_is_drawn_by_month_with_lines_of_the_largest_groups(town: Town, browser: ClientSession) -> None:
    """Columns of all cases and a line a group, in hours; a month without a value has no point."""
    live_through(town)
    page = await text_of(browser, f"/statistics?metric=p50_s&{PERIOD}", "en")
    table, chart = lines(page), drawn(page)
    assert (chart["shape"], chart["unit"], chart["months"]) == ("months", "hours", ["2026-10", "2026-11"])
    assert "all together as columns" in page
    for line in chart["lines"]:
        before, now = line["points"]
        cell = table[line["name"]][1]
        assert before is None
        if now is None:
            assert cell == "–"
            continue
        assert cell.startswith(now["text"].partition(", ")[0]), line["name"]
        n = int(now["text"].partition("n=")[2])
        assert len(set(await numbers(browser, now["way"]))) == n
    assert chart["lines"][0]["name"] == "All"
    assert 2 <= len(chart["lines"]) <= 6


async def test_counts_are_drawn_as_parts_whose_sum_is_that_of_all(town: Town, browser: ClientSession) -> None:
    """Parts of a column: what stands out, and all others."""
    live_through(town)
    page = await text_of(browser, f"/statistics?by=category&metric=opened&{PERIOD}", "en")
    table, chart = lines(page), drawn(page)
    assert chart["stacked"]
    assert chart["lines"][0]["name"] == "All others"
    for month in range(len(chart["months"])):
        parts = [line["points"][month] for line in chart["lines"]]
        assert sum(part["value"] for part in parts if part) == int(table["All"][month])


async def test_two_dimensions_are_drawn_as_fields(town: Town, browser: ClientSession) -> None:
    """A field for each pair that has a value, and a share in per cent."""
    live_through(town)
    page = await text_of(browser, f"/statistics?by=grid&view=category&metric=on_time_rate&{PERIOD}", "en")
    table, chart = lines(page), drawn(page)
    assert chart["shape"] == "fields"
    assert chart["fields"]
    for field in chart["fields"]:
        cell = table[chart["rows"][field["row"]]][table["Grid"].index(chart["columns"][field["column"]])]
        assert cell.startswith(f"{field['value']:.1f}%")
        assert field["text"].startswith(f"{field['value']:.1f}%")
        assert len(set(await numbers(browser, field["way"]))) == int(field["text"].partition("n=")[2])


@pytest.mark.parametrize(
    "query", ["from=2026-11-01&to=2026-11-30", "by=grid&view=metrics", "metric=p50_s&from=2026-08-01&to=2026-10-10"]
)
async def test_what_says_nothing_is_not_drawn(town: Town, browser: ClientSession, query: str) -> None:
    """A single month, all metrics at once, and figures that are all nought or missing."""
    live_through(town)
    page = await text_of(browser, f"/statistics?{query}", "en")
    assert '<figure class="chart"' not in page


async def test_persons_are_not_drawn(tmp_path: Path) -> None:
    """A drawing would rank them; all of them together are drawn."""
    async with small_town(tmp_path, demo=False) as town:
        live_through(town)
        async with await as_person(town, BOSS) as own:
            page = await text_of(own, f"/statistics?{BY_PERSON}", "en")
            assert [line["name"] for line in drawn(page)["lines"]] == ["All"]
            assert '<figure class="chart"' not in await text_of(own, f"/statistics?view=grid&{BY_PERSON}", "en")
