"""What the doctor says of SQLite files: whole, damaged, of another release."""

import sqlite3
from pathlib import Path

from connectors.ledger.write.store import Store
from grid36.doctor.databases import check_databases
from grid36.doctor.finding import FindingLevel
from grid36.settings import Settings


def levels(home: Path) -> dict[str, FindingLevel]:
    return {finding.check: finding.level for finding in check_databases(Settings(home=home))}


def test_whole_files_are_whole_and_a_ledger_is_read_once_though_it_is_a_link(tmp_path: Path) -> None:
    Store.create(tmp_path / "ledger.e1.sqlite", "e1").close()
    (tmp_path / "ledger.sqlite").symlink_to(tmp_path / "ledger.e1.sqlite")
    (tmp_path / "doors" / "telegram").mkdir(parents=True)
    sqlite3.connect(tmp_path / "doors" / "telegram" / "chat.sqlite").close()
    assert levels(tmp_path) == {"database.ledger": FindingLevel.OK, "database.chat": FindingLevel.OK}
    with sqlite3.connect(tmp_path / "ledger.e1.sqlite") as db:
        db.execute("UPDATE meta SET value = '0' WHERE key = 'version'")
    db.close()
    told = [each for each in check_databases(Settings(home=tmp_path)) if each.check == "database.ledger"]
    assert [each.level for each in told] == [FindingLevel.WARN, FindingLevel.OK]
    assert "rebuilds it" in told[0].says.en


def test_damage_is_found_and_the_way_out_is_said(tmp_path: Path) -> None:
    file = tmp_path / "outbox.sqlite"
    db = sqlite3.connect(file)
    db.executescript("PRAGMA journal_mode=DELETE; CREATE TABLE rows (a TEXT); CREATE INDEX by_a ON rows (a);")
    db.executemany("INSERT INTO rows VALUES (?)", [(f"{n:0500}",) for n in range(500)])
    db.commit()
    db.close()
    assert [each.level for each in check_databases(Settings(home=tmp_path))] == [FindingLevel.WARN, FindingLevel.OK], (
        "no WAL"
    )
    raw = bytearray(file.read_bytes())
    raw[40_000:120_000] = b"\x07" * 80_000
    file.write_bytes(raw)
    (told,) = check_databases(Settings(home=tmp_path))
    assert told.level is FindingLevel.BAD
    assert "backup" in told.says.en
    file.write_bytes(b"this is no database at all" * 100)
    assert levels(tmp_path) == {"database.outbox": FindingLevel.BAD}


def test_a_large_file_is_read_as_far_as_there_is_time(tmp_path: Path) -> None:
    Store.create(tmp_path / "ledger.sqlite", "e1").close()
    db = sqlite3.connect(tmp_path / "ledger.sqlite")
    db.execute("CREATE TABLE many (a TEXT)")
    db.executemany("INSERT INTO many VALUES (?)", [("x" * 100,) for _ in range(50_000)])
    db.commit()
    db.close()
    (told,) = check_databases(Settings(home=tmp_path), check_s=0.0)
    assert told.level is FindingLevel.OK
    assert "as far as" in told.says.en
