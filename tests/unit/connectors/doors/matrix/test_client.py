import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from hypothesis import given
from hypothesis import strategies as st

from connectors.doors.matrix.client import LONGEST_PAUSE_S, LargeAnswerError, MatrixClient, MatrixError, pause_of


async def answer(request: web.Request) -> web.StreamResponse:  # noqa: PLR0911 - one for each way to answer
    """What a server, or a proxy before it, may answer."""
    match request.path.rpartition("/")[2]:
        case "good":
            return web.json_response({"token": request.headers.get("Authorization"), "q": request.query.get("q")})
        case "limited":
            body = {"errcode": "M_LIMIT_EXCEEDED", "error": "Slow down", "retry_after_ms": 1500}
            return web.json_response(body, status=429)
        case "forbidden":
            return web.json_response({"errcode": "M_FORBIDDEN", "error": "No"}, status=403)
        case "unknown":
            return web.json_response({"errcode": "M_UNKNOWN_TOKEN"}, status=401)
        case "proxy":
            return web.Response(text="<html>", status=502, headers={"Retry-After": "7"})
        case "page":
            return web.Response(text="<html>")
        case "list":
            return web.json_response([1])
        case "deep":
            return web.Response(text="[" * 100_000)
        case "large":
            return web.Response(body=b"x" * 200_000)
        case "slow":
            await asyncio.sleep(5)
        case "redirect":
            raise web.HTTPFound("/good")
    raise web.HTTPNotFound


@pytest.fixture
async def client() -> AsyncIterator[MatrixClient]:
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    async with TestServer(app) as server:
        client = MatrixClient(str(server.make_url("")).rstrip("/"), timeout_s=0.5, answer_bytes=100_000)
        client.token = "secret"
        async with client.connected():
            yield client


async def test_the_token_goes_in_a_header(client: MatrixClient) -> None:
    assert await client.call("GET", "/good", query={"q": "a b"}) == {"token": "Bearer secret", "q": "a b"}


@pytest.mark.parametrize(
    ("path", "status", "code", "passes", "refused", "after_s"),
    [
        ("limited", 429, "M_LIMIT_EXCEEDED", True, False, 1.5),
        ("forbidden", 403, "M_FORBIDDEN", False, False, None),
        ("unknown", 401, "M_UNKNOWN_TOKEN", False, True, None),
        ("proxy", 502, "", True, False, 7),
        ("page", 0, "", True, False, None),
        ("list", 0, "", True, False, None),
        ("deep", 0, "", True, False, None),
        ("slow", 0, "", True, False, None),
        ("redirect", 302, "", False, False, None),
        ("nothing", 404, "", False, False, None),
    ],
)
async def test_what_a_refusal_means(
    client: MatrixClient, path: str, status: int, code: str, passes: bool, refused: bool, after_s: float | None
) -> None:
    with pytest.raises(MatrixError) as found:
        await client.call("GET", f"/{path}")
    fault = found.value
    assert (fault.status, fault.code, fault.passes, fault.token_refused) == (status, code, passes, refused)
    assert fault.after_s == after_s
    assert "secret" not in str(fault)


async def test_an_answer_is_cut_at_the_limit(client: MatrixClient) -> None:
    with pytest.raises(LargeAnswerError):
        await client.call("GET", "/large")


async def test_a_file_is_cut_at_the_limit(client: MatrixClient) -> None:
    async with client.download("mxc://h/large", 200_000) as pieces:
        assert len(b"".join([piece async for piece in pieces])) == 200_000
    with pytest.raises(LargeAnswerError):
        async with client.download("mxc://h/large", 199_999):
            pass


async def test_nobody_listens() -> None:
    with pytest.raises(MatrixError) as found:
        await MatrixClient("http://127.0.0.1:1").call("GET", "/good")
    assert (found.value.passes, found.value.status) == (True, 0)


HEADERS = st.none() | st.text(max_size=10) | st.floats().map(str)


@given(HEADERS, st.none() | st.text(max_size=10) | st.floats() | st.integers())
def test_a_pause_is_none_or_bearable(header: str | None, milliseconds: object) -> None:
    pause_s = pause_of(header, milliseconds)
    assert pause_s is None or 0 <= pause_s <= LONGEST_PAUSE_S
