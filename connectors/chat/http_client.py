"""What thin clients of platforms share: one session for all users, bodies within limits, one error for no answer."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import aiohttp

from connectors.chat.platform import TooLarge, TryLater

PIECE_BYTES: Final = 64 * 1024
FAILURES: Final = (aiohttp.ClientError, OSError, TimeoutError)
"""What aiohttp raises where a platform is away."""


class Away(Exception):  # it is no error: platforms are away at times
    """No usable answer came: the network, a time limit, or something else than the API. It never names an address."""


class SharedSession:
    """Connections that are shared while anybody is inside `connected`, and closed after the last one."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None
        self._users = 0

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[aiohttp.ClientSession]:
        """A session that lives as long as its last user."""
        session = self._session = self._session or aiohttp.ClientSession()
        self._users += 1
        try:
            yield session
        finally:
            self._users -= 1
            if self._users == 0:
                self._session = None
                await session.close()


async def whole(content: aiohttp.StreamReader, most: int) -> bytes:
    """All of an answer. Raises `Away` above `most` bytes, and what aiohttp raises."""
    body = bytearray()
    async for piece in content.iter_chunked(PIECE_BYTES):
        body += piece
        if len(body) > most:
            raise Away("the answer is too long")
    return bytes(body)


async def pieces(content: aiohttp.StreamReader, what: str) -> AsyncIterator[bytes]:
    """The pieces of a file. Raises `Away`, which says `what` was fetched."""
    try:
        async for piece in content.iter_chunked(PIECE_BYTES):
            yield piece
    except FAILURES as error:
        raise Away(f"{what}: {type(error).__name__}") from None


async def at_most(limit: int, found: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The pieces, while there are not more than `limit` bytes. Raises `TooLarge`, and `TryLater` for `Away`."""
    size = 0
    try:
        async for piece in found:
            size += len(piece)
            if size > limit:
                raise TooLarge(limit)
            yield piece
    except Away as away:
        raise TryLater(str(away)) from None
