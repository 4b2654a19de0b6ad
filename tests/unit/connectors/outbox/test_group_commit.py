import asyncio
import sqlite3
from pathlib import Path

import pytest

from connectors.outbox.group_commit import GroupCommit
from connectors.outbox.store import OutboxUnwritableError

TABLE = "CREATE TABLE IF NOT EXISTS t (n INTEGER PRIMARY KEY);"


def add(n: int) -> "Adding":
    return Adding(n)


class Adding:
    def __init__(self, n: int) -> None:
        self.n = n

    def __call__(self, db: sqlite3.Connection) -> int:
        db.execute("INSERT INTO t VALUES (?)", (self.n,))
        return self.n


def numbers(path: Path) -> list[int]:
    with sqlite3.connect(path) as db:
        return [n for (n,) in db.execute("SELECT n FROM t ORDER BY n")]


async def test_what_waits_together_is_written_together(tmp_path: Path) -> None:
    """And each hears its own answer, when another reader of the file can see it."""
    file = GroupCommit(tmp_path / "f.sqlite", TABLE)
    assert await asyncio.gather(*(file.do(add(n)) for n in range(200))) == list(range(200))
    assert numbers(tmp_path / "f.sqlite") == list(range(200))
    await file.close()


async def test_one_that_fails_spoils_nothing_for_the_others(tmp_path: Path) -> None:
    def fails(db: sqlite3.Connection) -> None:
        db.execute("INSERT INTO t VALUES (77)")
        raise KeyError("mine")

    file = GroupCommit(tmp_path / "f.sqlite", TABLE)
    done = await asyncio.gather(
        file.do(add(1)), file.do(fails), file.do(add(1)), file.do(add(2)), return_exceptions=True
    )
    assert (done[0], done[3]) == (1, 2)
    assert isinstance(done[1], KeyError)
    assert isinstance(done[2], OutboxUnwritableError)
    assert numbers(tmp_path / "f.sqlite") == [1, 2]
    await file.close()


async def test_reading_sees_what_was_written_before(tmp_path: Path) -> None:
    """And writes nothing, whatever it tries."""
    file = GroupCommit(tmp_path / "f.sqlite", TABLE)
    for n in range(20):
        await file.do(add(n))
        assert await file.read(lambda db: db.execute("SELECT max(n) FROM t").fetchone()[0]) == n
    with pytest.raises(OutboxUnwritableError):
        await file.read(add(100))
    await file.close()


async def test_whoever_is_gone_holds_up_nobody(tmp_path: Path) -> None:
    file = GroupCommit(tmp_path / "f.sqlite", TABLE)
    gone = asyncio.create_task(file.do(add(1)))
    await asyncio.sleep(0)
    gone.cancel()
    assert await file.do(add(2)) == 2
    await file.close()
    assert 2 in numbers(tmp_path / "f.sqlite")


def test_a_file_that_cannot_be_opened_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(OutboxUnwritableError):
        GroupCommit(tmp_path / "file" / "f.sqlite", TABLE)


def test_others_cannot_read_it(tmp_path: Path) -> None:
    """It has people's words and accounts."""
    GroupCommit(tmp_path / "f.sqlite", TABLE)
    assert (tmp_path / "f.sqlite").stat().st_mode & 0o077 == 0


async def test_what_follows_a_write_is_done_in_the_order_of_writing(tmp_path: Path) -> None:
    """For those who are gone, too, and not for what failed."""
    file, done = GroupCommit(tmp_path / "f.sqlite", TABLE), list[int]()
    writing = [asyncio.create_task(file.do(add(n), done.append)) for n in (3, 1, 1, 2)]
    await asyncio.sleep(0)
    writing[0].cancel()
    await asyncio.wait(writing)
    assert done == [3, 1, 2]
    await file.close()
