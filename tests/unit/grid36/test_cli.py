"""The command without any system: help that teaches, usage errors, and the one place where every error ends."""

import asyncio
import json
import sqlite3
import subprocess
import sys
from datetime import date
from pathlib import Path

import click
import pytest
from aiokafka.errors import KafkaConnectionError

from connectors.chat.conversation.state import Conversation
from connectors.chat.messages import Outgoing, SayKind
from connectors.chat.runtime.storage.burden import Occasion
from connectors.chat.runtime.storage.conversations import StoredConversation
from connectors.chat.runtime.storage.store import ChatStore
from grid36.cli import COMMANDS, grid36, run
from grid36.cli.terminal.exit_codes import No, failed
from schemas.errors import ServiceAway, WrongInput

EXAMPLES = sorted(set(COMMANDS) - {"region", "ledger", "broker", "schema"})


@pytest.fixture(autouse=True)
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRID36_HOME", str(tmp_path))
    monkeypatch.setenv("GRID36_LANG", "en")


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_helps(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """With an example that can be copied, where there is more to it than its name."""
    assert run([name, "--help"]) == 0
    told = capsys.readouterr().out
    assert "Usage:" in told
    if name in EXAMPLES:
        assert f"grid36 {name}" in told


def test_the_list_of_commands_imports_none(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--help"]) == 0
    told = capsys.readouterr().out
    assert all(f"  {name} " in told for name in COMMANDS)
    assert list(COMMANDS) == grid36.list_commands(click.Context(grid36))


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ([], "Usage"),
        (["nothing"], "No such command"),
        (["report", "--lat", "north"], "not a valid float"),
        (["up", "--workers", "65"], "not in the range"),
        (["act", "x"], "Missing argument"),
        (["act", "x", "explode", "--by", "me"], "is not one of"),
        (["cover", "x"], "Missing option"),
        (["replay", "/nowhere", "--mapping", "/nowhere"], "does not exist"),
        (["replay", "/dev/zero", "--mapping", "/dev/zero"], "is not a file"),
        (["region", "check", "/dev/null"], "is not a folder"),
        (["region", "new", "x"], "--from FILE.geojson"),
        (["region", "new", "x", "--tile", "1,2,3"], "four numbers"),
        (["stats", "--from", "soon"], "2026-11-01T08:00"),
        (["schema", "nothing"], "is not one of"),
    ],
)
def test_wrong_use_is_2(words: list[str], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(words) == 2
    told = capsys.readouterr()
    assert says in told.out + told.err


def test_wrong_settings_are_all_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("GRID36_WORKERS", "many")
    monkeypatch.setenv("GRID36_LANG", "fr")
    assert run(["status"]) == 2
    told = capsys.readouterr().err
    assert "GRID36_WORKERS：应为整数" in told
    assert "GRID36_LANG：" in told


def test_a_home_that_is_a_file_is_wrong_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("GRID36_HOME", str(tmp_path / "file"))
    assert run(["up", "--detach"]) == 2
    assert "GRID36_HOME" in capsys.readouterr().err
    assert run(["status"]) == 3
    assert run(["down"]) == 0


def test_json_is_one_object_on_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["status", "--json"]) == 3
    told = capsys.readouterr()
    assert set(json.loads(told.out)) >= {"processes", "urls", "kafka", "problems"}
    assert told.err == ""


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (click.exceptions.Exit(1), 1),
        (KeyboardInterrupt(), 130),
        (click.UsageError("so not"), 2),
        (No("it is not"), 1),
        (WrongInput("this is wrong", row=3), 2),
        (ServiceAway("this is away"), 3),
        (KafkaConnectionError("gone"), 3),
        (TimeoutError(), 3),
        (sqlite3.DatabaseError("malformed"), 3),
        (PermissionError(13, "Permission denied", "/etc/here"), 2),
        (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "bad"), 2),
    ],
)
def test_every_error_ends_in_a_sentence(error: BaseException, code: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert failed(error) == code
    assert "Traceback" not in capsys.readouterr().err


def test_a_fault_of_ours_keeps_its_trace_in_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with pytest.raises(ZeroDivisionError) as caught:
        _ = 1 / 0
    assert failed(caught.value) == 2
    told = capsys.readouterr().err
    assert "ZeroDivisionError: division by zero" in told
    assert "Traceback" not in told
    (file,) = tmp_path.glob("grid36-fault-*.txt")
    assert "Traceback" in file.read_text()


def test_who_has_read_enough_may_go() -> None:
    """`grid36 schema asyncapi | head -1` ends well and says nothing."""
    command = f"{sys.executable} -m grid36 schema asyncapi | head -c 1"
    done = subprocess.run(["bash", "-o", "pipefail", "-c", command], check=False, capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "{", "")


async def test_messages_are_counted_by_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = ChatStore(tmp_path / "doors" / "chat")
    after = StoredConversation("s", "cleaner-01", "c", Conversation())
    await store.add_notice("n", after, [Outgoing(id="o", chat="c", text="words", kind=SayKind.JOB)], 1)
    found = await store.next_outgoing("c")
    assert found is not None
    await store.sent(found[0], "p", 1, Occasion(date(2026, 11, 30), night=True, works_here=lambda _: True))
    await store.close()
    assert await asyncio.to_thread(run, ["stats", "--burden", "--from", "2026-11-30", "--to", "2026-12-01"]) == 0
    line = next(line for line in capsys.readouterr().out.splitlines() if line.endswith("cleaner-01"))
    assert line.split()[:5] == ["1", "1", "1.0", "1", "1"]
    assert await asyncio.to_thread(run, ["stats", "--burden", "--to", "2026-11-30", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["rows"] == []
