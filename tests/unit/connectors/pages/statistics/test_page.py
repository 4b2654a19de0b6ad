"""The page of statistics: its tables, the ways from each number to its cases, and what it refuses."""

import re
from html import unescape
from pathlib import Path

from aiohttp import ClientSession

from connectors.ledger.queries.statistics.metrics import METRICS, of_calls
from schemas.command import Act
from schemas.joint import Scores
from tests.browser.reading_pages import text_of, weight
from tests.worlds.outside import signed_in
from tests.worlds.small_town import Town, small_town
from tests.worlds.town_life import BOSS, live_through, work_together

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
    assert re.fullmatch(r"\d+ min n= 3 and waiting for verification .*", table["All"][1])
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


async def test_report_ins_and_ratings_by_called_department_lead_to_the_cases_of_the_calls(
    town: Town, browser: ClientSession
) -> None:
    """Three departments were whistled for one case: two reported in, one of them on site and rated."""
    life = live_through(town)
    work_together(life)
    life.act("water", Act.RATE_REPORT_IN, BOSS, to="water-supply", scores=Scores(cooperation=5))
    table = lines(page := await text_of(browser, f"/statistics?metric=report_in_rate&{PERIOD}", "en"))
    assert table["Called department"][1] == "2026-11"
    assert [cells[1] for cells in table.values()][-1] == "100.0% 1/1 cases 1 / 1"
    assert "Calls count on the day on which they were made" in page
    assert "A column has the cases" not in page
    table = lines(await text_of(browser, f"/statistics?metric=cooperation&by=grid&{PERIOD}", "en"))
    assert table["All"][1] == "5.00 n=1 cases 1"
    table = lines(await text_of(browser, f"/statistics?metric=called&view=category&{PERIOD}", "en"))
    assert table["All"][-1] == "3 cases 1"
    for view in ("metrics", "community"):
        found = ways(await text_of(browser, f"/statistics?view={view}&metric=called&{PERIOD}", "en"))
        called = {address: n for address, n in found.items() if "counted=called" in address}
        assert called
        for address, n in called.items():
            assert await numbers(browser, address) == [life.numbers["water"]] * n, address
            assert "A case with several such calls is listed once" in await text_of(browser, address, "en")
    shown = re.findall(r'<dt id="defined-(\w+)">', await text_of(browser, f"/statistics?view=metrics&{PERIOD}"))
    assert {metric.key for metric in of_calls(METRICS)} < set(shown)


async def test_a_department_sees_the_calls_to_it_and_their_cases_whoever_has_them(tmp_path: Path) -> None:
    """The list of an officer has the case that another department owns."""
    async with small_town(tmp_path, demo=False) as town:
        life = live_through(town)
        work_together(life)
        cookies = {"session": await signed_in(town, "officer-drainage")}
        async with ClientSession(town.url, cookies=cookies) as own:
            table = lines(await text_of(own, f"/statistics?metric=called&{PERIOD}", "en"))
            listed = await numbers(own, f"/supervisor?counted=called&{PERIOD}")
            other = await numbers(own, f"/supervisor?counted=called&by=department&key=water-supply&{PERIOD}")
    assert table["All"][1] == "1 cases 1"
    assert (listed, other) == ([life.numbers["water"]], [])


async def test_every_metric_says_what_it_is_in_both_languages(town: Town, browser: ClientSession) -> None:
    """Months of one metric have its definition, the table of all of them has all that it shows."""
    work_together(live_through(town))
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


async def test_on_paper_it_says_which_cases_of_which_days_and_when(town: Town, browser: ClientSession) -> None:
    """The form with the choices is not printed."""
    live_through(town)
    page = await text_of(browser, f"/statistics?kind=question&{PERIOD}", "en")
    assert '<p class="printed">Question · 2026-10-15 – 2026-11-30 · As of 2026-11-19</p>' in page


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
        "by=nonsense": "“行”不能是“nonsense”。可用：department, category, segment, grid, community, person。",
        "metric=x": "“指标”不能是“x”。可用：opened, ",
        "kind=y": "“类型”不能是“y”。可用：problem, ",
        "view=z": "“列”不能是“z”。可用：months, metrics, ",
    }.items():
        assert said in await text_of(browser, f"/statistics?{query}", status=400)
        assert said in await text_of(browser, f"/statistics.csv?{query}", status=400)
    assert "没有此类案件" in await text_of(browser, "/statistics?by=&metric=&kind=&view=")


async def test_a_name_that_no_choice_has_is_refused_with_those_that_there_are(
    town: Town, browser: ClientSession
) -> None:
    """Ignored, it would show figures that look filtered and are not; the language is a choice of every page."""
    said = "没有“department”这个字段。可用：by, view, metric, kind, from, to, version, days。"
    for path in ("/statistics", "/statistics.csv", "/statistics.xlsx", "/statistics/cases.csv"):
        assert said in await text_of(browser, f"{path}?department=sanitation", status=400)
    assert "可用：by, kind, from, to。" in await text_of(browser, "/hot-spots?grid=g1", status=400)
    await text_of(browser, "/statistics?lang=en")


async def test_a_figure_that_there_is_not_has_no_list(town: Town, browser: ClientSession) -> None:
    """Rather than all cases, which somebody would take for those of the figure."""
    for query, said in {
        "counted=all": "不能是“all”。可用：opened, ",
        "counted=opened&by=month": "不能是“month”。可用：department, ",
        "counted=opened&kind=x": "不能是“x”",
        "counted=opened&from=2026-13-01": "不是日期",
    }.items():
        assert said in await text_of(browser, f"/supervisor?{query}", status=400)


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
