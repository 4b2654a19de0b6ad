"""Figures before and since a version of the list, on the page and as a file."""

from datetime import datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest
from aiohttp import ClientSession

from connectors.cases.translations import Translations
from connectors.doors.http.context import LISTS
from connectors.ledger.queries.statistics.metrics import BY_KEY, MetricValue
from connectors.lists.desk import ListVersion
from connectors.pages.statistics.versions.around_table import ENOUGH, change
from connectors.pages.statistics.versions.effective import in_effect
from grid36.lists.desk import GatewayListDesk
from schemas.codec import encode
from schemas.content import content_address
from schemas.names import Language
from schemas.system import Switched, System
from streams.rulebooks.topic import both_records
from tests.browser.reading_pages import text_of
from tests.unit.connectors.pages.statistics.test_page import lines, numbers, ways
from tests.worlds.small_town import Town
from tests.worlds.town_life import live_through

ZONE = ZoneInfo("Asia/Shanghai")
DAY_MIN = 24 * 60


def ms(text: str) -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=ZONE).timestamp() * 1000)


async def switched(town: Town, **moments: str) -> None:
    """The system began with another list; each of these took effect at its moment."""
    region, book = town.gateway.region, town.gateway.rulebook
    records: dict[str, bytes] = {**both_records(region, book)}
    system = System(partitions=1, region=content_address(region), rulebook=content_address(book))
    for name, at in moments.items():
        version = book.model_copy(update={"name": name})
        told = Switched(
            id=name, rulebook=content_address(version), region=system.region, by="k", at_ms=5, effective_ms=ms(at)
        )
        records |= both_records(region, version) | {f"switch/{name}": encode(told)}
    await cast("GatewayListDesk", town.app[LISTS].desk).hear(records | {"system": encode(system)})


async def test_all_metrics_before_and_since_a_version_with_what_they_cannot_say(
    town: Town, browser: ClientSession
) -> None:
    """Equal windows of whole days, no longer than what has passed; another version, the first case, and few cases."""
    live_through(town)
    town.clock.wait(3 * DAY_MIN)
    page = await text_of(browser, "/statistics?view=version", "en")
    assert "No other version of the list has taken effect" in page
    await switched(town, first="2026-11-19T00:00:00", second="2026-11-20T10:30:00")
    page = await text_of(browser, "/statistics?view=version&version=2026-11-19T00:00:00&by=grid", "en")
    table = lines(page)
    assert table["Metric"] == ["Before 2026-11-16 – 2026-11-18", "Since 2026-11-19 – 2026-11-21", "Change"]
    n = int(table["Reports accepted"][1])
    assert table["Reports accepted"] == ["0", str(n), f"+{n}"]
    assert table["On-time rate"][2] == "too few to say"
    for said in (
        "Version “first” of the list, in force from 2026-11-19 00:00",
        "3 whole days before it",
        "You asked for 30 days",
        "Other versions took effect in these days: second (2026-11-20)",
        "The first case of this system is of 2026-11-19",
        "Not closed yet: 0 cases from before",
    ):
        assert said in page, said
    assert "during" not in page.partition("<table")[0]
    found = ways(page)
    assert found
    for address, count in found.items():
        assert len(set(await numbers(browser, address))) == count, address
    async with browser.get("/statistics.csv?view=version&version=2026-11-19T00:00:00&metric=opened&by=grid") as answer:
        *_, last = (await answer.text()).splitlines()
    assert last == f"合计,,0,{n}"


async def test_the_newest_version_is_usual_and_its_first_day_counts_on_neither_side(
    town: Town, browser: ClientSession
) -> None:
    live_through(town)
    await switched(town, first="2026-11-19T00:00:00", second="2026-11-20T10:30:00")
    town.clock.wait(DAY_MIN)
    page = await text_of(browser, "/statistics?view=version", "en")
    assert "has not been in force for a whole day" in page
    assert "无从比较" in await text_of(browser, "/statistics.csv?view=version", status=400)
    town.clock.wait(2 * DAY_MIN)
    page = await text_of(browser, "/statistics?view=version&days=1", "en")
    assert lines(page)["Metric"] == ["Before 2026-11-19 – 2026-11-19", "Since 2026-11-21 – 2026-11-21", "Change"]
    assert "It took effect during 2026-11-20" in page
    assert "You asked for" not in page
    assert "不能是“x”。可用：2026-11-20T10:30:00, 2026-11-19T00:00:00。" in await text_of(
        browser, "/statistics?view=version&version=x", status=400
    )
    assert "1到366" in (await text_of(browser, "/statistics?days=0", status=400)).replace(" ", "")


def test_only_lists_that_took_effect_while_the_system_worked_are_compared() -> None:
    """Not the one it began with, none that was replaced or is planned, and none that is the list before once more."""

    def version(rulebook: str, state: str, from_ms: int) -> ListVersion:
        return ListVersion(rulebook, state, rulebook, from_ms)

    begin = ms("2026-11-19T00:00:00")
    found = in_effect(
        [
            version("a", "past", 0), version("b", "replaced", begin), version("c", "past", begin),
            version("c", "past", begin + 1), version("a", "in_force", begin + 60_000),
            version("d", "planned", begin * 2),
        ],
        ZONE,
    )  # fmt: skip
    assert [(each.key, each.name, each.whole_day) for each in found] == [
        ("2026-11-19T00:01:00", "a", False), ("2026-11-19T00:00:00", "c", True),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("key", "before", "since", "said"),
    [
        ("opened", MetricValue(3, 3), MetricValue(1, 1), "−2"),
        ("on_time_rate", MetricValue(0.5, ENOUGH, 10), MetricValue(0.625, ENOUGH, 12), "+12.5 points"),
        ("on_time_rate", MetricValue(0.5, ENOUGH, 10), MetricValue(0.6, ENOUGH - 1, 12), "too few to say"),
        ("mean_s", MetricValue(7200.0, 30), MetricValue(3600.0, 30), "−1 h 0 min"),
        ("mean_hops", MetricValue(1.0, 30), MetricValue(1.0, 30), "±0.00"),
        ("merged", MetricValue(2, 2), MetricValue(2, 2), "±0"),
        ("mean_s", MetricValue(None, 0), MetricValue(None, 0), "–"),
        ("mean_s", MetricValue(None, 0), MetricValue(3600.0, 30), "too few to say"),
    ],
)
def test_a_change_is_stated_of_enough_cases_only(key: str, before: Any, since: Any, said: str) -> None:
    assert change(Translations(Language.EN), BY_KEY[key], {key: before}, {key: since}) == said
