"""Server-sent events: sends every change of the ledger to all open pages, in the ledger's order.

A position is `epoch:sequence`. A browser that reconnects sends the last one it saw; if the stream cannot resume there,
it sends `reset` and the page reloads its lists. Each change is encoded once; slow browsers are disconnected.
"""

import asyncio
import contextlib
import json
import logging
import socket
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from aiohttp import web

from connectors.doors.http.access import Caller
from connectors.doors.http.context import ADMIT, CALLER, GATEWAY
from connectors.doors.http.json_views import case_json
from connectors.doors.http.sight import Concerned, Sight, sight_of
from connectors.intake.context import Gateway
from connectors.intake.refusal import Refused
from connectors.ledger.position import position
from connectors.ledger.queries.cases import EpochChanged, LedgerChange

LOOK_S: Final = 0.15
RETRY_MS: Final = 2000
AT_ONCE: Final = 500
TOGETHER: Final = 32
"""Changes in one piece: each browser costs one write a piece, not one a change."""

log = logging.getLogger(__name__)


def change_json(change: LedgerChange) -> dict[str, Any]:
    """What a page needs of one change: a summary of the event, and the current case."""
    event = change.event
    fields: dict[str, Any] = {"seq": change.seq, "type": event.type, "t_ms": event.t_ms, "by": event.by}
    fields |= {"number": event.case, "command": event.command}
    if event.because is not None:
        fields["because"] = {"zh": event.because.zh, "en": event.because.en}
    if change.case is not None:
        fields["case"] = case_json(change.case)
    return fields


@dataclass(frozen=True, slots=True)
class StreamLimits:
    """Seconds between keep-alives, and how far a browser may fall behind."""

    heartbeat_s: float = 15.0
    most_waiting: int = 64
    """Pieces of up to `TOGETHER` changes that may wait for one browser before it is disconnected."""
    most_behind: int = 2000
    """Changes that a browser may have missed and still resume."""
    write_s: float = 20.0
    """How long a browser may read nothing while something waits for it; then its connection is cut."""
    most_sent: int = 64 << 10
    """Bytes that the system takes for one browser: it would take megabytes for one that has stopped reading."""


LIMITS: Final = StreamLimits()


@dataclass(frozen=True, slots=True)
class Piece:
    """Some changes in a row, encoded once for everybody."""

    whole: bytes
    parts: tuple[tuple[Concerned, bytes], ...]
    """Each change, and whom it concerns."""
    last: str
    """The position after them."""

    @classmethod
    def of(cls, epoch: str, changes: Sequence[LedgerChange]) -> "Piece":
        """Encode changes."""
        parts = tuple((Concerned.of(change.case), encoded(epoch, change)) for change in changes)
        return cls(b"".join(part for _, part in parts), parts, position(epoch, changes[-1].seq))

    def seen(self, sees: Sight | None) -> bytes:
        """What somebody may see of them (None: everything); the position goes on in any case."""
        if sees is None:
            return self.whole
        return b"".join(part for whom, part in self.parts if sees(whom)) + f"id: {self.last}\n\n".encode()


Queue = asyncio.Queue[Piece | bytes | None]


class Broadcaster:
    """Reads the ledger once for all open pages and sends each of them every change."""

    def __init__(self, gateway: Gateway, limits: StreamLimits) -> None:
        self._gateway, self._limits = gateway, limits
        self._clients: set[Queue] = set()
        self._task: asyncio.Task[None] | None = None
        self._epoch = ""
        self._seq = 0

    @property
    def browsers(self) -> int:
        """How many streams are open."""
        return len(self._clients)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Stream to one browser until it disconnects. Raises `Refused` (503) while there is no ledger.

        Its reader is sent what they may see, and it ends soon after they may see nothing any more.
        """
        await self._start()
        queue: Queue = asyncio.Queue(self._limits.most_waiting)
        caller: Caller = request.get(CALLER, Caller())
        sees = None if caller.may_be_anybody else sight_of(self._gateway, caller)
        epoch, upto = self._epoch, self._seq
        self._clients.add(queue)
        response = web.StreamResponse(headers=HEADERS)
        try:
            await response.prepare(request)
            self._bound(request)
            asked = request.headers.get("Last-Event-ID") or request.query.get("after", "")
            async for piece in self._missed(asked, epoch, upto):
                await self._write(response, piece if isinstance(piece, bytes) else piece.seen(sees))
            await self._pass_on(queue, request, response, sees)
        except TimeoutError:
            log.debug("a browser reads nothing")
            if request.transport is not None:
                request.transport.abort()  # ending the answer in good order would wait for its reading, for ever
        except ConnectionError:
            log.debug("a browser went away")
        finally:
            self._clients.discard(queue)
        return response

    async def close(self) -> None:
        """Close all streams; browsers reconnect."""
        self._let_go(_event("bye", "{}", None))
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _start(self) -> None:
        if self._task is None or self._task.done():
            epoch, seq = await self._gateway.ask(lambda ledger: (ledger.epoch(), ledger.last_seq()))
            if self._task is None or self._task.done():  # no other request has started it meanwhile
                self._epoch, self._seq = epoch, seq
                self._task = asyncio.create_task(self._watch())

    async def _watch(self) -> None:
        """Follow the ledger while any browser is connected."""
        while self._clients:
            try:
                await self._look()
            except Refused:
                await asyncio.sleep(1)
            except EpochChanged:
                await self._begin_anew()
            except Exception:
                log.exception("the live stream cannot read the ledger; retrying")
                await asyncio.sleep(1)
            await asyncio.sleep(LOOK_S)

    async def _look(self) -> None:
        epoch, after = self._epoch, self._seq
        changes = await self._gateway.ask(lambda ledger: ledger.changes(after, AT_ONCE, epoch=epoch))
        for n in range(0, len(changes), TOGETHER):
            some = changes[n : n + TOGETHER]
            self._seq = some[-1].seq
            self._hand_out(Piece.of(epoch, some))

    async def _begin_anew(self) -> None:
        self._epoch, self._seq = await self._gateway.ask(lambda ledger: (ledger.epoch(), ledger.last_seq()))
        self._hand_out(_reset(self._epoch, self._seq))

    def _hand_out(self, piece: Piece | bytes) -> None:
        for queue in list(self._clients):
            try:
                queue.put_nowait(piece)
            except asyncio.QueueFull:
                self._drop(queue, _reset(self._epoch, self._seq))

    def _let_go(self, last: bytes) -> None:
        for queue in list(self._clients):
            self._drop(queue, last)

    def _drop(self, queue: Queue, last: bytes) -> None:
        self._clients.discard(queue)
        while not queue.empty():
            queue.get_nowait()
        queue.put_nowait(last)
        queue.put_nowait(None)

    async def _missed(self, asked: str, epoch: str, upto: int) -> AsyncIterator[Piece | bytes]:
        """The changes after the position `asked`, up to where the live part begins."""
        yield f"retry: {RETRY_MS}\n\n".encode()
        if not asked:
            yield _event("hello", "{}", position(epoch, upto))
            return
        after = _sequence(asked, epoch)
        if after is None or not upto - self._limits.most_behind <= after <= upto:
            yield _reset(epoch, upto)
            return
        while after < upto:
            changes = await self._changes(after, epoch)
            if not changes:
                yield _reset(epoch, upto)
                return
            if missed := [change for change in changes if change.seq <= upto]:
                yield Piece.of(epoch, missed)
            after = changes[-1].seq

    async def _changes(self, after: int, epoch: str) -> Sequence[LedgerChange]:
        try:
            return await self._gateway.ask(lambda ledger: ledger.changes(after, AT_ONCE, epoch=epoch))
        except (EpochChanged, Refused):
            return ()

    async def _pass_on(
        self, queue: Queue, request: web.Request, response: web.StreamResponse, sees: Sight | None
    ) -> None:
        clock, beat_s = asyncio.get_running_loop().time, self._limits.heartbeat_s
        checked_s = clock()
        while True:
            try:
                piece = await asyncio.wait_for(queue.get(), beat_s)
            except TimeoutError:
                piece = b": here\n\n"
            if piece is None:
                return
            if sees is not None and clock() - checked_s >= beat_s:
                if not await still_admitted(request):
                    return
                checked_s = clock()
            await self._write(response, piece if isinstance(piece, bytes) else piece.seen(sees))

    def _bound(self, request: web.Request) -> None:
        """Let the system take no more for this browser than `most_sent`."""
        sender = request.transport.get_extra_info("socket") if request.transport is not None else None
        if sender is not None:
            sender.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, self._limits.most_sent)

    async def _write(self, response: web.StreamResponse, piece: bytes) -> None:
        await asyncio.wait_for(response.write(piece), self._limits.write_s)


async def still_admitted(request: web.Request) -> bool:
    """Whether the cookies of a request still stand for the same person of the region."""
    admit, gateway = request.app.get(ADMIT), request.app[GATEWAY]
    caller = await admit(request) if admit is not None else Caller()
    return caller == request[CALLER] and gateway.directory.person(caller.id) is not None


HEADERS: Final = {
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",
}


def encoded(epoch: str, change: LedgerChange) -> bytes:
    """One encoded change."""
    text = json.dumps(change_json(change), ensure_ascii=False, separators=(",", ":"))
    return _event("change", text, position(epoch, change.seq))


def _reset(epoch: str, seq: int) -> bytes:
    here = position(epoch, seq)
    return _event("reset", json.dumps({"position": here}), here)


def _event(name: str, data: str, id: str | None) -> bytes:
    return (f"id: {id}\n" if id is not None else "").encode() + f"event: {name}\ndata: {data}\n\n".encode()


def _sequence(asked: str, epoch: str) -> int | None:
    """The sequence of a position in this epoch; None for any other epoch."""
    theirs, _, seq = asked.rpartition(":")
    return int(seq) if theirs == epoch and seq.isascii() and seq.isdigit() and len(seq) < 16 else None
