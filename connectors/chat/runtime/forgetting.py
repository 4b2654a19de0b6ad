"""Forgets people: on request, and accounts that were silent for long while nothing of theirs is open."""

import asyncio
import contextlib
import logging
import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from connectors.chat.runtime.storage import unsubmitted
from connectors.chat.runtime.storage.store import FILE, ChatStore
from connectors.contacts.contact import Contact
from connectors.intake.context import Gateway
from connectors.ledger.queries.cases import Ledger
from connectors.outbox.group_commit import open_to_read
from connectors.outbox.store import OutboxUnwritableError
from schemas.case import State
from schemas.errors import Retry

LOOK_S: Final = 3600.0
AT_ONCE: Final = 500
DAY_MS: Final = 86_400_000

log = logging.getLogger(__name__)


async def forget_chats(doors: Path, accounts: Sequence[Contact]) -> None:
    """Remove what the doors under the folder `doors` stored of these accounts: messages, conversations, answers.

    To be done before the contact book forgets them: killed between the two, it is done again.
    """
    for name in sorted({each.door for each in accounts}):
        if not (doors / name / FILE).exists():
            continue
        store = ChatStore(doors / name)
        try:
            for each in accounts:
                if each.door == name:
                    await store.forget(each.person, {each.sender: each.chat})
        finally:
            await store.close()


async def unsubmitted_recordings(doors: Path, accounts: Sequence[Contact]) -> set[str]:
    """Digests of the voice messages of these accounts that no report or act names yet.

    Raises `OutboxUnwritableError` for a file that cannot be used.
    """
    return await asyncio.to_thread(_unsubmitted, doors, accounts)


def _unsubmitted(doors: Path, accounts: Sequence[Contact]) -> set[str]:
    found: set[str] = set()
    for each in accounts:
        file = doors / each.door / FILE
        if not file.exists():
            continue
        try:
            with contextlib.closing(open_to_read(file)) as db:
                found |= unsubmitted.recordings(db, each.person, [each.sender])
        except (sqlite3.Error, OSError) as fault:
            raise OutboxUnwritableError(file=str(file), fault=str(fault)) from fault
    return found


Forget = Callable[[Path, Sequence[Contact]], Awaitable[None]]
"""What `forget_chats` is; a door with files of its own has them forgotten, too."""


class Retention:
    """Removes contact data that nobody needs any more. Any number of gateways may do it beside each other."""

    def __init__(self, gateway: Gateway, doors: Path, days: int, forget: Forget = forget_chats) -> None:
        """`doors`: where the doors have their folders; `days`: how long somebody may be silent."""
        self._gateway, self._doors, self._ms = gateway, doors, days * DAY_MS
        self._forget = forget

    async def run(self) -> None:
        """Look now and every hour, until cancelled."""
        while True:
            try:
                if forgotten := await self.look():
                    log.info("contact data of %d silent accounts was removed", forgotten)
            except Retry as fault:
                log.warning("silent accounts are not forgotten: %s", fault)
            await asyncio.sleep(LOOK_S)

    async def look(self) -> int:
        """How many accounts were forgotten. Raises `Retry`."""
        since_ms, after, forgotten = self._gateway.clock() - self._ms, ("", ""), 0
        while page := await self._gateway.contacts.silent(since_ms, after, AT_ONCE):
            after = (page[-1].door, page[-1].sender)
            idle = await self._gateway.ask_ledger(partial(_idle, accounts=page))
            await self._forget(self._doors, idle)
            forgotten += await self._gateway.contacts.forget_silent(idle, since_ms)
        return forgotten


def _idle(ledger: Ledger, accounts: Sequence[Contact]) -> list[Contact]:
    """Those without an open case; in the ledger's thread."""
    return [each for each in accounts if not any(_has_open(ledger, name) for name in (each.person, each.pseudonym))]


def _has_open(ledger: Ledger, name: str) -> bool:
    if ledger.cases(reporter=name, open_only=True, limit=1) or ledger.cases(executor=name, open_only=True, limit=1):
        return True
    if ledger.cases(assignee=name, open_only=True, limit=1):
        return True
    joined = ledger.cases(joined=True, reporter=name, state=State.MERGED)
    masters = sorted({case.master for case in joined if case.master})
    return bool(masters) and bool(ledger.cases(numbers=masters, open_only=True, limit=1))
