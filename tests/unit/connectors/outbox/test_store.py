import asyncio
import sqlite3
from pathlib import Path

import pytest

from connectors.outbox.rows import command_rows, report_rows
from connectors.outbox.store import (
    Message,
    OtherContentError,
    Outbox,
    OutboxFile,
    OutboxRow,
    OutboxUnwritableError,
    Waiting,
    waiting,
)
from schemas.topics import EVERYWHERE, partition_of


def message(id: str, digest: str = "d", door: str = "web", t: int = 5) -> Message:
    headers = (("ce_id", id.encode()),)
    return Message(door, id, digest, t, (OutboxRow("reports", id, 1, f"value {id}".encode(), headers, report=True),))


async def test_a_message_is_new_once_per_door(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path / "o.sqlite")
    answers = [await outbox.put(m) for m in (message("a"), message("a"), message("a", door="bot"))]
    rows = await outbox.pending()
    await outbox.close()
    assert answers == [True, False, True]
    assert [stored.row for stored in rows] == [*message("a").rows, *message("a").rows]


async def test_another_content_under_the_same_id_is_an_error(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path / "o.sqlite")
    await outbox.put(message("a", "one"))
    with pytest.raises(OtherContentError):
        await outbox.put(message("a", "two"))
    assert len(await outbox.pending()) == 1
    await outbox.close()


async def test_messages_together_are_all_written_or_none(tmp_path: Path) -> None:
    """One id that was used for something else holds back all of them; sent again they are there already."""
    outbox = Outbox(tmp_path / "o.sqlite")
    assert await outbox.put_together([message("m.a"), message("m.b")])
    assert not await outbox.put_together([message("m.a"), message("m.b")])
    with pytest.raises(OtherContentError):
        await outbox.put_together([message("m.c"), message("m.a", "other")])
    assert len(await outbox.pending()) == 2
    assert await outbox.put_together([message("m.a"), message("m.c")])
    assert await outbox.named("web", "m.") == ["m.a", "m.b", "m.c"]
    assert await outbox.named("web", "m.a") == ["m.a"]
    assert await outbox.named("bot", "m.") == []
    await outbox.close()


async def test_what_was_relayed_is_gone_and_its_id_still_known(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path / "o.sqlite")
    for name in "abc":
        await outbox.put(message(name))
    first, second, third = await outbox.pending()
    await outbox.relayed([first.seq, third.seq])
    assert await outbox.pending() == [second]
    assert await outbox.put(message("a")) is False
    assert await outbox.knows("web", "a")
    assert not await outbox.knows("web", "z")
    await outbox.close()


async def test_sequences_are_never_used_again(tmp_path: Path) -> None:
    """A row that was relayed must not be confused with one that came later."""
    outbox = Outbox(tmp_path / "o.sqlite")
    await outbox.put(message("a"))
    (first,) = await outbox.pending()
    await outbox.relayed([first.seq])
    await outbox.put(message("b"))
    (second,) = await outbox.pending()
    await outbox.close()
    assert second.seq > first.seq


async def test_many_at_once_share_a_sync(tmp_path: Path) -> None:
    """Four hundred messages at once take far fewer transactions, and each hears its own answer."""
    outbox = Outbox(tmp_path / "o.sqlite")
    commits: list[str] = []
    outbox._file._db.set_trace_callback(lambda sql: commits.append(sql) if sql == "COMMIT" else None)
    answers = await asyncio.gather(*(outbox.put(message(f"m{i % 200}")) for i in range(400)))
    rows = await outbox.pending(limit=1000)
    await outbox.close()
    assert sum(answers) == 200
    assert [stored.row.key for stored in rows] == [f"m{i}" for i in range(200)]
    assert len(commits) < 10


async def test_one_id_with_other_content_does_not_spoil_its_neighbours(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path / "o.sqlite")
    await outbox.put(message("a", "one"))
    answers = await asyncio.gather(
        outbox.put(message("b")), outbox.put(message("a", "two")), outbox.put(message("c")), return_exceptions=True
    )
    await outbox.close()
    assert [type(answer) for answer in answers] == [bool, OtherContentError, bool]


async def test_counts_are_seen_by_another_process(tmp_path: Path) -> None:
    """The count is read through a connection of its own, also while rows come and go; commands are no reports."""
    file = tmp_path / "o.sqlite"
    assert waiting(file) == Waiting(0, 0, None)
    outbox = Outbox(file)
    await outbox.put(message("a", t=7))
    await outbox.put(Message("web", "x", "d", 9, command_rows(EVERYWHERE, b"{}", (), 3)))
    assert waiting(file) == Waiting(1, 4, 7)
    await outbox.relayed([stored.seq for stored in await outbox.pending()])
    assert waiting(file) == Waiting(0, 0, None)
    await outbox.close()


async def test_two_processes_may_share_the_file(tmp_path: Path) -> None:
    outbox, other = Outbox(tmp_path / "o.sqlite"), OutboxFile(tmp_path / "o.sqlite")
    assert other.put(message("a"))
    assert await outbox.put(message("a")) is False
    with pytest.raises(OtherContentError):
        other.put(message("a", "other"))
    other.close()
    await outbox.close()


async def test_a_disk_that_refuses_accepts_nothing(tmp_path: Path) -> None:
    """A full disk is a clear error to everybody who waited, and the outbox works again when there is room."""
    outbox = Outbox(tmp_path / "o.sqlite")
    await outbox.put(message("a"))
    db = outbox._file._db
    pages = db.execute("PRAGMA page_count").fetchone()[0]
    db.execute(f"PRAGMA max_page_count = {pages}")
    big = Message("web", "big", "d", 1, (OutboxRow("reports", "big", 0, b"x" * 100_000),))
    with pytest.raises(OutboxUnwritableError, match="full"):
        await outbox.put(big)
    assert not await outbox.knows("web", "big")
    db.execute("PRAGMA max_page_count = 100000")
    assert await outbox.put(big)
    await outbox.close()


def test_a_folder_that_cannot_be_made_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutboxUnwritableError):
        OutboxFile(tmp_path / "file" / "o.sqlite")


def test_the_file_syncs_every_commit(tmp_path: Path) -> None:
    """WAL with synchronous=FULL: what was acknowledged survives a power cut."""
    file = OutboxFile(tmp_path / "o.sqlite")
    assert file._db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert file._db.execute("PRAGMA synchronous").fetchone() == (2,)
    file.close()


def test_a_file_without_tables_yet_counts_nothing(tmp_path: Path) -> None:
    sqlite3.connect(tmp_path / "o.sqlite").close()
    (tmp_path / "o.sqlite").touch()
    assert waiting(tmp_path / "o.sqlite") == Waiting(0, 0, None)


def test_rows_go_where_their_key_belongs() -> None:
    assert [row.partition for row in report_rows("r1", b"", (), 8, counted=True)] == [partition_of("r1", 8)]
    assert [row.partition for row in command_rows("T-G01", b"", (), 8)] == [partition_of("T-G01", 8)]
    assert [row.partition for row in command_rows(EVERYWHERE, b"", (), 3)] == [0, 1, 2]


def test_a_file_that_is_no_outbox_is_a_clear_error(tmp_path: Path) -> None:
    """A count of nothing would be a lie: reports may wait in what cannot be read."""
    (tmp_path / "o.sqlite").write_bytes(b"garbage" * 1000)
    with pytest.raises(OutboxUnwritableError):
        waiting(tmp_path / "o.sqlite")
    with pytest.raises(OutboxUnwritableError):
        OutboxFile(tmp_path / "o.sqlite")


def test_a_repetition_among_new_messages_is_written_once(tmp_path: Path) -> None:
    """Also twice in one batch, and with other content."""
    file = OutboxFile(tmp_path / "o.sqlite")
    file.put(message("a"))
    batch = [message("b"), message("a"), message("c"), message("b"), message("a", digest="other")]
    assert file.put_all(batch) == ["new", "again", "new", "again", "other"]
    assert [each.row.key for each in file.pending(0, 10)] == ["a", "b", "c"]
    file.close()
