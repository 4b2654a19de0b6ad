"""One long connection: log in, heartbeats, and frames that await their answers."""

import asyncio
import logging
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from connectors.doors.wecom_robot.errors import (
    NotAFrameError,
    RobotAwayError,
    RobotFault,
    RobotSecretError,
    RobotTakenError,
)
from connectors.doors.wecom_robot.frames import EVENT, MESSAGE, PING, SUBSCRIBE, RobotFrame, new_id, read_frame, written
from connectors.doors.wecom_robot.options import RobotOptions
from connectors.doors.wecom_robot.reading import TAKEN, event_of

log = logging.getLogger(__name__)


class Connection:
    """A connection that is logged in."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse, options: RobotOptions) -> None:
        self._socket, self._options = socket, options
        self._awaited: dict[str, asyncio.Future[RobotFrame]] = {}

    async def ask(self, command: str, body: Mapping[str, Any] | None, id: str = "") -> RobotFrame:
        """Send a frame, and wait for its answer; nobody else may be waiting for an answer with this id.

        Raises `RobotFault`, `TimeoutError` and `ConnectionError`.
        """
        id = id or new_id(command)
        answer: asyncio.Future[RobotFrame] = asyncio.get_running_loop().create_future()
        self._awaited[id] = answer
        try:
            async with asyncio.timeout(self._options.answer_s):
                await self._socket.send_str(written(command, id, body))
                frame = await answer
        except (aiohttp.ClientError, OSError) as error:
            raise ConnectionError(type(error).__name__) from None
        finally:
            self._awaited.pop(id, None)
        if frame.code != 0:
            raise RobotFault(frame.code, frame.says)
        return frame

    async def frames(self) -> AsyncIterator[RobotFrame]:
        """Messages and events until the connection ends; answers go to who waits for them.

        Raises `RobotTakenError`.
        """
        async for message in self._socket:
            if message.type not in (aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY):
                continue
            try:
                frame = read_frame(message.data)
            except NotAFrameError as error:
                log.warning("passed over a frame that could not be read: %s", error)
                continue
            if event_of(frame) == TAKEN:
                raise RobotTakenError
            if frame.command in (MESSAGE, EVENT):
                yield frame
            elif (awaited := self._awaited.get(frame.id)) is not None and not awaited.done():
                awaited.set_result(frame)

    async def beat(self) -> None:
        """Heartbeats, until so many in a row are without an answer; then the connection is closed."""
        missed = 0
        while missed < self._options.missed:
            await asyncio.sleep(self._options.heartbeat_s)
            try:
                await self.ask(PING, None)
                missed = 0
            except (TimeoutError, RobotFault):
                missed += 1
            except ConnectionError:
                break
        log.warning("the long connection is silent and is closed")
        await self._socket.close()

    def end(self) -> None:
        """Nobody is answered any more."""
        for awaited in self._awaited.values():
            if not awaited.done():
                awaited.set_exception(ConnectionError("the connection ended"))


@asynccontextmanager
async def connected(
    options: RobotOptions, received: Callable[[RobotFrame], Awaitable[None]], *, trusted: ssl.SSLContext
) -> AsyncIterator[tuple[Connection, "asyncio.Task[None]"]]:
    """A connection that is logged in, and the task that reads and beats; it ends when the connection does.

    `received` is given each message and event. The task raises `RobotTakenError`.
    Raises `RobotSecretError` and `RobotAwayError` on entering.
    """
    limit = aiohttp.ClientWSTimeout(ws_close=options.answer_s)
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=None, connect=options.answer_s)) as session:
        try:
            async with asyncio.timeout(2 * options.answer_s):
                socket = await session.ws_connect(
                    options.url, timeout=limit, max_msg_size=options.frame_bytes, proxy=options.proxy, ssl=trusted
                )
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise RobotAwayError(address=options.url, says=type(error).__name__) from None
        connection = Connection(socket, options)
        reading = asyncio.create_task(_read(connection, received))
        try:
            await _log_in(connection, reading, options)
            beating = asyncio.create_task(connection.beat())
            try:
                yield connection, reading
            finally:
                beating.cancel()
                await asyncio.gather(beating, return_exceptions=True)
        finally:
            connection.end()
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)
            await socket.close()


async def _read(connection: Connection, received: Callable[[RobotFrame], Awaitable[None]]) -> None:
    try:
        async for frame in connection.frames():
            await received(frame)
    finally:
        connection.end()


async def _log_in(connection: Connection, reading: "asyncio.Task[None]", options: RobotOptions) -> None:
    try:
        await connection.ask(SUBSCRIBE, {"bot_id": options.bot, "secret": options.secret.get_secret_value()})
    except RobotFault as fault:
        kind = RobotAwayError if fault.code in (-1, 45009, 45033) else RobotSecretError
        raise kind(says=str(fault)) from None
    except (TimeoutError, ConnectionError) as error:
        if reading.done() and not reading.cancelled() and isinstance(reading.exception(), RobotTakenError):
            raise RobotTakenError from None
        raise RobotAwayError(address=options.url, says=type(error).__name__) from None
