"""One robot of WeCom: what it receives, fetches and sends.

No message is acknowledged: what was received is held until it is stored, however long that takes, and then answered,
so that silence tells people to write again.
"""

import asyncio
import logging
import ssl
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext, suppress
from typing import Any, Final

from connectors.chat.messages import Incoming, JoinedChat, Media, Outgoing
from connectors.chat.platform import Features, PhotoFile, Take
from connectors.chat.runtime.backoff import Backoff
from connectors.doors.contract import PlatformSetup
from connectors.doors.wecom_robot.connection import Connection, connected
from connectors.doors.wecom_robot.errors import RobotAwayError, RobotTakenError
from connectors.doors.wecom_robot.fetching import fetched
from connectors.doors.wecom_robot.frames import RobotFrame
from connectors.doors.wecom_robot.lock import alone
from connectors.doors.wecom_robot.options import RobotOptions
from connectors.doors.wecom_robot.reading import incoming_of
from connectors.doors.wecom_robot.sending import RobotSending
from schemas.errors import Retry

HELD: Final = 1000
"""So many messages may wait to be stored; then nothing more is read."""
LAST_S: Final = 3.0
"""How long what was received is still stored after the door was ended."""

log = logging.getLogger(__name__)


class WecomRobot:
    """A `Platform`."""

    def __init__(self, setup: PlatformSetup, options: RobotOptions) -> None:
        self._setup, self._options = setup, options
        self._sending = RobotSending(self._ask, options)
        self._connection: Connection | None = None
        self._trusted: ssl.SSLContext | None = None

    @property
    def features(self) -> Features:
        """As the settings say."""
        return self._options.features

    async def receive(self, take: Take) -> None:
        """Hold one connection, until cancelled; open it again with growing pauses.

        Raises `RobotSecretError`, and `RobotTakenError` when another program connected: no second try, or both would
        end each other for ever.
        """
        with alone(self._setup.folder) as may:
            if not may:
                raise RobotTakenError
            held: asyncio.Queue[Incoming] = asyncio.Queue(HELD)
            storing = asyncio.create_task(self._store(held, take))
            try:
                await self._connect(held)
            finally:
                with suppress(TimeoutError):
                    await asyncio.wait_for(held.join(), LAST_S)
                storing.cancel()
                await asyncio.gather(storing, return_exceptions=True)

    async def _connect(self, held: "asyncio.Queue[Incoming]") -> None:
        async def received(frame: RobotFrame) -> None:
            for incoming in incoming_of(frame, round(time.time() * 1000)):
                welcome = isinstance(incoming.content, JoinedChat)
                self._sending.heard(incoming.id, frame.id, welcome=welcome)
                await held.put(incoming)

        pauses = Backoff(1.0, self._options.pause_s)
        while True:
            try:
                trusted = await self._certificates()
                async with connected(self._options, received, trusted=trusted) as (connection, reading):
                    pauses.over()
                    self._connection = connection
                    await reading
                why = "the connection ended"
            except RobotAwayError as away:
                why = str(away)
            finally:
                self._connection = None
            pause_s = pauses.next_s()
            log.warning("%s; again in %.1f s", why, pause_s)
            await asyncio.sleep(pause_s)

    async def _store(self, held: "asyncio.Queue[Incoming]", take: Take) -> None:
        """In the order in which it came; nobody would bring it again."""
        pauses = Backoff()
        while True:
            incoming = await held.get()
            while True:
                try:
                    await take(incoming)
                except Retry as fault:
                    log.warning("a message waits to be stored: %s", fault)
                    await asyncio.sleep(pauses.next_s())
                    continue
                except Exception as fault:  # noqa: BLE001 - the others are stored all the same
                    log.error("a message could not be stored: %s", type(fault).__name__)  # noqa: TRY400 - it may have words
                break
            pauses.over()
            held.task_done()

    async def _ask(self, command: str, body: dict[str, Any], id: str = "") -> RobotFrame:
        if self._connection is None:
            raise ConnectionError("not connected")
        return await self._connection.ask(command, body, id)

    async def _certificates(self) -> ssl.SSLContext:
        if self._trusted is None:
            self._trusted = await asyncio.to_thread(self._options.trusted)
        return self._trusted

    def fetch(self, media: Media) -> AbstractAsyncContextManager[AsyncIterator[bytes]]:
        """The bytes of a file. Raises `TryLater` or `Unsendable`."""
        if self._trusted is None:
            self._trusted = self._options.trusted()
        return fetched(media, self._options, self._trusted)

    async def send(self, message: Outgoing, photos: Sequence[PhotoFile]) -> str:
        """Words, a card or photos. Raises `TryLater`, `Unreachable` or `Unsendable`."""
        return await self._sending.send(message, photos)

    async def check(self) -> Mapping[str, str]:
        """Log in for a moment; not while a gateway of this machine is connected, whose connection that would end.

        Raises `RobotSecretError`, `RobotTakenError` and `RobotAwayError`.
        """

        async def nothing(_: RobotFrame) -> None:
            """What comes in this moment is for nobody: it is not answered, so people write again."""

        may_be_connected = self._setup.folder.exists()
        with alone(self._setup.folder) if may_be_connected else nullcontext(True) as may:
            if not may:
                return {"id": self._options.bot, "receives": "the gateway of this machine is connected"}
            async with connected(self._options, nothing, trusted=await self._certificates()):
                return {"id": self._options.bot, "receives": self._options.url}
