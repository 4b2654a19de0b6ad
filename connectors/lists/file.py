"""The file of the lists page: drafts, activations that wait for a second person, and who did what when and why."""

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

from connectors.lists.errors import ListsUnwritableError
from connectors.outbox.group_commit import in_one_transaction

T = TypeVar("T")

TABLES: Final = """
CREATE TABLE IF NOT EXISTS drafts (
    id TEXT PRIMARY KEY, by TEXT NOT NULL, made_ms INTEGER NOT NULL, name TEXT NOT NULL, language TEXT NOT NULL,
    workbook BLOB NOT NULL, yaml TEXT NOT NULL, checked TEXT, rulebook TEXT, remarked BLOB
);
CREATE INDEX IF NOT EXISTS drafts_by ON drafts (by, made_ms);
CREATE TABLE IF NOT EXISTS activations (
    id TEXT PRIMARY KEY, kind TEXT NOT NULL, title TEXT NOT NULL, by TEXT NOT NULL, made_ms INTEGER NOT NULL,
    from_ms INTEGER, in_flight INTEGER NOT NULL, leave INTEGER NOT NULL, note TEXT NOT NULL,
    rulebook TEXT NOT NULL, restored TEXT NOT NULL, workbook BLOB, checked TEXT,
    state TEXT NOT NULL DEFAULT 'proposed', decided_by TEXT NOT NULL DEFAULT '', decided_ms INTEGER NOT NULL DEFAULT 0,
    reason TEXT NOT NULL DEFAULT '', after INTEGER NOT NULL DEFAULT 0, effective_ms INTEGER NOT NULL DEFAULT 0,
    fault TEXT
);
CREATE TABLE IF NOT EXISTS changes (number TEXT PRIMARY KEY, effective_ms INTEGER, fault TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS steps (
    n INTEGER PRIMARY KEY AUTOINCREMENT, at_ms INTEGER NOT NULL, by TEXT NOT NULL, what TEXT NOT NULL,
    about TEXT NOT NULL, why TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS steps_about ON steps (about, n);
"""
"""`restored` are the hashes of the region and the rulebook that come back, `after` how many switches there were when it
was approved. `changes` are the approved changes of cases: with a moment where they are on the log, else with what
hinders them. `checked` is a `ListCheck` as JSON, NULL until it is checked. `steps` only grow."""


class ListsFile:
    """Safe for several threads and processes: each call opens it. Raises `ListsUnwritableError`."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def do(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Something in one transaction; on disk on return, and nothing of it if it raises."""
        return await asyncio.to_thread(self.do_now, work)

    def do_now(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """The same in this thread."""
        return in_one_transaction(self._path, TABLES, ListsUnwritableError, work)
