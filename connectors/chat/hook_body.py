"""The body of a request that a platform sends to a hook, within limits of size and time."""

import asyncio
from typing import Final

from aiohttp import ClientPayloadError, web
from aiohttp.http_exceptions import BadHttpMessage

PATIENCE_S: Final = 4.0


class BadBodyError(Exception):
    """The body cannot be used; `status` is the answer. After 408 and 413 the connection has to be closed."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


async def read_body(request: web.Request, limit: int, patience_s: float = PATIENCE_S) -> bytes:
    """All bytes, as they were sent. Raises `BadBodyError` above `limit` bytes, when slow, or when compressed."""
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise BadBodyError(400, "compressed")  # no platform does, and it would grow
    if (request.content_length or 0) > limit:
        raise BadBodyError(413, "too long")
    body = bytearray()
    try:
        async with asyncio.timeout(patience_s):
            async for piece in request.content.iter_any():
                body += piece
                if len(body) > limit:
                    raise BadBodyError(413, "too long")
    except TimeoutError:
        raise BadBodyError(408, "too slow") from None
    except (ClientPayloadError, BadHttpMessage):  # chunks that are none, or the end is missing
        raise BadBodyError(400, "no readable body") from None
    return bytes(body)
