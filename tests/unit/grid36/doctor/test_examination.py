"""The whole examination where nothing runs."""

import json
from pathlib import Path

import pytest

from grid36.cli import run


@pytest.fixture(autouse=True)
def nothing_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRID36_HOME", str(tmp_path / "nowhere"))
    monkeypatch.delenv("GRID36_KAFKA", raising=False)


def test_without_a_system_it_says_what_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    code = run(["doctor", "--json"])
    answer = json.loads(capsys.readouterr().out)
    found = {row["check"]: row["level"] for row in answer["findings"]}
    assert (found["machine.home"], found["running"], found["kafka"]) == ("warn", "warn", "warn")
    assert (code, answer["bad"]) == (0, 0)
    run(["--lang", "en", "doctor"])
    told = capsys.readouterr().out
    assert "Nothing runs in" in told
    assert "grid36 up" in told
    run(["--lang", "zh-CN", "doctor"])
    assert "没有正在运行的进程" in capsys.readouterr().out


def test_what_is_bad_is_exit_code_1_and_stops_no_other_check(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRID36_KAFKA", "127.0.0.1:1")
    monkeypatch.setenv("GRID36_DOORS", "http,telegram")
    assert run(["doctor", "--json"]) == 1
    found = {row["check"]: row["level"] for row in json.loads(capsys.readouterr().out)["findings"]}
    assert (found["kafka"], found["door.telegram"]) == ("bad", "bad"), "no Kafka, and the door has no token"
