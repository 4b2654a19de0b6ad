"""Fetches a file that somebody sent, up to a limit. Media ids live three days, so a file is fetched at once."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from connectors.chat.http_client import Away, at_most
from connectors.chat.messages import Media
from connectors.chat.platform import TryLater, Unsendable
from connectors.chat.weixin.api import WeixinApi
from connectors.chat.weixin.faults import BUSY, OLD_TOKEN, WeixinFault


@asynccontextmanager
async def fetched(api: WeixinApi, media: Media, limit: int) -> AsyncIterator[AsyncIterator[bytes]]:
    """The pieces of a file. Raises `TryLater` and `Unsendable`, also between two pieces."""
    if not media.ref:
        raise Unsendable("there is no file")
    try:
        async with api.download("/cgi-bin/media/get", {"media_id": media.ref}) as pieces:
            yield at_most(limit, pieces)
    except Away as away:
        raise TryLater(str(away)) from None
    except WeixinFault as fault:
        later = fault.code in BUSY or fault.code in OLD_TOKEN
        raise (TryLater if later else Unsendable)(str(fault)) from None
