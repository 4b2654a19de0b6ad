"""The contact book of a server: who an account is, how a person is reached, and whom an invitation binds."""

import sqlite3
import threading
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import TypeVar

from connectors.contacts.contact import Bound, Contact, Invitation
from connectors.contacts.links import PersonalLink
from connectors.contacts.rows import TABLES, ContactRows
from connectors.contacts.store import ContactsUnwritableError
from connectors.outbox.group_commit import GroupCommit, open_to_read
from connectors.replies.recipients import Handler, Handlers
from schemas.names import Language

T = TypeVar("T")


class ContactBook:
    """Changes that wait at the same time share one sync, and questions wait for none. Use it inside one event loop.

    Every method raises `ContactsUnwritableError` when the file does not allow it; nothing was changed then.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = GroupCommit(path, TABLES, ContactsUnwritableError)
        self._handlers: list[sqlite3.Connection] = []

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
        return await self._look(lambda file: file.find(door, sender))

    async def to(self, door: str, person: str) -> Contact | None:
        """The account of one door to write to; `person` as a `Recipient` has it, an earlier pseudonym too."""
        return await self._look(lambda file: file.to(door, person))

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

    async def invitation(self, token: str, now_ms: int) -> Invitation | None:
        """The invitation of a token, if it can be used; asking changes nothing."""
        return await self._look(lambda file: file.invitation(token, now_ms))

    async def linked(self, token: str, now_ms: int) -> PersonalLink | None:
        """Whose personal link it is; None for one that expired or was revoked."""
        return await self._look(lambda file: file.linked(token, now_ms))

    async def silent(self, since_ms: int, after: tuple[str, str], limit: int) -> list[Contact]:
        """Accounts that were not heard since then, by door and sender, those behind `after`."""
        return await self._look(lambda file: file.silent(since_ms, after, limit))

    async def forget_silent(self, accounts: Sequence[Contact], since_ms: int) -> int:
        """Remove these accounts, but those that were heard meanwhile; how many were removed."""
        gone = await self.ask(lambda file: file.forget_silent(accounts, since_ms))
        if gone:
            await self._file.scrub()
        return gone

    def handlers(self, doors: Collection[str], language: Callable[[str], Language]) -> Handlers:
        """How those who handle cases are reached through `doors`: the account heard last that is reachable.

        `language` is that of a person who chose none. The result may be used in any thread.
        """
        local = threading.local()

        def handler(person: str) -> Handler | None:
            if not hasattr(local, "rows"):
                self._handlers.append(open_to_read(self.path))
                local.rows = ContactRows(self._handlers[-1])
            accounts: list[Contact] = local.rows.accounts(person)
            reached = next((each for each in accounts if each.door in doors and each.reachable), None)
            return None if reached is None else Handler(reached.door, reached.language or language(person))

        return handler

    async def close(self) -> None:
        """Finish what waits, then close."""
        await self._file.close()
        for db in self._handlers:
            db.close()

    async def ask(self, work: Callable[[ContactRows], T]) -> T:
        """Something on the rows, in a transaction shared with others that wait; on disk on return."""
        return await self._file.do(lambda db: work(ContactRows(db)))

    async def _look(self, work: Callable[[ContactRows], T]) -> T:
        """A question, which waits for nobody who writes."""
        return await self._file.read(lambda db: work(ContactRows(db)))
