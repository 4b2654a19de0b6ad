import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from connectors.outbox.store import OutboxFile, OutboxUnwritableError
from connectors.outbox.writable import check_writable


def test_it_writes_and_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "outbox.sqlite"
    with closing(OutboxFile(path)):
        log = path.with_name("outbox.sqlite-wal")
        with closing(sqlite3.connect(path)) as db:
            before = list(db.iterdump())
            written = log.stat().st_size
            check_writable(path)
            assert log.stat().st_size > written
            assert list(db.iterdump()) == before


def test_a_file_that_is_locked_or_gone_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "outbox.sqlite"
    with pytest.raises(OutboxUnwritableError, match="outbox"):
        check_writable(path)
    assert not path.exists(), "it makes no outbox"
    monkeypatch.setattr("connectors.outbox.writable.BUSY_S", 0.0)
    with closing(OutboxFile(path)), closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(OutboxUnwritableError, match="locked"):
            check_writable(path)
