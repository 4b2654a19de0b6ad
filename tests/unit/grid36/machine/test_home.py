"""What a home remembers, and who may use it."""

import os
import subprocess
from pathlib import Path

import pytest

from grid36.machine.home import AlreadyUpError, Home, HomeUnusableError, NoDemoHomeError, kept_port
from grid36.machine.orphans import end_orphans, orphans
from grid36.machine.ports import free_port, is_free
from grid36.machine.process_identity import born
from grid36.settings import Settings


def test_a_home_that_cannot_be_is_said_so(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(HomeUnusableError, match="GRID36_HOME"):
        Home(file).make()


@pytest.mark.parametrize("content", ["", "{", "[]", "null", "\x00"])
def test_half_a_state_is_no_state(tmp_path: Path, content: str) -> None:
    home = Home(tmp_path).make()
    home.state_file.write_text(content)
    assert home.read() == {}
    assert home.supervisor() is None
    assert home.living() == []


def test_the_supervisor_is_who_wrote_the_state(tmp_path: Path) -> None:
    home, me = Home(tmp_path).make(), os.getpid()
    home.write({"pid": me, "born": born(me)})
    assert home.supervisor() == me
    home.write({"pid": me, "born": "another time"})
    assert home.supervisor() is None


def test_only_one_up_at_a_time(tmp_path: Path) -> None:
    home = Home(tmp_path).make()
    with home.only_one(), pytest.raises(AlreadyUpError, match="already"), home.only_one():
        pass
    with home.only_one():
        pass


def test_a_port_is_kept_while_it_is_free(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    port = kept_port(settings, "http", None)
    assert kept_port(settings, "http", None) == port
    assert kept_port(settings, "http", 8036) == 8036
    (tmp_path / "http.port").write_text("99999999")
    assert is_free(kept_port(settings, "http", None))
    (tmp_path / "http.port").write_text("rubbish")
    assert kept_port(settings, "http", None) != free_port()


def test_what_a_killed_up_left_is_ended(tmp_path: Path) -> None:
    """Each by its own id; a stranger that has the id of another is left alone."""
    home, said = Home(tmp_path).make(), list[str]()
    left, stranger = subprocess.Popen(["sleep", "60"]), subprocess.Popen(["sleep", "60"])
    rows = [
        {"name": "worker-1", "pid": left.pid, "born": born(left.pid)},
        {"name": "ledger", "pid": stranger.pid, "born": "another time"},
        {"name": "gateway", "pid": None, "born": None},
    ]
    home.write({"pid": 2**22 + 1, "born": "1", "processes": rows})
    try:
        assert [row["name"] for row in orphans(home)] == ["worker-1"]
        assert end_orphans(home, said.append) == ["worker-1"]
        assert "worker-1" in said[0]
        assert left.wait(5) != 0
        assert stranger.poll() is None
        assert end_orphans(home, said.append) == []
    finally:
        for process in (left, stranger):
            process.kill()
            process.wait()


def test_the_demo_makes_only_its_own_home_anew(tmp_path: Path) -> None:
    """A folder of the user's is filled when it is empty, and never emptied; their other files stay."""
    own = Home(tmp_path / "own").make()
    own.write({})
    with pytest.raises(NoDemoHomeError, match="your own"):
        own.make_demo()
    demo = Home(tmp_path / "demo").make()
    (demo.folder / "letter.txt").touch()
    demo.make_demo()
    (demo.folder / "kafka").mkdir()
    (demo.folder / "ledger-1.sqlite").touch()
    demo.write({})
    demo.make_demo()
    assert not demo.is_used
    assert sorted(path.name for path in demo.folder.iterdir()) == ["demo", "letter.txt", "logs", "status"]
