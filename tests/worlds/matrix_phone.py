"""Somebody with a Matrix app: a real client library (matrix-nio) and its account on the server of the tests."""

import asyncio
import io
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final

import nio

from tests.processes.matrix_server import MatrixServer, MatrixUser
from tests.processes.waiting import wait_until

WITHIN_S: Final = 30.0
SYNC_MS: Final = 5_000
ENCRYPTED: Final = {"type": "m.room.encryption", "content": {"algorithm": "m.megolm.v1.aes-sha2"}}
FILTER: Final = {"room": {"timeline": {"limit": 200}}}


class MatrixPhone:
    """One person. `events` is all that the app was shown, as JSON, in order."""

    def __init__(self, server: MatrixServer, user: MatrixUser) -> None:
        self.user = user
        self.events: list[dict[str, Any]] = []
        self._app = nio.AsyncClient(server.url, user.id)
        self._app.restore_login(user.id, "PHONE", user.token)

    async def invite(self, *others: str, group: bool = False, encrypted: bool = False, **more: Any) -> str:
        """A chat with somebody, or a room for several; its id."""
        answer = await self._app.room_create(
            invite=others,
            is_direct=not group,
            preset=nio.RoomPreset.private_chat if group else nio.RoomPreset.trusted_private_chat,
            initial_state=[ENCRYPTED] if encrypted else [],
            **more,
        )
        return str(_good(answer, nio.RoomCreateResponse).room_id)

    async def join(self, room: str) -> None:
        """Accept an invitation."""
        _good(await self._app.join(room), nio.JoinResponse)

    async def leave(self, room: str) -> None:
        """Go for good."""
        _good(await self._app.room_leave(room), nio.RoomLeaveResponse)

    async def kick(self, room: str, who: str) -> None:
        """Put somebody out."""
        _good(await self._app.room_kick(room, who), nio.RoomKickResponse)

    async def send(self, room: str, content: Mapping[str, Any], kind: str = "m.room.message") -> str:
        """Send an event; its id."""
        return str(_good(await self._app.room_send(room, kind, dict(content)), nio.RoomSendResponse).event_id)

    async def write(self, room: str, text: str, **more: Any) -> str:
        """Words."""
        return await self.send(room, {"msgtype": "m.text", "body": text, **more})

    async def answer(self, room: str, to: str, text: str) -> str:
        """Words that quote a message."""
        return await self.write(room, text, **{"m.relates_to": {"m.in_reply_to": {"event_id": to}}})

    async def edit(self, room: str, of: str, text: str) -> str:
        """Say it otherwise."""
        new = {"msgtype": "m.text", "body": text}
        relation = {"rel_type": "m.replace", "event_id": of}
        return await self.write(room, f"* {text}", **{"m.new_content": new, "m.relates_to": relation})

    async def redact(self, room: str, event: str) -> str:
        """Take a message back."""
        return str(_good(await self._app.room_redact(room, event), nio.RoomRedactResponse).event_id)

    async def react(self, room: str, to: str, key: str) -> str:
        """Tap on a reaction."""
        relation = {"rel_type": "m.annotation", "event_id": to, "key": key}
        return await self.send(room, {"m.relates_to": relation}, "m.reaction")

    async def share(self, room: str, geo: str) -> str:
        """A position."""
        return await self.send(room, {"msgtype": "m.location", "body": "Here I am", "geo_uri": geo})

    async def send_file(self, room: str, raw: bytes, mime: str, msgtype: str, **more: Any) -> str:
        """Upload a file and show it."""
        answer, _ = await self._app.upload(io.BytesIO(raw), mime, "file", filesize=len(raw))
        url = _good(answer, nio.UploadResponse).content_uri
        content = {"msgtype": msgtype, "body": "file", "url": url, "info": {"mimetype": mime, "size": len(raw)}, **more}
        return await self.send(room, content)

    async def download(self, mxc: str) -> bytes:
        """A file that the app shows."""
        return bytes(_good(await self._app.download(mxc), nio.MemoryDownloadResponse).body)

    def messages(self, by: str, room: str = "") -> list[dict[str, Any]]:
        """What somebody sent, as it was shown."""
        return [
            event
            for event in self.events
            if event["type"] == "m.room.message" and event["sender"] == by and room in {"", event["room_id"]}
        ]

    def keys(self, to: str) -> list[str]:
        """The reactions below a message."""
        relations = [event["content"]["m.relates_to"] for event in self.events if event["type"] == "m.reaction"]
        return [relation["key"] for relation in relations if relation["event_id"] == to]

    async def hears(self, by: str, words: str) -> dict[str, Any]:
        """Wait for a message of somebody that has these words."""

        def found() -> Sequence[dict[str, Any]]:
            return [each for each in self.messages(by) if words in each["content"].get("body", "")]

        return (await wait_until(found, f"{words!r} on the phone", WITHIN_S))[-1]

    async def run(self) -> None:
        """Be on: look for what is new until cancelled; servers that are away are tried again."""
        while True:
            answer = await self._app.sync(SYNC_MS, sync_filter=FILTER)
            if not isinstance(answer, nio.SyncResponse):
                await asyncio.sleep(0.2)
                continue
            for room, news in answer.rooms.join.items():
                self.events += [{**event.source, "room_id": room} for event in news.timeline.events]

    async def close(self) -> None:
        """Switch it off."""
        await self._app.close()


@asynccontextmanager
async def phone(server: MatrixServer, user: MatrixUser) -> AsyncIterator[MatrixPhone]:
    """A phone that is on."""
    person = MatrixPhone(server, user)
    running = asyncio.create_task(person.run())
    try:
        yield person
    finally:
        running.cancel()
        await asyncio.wait([running])
        await person.close()


def _good(answer: Any, wanted: type[Any]) -> Any:
    assert isinstance(answer, wanted), answer
    return answer
