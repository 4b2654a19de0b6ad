"""Bodies of hooks, sent over a real connection."""

import asyncio

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from connectors.chat.hook_body import BadBodyError, read_body

LIMIT = 1000


async def answer(request: web.Request) -> web.Response:
    try:
        return web.Response(body=await read_body(request, LIMIT, 0.2))
    except BadBodyError as bad:
        return web.Response(status=bad.status, text=str(bad))


async def status_of(data: object, **headers: str) -> tuple[int, bytes]:
    app = web.Application()
    app.router.add_post("/", answer)
    async with TestClient(TestServer(app)) as client:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        async with client.post("/", data=data, headers=sent) as response:
            return response.status, await response.read()


async def test_bytes_come_as_they_were_sent() -> None:
    assert await status_of(b'{"a":\r\n 1}') == (200, b'{"a":\r\n 1}')


async def in_pieces() -> object:
    for _ in range(3):
        yield b"x" * 500


async def slowly() -> object:
    yield b"x"
    await asyncio.sleep(1)
    yield b"y"


@pytest.mark.parametrize("long", [b"x" * 1001, in_pieces])
async def test_too_much_is_not_read(long: object) -> None:
    """Whether it says its length or not."""
    assert (await status_of(long() if callable(long) else long))[0] == 413


async def test_a_sender_that_stops_is_given_up() -> None:
    assert (await status_of(slowly()))[0] == 408


async def test_what_is_compressed_is_refused() -> None:
    assert (await status_of(b"abc", Content_Encoding="br"))[0] == 400
