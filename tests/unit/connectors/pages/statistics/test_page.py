"""The page of statistics: its tables, the ways from each number to its cases, and what it refuses."""

import re
from html import unescape
from pathlib import Path

from aiohttp import ClientSession

from connectors.ledger.queries.statistics.metrics import METRICS
from tests.browser.reading_pages import text_of, weight
from tests.worlds.outside import signed_in
from tests.worlds.small_town import Town, small_town
from tests.worlds.town_life import live_through

PERIOD = "from=2026-10-15&to=2026-11-30"


def lines(page: str) -> dict[str, list[str]]:
    """The rows of the table by what stands first, each cell without markup."""
    found = {}
    for line in re.findall(r"<tr.*?>(.*?)</tr>", page[page.index("<table") :].partition("</table>")[0]):
        head, *cells = [
            " ".join(re.sub("<.*?>", " ", cell).split()) for cell in re.findall(r"<t[hd].*?>(.*?)</t[hd]>", line)
        ]
        found[head] = cells
    return found


def ways(page: str) -> dict[str, int]:
    """How many cases each address of a list should have."""
    table = page[page.index("<table") :].partition("</table>")[0]
    found = re.findall(r'<a href="(/supervisor[^"]*)">(\d+)</a>', table)
    return {unescape(address): int(n) for address, n in found}


async def numbers(browser: ClientSession, address: str) -> list[str]:
    """The cases of a list."""
    return re.findall(r'data-case="([^"]+)"', await text_of(browser, address))


async def test_each_department_month_by_month_and_each_number_leads_to_its_cases(
    town: Town, browser: ClientSession
) -> None:
    """The median of 36 and 25 minutes; whole cases and parts of rates have ways that list as many cases."""
    live_through(town)
    page = await text_of(browser, f"/statistics?metric=p50_s&{PERIOD}", "en")
    table = lines(page)
    assert table["Department"] == [
        "2026-10 15–31", "2026-11", "Whole period 2026-10-15 – 2026-11-30", "Period before 2026-08-29 – 2026-10-14",
        "A year before 2025-10-15 – 2025-11-30",
    ]  # fmt: skip
    assert table["All"][0] == table["All"][3] == "–"
    assert re.fullmatch(r"\d+ min n= 3 of it waiting for verification .*", table["All"][1])
    asked = set[str]()
    for by in ("department", "segment", "community"):
        page = await text_of(browser, f"/statistics?view=metrics&by={by}&{PERIOD}", "en")
        for address, n in ways(page).items():
            if address not in asked:
                assert len(set(await numbers(browser, address))) == n, address
                asked.add(address)
    assert len(asked) > 40


async def test_two_dimensions_have_a_table_whose_numbers_lead_to_their_cases(
    town: Town, browser: ClientSession
) -> None:
    """Departments by category; the sums are those of one dimension, and the file has the same."""
    live_through(town)
    query = f"by=grid&view=category&metric=on_time_rate&{PERIOD}"
    page = await text_of(browser, f"/statistics?{query}", "en")
    table = lines(page)
    assert table["Grid"][-1] == "All"
    assert (
        table["All"][-1]
        == lines(await text_of(browser, f"/statistics?by=grid&metric=on_time_rate&{PERIOD}"))["合计"][2]
    )
    found = ways(page)
    assert len(found) > 10
    for address, n in found.items():
        assert len(set(await numbers(browser, address))) == n, address
    async with browser.get(f"/statistics.csv?{query}") as answer:
        assert len((await answer.text()).splitlines()) == len(table)
    assert "上年同期" in await text_of(browser, "/statistics?by=grid&view=grid"), "months instead"


async def test_every_metric_says_what_it_is_in_both_languages(town: Town, browser: ClientSession) -> None:
    """Months of one metric have its definition, the table of all of them has all that it shows."""
    live_through(town)
    for tongue in ("zh-CN", "en"):
        for metric in METRICS:
            page = await text_of(browser, f"/statistics?metric={metric.key}&{PERIOD}", tongue)
            assert re.findall(r'<dt id="defined-(\w+)">', page) == [metric.key]
        page = await text_of(browser, f"/statistics?view=metrics&{PERIOD}", tongue)
        shown = re.findall(r'<dt id="defined-(\w+)">', page)
        assert shown == [metric.key for metric in METRICS if metric.key != "mean_days"]
        assert weight(page) <= 200_000


async def test_few_cases_are_shown_but_not_ranked_and_communities_only_in_their_class(
    town: Town, browser: ClientSession
) -> None:
    live_through(town)
    page = await text_of(browser, f"/statistics?by=community&metric=on_time_rate&{PERIOD}", "en")
    assert "Of fewer than 5 cases a figure is shown but not ranked" in page
    table = lines(page)
    assert [head for head in table if "New town" in head or "Former" in head or "Old" in head]
    page = await text_of(browser, f"/statistics?by=department&metric=p50_s&{PERIOD}", "en")
    assert 'class="rank"' not in page
    assert '<tr class="few">' in page
    for query in ("metric=opened", "view=metrics", "view=category"):
        assert "not ranked" not in await text_of(browser, f"/statistics?{query}&{PERIOD}", "en")


async def test_days_that_are_none_are_refused_in_words(town: Town, browser: ClientSession) -> None:
    for query, said in {
        "from=2026-13-01": "“起始日”不是日期：2026-13-01。",
        "to=2026-11-31": "“截止日”不是日期：2026-11-31。",
        "from=2026-11-20&to=2026-11-01": "时段在2026-11-01结束，早于开始日2026-11-20。",
        "from=2020-01-01&to=2026-01-01": "时段超过24个月。",
    }.items():
        page = await text_of(browser, f"/statistics?{query}", status=400)
        assert said in page


async def test_a_choice_that_there_is_not_is_refused_with_those_that_there_are(
    town: Town, browser: ClientSession
) -> None:
    """On the page and in its files; what the address leaves out or empty is as usual."""
    for query, said in {
        "by=nonsense": "“行”不能是“nonsense”。可用：department, category, segment, grid, community。",
        "metric=x": "“指标”不能是“x”。可用：opened, ",
        "kind=y": "“类型”不能是“y”。可用：problem, ",
        "view=z": "“列”不能是“z”。可用：months, metrics, ",
    }.items():
        assert said in await text_of(browser, f"/statistics?{query}", status=400)
        assert said in await text_of(browser, f"/statistics.csv?{query}", status=400)
    assert "没有此类案件" in await text_of(browser, "/statistics?by=&metric=&kind=&view=")


async def test_everybody_sees_their_part_only(tmp_path: Path) -> None:
    """Whoever answers for a part: their figures, and behind them their cases."""
    async with small_town(tmp_path, demo=False) as town:
        life = live_through(town)
        found = {}
        for person in ("duty-desk", "lane-chief-2"):
            cookies = {"session": await signed_in(town, person)}
            async with ClientSession(town.url, cookies=cookies) as own:
                page = await text_of(own, f"/statistics?by=grid&metric=opened&{PERIOD}", "en")
                listed = await numbers(own, f"/supervisor?counted=opened&{PERIOD}")
            assert lines(page)["All"][2] == str(len(listed))
            found[person] = set(listed)
        places = {number: case.place for number, case in town.street.cases.items()}
    assert found["lane-chief-2"] < found["duty-desk"] < set(life.numbers.values())
    assert {place.grid for number in found["lane-chief-2"] if (place := places[number])} <= {"G005", "G006", "G007"}
