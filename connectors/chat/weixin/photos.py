"""A photo as a part of a message: uploaded, which gives an id for three days, then sent by that id."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from connectors.chat.platform import PhotoFile, Unsendable
from connectors.chat.weixin.api import MediaUpload
from connectors.chat.weixin.parts import Part


class CallsApi(Protocol):
    """Calls the API, and raises what a sender raises."""

    def __call__(
        self, path: str, *, query: dict[str, str] | None = None, upload: MediaUpload | None = None
    ) -> Awaitable[dict[str, Any]]:
        """See `connectors.chat.weixin.api.WeixinApi.call`."""


async def read_photo(photo: PhotoFile) -> bytes:
    """The bytes of a stored photo. Raises `Unsendable`."""
    try:
        return await asyncio.to_thread(photo.read_bytes)
    except OSError:
        raise Unsendable("the photo cannot be read") from None


def photo_part(photo: PhotoFile, call: CallsApi, part: Callable[[dict[str, Any]], Part]) -> Part:
    """Sends a photo; `part` makes of the fields of a message what sends it."""

    async def send() -> str:
        upload = MediaUpload("photo.jpg", await read_photo(photo), "image/jpeg")
        answer = await call("/cgi-bin/media/upload", query={"type": "image"}, upload=upload)
        return await part({"msgtype": "image", "image": {"media_id": str(answer.get("media_id", ""))}})()

    return send
