"""Fetches a file that somebody sent, up to a limit. Media ids live three days, so a file is fetched at once."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from connectors.chat.messages import Media
from connectors.chat.platform import TryLater, Unsendable
from connectors.chat.weixin.api import WeixinApi
from connectors.chat.weixin.faults import BUSY, OLD_TOKEN, WeixinAway, WeixinFault


@asynccontextmanager
async def fetched(api: WeixinApi, media: Media, limit: int) -> AsyncIterator[AsyncIterator[bytes]]:
    """The pieces of a file. Raises `TryLater` and `Unsendable`, also between two pieces."""
    if not media.ref:
        raise Unsendable("there is no file")
    try:
        async with api.download("/cgi-bin/media/get", {"media_id": media.ref}) as pieces:
            yield limited(pieces, limit)
    except WeixinAway as away:
        raise TryLater(str(away)) from None
    except WeixinFault as fault:
        later = fault.code in BUSY or fault.code in OLD_TOKEN
        raise (TryLater if later else Unsendable)(str(fault)) from None


async def limited(pieces: AsyncIterator[bytes], limit: int) -> AsyncIterator[bytes]:
    """The pieces, while there are not more than `limit` bytes."""
    size = 0
    try:
        async for piece in pieces:
            size += len(piece)
            if size > limit:
                raise Unsendable(f"the file has more than {limit} bytes")
            yield piece
    except WeixinAway as away:
        raise TryLater(str(away)) from None
