"""Sends one message in one call, after its pictures; the same id is shown once, however often it is sent."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Sequence
from hashlib import sha256
from typing import Any, Final
from urllib.parse import quote

from pydantic_core import to_json

from connectors.chat.http_client import Away
from connectors.chat.json_values import mapping_of, text_of
from connectors.chat.messages import Outgoing
from connectors.chat.platform import PhotoFile, TryLater, Unsendable
from connectors.doors.feishu.api import FeishuApi
from connectors.doors.feishu.errors import GONE, FeishuFault, judged
from connectors.doors.feishu.reading import GROUP
from connectors.doors.feishu.shown import Shown, shown

REMEMBERED: Final = 500
MESSAGES: Final = "/open-apis/im/v1/messages"

log = logging.getLogger(__name__)


class FeishuSending:
    """The way out of one application."""

    def __init__(self, api: FeishuApi) -> None:
        self._api = api
        self._uploaded = OrderedDict[str, str]()
        """Image keys by the name of the photo's file, which is its digest."""

    async def send(self, message: Outgoing, photos: Sequence[PhotoFile]) -> str:
        """The id of the message. Raises `TryLater`, `Unreachable` or `Unsendable`."""
        try:
            pictures = [key for photo in photos if (key := await self._picture(photo))]
            return await self._sent(message, shown(message, pictures))
        except Away as away:
            raise TryLater(str(away)) from None
        except FeishuFault as fault:
            raise judged(fault) from None

    async def _sent(self, message: Outgoing, what: Shown) -> str:
        """`uuid` is the idempotency key: within an hour, one message at most is shown for it."""
        fields = {"msg_type": what.type, "content": to_json(what.content).decode(), "uuid": key_of(message.id)}
        answered = message.answers.partition("/")[0]
        if answered.startswith("om_"):
            try:
                return _id_in(await self._api.call("POST", f"{MESSAGES}/{quote(answered, safe='')}/reply", fields))
            except FeishuFault as fault:
                if fault.code not in GONE:
                    raise
        kind = "chat_id" if message.chat.startswith(GROUP) else "open_id"
        fields |= {"receive_id": message.chat}
        return _id_in(await self._api.call("POST", MESSAGES, fields, query={"receive_id_type": kind}))

    async def _picture(self, photo: PhotoFile) -> str:
        """The image key; "" for a photo that can never be sent: the words go without it."""
        if key := self._uploaded.get(photo.name, ""):
            return key
        try:
            answer = await self._api.call(
                "POST", "/open-apis/im/v1/images", picture=await asyncio.to_thread(photo.read_bytes)
            )
        except OSError:
            log.warning("a photo is gone, and is not sent")
            return ""
        except FeishuFault as fault:
            if not isinstance(judged(fault), Unsendable):
                raise
            log.warning("a photo is not sent: %s", fault)
            return ""
        key = text_of(mapping_of(answer.get("data")).get("image_key"), 200)
        if key:
            self._uploaded[photo.name] = key
        if len(self._uploaded) > REMEMBERED:
            self._uploaded.popitem(last=False)
        return key


def key_of(message: str) -> str:
    """What Feishu knows a message by, before it has one: at most 50 characters."""
    return sha256(message.encode()).hexdigest()[:40]


def _id_in(answer: dict[str, Any]) -> str:
    return text_of(mapping_of(answer.get("data")).get("message_id"), 200)
