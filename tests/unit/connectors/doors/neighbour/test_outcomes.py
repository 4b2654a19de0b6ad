"""What became of a neighbour's request is posted to their server once."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession

from connectors.chat.options import read_options
from connectors.chat.runtime.backoff import Backoff
from connectors.doors.neighbour.client import NeighbourClient
from connectors.doors.neighbour.imports import Import, Imports
from connectors.doors.neighbour.options import NeighbourOptions
from connectors.doors.neighbour.outcomes import NeighbourOutcomes
from connectors.replies.reply import Recipient, Reply
from schemas.event import EventType
from schemas.names import Language
from tests.processes.waiting import wait_until
from tests.worlds.doors import CASE, T0, Doors, doors, event
from tests.worlds.neighbour_city import KEY, NeighbourCity, neighbour_city
from texts.catalogue import say

CLOSED = {"state": "closed", "outcome": "fixed"}


class Waiting:
    """Replies that were not sent yet."""

    def __init__(self, *replies: Reply) -> None:
        self.open = list(replies)
        self._next = 0

    def __aiter__(self) -> "Waiting":
        return self

    async def __anext__(self) -> Reply:
        if self._next == len(self.open):
            await asyncio.Event().wait()
        self._next += 1
        return self.open[self._next - 1]

    async def sent(self, reply: Reply) -> None:
        self.open.remove(reply)
        self._next -= 1


def reply(n: int, type: EventType, report: str = "neighbour-H-1", **now: Any) -> Reply:
    to = Recipient("neighbour", "anonymous", "reporter", report, Language.EN)
    return Reply(f"0-{n}:{report}", to, CASE, event(n, type, now=now))


class Forgetful(Imports):
    """Of a process that is killed before it writes what was posted."""

    async def posted(self, update: str, theirs: str, why: str) -> None:
        await asyncio.Event().wait()


class Back:
    """Our gateway, and a city of which one request was taken over."""

    def __init__(self, found: Doors, city: NeighbourCity, folder: Path) -> None:
        self.doors, self.city, self.folder = found, city, folder

    async def posts(self, replies: Waiting, until: int, *, killed: bool = False) -> None:
        """A process that runs until the city was told so many; `killed` before it wrote that down."""
        imports = (Forgetful if killed else Imports)(self.folder)
        await imports.put(Import("H-1", "neighbour-H-1", "accepted", "", "open", T0))
        options = read_options(NeighbourOptions, "neighbour", {"url": self.city.address, "key": KEY})
        async with ClientSession() as session:
            client = NeighbourClient(session, options)
            way = NeighbourOutcomes(client, imports, self.doors.gateway, Backoff(0.01, 0.01))
            running = asyncio.create_task(way.run(replies))
            try:
                done = (lambda: len(self.city.updates) >= until) if killed else (lambda: not replies.open)
                await wait_until(done, "what is to be posted")
            finally:
                running.cancel()
                await asyncio.wait([running])
                await imports.close()


@pytest.fixture
async def back(tmp_path: Path) -> AsyncIterator[Back]:
    async with doors(tmp_path / "home") as found, neighbour_city() as city:
        yield Back(found, city, tmp_path / "door")


async def test_an_end_is_told_in_fixed_words_and_nothing_else(back: Back) -> None:
    """What is no end, or not theirs, is passed over."""
    said = [
        reply(1, EventType.DISPATCHED, state="dispatched"), reply(2, EventType.CLOSED, **CLOSED, note="own words"),
        reply(3, EventType.CLOSED, report="neighbour-H-2", **CLOSED), reply(4, EventType.REOPENED, state="dispatched"),
    ]  # fmt: skip
    await back.posts(Waiting(*said), 2)
    closed, again = back.city.updates
    assert (closed["service_request_id"], closed["status"], closed["service_request_id_ext"]) == ("H-1", "CLOSED", CASE)
    assert (again["status"], closed["update_id"] != again["update_id"]) == ("OPEN", True)
    language = back.doors.gateway.language
    fixed = say(language, "pages.outcome.fixed")
    assert closed["description"] == say(
        language, "open311.ended", state=say(language, "pages.state.closed"), outcome=fixed
    )
    assert "own words" not in str(back.city.updates)


async def test_killed_after_it_was_posted_it_has_the_same_id(back: Back) -> None:
    """And what was written down is not posted again."""
    end = reply(2, EventType.CLOSED, **CLOSED)
    await back.posts(Waiting(end), 1, killed=True)
    await back.posts(Waiting(end), 2)
    await back.posts(Waiting(end), 2)
    assert len(back.city.updates) == 2
    assert len({each["update_id"] for each in back.city.updates}) == 1


async def test_a_server_that_is_away_gets_it_later_and_a_refusal_holds_nothing_up(back: Back) -> None:
    back.city.update_status = 503
    ends = Waiting(reply(2, EventType.CLOSED, **CLOSED), reply(3, EventType.REFUSED, state="refused"))
    posting = asyncio.create_task(back.posts(ends, 4))
    await wait_until(lambda: len(back.city.updates) > 1, "a second try")
    back.city.update_status = 400
    await posting
    assert len({each["update_id"] for each in back.city.updates}) == 2
    imports = Imports(back.folder)
    first = back.city.updates[0]["update_id"]
    assert await imports.was_posted(first)
    await imports.close()
