"""Watching from outside: by a personal link, people see the cases of the grids in which they have authority."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientResponse, ClientSession, FormData

from connectors.doors.http.live_stream import StreamLimits
from schemas.command import Act
from tests.browser.reading_pages import open_cases
from tests.worlds.outside import HOST, OUTSIDE, asked, personal_link
from tests.worlds.small_town import Town, small_town
from tests.worlds.town_life import BOSS, OWNER, WALKER, Life

WATCHED = ("/board", "/board/cases", "/board/shapes")
KINDS = ("grid", "road")
FIRST, SECOND = "云帆路5号", "晨光街8号"
"""In grid G001 and in grid G002."""


@pytest.fixture
def outside(town: Town) -> Town:
    town.gateway.public_host = HOST
    return town


def two_cases(town: Town) -> Life:
    life = Life(town)
    life.report("first", "路面油污", FIRST)
    life.report("second", "路灯不亮，晚上太黑", SECOND)
    return life


async def numbers(browser: ClientSession, link: str) -> set[str]:
    async with asked(browser, "/board/cases", link) as answer:
        return {row[0] for row in (await open_cases(answer))["rows"]}


async def events(answer: ClientResponse, count: int) -> list[dict[str, Any]]:
    """The next changes of a stream."""
    found: list[dict[str, Any]] = []
    async with asyncio.timeout(10):
        while len(found) < count:
            line = (await answer.content.readline()).decode()
            if line.startswith("data: {") and "number" in (told := json.loads(line[6:])):
                found.append(told)
    return found


@pytest.mark.parametrize("path", WATCHED)
async def test_strangers_and_those_without_authority_have_to_sign_in(
    outside: Town, browser: ClientSession, path: str
) -> None:
    """Also with a forged link, with one that was revoked, and whoever they say they are."""
    revoked = await personal_link(outside, BOSS)
    await outside.gateway.contacts.ask(lambda file: file.revoke_links(BOSS))
    for link in (
        "",
        "no-such-link",
        revoked,
        *[await personal_link(outside, who) for who in (OWNER, WALKER, "rider-01")],
    ):
        async with asked(browser, f"{path}?as={BOSS}", link) as answer:
            assert (answer.status, answer.headers["Location"][:8]) == (303, "/sign-in")
            assert "云帆" not in await answer.text()


@pytest.mark.parametrize(
    ("person", "seen"),
    [
        (BOSS, {"first", "second"}), ("street-chief", {"first", "second"}), ("inspector-1", {"first", "second"}),
        ("steward-01", {"first"}), ("steward-02", {"second"}), ("steward-03", set()),
    ],
)  # fmt: skip
async def test_the_board_shows_the_grids_of_its_reader(
    outside: Town, browser: ClientSession, person: str, seen: set[str]
) -> None:
    """Lists, map, case pages: none shows a case of another grid, whatever the address asks for."""
    life, link = two_cases(outside), await personal_link(outside, person)
    assert await numbers(browser, link) == {life.numbers[name] for name in seen}
    async with asked(browser, "/board?grid=G001", link) as answer:
        page = await answer.text()
    assert answer.status == 200
    assert {name for name in life.numbers if life.numbers[name] in page} == seen & {"first"}
    for name, number in life.numbers.items():
        async with asked(browser, f"/case/{number}?role=supervisor", link) as answer:
            assert answer.status == (200 if name in seen else 404)
    assert ("/supervisor" in page, 'action="/board"' in page) == (False, True)


@pytest.mark.parametrize(("person", "grids"), [("steward-01", {"G001"}), ("inspector-1", None)])
async def test_the_map_has_only_the_grids_of_its_reader(
    outside: Town, browser: ClientSession, person: str, grids: set[str] | None
) -> None:
    """And the roads in them; who may watch every grid gets the region."""
    region = outside.gateway.region
    where = outside.gateway.directory.remit(person).where
    watched = {grid.id for grid in region.grids} if where is None else set(where)
    async with asked(browser, "/board/shapes", await personal_link(outside, person)) as answer:
        assert "private" in answer.headers["Cache-Control"]
        shapes = json.loads(await answer.read())["features"]
    drawn = {kind: {one["properties"]["id"] for one in shapes if one["properties"]["kind"] == kind} for kind in KINDS}
    assert drawn["grid"] == watched
    assert grids is None or grids <= watched < {grid.id for grid in region.grids}
    assert drawn["road"] == {each.id for each in region.segments if each.grid in watched}


async def test_acts_are_their_own_and_within_their_rights(outside: Town, browser: ClientSession) -> None:
    life, link = two_cases(outside), await personal_link(outside, "street-chief")

    async def act(name: str, by: str) -> int:
        form = FormData({"act": "urge", "by": by})
        form.add_field("photos", b"", filename="")
        headers = OUTSIDE | {"Cookie": f"link={link}"}
        path = f"/case/{life.numbers[name]}/acts"
        async with browser.post(path, data=form, headers=headers, allow_redirects=False) as answer:
            return answer.status

    assert (await act("first", "street-chief"), await act("first", BOSS)) == (303, 403)
    outside.step()
    assert outside.street.cases[life.numbers["first"]].urged == 1


async def test_the_stream_tells_a_handler_of_their_own_cases_alone(outside: Town, browser: ClientSession) -> None:
    """Also of one that was handed to them; a stranger has no stream."""
    life = two_cases(outside)
    mine = outside.street.cases[life.numbers["first"]].assignee
    assert mine is not None
    async with asked(browser, "/api/changes") as answer:
        assert answer.status == 303
    async with asked(browser, "/api/changes", await personal_link(outside, mine)) as answer:
        await answer.content.readuntil(b"hello")
        life.act("second", Act.ACKNOWLEDGE)
        life.act("first", Act.ACKNOWLEDGE)
        assert [each["number"] for each in await events(answer, 1)] == [life.numbers["first"]]
        life.act("second", Act.ASSIGN, BOSS, to=mine)
        assert [each["number"] for each in await events(answer, 1)] == [life.numbers["second"]]


async def test_the_stream_tells_of_ones_own_grids_and_goes_on_behind_the_others(
    outside: Town, browser: ClientSession
) -> None:
    """The position moves with what is left out, so that nothing is missed or repeated after a break."""
    life, link = two_cases(outside), await personal_link(outside, "steward-01")
    async with asked(browser, "/api/changes", link) as answer:
        await answer.content.readuntil(b"hello")
        life.act("second", Act.ACKNOWLEDGE)
        life.act("first", Act.ACKNOWLEDGE)
        (change,) = await events(answer, 1)
        assert (change["number"], change["type"]) == (life.numbers["first"], "acknowledged")
    async with asked(browser, "/api/changes", link, **{"Last-Event-ID": "e1:1"}) as answer:
        missed = await events(answer, 2)
        assert {each["number"] for each in missed} == {life.numbers["first"]}
        ids = (await answer.content.readuntil(b"\n\n")).decode()
        assert "id: e1:6" in ids


@pytest.fixture
async def impatient(tmp_path: Path) -> AsyncIterator[Town]:
    """A town that looks at the rights of its watchers all the time."""
    async with small_town(tmp_path, stream=StreamLimits(heartbeat_s=0.05)) as running:
        running.gateway.public_host = HOST
        yield running


async def test_a_stream_ends_when_its_link_is_revoked(impatient: Town) -> None:
    link = await personal_link(impatient, "street-chief")
    async with ClientSession(impatient.url) as browser, asked(browser, "/api/changes", link) as answer:
        await answer.content.readuntil(b"hello")
        await impatient.gateway.contacts.ask(lambda file: file.revoke_links("street-chief"))
        async with asyncio.timeout(10):
            await answer.content.read()
