"""What the doctor says of a ledger in a database."""

from pathlib import Path

from connectors.ledger.write.place import place_of
from grid36.doctor.finding import Finding
from grid36.doctor.ledger_server import check_ledger_server
from grid36.settings import Settings
from tests.processes.postgres_server import PostgresServer


def told(home: Path, ledger: str) -> Finding:
    (finding,) = check_ledger_server(Settings(home=home, ledger=ledger))
    return finding


def test_a_database_is_away_empty_of_another_release_or_good(tmp_path: Path, postgres: PostgresServer) -> None:
    address = postgres.database()
    assert list(check_ledger_server(Settings(home=tmp_path))) == []
    away = told(tmp_path, "postgresql://grid36@127.0.0.1:1/none")
    assert (away.level, "Connection refused" in away.says.en) == ("bad", True)
    empty = told(tmp_path, address)
    assert (empty.level, "no ledger yet" in empty.says.en) == ("warn", True)
    place = place_of(address)
    with place.only_one("run"):
        store = place.new()
        store.close()
        place.publish(store.name)
    assert told(tmp_path, address).level == "ok"
    postgres.tell_at(address, "UPDATE grid36_ledger.published SET version = '0'")
    old = told(tmp_path, address)
    assert (old.level, "rebuilds it" in old.says.en) == ("warn", True)
