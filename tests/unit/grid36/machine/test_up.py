"""Starting a whole system where it cannot be: a sentence, an exit code, and nothing left running."""

import asyncio
from pathlib import Path

import pytest

from grid36.cli import run
from grid36.machine.detach import detach
from grid36.machine.home import Home
from grid36.machine.up import ComingUpFailedError, OneMachine, WillNotRunError
from grid36.settings import Settings


async def test_a_kafka_that_stays_away(tmp_path: Path) -> None:
    """Waited for with a message, and given up after a while; the processes are ended."""
    settings, said = Settings(home=tmp_path, kafka="127.0.0.1:1", lang="en"), list[str]()
    with pytest.raises(ComingUpFailedError, match="GRID36_KAFKA"):
        await OneMachine(settings, said.append, kafka_away_s=1.0).run(asyncio.Event())
    assert said[0] == "waiting for Kafka"
    home = Home(tmp_path)
    assert [row["state"] for row in home.read()["processes"]] == ["ended"] * 3
    assert home.living() == []


async def test_it_may_be_stopped_while_it_starts(tmp_path: Path) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().call_later(0.5, stop.set)
    called = list[bool]()
    await OneMachine(Settings(home=tmp_path, kafka="127.0.0.1:1")).run(stop, lambda: called.append(True))
    assert called == []
    assert Home(tmp_path).living() == []


def test_what_will_never_run_is_told_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without Java: the broker's own sentence, in the foreground and from the background, exit code 2."""
    monkeypatch.setenv("GRID36_HOME", str(tmp_path))
    monkeypatch.setenv("GRID36_JAVA", "no-such-java")
    monkeypatch.setenv("GRID36_LANG", "en")
    with pytest.raises(WillNotRunError, match="Java 17 or newer is missing"):
        asyncio.run(OneMachine(Settings()).run(asyncio.Event()))
    said = list[str]()
    with pytest.raises(WillNotRunError, match="Java 17 or newer is missing"):
        detach(Settings(), said.append)
    assert Home(tmp_path).living() == []


def test_a_faulty_region_starts_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """All its mistakes are told before any process runs."""
    monkeypatch.setenv("GRID36_HOME", str(tmp_path / "home"))
    (tmp_path / "region").mkdir()
    (tmp_path / "region" / "region.yaml").write_text("code: x\nzone: Nowhere/City\ncolour: red\n")
    assert run(["up", "--region", str(tmp_path / "region"), "--detach"]) == 2
    told = capsys.readouterr().err
    assert "colour" in told
    assert "Nowhere/City" in told
    assert not (tmp_path / "home" / "state.json").exists()


def test_every_process_but_kafka_has_a_port_for_its_figures(tmp_path: Path) -> None:
    ports = _metrics_ports(Settings(home=tmp_path, workers=2, metrics_port=9464))
    assert ports == {"broker": "", "gateway": "9464", "ledger": "9465", "worker-1": "9466", "worker-2": "9467"}
    assert set(_metrics_ports(Settings(home=tmp_path)).values()) == {""}


def _metrics_ports(settings: Settings) -> dict[str, str]:
    machine = OneMachine(settings)
    machine._choose_ports()
    machine._plan()
    return {process.name: process.environment["GRID36_METRICS_PORT"] for process in machine._processes}
