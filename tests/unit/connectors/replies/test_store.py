from collections.abc import Mapping
from pathlib import Path

import pytest

from connectors.replies.recipients import Handler
from connectors.replies.store import SKEW_MS, ReplyFile
from schemas.chain import Position
from schemas.names import Language
from tests.worlds.builders import START, LogBuilder, logged

CHAT = {"chat": "chat"}


def a_log(count: int = 3) -> LogBuilder:
    log = LogBuilder(2)
    for i in range(count):
        number = log.open(t_ms=START, door="chat", reporter=f"rider-{i % 2}")
        log.dispatch(number, START)
    return log


def positions(log: LogBuilder) -> Mapping[int, Position]:
    return {p: Position(n, n, log.last[p]) for p, n in log.next_n.items()}


def ids(file: ReplyFile, after: int = 0) -> list[str]:
    return [pending.reply.id for pending in file.pending("chat", after, 100)]


def test_replies_and_positions_are_there_after_a_restart(tmp_path: Path) -> None:
    log = a_log()
    file = ReplyFile(tmp_path / "replies.sqlite", CHAT, START)
    assert file.take(logged(log.records), positions(log)) == 6
    (first, *rest) = ids(file)
    file.sent([file.pending("chat", 0, 1)[0].reply])
    file.close()
    again = ReplyFile(tmp_path / "replies.sqlite", CHAT, START + 1)
    assert (again.positions(), ids(again), len(rest)) == (positions(log), rest, 5)
    assert first not in rest
    again.close()


def test_a_case_is_known_after_a_restart_also_by_a_door_that_is_closed_now(tmp_path: Path) -> None:
    """What happened meanwhile waits until the door is open again."""
    log = LogBuilder(2)
    number = log.open(door="chat", reporter="rider")
    file = ReplyFile(tmp_path / "replies.sqlite", CHAT, START)
    file.take(logged(log.records), positions(log))
    file.close()
    seen = len(log.records)
    log.dispatch(number, START)
    closed = ReplyFile(tmp_path / "replies.sqlite", {"other": "other"}, START)
    assert closed.take(logged(log.records)[seen:], positions(log)) == 1
    assert [pending.reply.event.type for pending in closed.pending("chat", 0, 9)] == ["opened", "dispatched"]
    closed.close()


def test_a_batch_is_all_or_nothing(tmp_path: Path) -> None:
    """A file that cannot be written, then can: nothing is missing and nothing is there twice."""
    log = a_log()
    file = ReplyFile(tmp_path / "replies.sqlite", CHAT, START)
    file._db.execute("PRAGMA query_only = ON")
    with pytest.raises(Exception, match="readonly"):
        file.take(logged(log.records), positions(log))
    file._db.execute("PRAGMA query_only = OFF")
    assert (file.positions(), ids(file)) == ({}, [])
    assert file.take(logged(log.records), positions(log)) == 6
    assert len(set(ids(file))) == 6
    file.close()


def test_a_new_file_tells_nobody_of_the_past(tmp_path: Path) -> None:
    """A file that was lost must not flood people with what they heard before; who follows what is learned again."""
    log = LogBuilder(2)
    number = log.open(t_ms=START, door="chat", reporter="rider")
    now = START + SKEW_MS + 1
    log.dispatch(number, now)
    file = ReplyFile(tmp_path / "replies.sqlite", CHAT, now)
    assert file.take(logged(log.records), positions(log)) == 1
    assert [pending.reply.event.type for pending in file.pending("chat", 0, 9)] == ["dispatched"]
    file.close()


def test_which_cases_are_urgent_is_known_after_a_restart(tmp_path: Path) -> None:
    log = LogBuilder(2)
    number = log.open(door="chat", reporter="rider", urgent_by=["words"])

    def file() -> ReplyFile:
        def handlers(person: str) -> Handler:
            return Handler("chat", Language.EN)

        return ReplyFile(
            tmp_path / "replies.sqlite", CHAT, START, handlers, instead_of=lambda person, grid: (("guard",),)
        )

    first = file()
    first.take(logged(log.records), positions(log))
    first.close()
    seen = len(log.records)
    log.dispatch(number, START)
    again = file()
    again.take(logged(log.records)[seen:], positions(log))
    assert "guard" in [each.reply.recipient.person for each in again.pending("chat", 0, 9)]
    again.close()
