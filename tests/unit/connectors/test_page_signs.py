"""Signs on the page of a case: near neighbours, and whatever else somebody should look at."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientSession, CookieJar

from schemas.case import State
from schemas.command import Act, Open
from schemas.place import FoundBy, PlaceFound
from schemas.report import Report, Reporter
from schemas.topics import home
from tests.small_town import Town, small_town
from tests.town_life import BOSS, WALKER
from tests.unit.connectors.test_pages import post, text_of


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    async with small_town(tmp_path) as running:
        yield running


@pytest.fixture
async def browser(town: Town) -> AsyncIterator[ClientSession]:
    async with ClientSession(town.url, cookie_jar=CookieJar(unsafe=True)) as session:
        yield session


def hole(town: Town, name: str, grid: int, lat: float) -> str:
    """A pothole in a grid of the region, reported now; its case."""
    region = town.gateway.region
    place = PlaceFound(grid=region.grids[grid].id, lon=118.0, lat=lat, label=f"at {name}", by=FoundBy.COORDINATES)
    report = Report(
        id=name, text="路面有坑洞", reporter=Reporter(id=WALKER), door="web", received_ms=town.clock()
    )  # fmt: skip
    town.take(Open(id=name, home=home(region.code, place.grid), report=report, place=place))
    return next(case.number for case in town.street.cases.values() if case.report == name)


async def test_a_neighbour_beyond_the_border_is_joined_with_one_tap(town: Town, browser: ClientSession) -> None:
    """Shown to who works and who watches, in both languages, with the form that joins them; not to the reporter."""
    first = hole(town, "a", 0, 24.0)
    town.clock.wait(5)
    second = hole(town, "b", 1, 24.0001)
    for number, other in ((first, second), (second, first)):
        for tongue, sentence in (("zh-CN", "可能是同一件事"), ("en", "Possibly the same")):
            page = await text_of(browser, f"/case/{number}?role=supervisor&as={BOSS}", tongue=tongue)
            assert sentence in page
            assert f"/case/{other}?role=supervisor" in page
            assert f'value="{first}"' in page, "the younger joins the older"
            assert "11" in page
    assert "可能是同一件事" not in await text_of(browser, f"/case/{first}?role=reporter")
    async with browser.get(f"/api/cases/{second}") as answer:
        told = (await answer.json())["possible_duplicates"]
    assert [(each["case"], each["metres"]) for each in told] == [(first, 11.1)]
    await post(browser, f"/case/{second}/acts?role=supervisor", act=Act.MERGE.value, by=BOSS, to=first)
    town.step()
    assert town.street.cases[second].state is State.MERGED
    assert "可能是同一件事" not in await text_of(browser, f"/case/{first}?role=supervisor")
