"""Matrix as the conversation sees it: one account on one server."""

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import cached_property
from pathlib import Path

from connectors.chat.messages import Media, Outgoing
from connectors.chat.platform import Features, PhotoFile, Take, TryLater, Unsendable
from connectors.chat.runtime.backoff import Backoff
from connectors.chat.runtime.side_by_side import side_by_side
from connectors.doors.matrix.account import MatrixAwayError, MatrixLoginError, log_in, name_of, newest_version
from connectors.doors.matrix.client import MatrixClient, MatrixError
from connectors.doors.matrix.composing import WORDS, part_id
from connectors.doors.matrix.invitations import InvitationQueue
from connectors.doors.matrix.keycaps import MOST
from connectors.doors.matrix.receiving import MatrixReceiver
from connectors.doors.matrix.sending import MatrixSender
from connectors.doors.matrix.settings import MatrixSettings
from connectors.doors.matrix.store import MatrixStore
from schemas.errors import Retry

log = logging.getLogger(__name__)


class MatrixPlatform:
    """See `connectors.chat.platform.Platform`."""

    def __init__(self, settings: MatrixSettings, folder: Path, clock: Callable[[], int]) -> None:
        """`folder`: for its own state; `clock`: milliseconds UTC."""
        self._settings, self._folder, self._clock = settings, folder, clock
        self._client = MatrixClient(
            settings.url.rstrip("/"), timeout_s=settings.timeout_s, answer_bytes=settings.answer_bytes
        )
        self._logged_in = asyncio.Lock()

    @property
    def features(self) -> Features:
        """Choices are a numbered list with our own reactions below, to be tapped."""
        return Features(
            buttons=MOST,
            pins=True,
            characters=self._settings.characters,
            per_second=self._settings.per_second,
            per_chat_per_minute=self._settings.per_chat_per_minute,
        )

    @cached_property
    def _store(self) -> MatrixStore:
        return MatrixStore(self._folder, self._clock)

    async def receive(self, take: Take) -> None:
        """Until cancelled. Raises `MatrixLoginError` when the server refuses the account."""
        async with self._client.connected():
            pauses = Backoff()
            while True:
                try:
                    await self._work(take, pauses)
                except (MatrixError, Retry, sqlite3.OperationalError) as fault:
                    if isinstance(fault, MatrixError) and fault.token_refused:
                        self._client.token = ""
                        if self._settings.token.get_secret_value():
                            raise MatrixLoginError(address=self._client.url, fault=str(fault)) from None
                    wanted_s = fault.after_s if isinstance(fault, MatrixError) else None
                    pause_s = max(pauses.next_s(), wanted_s or 0.0)
                    log.warning("Matrix is tried again in %.0f s: %s", pause_s, fault)
                    await asyncio.sleep(pause_s)

    async def _work(self, take: Take, pauses: Backoff) -> None:
        account = await self._account()
        name = await name_of(self._client, account)
        await self._store.tidy(self._settings.remember_days)
        receiver = MatrixReceiver(self._client, self._store, self._settings, take, me=account, name=name)
        invitations = InvitationQueue(self._client, self._store)

        async def receiving() -> None:
            await receiver.begin()
            while True:
                if await receiver.step():
                    invitations.wake()
                pauses.over()

        await side_by_side(receiving(), invitations.run())

    async def _account(self) -> str:
        """Our user id; the client has its token then."""
        async with self._logged_in:
            return (await log_in(self._client, self._store, self._settings)).user

    @asynccontextmanager
    async def fetch(self, media: Media) -> AsyncIterator[AsyncIterator[bytes]]:
        """See `Platform.fetch`."""
        try:
            await self._known()
            async with self._client.download(media.ref, self._settings.media_bytes) as pieces:
                yield pieces
        except MatrixError as fault:
            if fault.passes or fault.token_refused:
                raise TryLater(str(fault), fault.after_s) from None
            raise Unsendable(str(fault)) from None

    async def send(self, message: Outgoing, photos: Sequence[PhotoFile]) -> str:
        """See `Platform.send`."""
        try:
            await self._known()
            return await MatrixSender(self._client, self._store).send(message, photos)
        except MatrixError as fault:
            raise TryLater(str(fault), fault.after_s) from None
        except sqlite3.OperationalError as fault:
            raise TryLater(str(fault)) from None

    async def begun(self, message: Outgoing) -> str:
        """See `SendsInParts`: a message can be answered while its reactions are on their way."""
        return await self._store.event_of(part_id(message.id, WORDS)) or ""

    async def _known(self) -> None:
        """Log in where that was not done yet."""
        if not self._client.token:
            try:
                await self._account()
            except MatrixLoginError as refused:  # `receive` says so
                raise TryLater(str(refused)) from None

    async def check(self) -> Mapping[str, str]:
        """See `Platform.check`."""
        try:
            version = await newest_version(self._client)
            user = await self._account()
            name = await name_of(self._client, user)
        except MatrixError as fault:
            raise MatrixAwayError(address=self._client.url, fault=str(fault)) from None
        link = f"https://matrix.to/#/{user}"
        return {"server": self._client.url, "version": version, "user": user, "name": name, "link": link}
