"""Changes of the list that cases propose and a second person approved: each comes into force on the day it says."""

import sqlite3
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Final, NamedTuple, TypeAlias

from connectors.ledger.queries.cases import Ledger
from connectors.lists.desk import ListDesk
from connectors.lists.file import ListsFile
from connectors.lists.steps import SYSTEM, ListStep, note_step
from schemas.case import Case
from schemas.errors import Grid36Error, Retry
from schemas.event import EventType
from schemas.names import Language, Name

MOST: Final = 1_000
"""Approved changes that are looked at, the newest ones."""
AGAIN_MS: Final = 600_000
"""How long one waits that cannot come into force, unless another list does meanwhile."""
_Approved: TypeAlias = list[tuple[Case, str]]
AskLedger: TypeAlias = Callable[[Callable[[Ledger], _Approved]], Awaitable[_Approved]]


class StuckChange(NamedTuple):
    """An approved change that cannot come into force, and why."""

    case: str
    fault: Name


class ApprovedChanges:
    """Follows the ledger. What was approved before cases said from when on it holds is left to `rules approve`."""

    def __init__(self, file: ListsFile, desk: ListDesk, ask: AskLedger, clock: Callable[[], int]) -> None:
        self._file, self._desk, self._ask, self._clock = file, desk, ask, clock
        self._waits: dict[str, tuple[tuple[str, str], int]] = {}

    async def take_effect(self) -> None:
        """Bring those into force that are not yet. Raises `LedgerAway`, and what may work in a moment."""
        done = await self._file.do(_done)
        for case, by in await self._ask(lambda ledger: _approved(ledger, done)):
            number, against = case.number, await self._desk.in_force()
            waits = self._waits.get(number)
            if waits is not None and waits[0] == against and self._clock() < waits[1]:
                continue
            try:
                effective_ms = await self._desk.apply_change(case, by)
            except Retry:
                raise
            except Grid36Error as fault:
                self._waits[number] = against, self._clock() + AGAIN_MS
                words = Name(zh=fault.say(Language.ZH), en=fault.say(Language.EN))
                await self._file.do(partial(self._stuck, number=number, fault=words))
            else:
                await self._file.do(partial(self._made, number=number, effective_ms=effective_ms))

    async def stuck(self) -> list[StuckChange]:
        """Those that cannot come into force as things are; they are tried again whenever it is looked."""
        query = "SELECT number, fault FROM changes WHERE effective_ms IS NULL ORDER BY number"
        rows = await self._file.do(lambda db: db.execute(query).fetchall())
        return [StuckChange(number, Name.model_validate_json(fault)) for number, fault in rows]

    def _made(self, db: sqlite3.Connection, number: str, effective_ms: int) -> None:
        db.execute("INSERT OR REPLACE INTO changes VALUES (?, ?, NULL)", (number, effective_ms))
        note_step(db, self._clock(), SYSTEM, ListStep.CHANGED, number)

    def _stuck(self, db: sqlite3.Connection, number: str, fault: Name) -> None:
        text = fault.model_dump_json()
        before = db.execute("SELECT fault FROM changes WHERE number = ?", (number,)).fetchone()
        if before is None or before[0] != text:
            note_step(db, self._clock(), SYSTEM, ListStep.STUCK, number, fault.zh)
            db.execute("INSERT OR REPLACE INTO changes VALUES (?, NULL, ?)", (number, text))


def _done(db: sqlite3.Connection) -> frozenset[str]:
    return frozenset(number for (number,) in db.execute("SELECT number FROM changes WHERE effective_ms IS NOT NULL"))


def _approved(ledger: Ledger, done: frozenset[str]) -> _Approved:
    """Approved changes with who approved them, the oldest first."""
    cases = ledger.cases(proposals=True, approved=True, limit=MOST)
    found = [case for case in reversed(cases) if case.number not in done]
    return [(case, _approver(ledger, case)) for case in found]


def _approver(ledger: Ledger, case: Case) -> str:
    events = ledger.timeline(case.number)
    approved = (event.by for event in reversed(events) if event.type is EventType.LIST_CHANGE_APPROVED)
    return next(approved, SYSTEM)
