"""Sends the calls of a message in their order, and remembers how far it came, so that nothing is sent twice."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any, Final

from pydantic import ValidationError

from connectors.chat.http_client import Away
from connectors.chat.messages import Outgoing
from connectors.chat.platform import PhotoFile, TryLater, Unsendable
from connectors.doors.telegram.api import BotApi, Upload
from connectors.doors.telegram.errors import ApiFault
from connectors.doors.telegram.judging import judged
from connectors.doors.telegram.options import TelegramOptions
from connectors.doors.telegram.reading import message_id
from connectors.doors.telegram.sending import Call, calls_of
from connectors.doors.telegram.shapes import MessageHead

BEGUN: Final = 1000

log = logging.getLogger(__name__)


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
    api: BotApi, message: Outgoing, photos: Sequence[PhotoFile], options: TelegramOptions, parts: SentParts
) -> str:
    """The id of the last part. Raises `TryLater`, `Unreachable` or `Unsendable`."""
    chat = message.chat
    while True:
        try:
            sent = await _rest(api, message, photos, options, parts, chat)
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


async def _rest(
    api: BotApi, message: Outgoing, photos: Sequence[PhotoFile], options: TelegramOptions, parts: SentParts, chat: str
) -> str:
    """What was not sent yet. A pin or a photo that Telegram refuses is left out: the words matter more."""
    calls, sent = calls_of(message, len(photos), options, chat), ""
    for call in calls[parts.made(message.id) :]:
        try:
            sent = await _made(api, call, photos)
        except ApiFault as fault:
            adorns = call is not calls[-1] or call.photos
            if fault.new_chat is not None or not adorns or not isinstance(judged(fault), Unsendable):
                raise
            log.warning("Telegram refuses a part of message %s, which goes without: %s", message.id, fault)
            if call is calls[-1]:
                sent = await _made(api, calls_of(message, 0, options, chat)[-1], ())
        parts.one_more(message.id)
    return sent


async def _made(api: BotApi, call: Call, photos: Sequence[PhotoFile]) -> str:
    try:
        uploads = [Upload(f"photo{n}", await asyncio.to_thread(photos[n].read_bytes)) for n in call.photos]
    except OSError as error:
        raise ApiFault(400, f"a photo is gone: {type(error).__name__}") from None
    return _id_of(await api.call(call.method, call.fields, uploads))


def _id_of(result: Any) -> str:
    try:
        return message_id(MessageHead.model_validate(result[0] if isinstance(result, list) and result else result))
    except ValidationError:
        return ""
