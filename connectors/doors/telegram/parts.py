"""Sends the calls of a message in their order, and remembers how far it came, so that nothing is sent twice."""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from connectors.chat.http_client import Away
from connectors.chat.messages import Outgoing
from connectors.chat.platform import TryLater, Unsendable
from connectors.doors.telegram.api import BotApi, Upload
from connectors.doors.telegram.errors import ApiFault
from connectors.doors.telegram.judging import judged
from connectors.doors.telegram.options import TelegramOptions
from connectors.doors.telegram.reading import message_id
from connectors.doors.telegram.sending import Call, calls_of
from connectors.doors.telegram.shapes import MessageHead

BEGUN: Final = 1000


class SentParts:
    """How many calls of a message were made, for the latest messages that failed half-way."""

    def __init__(self) -> None:
        self._made = OrderedDict[str, int]()

    def made(self, message: str) -> int:
        """How many calls are behind us."""
        return self._made.get(message, 0)

    def one_more(self, message: str) -> None:
        """A call succeeded."""
        self._made[message] = self.made(message) + 1
        if len(self._made) > BEGUN:
            self._made.popitem(last=False)

    def over(self, message: str) -> None:
        """Nothing of it will be sent again."""
        self._made.pop(message, None)


async def send(
    api: BotApi, message: Outgoing, photos: Sequence[Path], options: TelegramOptions, parts: SentParts
) -> str:
    """The id of the last part. Raises `TryLater`, `Unreachable` or `Unsendable`."""
    chat, sent = message.chat, ""
    while True:
        try:
            for call in calls_of(message, len(photos), options, chat)[parts.made(message.id) :]:
                sent = _id_of(await api.call(call.method, call.fields, await _uploads(call, photos)))
                parts.one_more(message.id)
        except Away as away:
            raise TryLater(str(away)) from None
        except ApiFault as fault:
            if fault.new_chat is not None and chat == message.chat:
                chat = str(fault.new_chat)  # the group became a supergroup, which has another id
                continue
            error = judged(fault)
            if not isinstance(error, TryLater):
                parts.over(message.id)
            raise error from None
        parts.over(message.id)
        return sent


async def _uploads(call: Call, photos: Sequence[Path]) -> list[Upload]:
    try:
        return [Upload(f"photo{n}", await asyncio.to_thread(photos[n].read_bytes)) for n in call.photos]
    except OSError as error:
        raise Unsendable(f"a photo is gone: {type(error).__name__}") from None


def _id_of(result: Any) -> str:
    try:
        return message_id(MessageHead.model_validate(result[0] if isinstance(result, list) and result else result))
    except ValidationError:
        return ""
