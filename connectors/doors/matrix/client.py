"""A thin client of the Matrix client-server API: requests, and what their failures mean."""

import json
import math
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Final
from urllib.parse import quote

import aiohttp

from connectors.chat.http_client import FAILURES, PIECE_BYTES, SharedSession
from connectors.chat.json_values import text_of

V3: Final = "/_matrix/client/v3"
LONGEST_PAUSE_S: Final = 3600.0


class MatrixError(Exception):
    """The server did not do it. `code` is Matrix's word such as `M_FORBIDDEN`, "" where there is none."""

    def __init__(self, words: str, *, status: int = 0, code: str = "", after_s: float | None = None) -> None:
        """`status`: of HTTP, 0 when there was no answer; `after_s`: when to try again, if the server said so."""
        super().__init__(f"{code} {words}".strip())
        self.status = status
        self.code = code
        self.after_s = after_s

    @property
    def passes(self) -> bool:
        """Whether the same may work later."""
        return self.status in {0, 408, 429} or self.status >= 500 or self.code == "M_LIMIT_EXCEEDED"

    @property
    def token_refused(self) -> bool:
        """Whether the server does not know our token."""
        return self.status == 401 or self.code in {"M_UNKNOWN_TOKEN", "M_MISSING_TOKEN"}


class LargeAnswerError(MatrixError):
    """The answer is larger than we read."""


class MatrixClient:
    """One server and, once `token` is set, one account."""

    def __init__(self, url: str, *, timeout_s: float = 30, answer_bytes: int = 50_000_000) -> None:
        self.url = url
        self.token = ""
        self._timeout_s = timeout_s
        self._answer_bytes = answer_bytes
        self._sessions = SharedSession()

    def connected(self) -> AbstractAsyncContextManager[aiohttp.ClientSession]:
        """Keep connections for all requests made meanwhile; without it, each request has one of its own."""
        return self._sessions.connected()

    async def call(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        query: Mapping[str, str] | None = None,
        wait_s: float = 0,
    ) -> Mapping[str, Any]:
        """The answer to a request; the server may take `wait_s` longer than usual. Raises `MatrixError`."""
        content = None if body is None else json.dumps(body).encode()
        headers = {} if body is None else {"Content-Type": "application/json"}
        async with self._request(method, path, content, headers, query, wait_s) as response:
            return _object(await self._whole(response))

    async def upload(self, content: bytes, mime: str) -> str:
        """Store a file on the server; its `mxc:` address. Raises `MatrixError`."""
        headers = {"Content-Type": mime}
        async with self._request("POST", "/_matrix/media/v3/upload", content, headers, None, self._timeout_s) as answer:
            return text_of(_object(await self._whole(answer)).get("content_uri"))

    @asynccontextmanager
    async def download(self, mxc: str, most: int) -> AsyncIterator[AsyncIterator[bytes]]:
        """The pieces of a file of at most `most` bytes. Raises `MatrixError`, also while it is read."""
        server, _, media = mxc.removeprefix("mxc://").partition("/")
        path = f"/_matrix/client/v1/media/download/{part_of_path(server)}/{part_of_path(media)}"
        async with self._request("GET", path, None, {}, None, self._timeout_s, redirects=True) as response:
            if (response.content_length or 0) > most:
                raise LargeAnswerError(f"the file has {response.content_length} bytes", status=413)
            yield _pieces(response, most)

    @asynccontextmanager
    async def _request(
        self,
        method: str,
        path: str,
        content: bytes | None,
        headers: Mapping[str, str],
        query: Mapping[str, str] | None,
        wait_s: float,
        *,
        redirects: bool = False,
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        timeout = aiohttp.ClientTimeout(total=self._timeout_s + wait_s)
        allowed = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        async with (
            _network(),
            self._sessions.connected() as session,
            session.request(
                method,
                self.url + path,
                data=content,
                params=query,
                headers={**headers, **allowed},
                timeout=timeout,
                allow_redirects=redirects,  # aiohttp does not send the token to another host
            ) as response,
        ):
            if response.status != 200:
                raise await self._refusal(response)
            yield response

    async def _refusal(self, response: aiohttp.ClientResponse) -> MatrixError:
        try:
            body = _object(await self._whole(response))
        except MatrixError:
            body = {}  # a proxy's page
        code, words = text_of(body.get("errcode"), 100), text_of(body.get("error"), 300)
        after_s = pause_of(response.headers.get("Retry-After"), body.get("retry_after_ms"))
        words = words or f"HTTP {response.status} of {response.url.path}"
        return MatrixError(words, status=response.status, code=code, after_s=after_s)

    async def _whole(self, response: aiohttp.ClientResponse) -> bytes:
        return b"".join([piece async for piece in _pieces(response, self._answer_bytes)])


def part_of_path(name: str) -> str:
    """A name as one part of a path."""
    return quote(name, safe="")


def pause_of(header: str | None, milliseconds: object) -> float | None:
    """Seconds to wait, from `Retry-After` or the older `retry_after_ms`; None where neither says."""
    try:
        seconds = float(header) if header is not None else float(str(milliseconds)) / 1000
    except ValueError:
        return None
    return min(max(seconds, 0.0), LONGEST_PAUSE_S) if math.isfinite(seconds) else None


@asynccontextmanager
async def _network() -> AsyncIterator[None]:
    try:
        yield
    except TimeoutError:
        raise MatrixError("no answer in time") from None
    except FAILURES as fault:
        raise MatrixError(str(fault) or type(fault).__name__) from None


async def _pieces(response: aiohttp.ClientResponse, most: int) -> AsyncIterator[bytes]:
    read = 0
    async for piece in response.content.iter_chunked(PIECE_BYTES):
        read += len(piece)
        if read > most:
            raise LargeAnswerError(f"the answer is larger than {most} bytes", status=413)
        yield piece


def _object(raw: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise MatrixError("the answer is no JSON object")
    return found
