"""The live stream over real HTTP."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientResponse

from connectors.doors.http.api import BROADCASTER
from connectors.doors.http.live_stream import StreamLimits
from schemas.event import EventType
from tests.processes.waiting import wait_until
from tests.worlds.deaf_browser import DeafBrowser
from tests.worlds.doors import CASE, Doors, LedgerFile, doors, event, opened

Told = tuple[str, str, Any]
"""(id, event, data)"""


@pytest.fixture
async def door(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Doors]:
    """With the limits that a test asks for."""
    async with doors(tmp_path, stream=getattr(request, "param", StreamLimits())) as running:
        yield running


def limited(limits: StreamLimits) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("door", [limits], indirect=True, ids=["limited"])


@asynccontextmanager
async def listening(door: Doors, after: str | None = None, **how: Any) -> AsyncIterator[ClientResponse]:
    headers = {"Last-Event-ID": after} if after else {}
    async with door.client.get("/api/changes", headers=headers, **how) as response:
        assert response.content_type == "text/event-stream"
        yield response


async def read(response: ClientResponse, count: int) -> list[Told]:
    """So many events; comments and `retry` are stepped over."""
    told: list[Told] = []
    parts: dict[str, str] = {}
    async with asyncio.timeout(10):
        while len(told) < count:
            line = (await response.content.readline()).decode().rstrip("\n")
            name, _, value = line.partition(": ")
            if line:
                parts[name] = value
            elif "event" in parts:
                told.append((parts.get("id", ""), parts["event"], json.loads(parts["data"])))
                parts = {}
    return told


async def test_a_change_reaches_an_open_page(door: Doors) -> None:
    async with listening(door) as response:
        ((id, name, _),) = await read(response, 1)
        assert (id, name) == ("e1:0", "hello")
        door.ledger.take(opened(), event(1, EventType.DISPATCHED, now={"state": "dispatched"}))
        first, second = await read(response, 2)
    assert (first[0], first[1], first[2]["type"]) == ("e1:1", "change", "opened")
    assert (second[0], second[2]["case"]["state"], second[2]["because"]["zh"]) == ("e1:2", "dispatched", "按清单第一行")


async def test_a_page_that_comes_back_misses_nothing_and_gets_nothing_twice(door: Doors) -> None:
    door.ledger.take(opened(), *(event(n, EventType.URGED) for n in range(1, 1300)))
    async with listening(door, "e1:100") as response:
        old = await read(response, 1200)
        door.ledger.take(event(1300, EventType.URGED))
        new = await read(response, 1)
    assert [id for id, _, _ in old + new] == [f"e1:{seq}" for seq in range(101, 1302)]


async def test_a_page_may_say_in_its_address_where_it_is(door: Doors) -> None:
    """A browser cannot set a header on its first connection."""
    door.ledger.take(opened(), event(1, EventType.URGED))
    async with listening(door, params={"after": "e1:1"}) as response:
        assert [id for id, _, _ in await read(response, 1)] == ["e1:2"]


@pytest.mark.parametrize("after", ["e0:1", "e1:5000", "e1:x", "e1:-1", "1", ":", "e1:99999999999999999999", "x" * 2000])
async def test_an_unknown_position_gets_a_reset_and_goes_on(door: Doors, after: str) -> None:
    door.ledger.take(opened())
    async with listening(door, after) as response:
        assert await read(response, 1) == [("e1:1", "reset", {"position": "e1:1"})]
        door.ledger.take(event(1, EventType.URGED))
        assert [id for id, _, _ in await read(response, 1)] == ["e1:2"]


@limited(StreamLimits(most_behind=3))
async def test_a_page_that_was_away_too_long_gets_a_reset(door: Doors) -> None:
    door.ledger.take(opened(), *(event(n, EventType.URGED) for n in range(1, 10)))
    async with listening(door, "e1:6") as response:
        assert (await read(response, 1))[0][1] == "reset"
    async with listening(door, "e1:7") as response:
        assert (await read(response, 1))[0][0] == "e1:8"


async def test_a_rebuilt_ledger_resets_open_pages(door: Doors) -> None:
    door.ledger.take(opened(), event(1, EventType.URGED))
    async with listening(door) as response:
        await read(response, 1)
        new = LedgerFile(door.home / "new.sqlite", epoch="e2")
        new.take(opened())
        new.close()
        (door.home / "ledger.sqlite").unlink()
        (door.home / "ledger.sqlite").symlink_to(door.home / "new.sqlite")
        assert await read(response, 1) == [("e2:1", "reset", {"position": "e2:1"})]


@limited(StreamLimits(most_waiting=10))
async def test_a_page_that_does_not_keep_up_is_let_go(door: Doors) -> None:
    """The queue of one page is bounded; the others are not kept waiting by it."""
    async with listening(door) as slow, listening(door) as quick:
        await read(slow, 1)
        await read(quick, 1)
        door.ledger.take(opened(), *(event(n, EventType.URGED) for n in range(1, 400)))
        seen = await read(slow, 1)
        while seen[-1][1] == "change":
            seen += await read(slow, 1)
        assert (seen[-1][1], len(seen) < 400) == ("reset", True)
        assert await slow.content.read() == b""
    async with listening(door, seen[-1][0]) as again:
        door.ledger.take(event(400, EventType.URGED))
        assert (await read(again, 1))[0][2]["number"] == CASE


@pytest.mark.parametrize(
    "door",
    [StreamLimits(most_waiting=4, write_s=0.2, most_sent=4096, most_behind=n) for n in (100_000, 3)],
    indirect=True,
)
async def test_a_page_that_stops_reading_is_cut_off_and_comes_back_without_a_gap(door: Doors) -> None:
    """Meanwhile the others get everything; it gets each change once, or is told to load anew."""
    url, broadcaster, count = door.client.make_url("/"), door.app[BROADCASTER], 1
    deaf = DeafBrowser(url.host or "", url.port or 0)
    async with listening(door) as response:
        await read(response, 1)
        await deaf.ask()
        await wait_until(lambda: broadcaster.browsers == 2, "two browsers")
        door.ledger.take(opened())
        seen = await read(response, 1)
        while broadcaster.browsers == 2:
            door.ledger.take(*(event(n, EventType.URGED) for n in range(count, count + 100)))
            count += 100
            seen += await read(response, 100)
        server = door.client.server.handler
        await wait_until(lambda: len(server.connections) == 1, "the connection is cut")
        door.ledger.take(event(count, EventType.URGED))
        seen += await read(response, 1)
    assert [id for id, _, _ in seen] == [f"e1:{seq}" for seq in range(1, count + 2)]
    before = await deaf.rest()
    assert before == [f"e1:{seq}" for seq in range(len(before))]
    async with listening(door, before[-1]) as response:
        if broadcaster._limits.most_behind == 3:
            assert await read(response, 1) == [(f"e1:{count + 1}", "reset", {"position": f"e1:{count + 1}"})]
        else:
            after = await read(response, count + 2 - len(before))
            assert [id for id, _, _ in after] == [f"e1:{seq}" for seq in range(len(before), count + 2)]


@limited(StreamLimits(heartbeat_s=0.05))
async def test_silence_is_filled_with_comments(door: Doors) -> None:
    async with listening(door) as response:
        await read(response, 1)
        async with asyncio.timeout(5):
            assert (await response.content.readline()).startswith(b":")


async def test_many_pages_get_the_same_bytes(door: Doors) -> None:
    async def watch() -> list[Told]:
        async with listening(door) as response:
            await read(response, 1)
            ready.release()
            return await read(response, 20)

    ready = asyncio.Semaphore(0)
    watchers = [asyncio.create_task(watch()) for _ in range(30)]
    for _ in watchers:
        await ready.acquire()
    door.ledger.take(opened(), *(event(n, EventType.URGED) for n in range(1, 20)))
    seen = await asyncio.gather(*watchers)
    assert all(one == seen[0] for one in seen)
    assert [id for id, _, _ in seen[0]] == [f"e1:{seq}" for seq in range(1, 21)]


async def test_nobody_listens_nothing_is_read(door: Doors) -> None:
    """The ledger is asked only while somebody listens, and again for the next one who does."""
    broadcaster = door.app[BROADCASTER]
    async with listening(door) as response:
        await read(response, 1)
    assert broadcaster._task is not None
    await asyncio.wait({broadcaster._task}, timeout=5)
    assert broadcaster._task.done()
    door.ledger.take(opened())
    async with listening(door) as response:
        assert (await read(response, 1))[0][0] == "e1:1"


async def test_no_ledger_is_a_clear_answer(tmp_path: Path) -> None:
    async with doors(tmp_path) as door:
        (tmp_path / "ledger.sqlite").unlink()
        async with door.client.get("/api/changes") as response:
            assert (response.status, (await response.json())["error"]) == (503, "ledger_away")


async def test_the_gateway_stops_although_pages_listen(tmp_path: Path) -> None:
    async with asyncio.timeout(10):
        async with doors(tmp_path) as door:
            response = await door.client.get("/api/changes")
            await read(response, 1)
