"""A PostgreSQL that is away or refuses is a problem of `grid36 status`, in words."""

import json
import os

import pytest

from grid36.cli import run
from grid36.cli.terminal.exit_codes import NO
from grid36.machine.home import Home
from grid36.machine.ledger_server import ledger_problems
from grid36.settings import Settings
from tests.processes.postgres_server import PostgresServer

SECRET = "correct-horse"


def problems_of(address: str) -> list[str]:
    return ledger_problems(Settings(ledger=address))


def test_a_server_that_is_stopped_is_said_to_be_away(
    home: Home, postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where it is, without its password, and what to do, in both languages; it is red until the server is back."""
    address = postgres.database()
    home.make().say("worker", os.getpid())
    monkeypatch.setenv("GRID36_LEDGER", address)
    monkeypatch.setenv("PGPASSWORD", SECRET)
    assert run(["status"]) == NO, "nothing else is up"
    assert "PostgreSQL" not in capsys.readouterr().out
    where = f"127.0.0.1:{postgres.port}/{address.rpartition('/')[2]}"
    postgres.kill()
    try:
        assert run(["status"]) == NO
        english = capsys.readouterr().out
        monkeypatch.setenv("GRID36_LANG", "zh-CN")
        assert run(["status"]) == NO
        chinese = capsys.readouterr().out
        assert run(["status", "--json"]) == NO
        told = [each for each in json.loads(capsys.readouterr().out)["problems"] if "PostgreSQL" in each]
    finally:
        postgres.start()
    assert [each.startswith(f"The PostgreSQL of the ledger at {where} does not answer") for each in told] == [True]
    assert f"! {told[0]}" in english
    assert "Connection refused" in told[0]
    assert "Start its server" in told[0]
    assert f"! 台账所在的 PostgreSQL（{where}）没有应答" in chinese
    assert SECRET not in english + chinese
    assert problems_of(address) == []


def test_a_server_that_refuses_says_why(postgres: PostgresServer) -> None:
    postgres.tell("CREATE ROLE nobody_here NOLOGIN")
    (refused,) = problems_of(postgres.url("postgres").replace("grid36@", "nobody_here@"))
    assert "is not permitted to log in" in refused
    (unknown,) = problems_of(postgres.url("no_such_database"))
    assert '"no_such_database" does not exist' in unknown


def test_a_user_who_may_not_read_the_ledger_is_told_so(postgres: PostgresServer) -> None:
    address = postgres.database()
    postgres.tell_at(address, "CREATE SCHEMA grid36_ledger")
    postgres.tell_at(address, "CREATE ROLE guest_here LOGIN")
    (refused,) = problems_of(address.replace("grid36@", "guest_here@"))
    assert "permission denied for schema grid36_ledger" in refused
