"""Statistics for programs: the same figures as the page and its files, and the same refusals."""

from typing import Any

import pytest
from aiohttp import ClientSession

from tests.unit.connectors.pages.statistics.test_files import file_of, rows_of
from tests.unit.connectors.pages.statistics.test_page import PERIOD
from tests.worlds.small_town import Town
from tests.worlds.town_life import live_through, work_together

ADDRESS = "/statistics.json"


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
    assert [(each["key"], each["unit"]) for each in answer["metrics"]] == [("mean_s", "time")]
    assert "resolution" in answer["metrics"][0]["defined"]
    head, *lines = rows_of(await file_of(browser, f"/statistics.csv?metric=mean_s&by=grid&{PERIOD}", "text/csv"))
    told = [row["mean_s"] for row in answer["rows"] if row["code"] == lines[0][1]]
    assert told == [float(text) if text else None for text in lines[0][4 : len(head) : 4]]
    assert answer["rows"][0]["first_day"] == "2026-10-15"


@pytest.mark.parametrize("query", ["view=metrics", "view=category&metric=on_time_rate", "by=person", "view=version"])
async def test_every_view_can_be_had(town: Town, browser: ClientSession, query: str) -> None:
    """All metrics, two dimensions, persons; of a version only where there is one with days on both sides."""
    work_together(live_through(town))
    if query == "view=version":
        assert (await asked(browser, query, 400))["error"] == "no_version_days"
        return
    answer = await asked(browser, f"{query}&{PERIOD}")
    assert answer["rows"][-1]["code"] is None
    assert {each["key"] for each in answer["metrics"]} <= {*answer["rows"][-1], "mean_s"}


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
