"""What the door remembers across restarts, in one SQLite file of its folder: account, position, rooms, own messages."""

import asyncio
import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

from connectors.doors.matrix.restored import NewestEvent
from connectors.doors.matrix.room import OwnMessage

TABLES: Final = """
CREATE TABLE IF NOT EXISTS account (user TEXT PRIMARY KEY, device TEXT NOT NULL, token TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS position (user TEXT PRIMARY KEY, since TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS newest (
    user TEXT PRIMARY KEY, room TEXT NOT NULL, event TEXT NOT NULL, t_ms INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS rooms (
    room TEXT PRIMARY KEY, people INTEGER NOT NULL, refused INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS invites (room TEXT PRIMARY KEY, tries INTEGER NOT NULL, next_ms INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS sent (
    part TEXT PRIMARY KEY, event TEXT NOT NULL, main TEXT NOT NULL, choices TEXT NOT NULL, sent_ms INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS sent_event ON sent (event);
CREATE INDEX IF NOT EXISTS sent_ms ON sent (sent_ms);
"""
FORGET: Final = ("DELETE FROM position", "DELETE FROM newest", "DELETE FROM rooms", "DELETE FROM invites")
DAY_MS: Final = 86_400_000
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class MatrixAccount:
    """Who we are on the server."""

    user: str
    device: str
    token: str


@dataclass(frozen=True, slots=True)
class RoomState:
    """A room that we are in. `people`: joined or invited, with us. `refused`: we said that we cannot read it."""

    people: int
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Invite:
    """An invitation that is not accepted yet, and how often that was tried in vain."""

    room: str
    tries: int


class MatrixStore:
    """The file, used from one thread of its own. Close it when done."""

    def __init__(self, folder: Path, clock: Callable[[], int]) -> None:
        """`clock`: milliseconds UTC."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "matrix.sqlite"
        path.touch(mode=0o600)  # it may hold a token
        self._clock = clock
        self._db = sqlite3.connect(path, timeout=10, isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = FULL")
        self._db.executescript(TABLES)
        self._thread = ThreadPoolExecutor(1, "matrix")

    def now_ms(self) -> int:
        """The present moment, ms UTC."""
        return self._clock()

    async def account(self) -> MatrixAccount | None:
        """The account of the last log-in with a password."""
        rows = await self._read("SELECT user, device, token FROM account")
        return MatrixAccount(*rows[0]) if rows else None

    async def log_in(self, account: MatrixAccount) -> None:
        """Remember the one account that the door uses now."""
        await self._write([("DELETE FROM account", ()), ("INSERT INTO account VALUES (?, ?, ?)", _fields(account))])

    async def since(self, user: str) -> str | None:
        """Up to where this user's events were taken. Of another user nothing is remembered any more."""
        rows = await self._read("SELECT user, since FROM position")
        if rows and rows[0][0] != user:
            await self.forget()
            return None
        return str(rows[0][1]) if rows else None

    async def forget(self) -> None:
        """Begin anew: the next sync is the first."""
        await self._write([(sql, ()) for sql in FORGET])

    async def newest(self, user: str) -> NewestEvent | None:
        """The newest event that was taken."""
        rows = await self._read("SELECT room, event, t_ms FROM newest WHERE user = ?", (user,))
        return NewestEvent(*rows[0]) if rows else None

    async def rooms(self) -> dict[str, RoomState]:
        """All rooms that we are in."""
        rows = await self._read("SELECT room, people, refused FROM rooms")
        return {str(room): RoomState(int(people), bool(refused)) for room, people, refused in rows}

    async def advance(
        self,
        user: str,
        since: str,
        changed: Mapping[str, RoomState | None],
        invites: Iterable[str] = (),
        newest: NewestEvent | None = None,
    ) -> None:
        """What the server brought was taken. `changed`: rooms that are new or other; None for those that we left."""
        room = "INSERT INTO rooms VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET people = excluded.people, "
        room += "refused = max(refused, excluded.refused)"
        seen = [newest] if newest is not None else []
        gone = [name for name, state in changed.items() if state is None]
        await self._write(
            [
                ("DELETE FROM position", ()),
                ("INSERT INTO position VALUES (?, ?)", (user, since)),
                *(("INSERT OR REPLACE INTO newest VALUES (?, ?, ?, ?)", (user, *astuple(each))) for each in seen),
                *((room, (name, state.people, state.refused)) for name, state in changed.items() if state is not None),
                *(("DELETE FROM rooms WHERE room = ?", (name,)) for name in gone),
                *(("INSERT INTO invites VALUES (?, 0, 0) ON CONFLICT DO NOTHING", (name,)) for name in invites),
            ]
        )

    async def invites(self, most: int = 100) -> list[Invite]:
        """The invitations that are to be tried now, those first that wait longest."""
        sql = "SELECT room, tries FROM invites WHERE next_ms <= ? ORDER BY next_ms LIMIT ?"
        rows = await self._read(sql, (self._clock(), most))
        return [Invite(*row) for row in rows]

    async def put_off(self, invite: Invite, pause_s: float) -> None:
        """It could not be accepted now."""
        sql = "UPDATE invites SET tries = tries + 1, next_ms = ? WHERE room = ?"
        await self._write([(sql, (self._clock() + round(pause_s * 1000), invite.room))])

    async def answered(self, invite: Invite) -> None:
        """It was accepted or declined."""
        await self._write([("DELETE FROM invites WHERE room = ?", (invite.room,))])

    async def sent(self, part: str, event: str, own: OwnMessage) -> None:
        """A part of a message was sent as an event."""
        values = (part, event, own.main, json.dumps(own.values), self._clock())
        await self._write([("INSERT INTO sent VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING", values)])

    async def event_of(self, part: str) -> str | None:
        """The event as which a part was sent, if it was."""
        rows = await self._read("SELECT event FROM sent WHERE part = ?", (part,))
        return str(rows[0][0]) if rows else None

    async def own(self, events: Iterable[str]) -> dict[str, OwnMessage]:
        """Those of these events that are ours."""
        asked = json.dumps(sorted(set(events)))
        sql = """SELECT sent.event, sent.main, first.choices FROM sent JOIN sent AS first ON first.event = sent.main
        WHERE sent.event IN (SELECT value FROM json_each(?))"""
        rows = await self._read(sql, (asked,))
        return {str(event): OwnMessage(str(main), tuple(json.loads(choices))) for event, main, choices in rows}

    async def tidy(self, days: float) -> None:
        """Forget which messages were sent before that."""
        await self._write([("DELETE FROM sent WHERE sent_ms < ?", (self._clock() - round(days * DAY_MS),))])

    async def close(self) -> None:
        """Close the file."""
        await self._call(self._db.close)
        self._thread.shutdown()

    async def _read(self, sql: str, values: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
        return await self._call(lambda: self._db.execute(sql, values).fetchall())

    async def _write(self, statements: Iterable[tuple[str, tuple[object, ...]]]) -> None:
        await self._call(lambda: self._together(statements))

    def _together(self, statements: Iterable[tuple[str, tuple[object, ...]]]) -> None:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            for sql, values in statements:
                self._db.execute(sql, values)
            self._db.execute("COMMIT")
        except BaseException:
            self._db.execute("ROLLBACK")
            raise

    async def _call(self, work: Callable[[], T]) -> T:
        return await asyncio.shield(asyncio.get_running_loop().run_in_executor(self._thread, work))


def _fields(account: MatrixAccount) -> tuple[object, ...]:
    return account.user, account.device, account.token
