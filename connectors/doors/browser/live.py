"""The live stream of one chat (server-sent events), continued by `Last-Event-ID`; and who looks at it."""

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator
from typing import Any, Final

from aiohttp import web

from connectors.doors.browser.transcript import Line, Transcript

WRITE_S: Final = 20.0
RETRY_MS: Final = 2000
MOST_OPEN: Final = 20
"""Streams of one chat."""
HEADERS: Final = {
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",
}


class Live:
    """Wakes the open pages of a chat when something was added to its transcript."""

    def __init__(self, transcript: Transcript, shown: int, heartbeat_s: float) -> None:
        self._transcript, self._shown, self._heartbeat_s = transcript, shown, heartbeat_s
        self._open: defaultdict[str, set[asyncio.Event]] = defaultdict(set)
        self._over = False

    def wake(self, chat: str) -> None:
        """There is something new in this chat."""
        for event in self._open.get(chat, ()):
            event.set()

    def watching(self, prefix: str) -> int:
        """How many pages look at chats whose names begin so."""
        return sum(len(events) for chat, events in self._open.items() if chat.startswith(prefix))

    def close(self) -> None:
        """End all streams; browsers come back."""
        self._over = True
        for chat in list(self._open):
            self.wake(chat)

    async def serve(self, request: web.Request, chat: str) -> web.StreamResponse:
        """Stream to one page until it goes away: `hello`, then a `message` each."""
        if len(self._open[chat]) >= MOST_OPEN:
            return web.Response(status=503, headers={"Retry-After": "10"})
        news = asyncio.Event()
        self._open[chat].add(news)
        response = web.StreamResponse(headers=HEADERS)
        try:
            await response.prepare(request)
            asked = request.headers.get("Last-Event-ID") or request.query.get("after", "")
            async for piece in self._pieces(chat, asked, news):
                await asyncio.wait_for(response.write(piece), WRITE_S)
        except (TimeoutError, ConnectionError):
            pass  # the page went away
        finally:
            self._open[chat].discard(news)
            if not self._open[chat]:
                del self._open[chat]
        return response

    async def page(self, chat: str, asked: str) -> dict[str, Any]:
        """The same for a page that cannot listen to a stream: what is new since `asked`, and the position after it."""
        epoch = await self._transcript.epoch()
        since = sequence(asked, epoch)
        lines = await self._transcript.after(chat, since or 0, self._shown)
        upto = lines[-1].seq if lines else since or 0
        return {
            "again": since is None,
            "position": f"{epoch}:{upto}",
            "messages": [line.to_json() for line in lines],
        }

    async def _pieces(self, chat: str, asked: str, news: asyncio.Event) -> AsyncIterator[bytes]:
        epoch = await self._transcript.epoch()
        since = sequence(asked, epoch)
        seq = since or 0
        lines = await self._transcript.after(chat, seq, self._shown)
        yield f"retry: {RETRY_MS}\n".encode() + _event("hello", {"again": since is None, "missed": len(lines)}, "")
        while True:
            for line in lines:
                seq = line.seq
                yield _line(epoch, line)
            if self._over:
                return
            try:
                await asyncio.wait_for(news.wait(), self._heartbeat_s)
            except TimeoutError:
                yield b": here\n\n"
            news.clear()
            lines = await self._transcript.after(chat, seq, self._shown)


def sequence(asked: str, epoch: str) -> int | None:
    """The sequence of a position `epoch:sequence` of this transcript; None for any other."""
    theirs, _, seq = asked.rpartition(":")
    return int(seq) if theirs == epoch and seq.isascii() and seq.isdigit() and len(seq) < 16 else None


def _line(epoch: str, line: Line) -> bytes:
    return _event("message", line.to_json(), f"{epoch}:{line.seq}")


def _event(name: str, data: object, id: str) -> bytes:
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return (f"id: {id}\n" if id else "").encode() + f"event: {name}\ndata: {text}\n\n".encode()
