"""One message as calls of WeChat's customer-service messages: words or a menu, then the photos."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from connectors.chat.http_client import Away
from connectors.chat.messages import Outgoing
from connectors.chat.platform import PhotoFile, TryLater
from connectors.chat.weixin.api import WeixinApi
from connectors.chat.weixin.faults import WeixinFault
from connectors.chat.weixin.parts import Part, PartProgress, pieces
from connectors.chat.weixin.photos import photo_part
from connectors.doors.wechat.errors import CODES
from connectors.doors.wechat.options import WechatOptions


class WechatSending:
    """The way out of one account."""

    def __init__(self, api: WeixinApi, options: WechatOptions) -> None:
        self._api, self._options = api, options
        self._progress = PartProgress()

    async def send(self, message: Outgoing, photos: Sequence[PhotoFile]) -> str:
        """All parts of a message; when it is sent again, only those that are missing. WeChat gives no ids: "".

        Raises `TryLater`, `Unreachable` or `Unsendable`.
        """
        *before, last = pieces(message.words or "…", self._options.text_bytes)
        parts = [self._part(message.chat, _text(piece)) for piece in before]
        parts.append(self._part(message.chat, _menu(message, last) if message.buttons else _text(last)))
        parts += [photo_part(photo, self._call, partial(self._part, message.chat)) for photo in photos]
        return await self._progress.send(message.id, parts)

    def _part(self, person: str, fields: dict[str, Any]) -> Part:
        async def send() -> str:
            await self._call("/cgi-bin/message/custom/send", {"touser": person, **fields})
            return ""

        return send

    async def _call(self, path: str, fields: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
        try:
            return await self._api.call(path, fields, **more)
        except Away as away:
            raise TryLater(str(away)) from None
        except WeixinFault as fault:
            raise CODES.judged(fault, self._options.patience_s) from None


def _text(text: str) -> dict[str, Any]:
    return {"msgtype": "text", "text": {"content": text}}


def _menu(message: Outgoing, text: str) -> dict[str, Any]:
    """Lines that can be pressed; the answer carries the `id` as `bizmsgmenuid`."""
    lines = [{"id": button.value, "content": button.label} for button in message.buttons]
    return {"msgtype": "msgmenu", "msgmenu": {"head_content": text, "list": lines, "tail_content": ""}}
