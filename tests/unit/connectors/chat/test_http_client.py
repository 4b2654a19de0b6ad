"""What thin clients share, against a server that is real."""

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from connectors.chat.http_client import FAILURES, Away, SharedSession, at_most, pieces, whole
from connectors.chat.platform import TooLarge, TryLater


async def long(request: web.Request) -> web.StreamResponse:
    """A body that ends too early where it is asked to."""
    response = web.StreamResponse(headers={"Content-Length": "300000"})
    await response.prepare(request)
    await response.write(b"x" * 200_000)
    if "cut" in request.query:
        assert request.transport is not None
        request.transport.abort()
    else:
        await response.write(b"x" * 100_000)
    return response


@pytest.fixture
async def url() -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_get("/", long)
    async with TestServer(app) as server:
        yield str(server.make_url("/"))


async def test_a_session_is_shared_and_closed_after_the_last_user() -> None:
    shared = SharedSession()
    async with shared.connected() as first:
        async with shared.connected() as second:
            pass
        assert (first is second, first.closed) == (True, False)
    assert first.closed
    async with shared.connected() as third:
        assert not third.closed


async def test_an_answer_has_a_limit(url: str) -> None:
    async with aiohttp.ClientSession() as session:
        async with session.get(url) as answer:
            assert len(await whole(answer.content, 300_000)) == 300_000
        async with session.get(url) as answer:
            with pytest.raises(Away, match="too long"):
                await whole(answer.content, 299_999)


async def test_a_file_that_breaks_off_is_tried_again(url: str) -> None:
    async with aiohttp.ClientSession() as session, session.get(f"{url}?cut") as answer:
        with pytest.raises(TryLater, match="download"):
            [piece async for piece in at_most(300_000, pieces(answer.content, "download"))]


async def test_a_file_above_the_limit_never_comes(url: str) -> None:
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        with pytest.raises(TooLarge, match="more than 299999 bytes"):
            [piece async for piece in at_most(299_999, pieces(answer.content, "download"))]


async def test_nobody_at_the_address_is_a_failure() -> None:
    async with aiohttp.ClientSession() as session:
        with pytest.raises(FAILURES):
            await asyncio.wait_for(session.get("http://127.0.0.1:9"), 5)
