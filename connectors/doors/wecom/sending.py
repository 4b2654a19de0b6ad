"""One message as calls of WeCom's `message/send`: words or a card, then the photos."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from connectors.chat.http_client import Away
from connectors.chat.messages import Outgoing
from connectors.chat.platform import PhotoFile, TryLater, Unreachable
from connectors.chat.weixin.api import WeixinApi
from connectors.chat.weixin.cards import with_buttons
from connectors.chat.weixin.faults import WeixinFault
from connectors.chat.weixin.member_limits import MemberLimits
from connectors.chat.weixin.parts import Part, PartProgress, pieces
from connectors.chat.weixin.photos import photo_part
from connectors.doors.wecom.errors import CODES
from connectors.doors.wecom.options import WecomOptions


class WecomSending:
    """The way out of one application."""

    def __init__(self, api: WeixinApi, options: WecomOptions) -> None:
        self._api, self._options = api, options
        self._progress = PartProgress()
        self._limits = MemberLimits(options.per_minute, options.per_hour)

    async def send(self, message: Outgoing, photos: Sequence[PhotoFile]) -> str:
        """All parts of a message; when it is sent again, only those that are missing.

        Raises `TryLater`, `Unreachable` or `Unsendable`.
        """
        parts: list[Part] = []
        words, card = with_buttons(message, self._options.card) if message.buttons else (message.words, None)
        if words.strip() or card is None:
            parts += [
                self._part(message.chat, {"msgtype": "text", "text": {"content": piece or "…"}})
                for piece in pieces(words, self._options.text_bytes)
            ]
        if card is not None:
            parts.append(self._part(message.chat, {"msgtype": "template_card", "template_card": card}))
        parts += [photo_part(photo, self._call, partial(self._part, message.chat)) for photo in photos]
        return await self._progress.send(message.id, parts)

    def _part(self, person: str, fields: dict[str, Any]) -> Part:
        async def send() -> str:
            self._limits.count(person)
            answer = await self._call(
                "/cgi-bin/message/send", {"touser": person, "agentid": self._options.agent, **fields}
            )
            refused = answer.get("invaliduser") or answer.get("unlicenseduser")
            if refused:  # the code is 0 all the same
                raise Unreachable("WeCom does not deliver to this person")
            return str(answer.get("msgid", ""))[:200]

        return send

    async def _call(self, path: str, fields: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
        try:
            return await self._api.call(path, fields, **more)
        except Away as away:
            raise TryLater(str(away)) from None
        except WeixinFault as fault:
            raise CODES.judged(fault, self._options.patience_s) from None
