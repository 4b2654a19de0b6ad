import json
from pathlib import Path

import pytest

from grid36.machine.home import Home
from grid36.machine.probe import main, probe
from streams.worker import Status

NOW_S = 1_000_000.0


def said(home: Path, **what: object) -> None:
    Home(home).make().status_file("worker").write_text(json.dumps(what))


@pytest.mark.parametrize(
    ("what", "ready", "wrong"),
    [
        ({"state": "running", "at_ms": (NOW_S - 5) * 1000}, True, None),
        ({"state": "waiting for partitions", "at_ms": NOW_S * 1000}, False, None),
        ({"state": "waiting for partitions", "at_ms": NOW_S * 1000}, True, "worker: waiting for partitions"),
        ({"state": "running", "at_ms": (NOW_S - 61) * 1000}, False, "worker has said nothing for 61 s"),
        ({"state": "running"}, True, None),
    ],
)
def test_what_a_process_says_of_itself(tmp_path: Path, what: dict[str, object], ready: bool, wrong: str | None) -> None:
    said(tmp_path, **what)
    assert probe(tmp_path, "worker", ready=ready, now_s=NOW_S) == wrong


def test_it_reads_what_workers_and_the_ledger_write(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home = Home(tmp_path).make()
    assert main(["worker"], tmp_path) == 1
    assert "said nothing yet" in capsys.readouterr().err
    Status(home.status_file("worker")).say("running")
    home.say("ledger", 1)
    assert main(["worker", "--ready"], tmp_path) == main(["ledger"], tmp_path) == 0
    assert main(["worker", "--reddy"], tmp_path) == main([], tmp_path) == 2
