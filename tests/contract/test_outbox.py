"""What the outbox promises: confirmed means kept, once, whoever asks how often. One suite, run on each way into it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import FormData

from connectors.outbox.store import Message, OtherContentError, Outbox, OutboxFile, OutboxRow, waiting
from tests.worlds.doors import doors

Send = Callable[[str, str], Awaitable[bool]]
"""(id, content) to whether it was confirmed; False when the id had another content."""
Way = Callable[[Path], "AsyncIterator[Send]"]


def message(id: str, content: str) -> Message:
    return Message("door", id, content, 1, (OutboxRow("reports", id, 0, content.encode(), report=True),))


async def through_the_outbox(home: Path) -> AsyncIterator[Send]:
    outbox = Outbox(home / "outbox.sqlite")

    async def send(id: str, content: str) -> bool:
        try:
            await outbox.put(message(id, content))
        except OtherContentError:
            return False
        return True

    yield send
    await outbox.close()


async def through_the_file(home: Path) -> AsyncIterator[Send]:
    file = OutboxFile(home / "outbox.sqlite")

    async def send(id: str, content: str) -> bool:
        try:
            file.put(message(id, content))
        except OtherContentError:
            return False
        return True

    yield send
    file.close()


async def through_json(home: Path) -> AsyncIterator[Send]:
    async with doors(home) as running:

        async def send(id: str, content: str) -> bool:
            async with running.client.post("/api/reports", json={"id": id, "text": content}) as response:
                assert response.status in {202, 409}
                return response.status == 202

        yield send


async def through_a_form(home: Path) -> AsyncIterator[Send]:
    async with doors(home) as running:

        async def send(id: str, content: str) -> bool:
            form = FormData({"id": id, "text": content, "door": "cli"}, default_to_multipart=True)
            async with running.client.post("/api/reports", data=form) as response:
                assert response.status in {202, 409}
                return response.status == 202

        yield send


@pytest.fixture(params=[through_the_outbox, through_the_file, through_json, through_a_form])
async def send(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Send]:
    way: Way = request.param
    async with asynccontextmanager(way)(tmp_path) as sending:
        yield sending


async def test_confirmed_means_on_disk(send: Send, tmp_path: Path) -> None:
    """When a door confirms a message, another process already finds it in the outbox file."""
    for n in range(1, 4):
        assert await send(f"m{n}", "text")
        assert waiting(tmp_path / "outbox.sqlite").reports == n


async def test_a_repetition_is_confirmed_and_kept_once(send: Send, tmp_path: Path) -> None:
    """A message sent three times is confirmed each time and stored once."""
    assert [await send("m", "text") for _ in range(3)] == [True] * 3
    assert waiting(tmp_path / "outbox.sqlite").reports == 1


async def test_repetitions_at_the_same_time_are_kept_once(send: Send, tmp_path: Path) -> None:
    """Twenty copies of a message that arrive together are all confirmed and stored once."""
    assert await asyncio.gather(*(send("m", "text") for _ in range(20))) == [True] * 20
    assert waiting(tmp_path / "outbox.sqlite").reports == 1


async def test_another_content_under_a_known_id_is_refused(send: Send, tmp_path: Path) -> None:
    """An id that is known with other content is refused."""
    answers = [await send("m", "text"), await send("m", "other"), await send("m", "text")]
    assert answers == [True, False, True]
    assert waiting(tmp_path / "outbox.sqlite").reports == 1


async def test_a_repetition_after_kafka_has_it_is_still_known(send: Send, tmp_path: Path) -> None:
    """A repetition is recognised even after its message has gone to Kafka."""
    await send("m", "text")
    relay = OutboxFile(tmp_path / "outbox.sqlite")
    relay.relayed([stored.seq for stored in relay.pending(0, 10)])
    relay.close()
    assert [await send("m", "text"), await send("m", "other")] == [True, False]
    assert waiting(tmp_path / "outbox.sqlite").rows == 0


async def test_the_order_of_arrival_is_kept(send: Send, tmp_path: Path) -> None:
    """Messages are stored in the order in which they arrived."""
    names = [f"m{n}" for n in range(30)]
    for name in names:
        await send(name, "text")
    file = OutboxFile(tmp_path / "outbox.sqlite")
    assert [stored.row.key for stored in file.pending(0, 100)] == names
    file.close()
