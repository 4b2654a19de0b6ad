"""One message as frames: an answer by the frame of what it answers while that is fresh, else a push to the chat."""

import asyncio
import base64
import hashlib
import time
from collections import Counter, OrderedDict
from collections.abc import Sequence
from typing import Any, Final, Protocol

from connectors.chat.messages import Outgoing
from connectors.chat.platform import PhotoFile, TryLater, Unsendable
from connectors.chat.weixin.cards import with_buttons
from connectors.chat.weixin.member_limits import MemberLimits
from connectors.chat.weixin.parts import Part, PartProgress, pieces
from connectors.chat.weixin.photos import read_photo
from connectors.doors.wecom_robot.errors import RobotFault, judged
from connectors.doors.wecom_robot.frames import (
    PUSH,
    REPLY,
    UPLOAD_BEGIN,
    UPLOAD_END,
    UPLOAD_PIECE,
    WELCOME,
    RobotFrame,
)
from connectors.doors.wecom_robot.options import RobotOptions

ANSWERABLE: Final = 10_000


class Asks(Protocol):
    """An open connection, or none."""

    async def __call__(self, command: str, body: dict[str, Any], id: str = "") -> RobotFrame:
        """See `connectors.doors.wecom_robot.connection.Connection.ask`."""


class RobotSending:
    """The way out of one robot."""

    def __init__(self, ask: Asks, options: RobotOptions) -> None:
        self._ask, self._options = ask, options
        self._progress = PartProgress()
        self._limits = MemberLimits(options.per_minute, options.per_hour)
        self._answerable = OrderedDict[str, tuple[str, str, float]]()
        self._turns: dict[str, asyncio.Lock] = {}
        self._waiting = Counter[str]()

    def heard(self, message: str, frame_id: str, *, welcome: bool) -> None:
        """This message can be answered by its frame for a while."""
        command, span_s = (WELCOME, self._options.welcome_s) if welcome else (REPLY, self._options.reply_s)
        self._answerable[message] = (command, frame_id, time.monotonic() + span_s)
        self._answerable.move_to_end(message)
        while len(self._answerable) > ANSWERABLE:
            self._answerable.popitem(last=False)

    async def send(self, message: Outgoing, photos: Sequence[PhotoFile]) -> str:
        """All parts of a message; when it is sent again, only those that are missing. There are no ids: "".

        Raises `TryLater`, `Unreachable` or `Unsendable`.
        """
        words, card = with_buttons(message, self._options.card) if message.buttons else (message.words, None)
        bodies: list[dict[str, Any]] = []
        if words.strip() or card is None:
            bodies += [
                _words(message.id, n, each) for n, each in enumerate(pieces(plain(words), self._options.text_bytes))
            ]
        if card is not None:
            bodies.append({"msgtype": "template_card", "template_card": card})
        parts: list[Part] = [self._part(message, body, first=n == 0) for n, body in enumerate(bodies)]
        parts += [self._photo(message, photo) for photo in photos]
        return await self._progress.send(message.id, parts)

    def _part(self, message: Outgoing, body: dict[str, Any], *, first: bool) -> Part:
        async def send() -> str:
            self._limits.count(message.chat)
            if not await self._answered(message, body, first=first):
                await self._asked(PUSH, {"chatid": message.chat, **_pushed(body)})
            return ""

        return send

    async def _answered(self, message: Outgoing, body: dict[str, Any], *, first: bool) -> bool:
        """Whether it went as an answer; a frame that is over for the platform is forgotten.

        The greeting is one message: its other parts are pushes.
        """
        command, frame_id, until_s = self._answerable.get(message.answers, ("", "", 0.0))
        if time.monotonic() >= until_s or (command == WELCOME and not first):
            return False
        if command == WELCOME and body["msgtype"] == "stream":
            body = {"msgtype": "text", "text": {"content": body["stream"]["content"]}}
        try:
            await self._in_turn(command, body, frame_id)
        except RobotFault as fault:
            error = judged(fault, self._options.patience_s)
            if not isinstance(error, Unsendable):
                raise error from None
            self._answerable.pop(message.answers, None)
            return False
        return True

    async def _in_turn(self, command: str, body: dict[str, Any], frame_id: str) -> None:
        """Answers by one frame go one by one, each after the one before was confirmed."""
        turn = self._turns.setdefault(frame_id, asyncio.Lock())
        self._waiting[frame_id] += 1
        try:
            async with turn:
                await self._called(command, body, frame_id)
        finally:
            self._waiting[frame_id] -= 1
            if not self._waiting[frame_id]:
                del self._waiting[frame_id], self._turns[frame_id]

    async def _asked(self, command: str, body: dict[str, Any]) -> RobotFrame:
        try:
            return await self._called(command, body)
        except RobotFault as fault:
            raise judged(fault, self._options.patience_s) from None

    async def _called(self, command: str, body: dict[str, Any], id: str = "") -> RobotFrame:
        try:
            return await self._ask(command, body, id)
        except (TimeoutError, ConnectionError) as away:
            raise TryLater(f"{command}: {type(away).__name__}") from None

    def _photo(self, message: Outgoing, photo: PhotoFile) -> Part:
        async def send() -> str:
            content = await read_photo(photo)
            media = await self._uploaded(content)
            return await self._part(message, {"msgtype": "image", "image": {"media_id": media}}, first=False)()

        return send

    async def _uploaded(self, content: bytes) -> str:
        """In pieces, each confirmed. Written after public clients; no page of the vendor's was at hand."""
        size = self._options.chunk_bytes
        chunks = [content[at : at + size] for at in range(0, len(content), size)]
        about = {
            "type": "image",
            "filename": "photo.jpg",
            "total_size": len(content),
            "total_chunks": len(chunks),
            "md5": hashlib.md5(content, usedforsecurity=False).hexdigest(),
        }
        begun = await self._asked(UPLOAD_BEGIN, about)
        upload = str(begun.body.get("upload_id", ""))
        for n, chunk in enumerate(chunks):
            piece = {"upload_id": upload, "chunk_index": n, "base64_data": base64.b64encode(chunk).decode()}
            await self._asked(UPLOAD_PIECE, piece)
        ended = await self._asked(UPLOAD_END, {"upload_id": upload})
        return str(ended.body.get("media_id", ""))


def plain(text: str) -> str:
    """Words of people in a text that is shown as Markdown: no mentions, no links that say something else."""
    return text.replace("<", "＜").replace("](", "] (")


def _words(message: str, n: int, text: str) -> dict[str, Any]:
    """An answer; with the same id it is shown once, however often it is sent."""
    id = hashlib.sha256(f"{message}/{n}".encode()).hexdigest()[:32]
    return {"msgtype": "stream", "stream": {"id": id, "finish": True, "content": text or "…"}}


def _pushed(body: dict[str, Any]) -> dict[str, Any]:
    """The same as a push, which has another name for words."""
    if body["msgtype"] != "stream":
        return body
    return {"msgtype": "markdown", "markdown": {"content": body["stream"]["content"]}}
