"""Figures by person: only for those who have authority over them, of enough cases, and never as open data."""

from pathlib import Path

import pytest
from aiohttp import ClientSession

from tests.browser.reading_pages import text_of
from tests.unit.connectors.pages.statistics.test_page import PERIOD, lines, numbers, ways
from tests.worlds.outside import signed_in
from tests.worlds.small_town import Town, small_town
from tests.worlds.town_life import live_through

BY_PERSON = f"by=person&{PERIOD}"


async def as_person(town: Town, person: str) -> ClientSession:
    """A browser in which somebody is signed in."""
    return ClientSession(town.url, cookies={"session": await signed_in(town, person)})


@pytest.mark.parametrize("person", ["inspector-1", "officer-sanitation", "list-steward"])
async def test_without_authority_there_are_no_persons(tmp_path: Path, person: str) -> None:
    """An inspector, an officer and a list steward: not in the form, refused in words in the address, files and list."""
    async with small_town(tmp_path, demo=False) as town:
        live_through(town)
        async with await as_person(town, person) as own:
            assert 'value="person"' not in await text_of(own, f"/statistics?{PERIOD}", "en")
            for path in ("/statistics", "/statistics.csv", "/statistics.xlsx", "/statistics/cases.csv"):
                for query in (BY_PERSON, f"view=person&{PERIOD}"):
                    page = await text_of(own, f"{path}?{query}", "en", status=403)
                    assert "Figures by person are for those who have authority over them" in page
            listed = f"/supervisor?counted=opened&by=person&key=supervisor-01&{PERIOD}"
            assert "have authority over them" in await text_of(own, listed, "en", status=403)


async def test_a_chief_sees_those_below_in_the_own_grids_and_the_others_together(tmp_path: Path) -> None:
    """The sums are those of the part, and each number leads to its cases."""
    async with small_town(tmp_path, demo=False) as town:
        live_through(town)
        async with await as_person(town, "lane-chief-1") as own:
            table = lines(await text_of(own, f"/statistics?{BY_PERSON}&metric=opened", "en"))
            whole = lines(await text_of(own, f"/statistics?by=grid&{PERIOD}&metric=opened", "en"))
            assert table["All"] == whole["All"]
            below = town.gateway.directory.below("lane-chief-1")
            named = {p.name.en for p in town.gateway.region.persons if p.id in below}
            assert set(table) - {"Person", "All", "nobody yet", "others, together"} <= named
            assert len(table) > 3
            for view in ("metrics", "category"):
                page = await text_of(own, f"/statistics?{BY_PERSON}&view={view}&metric=opened", "en")
                assert "not ranked" in page
                found = ways(page)
                assert len(found) > 5
                for address, n in found.items():
                    assert len(set(await numbers(own, address))) == n, address


async def test_of_few_cases_a_person_has_a_number_and_no_rate(town: Town, browser: ClientSession) -> None:
    """On the page and in the file; of all together there is a rate, and open data has no person."""
    live_through(town)
    table = lines(await text_of(browser, f"/statistics?{BY_PERSON}&view=metrics", "en"))
    rates = [n for n, title in enumerate(table["Person"]) if title in {"On-time rate", "Hops"}]
    accepted = table["Person"].index("Reports accepted")
    few = [cells for name, cells in table.items() if name != "Person" and cells[accepted].isdigit()]
    some = [cells for cells in few if 0 < int(cells[accepted]) < 5]
    assert some
    assert {cells[n] for cells in some for n in rates} == {"–"}
    enough = [cells for cells in few if int(cells[accepted]) >= 6]
    assert enough
    assert all(cells[rates[1]] != "–" for cells in enough)
    async with browser.get(f"/statistics.csv?{BY_PERSON}&metric=mean_hops&lang=en") as answer:
        rows = [line.split(",") for line in (await answer.text()).splitlines()]
    assert {row[-6] for row in rows[1:-1] if 0 < int(row[-5]) < 5} == {""}
    async with browser.get(f"/statistics/cases.csv?{BY_PERSON}") as answer:
        assert answer.status == 200
        text = await answer.text()
    assert len(text.splitlines()) > 5
    assert [p.id for p in town.gateway.region.persons if p.id in text] == []


async def test_departments_are_called_and_no_persons(town: Town, browser: ClientSession) -> None:
    live_through(town)
    for query in (f"{BY_PERSON}&metric=report_in_rate", f"view=person&metric=cooperation&{PERIOD}"):
        assert "该指标不适用于人员" in await text_of(browser, f"/statistics?{query}")
        assert "该指标不适用于人员" in await text_of(browser, f"/statistics.csv?{query}", status=400)


def test_below_are_those_whose_absence_one_may_enter(town: Town) -> None:
    """The same authority in two ways: person by person, and all at once."""
    directory = town.gateway.directory
    people = [person.id for person in town.gateway.region.persons]
    for person in people:
        if directory.people_remit(person):
            assert directory.below(person) == {each for each in people if directory.may_place(person, each)}
    assert not directory.people_remit("inspector-1")
    assert directory.people_remit("duty-desk").everything
