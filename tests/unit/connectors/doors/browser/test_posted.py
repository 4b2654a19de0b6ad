"""Bodies that no page of ours would send: each is answered, none breaks the door or leaves a file."""

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp

from connectors.doors.browser.account import COOKIE, new_token
from connectors.doors.browser.posted import MOST_PARTS
from tests.contract.plain_engine import PlainEngine
from tests.worlds.chat_room import ChatRoom, chat_room

EDGE = "xyz"
TYPE = f"multipart/form-data; boundary={EDGE}"
TRIES = 150


def part(name: str, content: str, more: str = "") -> str:
    return f'--{EDGE}\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n{content}\r\n'


WHOLE = (
    part("kind", "wrote") + part("text", "hole") + part("file", "JPEG", '; filename="a.jpg"') + f"--{EDGE}--\r\n"
).encode()


@asynccontextmanager
async def page(home: Path, **options: int) -> AsyncIterator[tuple[ChatRoom, aiohttp.ClientSession]]:
    async with (
        chat_room(home, engine=PlainEngine(), **options) as room,
        aiohttp.ClientSession(room.url, cookies={COOKIE: new_token()}) as session,
    ):
        yield room, session


async def test_a_body_that_was_changed_on_the_way_is_answered(tmp_path: Path) -> None:
    """Cut, doubled and overwritten at random: accepted or refused, in a few milliseconds, and the door goes on."""
    chance, statuses = random.Random(36), set[int]()
    async with page(tmp_path, burst=1000) as (_, session):
        for n in range(TRIES):
            raw = bytearray(WHOLE)
            for _ in range(chance.randint(1, 6)):
                at = chance.randrange(len(raw))
                raw[at : at + chance.randint(0, 9)] = chance.randbytes(chance.randint(0, 9))
            address = f"/doors/browser/messages?id=changed-{n:06}"
            async with session.post(address, data=bytes(raw), headers={"Content-Type": TYPE}) as answer:
                statuses.add(answer.status)
                await answer.read()
        async with session.get("/doors/browser/messages") as answer:
            assert answer.status == 200
    assert statuses <= {202, 400, 413}
    assert {202, 400} <= statuses


async def test_odd_forms_are_refused(tmp_path: Path) -> None:
    """Two files, too many parts, a part within a part, a compressed body, words that are no UTF-8."""
    two = part("file", "a", '; filename="a"') + part("file", "b", '; filename="b"') + f"--{EDGE}--\r\n"
    many = "".join(part(f"n{n}", "x") for n in range(MOST_PARTS + 1)) + f"--{EDGE}--\r\n"
    nested = f"--{EDGE}\r\nContent-Type: multipart/mixed; boundary=in\r\n\r\n--in\r\n\r\nx\r\n--in--\r\n--{EDGE}--\r\n"
    broken = part("text", "?").encode().replace(b"?", b"\xff\xfe") + f"--{EDGE}--\r\n".encode()
    odd = (two.encode(), many.encode(), nested.encode(), broken)
    bodies: list[tuple[bytes, dict[str, str]]] = [(raw, {}) for raw in odd]
    async with page(tmp_path) as (room, session):
        for raw, more in [*bodies, (WHOLE, {"Content-Encoding": "identity"})]:
            headers = {"Content-Type": TYPE, **more}
            async with session.post("/doors/browser/messages?id=odd-000001", data=raw, headers=headers) as answer:
                assert (answer.status, (await answer.json())["error"]) == (400, "bad_message")
        assert room.reports() == []
