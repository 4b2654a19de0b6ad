"""Statistics for programs: the same figures as the page and its files, and the same refusals."""

from typing import Any

import pytest
from aiohttp import ClientSession

from connectors.ledger.queries.statistics.metrics import METRICS, of_calls
from tests.browser.reading_pages import text_of
from tests.unit.connectors.pages.statistics.test_files import file_of, rows_of
from tests.unit.connectors.pages.statistics.test_page import PERIOD, numbers, ways
from tests.unit.connectors.pages.statistics.versions.test_page import DAY_MIN, switched
from tests.worlds.small_town import Town
from tests.worlds.town_life import live_through, work_together

ADDRESS = "/statistics.json"
CALLS = tuple(metric.key for metric in of_calls(METRICS))


async def asked(browser: ClientSession, query: str, status: int = 200) -> dict[str, Any]:
    """The answer in English."""
    async with browser.get(f"{ADDRESS}?{query}", headers={"Accept-Language": "en"}) as answer:
        assert (answer.status, answer.content_type) == (status, "application/json")
        found: dict[str, Any] = await answer.json()
        return found


async def test_the_figures_are_those_of_the_csv_of_the_same_address(town: Town, browser: ClientSession) -> None:
    live_through(town)
    answer = await asked(browser, f"metric=mean_s&by=grid&{PERIOD}")
    assert {name: answer[name] for name in ("zone", "kind", "by", "view")} == {
        "zone": "Asia/Shanghai", "kind": "problem", "by": "grid", "view": "months",
    }  # fmt: skip
    assert [(each["key"], each["unit"]) for each in answer["metrics"]] == [
        ("mean_s", "time"), ("mean_verifying_s", "time"),
    ]  # fmt: skip
    assert "resolution" in answer["metrics"][0]["defined"]
    head, *lines = rows_of(await file_of(browser, f"/statistics.csv?metric=mean_s&by=grid&{PERIOD}", "text/csv"))
    told = [row["mean_s"] for row in answer["rows"] if row["code"] == lines[0][1]]
    assert told == [float(text) if text else None for text in lines[0][4 : len(head) : 4]]
    assert answer["rows"][0]["first_day"] == "2026-10-15"


@pytest.mark.parametrize("query", ["view=metrics", "view=category&metric=on_time_rate", "by=person"])
async def test_every_view_can_be_had_and_each_number_leads_to_its_cases(
    town: Town, browser: ClientSession, query: str
) -> None:
    """All metrics, two dimensions, persons; the addresses are those of the page."""
    work_together(live_through(town))
    answer = await asked(browser, f"{query}&{PERIOD}")
    whole = answer["rows"][-1]
    assert whole["code"] is None
    assert {each["key"] for each in answer["metrics"]} <= whole.keys()
    page = ways(await text_of(browser, f"/statistics?{query}&{PERIOD}"))
    told = {address for row in answer["rows"] for address in row["cases"].values()}
    assert page.keys() <= told
    for row in answer["rows"]:
        for column, address in row["cases"].items():
            n = page.get(address, row[column])
            assert n == row[column] or (column.startswith(CALLS) and 0 < n < row[column]), "several calls for a case"


async def test_before_and_since_a_version_of_the_list(town: Town, browser: ClientSession) -> None:
    """Its days are those on both sides; refused where there are none."""
    live_through(town)
    assert (await asked(browser, "view=version", 400))["error"] == "no_version_days"
    await switched(town, first="2026-11-19T00:00:00")
    town.clock.wait(3 * DAY_MIN)
    answer = await asked(browser, "view=version&by=grid&days=2")
    assert (answer["view"], answer["by"]) == ("version", "grid")
    assert {"opened", "on_time_rate", "mean_s"} <= {each["key"] for each in answer["metrics"]}
    before, since = answer["rows"][-2:]
    assert [(each["period"], each["first_day"], each["last_day"]) for each in (before, since)] == [
        ("before_version", "2026-11-17", "2026-11-18"), ("since_version", "2026-11-19", "2026-11-20"),
    ]  # fmt: skip
    assert (before["opened"], before["cases"], before["mean_s"]) == (0, {}, None)
    assert since["opened"] == len(set(await numbers(browser, since["cases"]["opened"]))) > 0


@pytest.mark.parametrize(
    ("query", "error", "where"),
    [
        ("metric=speed", "not_one_of", "metric"),
        ("by=road", "not_one_of", "rows"),
        ("town=x", "unknown_field", "town"),
        ("from=2026-13-01", "bad_day", "from_day"),
        ("by=person&metric=report_in_rate", "not_by_person", "metric"),
    ],
)
async def test_what_there_is_not_is_refused_as_on_the_page(
    browser: ClientSession, query: str, error: str, where: str
) -> None:
    answer = await asked(browser, query, 400)
    assert answer["error"] == error
    assert answer["message"]
    assert answer["where"] in {where, "from"}
