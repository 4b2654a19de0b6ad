"""Fetches a file that somebody sent, in pieces and up to a limit."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import quote

from connectors.chat.http_client import Away, at_most
from connectors.chat.messages import Media, MediaKind
from connectors.chat.platform import TryLater, Unsendable
from connectors.doors.feishu.api import FeishuApi
from connectors.doors.feishu.errors import FeishuFault, judged


@asynccontextmanager
async def fetched(api: FeishuApi, media: Media, limit: int) -> AsyncIterator[AsyncIterator[bytes]]:
    """The pieces of a file. Raises `TryLater` and `Unsendable`, also between two pieces."""
    message, type_, key = (*media.ref.split("/"), "", "", "")[:3]
    if not (message and type_ and key) or media.kind is MediaKind.STICKER:
        raise Unsendable("there is no file to fetch")
    path = f"/open-apis/im/v1/messages/{quote(message, safe='')}/resources/{quote(key, safe='')}"
    try:
        async with api.download(path, {"type": type_}) as pieces:
            yield at_most(limit, pieces)
    except Away as away:
        raise TryLater(str(away)) from None
    except FeishuFault as fault:
        error = judged(fault)
        raise error if isinstance(error, TryLater) else Unsendable(str(fault)) from None
