import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from connectors.ledger.queries.cases import Ledger
from connectors.ledger.write import files
from connectors.ledger.write.store import meta_of


def test_a_second_writer_is_refused(tmp_path: Path) -> None:
    """One that was killed leaves no lock behind."""
    path = tmp_path / "ledger.sqlite"
    hold = "import sys, pathlib; from connectors.ledger.write import files\n"
    hold += "with files.only_one(pathlib.Path(sys.argv[1]), 'run'): print('held', flush=True); sys.stdin.read()"
    child = subprocess.Popen(
        [sys.executable, "-c", hold, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=Path.cwd()
    )
    with child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"held\n"
        with pytest.raises(files.LedgerBusyError), files.only_one(path, "run", patience_s=0.3):
            pass
        child.kill()
    with files.only_one(path, "run"):
        pass


def test_what_is_no_ledger_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    path.write_text("my notes")
    with pytest.raises(files.NotALedgerError):
        files.present(path)
    assert path.read_text() == "my notes"


def test_a_reader_of_the_old_file_reads_on_unharmed(tmp_path: Path) -> None:
    """The new file has another name, so that no write-ahead log is ever taken for the other's."""
    path = tmp_path / "ledger.sqlite"
    first = files.new(path)
    files.publish(path, first.file)
    old = sqlite3.connect(path.resolve())
    old.execute("BEGIN")
    epoch = old.execute("SELECT value FROM meta WHERE key = 'epoch'").fetchone()
    second = files.new(path)
    files.publish(path, second.file)
    assert old.execute("SELECT value FROM meta WHERE key = 'epoch'").fetchone() == epoch
    assert Ledger(path).epoch() != epoch[0]
    old.close()
    first.close()
    second.finish()


def test_leftovers_of_a_killed_rebuild_go_away(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    present = files.new(path)
    files.publish(path, present.file)
    killed = files.new(path)
    assert Path(f"{killed.file}-wal").exists()
    killed.close()
    files.clean(path)
    assert not killed.file.exists()
    assert present.file.exists()
    assert [name for name in os.listdir(tmp_path) if "-wal" in name] == [f"{present.file.name}-wal"]
    present.close()


def test_the_version_of_strange_files_is_none(tmp_path: Path) -> None:
    strange = tmp_path / "strange.sqlite"
    sqlite3.connect(strange).close()
    assert meta_of(strange, "version") == ""
