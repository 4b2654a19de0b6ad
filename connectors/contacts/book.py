"""The contact book of a server: who an account is, how a person is reached, and whom an invitation binds."""

import asyncio
import threading
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

from connectors.contacts.contact import Bound, Contact, Invitation
from connectors.contacts.rows import ContactRows
from connectors.contacts.store import ContactFile
from connectors.replies.recipients import Handler, Handlers
from schemas.names import Language

MOST_AT_ONCE: Final = 500
"""How many questions and changes share one sync."""

T = TypeVar("T")


class ContactBook:
    """One thread of its own, and one sync for all that wait at the same time. Use it inside one event loop.

    Every method raises `ContactsUnwritableError` when the file does not allow it; nothing was changed then.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = ContactFile(path)
        self._thread = ThreadPoolExecutor(1, "contacts")
        self._waiting: list[tuple[Callable[[ContactRows], Any], asyncio.Future[Any]]] = []
        self._writer: asyncio.Task[None] | None = None
        self._handlers: list[ContactFile] = []

    async def heard(
        self, door: str, sender: str, *, t_ms: int, chat: str = "", language: Language | None = None
    ) -> Contact:
        """Somebody did something in a chat: who they are, durably. To be called for each message, first.

        `chat` is where they are written to alone, empty when they were heard in a group; `language` is what the
        platform says. Who was unreachable is reachable from then on.
        """
        return await self.ask(lambda file: file.heard(door, sender, chat, t_ms, language))

    async def find(self, door: str, sender: str) -> Contact | None:
        """The contact of an account; None for one that was never heard, or was forgotten."""
        return await self.ask(lambda file: file.find(door, sender))

    async def to(self, door: str, person: str) -> Contact | None:
        """The account of one door to write to; `person` as a `Recipient` has it, an earlier pseudonym too."""
        return await self.ask(lambda file: file.to(door, person))

    async def bind(self, door: str, sender: str, token: str, now_ms: int) -> Bound:
        """Use an invitation for an account that was `heard`; whoever uses it again is answered the same."""
        return await self.ask(lambda file: file.bind(door, sender, token, now_ms))

    async def choose_language(self, door: str, sender: str, language: Language | None) -> None:
        """What they chose; None: what the platform says."""
        await self.ask(lambda file: file.choose_language(door, sender, language))

    async def left(self, door: str, sender: str, t_ms: int) -> None:
        """They blocked the bot or left: nothing is sent to this account until they are heard again."""
        await self.ask(lambda file: file.left(door, sender, t_ms))

    async def invite(
        self, *, person: str = "", team: str = "", now_ms: int, expires_ms: int | None = None, anew: bool = False
    ) -> Invitation:
        """The open invitation of a person or of a team, a new one where there is none.

        `anew` withdraws those that were not used.
        """
        return await self.ask(lambda file: file.invite(person, team, now_ms, expires_ms, anew=anew))

    async def silent(self, since_ms: int, after: tuple[str, str], limit: int) -> list[Contact]:
        """Accounts that were not heard since then, by door and sender, those behind `after`."""
        return await self.ask(lambda file: file.silent(since_ms, after, limit))

    async def forget_silent(self, accounts: Sequence[Contact], since_ms: int) -> int:
        """Remove these accounts, but those that were heard meanwhile; how many were removed."""
        gone = await self.ask(lambda file: file.forget_silent(accounts, since_ms))
        if gone:
            await self._call(self._file.scrub)
        return gone

    def handlers(self, doors: Collection[str], language: Callable[[str], Language]) -> Handlers:
        """How those who handle cases are reached through `doors`: the account heard last that is reachable.

        `language` is that of a person who chose none. The result may be used in any thread.
        """
        local = threading.local()

        def handler(person: str) -> Handler | None:
            if not hasattr(local, "file"):
                local.file = ContactFile(self.path)
                self._handlers.append(local.file)
            accounts: list[Contact] = local.file.accounts(person)
            reached = next((each for each in accounts if each.door in doors and each.reachable), None)
            return None if reached is None else Handler(reached.door, reached.language or language(person))

        return handler

    async def close(self) -> None:
        """Finish what waits, then close."""
        while self._writer is not None:
            await asyncio.wait([self._writer])
        for file in (self._file, *self._handlers):
            await self._call(file.close)
        self._thread.shutdown()

    async def ask(self, work: Callable[[ContactRows], T]) -> T:
        """Something on the file, in a transaction shared with others that wait."""
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append((work, future))
        if self._writer is None:
            self._writer = asyncio.create_task(self._work())
        return await future

    async def _work(self) -> None:
        while batch := self._waiting[:MOST_AT_ONCE]:
            del self._waiting[: len(batch)]
            works = [work for work, _ in batch]
            try:
                done = await self._call(partial(self._file.together, works))
            except Exception as fault:  # noqa: BLE001 - whatever it is, those who wait must hear it
                for _, future in batch:
                    if not future.done():
                        future.set_exception(fault)
                continue
            for (_, future), answer in zip(batch, done, strict=True):
                if not future.done():
                    future.set_result(answer)
        self._writer = None

    async def _call(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)
