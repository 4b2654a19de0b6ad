"""Status is read from files and two quick questions, so it answers whatever is broken."""

import ast
import json
import os
import socket
import subprocess
from pathlib import Path
from time import monotonic, time
from typing import Any

import pytest

from grid36.machine.home import Home
from grid36.machine.ports import free_port
from grid36.machine.process_identity import born
from grid36.machine.status import STATES, is_ready, status
from grid36.settings import Settings
from streams import worker

ME = os.getpid()


def home_with(folder: Path, *rows: dict[str, Any], watched: bool = True) -> Settings:
    """A home as `up` would have written it; its Kafka and gateway are away."""
    home = Home(folder).make()
    kafka, http = free_port(), free_port()
    state = {"pid": ME, "born": born(ME) if watched else "1", "kafka": f"127.0.0.1:{kafka}"}
    home.write(state | {"urls": {"reporter": f"http://127.0.0.1:{http}/reporter"}, "processes": list(rows)})
    return Settings(home=folder)


def row(name: str, pid: int | None = ME, state: str = "running", **more: Any) -> dict[str, Any]:
    return {"name": name, "pid": pid, "born": born(pid) if pid else None, "state": state, **more}


def say(folder: Path, name: str, **own: Any) -> None:
    told = {"pid": ME, "state": "running", "at_ms": round(time() * 1000), "partitions": []}
    Home(folder).status_file(name).write_text(json.dumps(told | own))


def test_nothing_was_ever_here(tmp_path: Path) -> None:
    answer = status(Settings(home=tmp_path / "none"))
    assert (answer["processes"], answer["urls"], answer["kafka"]) == ([], {}, "")
    assert "grid36 up" in answer["problems"][0]
    assert not is_ready(answer)


def test_nothing_runs_here_although_a_kafka_elsewhere_answers(tmp_path: Path) -> None:
    """A Kafka that listens is not a system that runs: it says so, and does not call it well."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        servers = f"127.0.0.1:{listening.getsockname()[1]}"
        answer = status(Settings(home=tmp_path / "none", kafka=servers))
    assert (answer["processes"], answer["kafka"]) == ([], servers)
    (problem,) = answer["problems"]
    assert "Nothing of Grid36 runs" in problem
    assert "grid36 worker" in problem
    assert not is_ready(answer)


def test_what_ended_is_named_with_its_log(tmp_path: Path) -> None:
    gone = subprocess.Popen(["true"])
    gone.wait()
    dead = {"name": "worker-1", "pid": gone.pid, "born": "1", "state": "running"}
    again = row("ledger", None, "ended with -9, starts again in 1 s", restarts=2)
    refused = row("worker-2", None, "ended with 2, starts again in 10 s", says="Records are missing: grid36 lost")
    answer = status(home_with(tmp_path, dead, again, refused))
    assert answer["processes"][:2] == [
        {"name": "worker-1", "pid": None, "state": "ended"},
        {"name": "ledger", "pid": None, "state": "ended with -9, starts again in 1 s", "restarts": 2},
    ]
    assert "grid36 lost" in answer["problems"][3]
    assert "Kafka does not answer" in answer["problems"][0]
    assert "worker-1.log" in answer["problems"][1]
    assert "starts again in 1 s" in answer["problems"][2]


def test_a_killed_up_is_told_first(tmp_path: Path) -> None:
    answer = status(home_with(tmp_path, row("broker"), watched=False))
    assert [each["name"] for each in answer["processes"]] == ["broker"]
    assert "was killed" in answer["problems"][0]


def test_what_workers_say(tmp_path: Path) -> None:
    """Partitions they have, what they wait for, alarms, and a silence that is too long."""
    settings = home_with(tmp_path, row("worker-1"), row("worker-2"), row("worker-3"))
    ready = {"topic": "commands", "partition": 0, "ready": True}
    say(tmp_path, "worker-1", partitions=[ready, ready | {"partition": 1, "ready": False}], alarms=["rules fell back"])
    say(tmp_path, "worker-2", state="waiting for partitions")
    say(tmp_path, "worker-3", at_ms=1)
    one, two, three = (each for each in status(settings)["processes"])
    assert (one["partitions"], one["alarms"]) == (1, ["rules fell back"])
    assert two["doing"] == "waiting for partitions"
    problems = status(settings)["problems"]
    assert problems[1] == "worker-2: waiting for partitions"
    assert f"kill {three['pid']}" in problems[2]


def test_parked_is_counted_once_and_turns_red(tmp_path: Path) -> None:
    """A partition that moved is in the files of two workers: the newest word counts."""
    settings = home_with(tmp_path, row("worker-1"))
    commands = {"topic": "commands", "partition": 3, "ready": True}
    reports = {"topic": "reports", "partition": 3, "ready": True, "bookkeeping": {"counts": {"parked": 4}}}
    say(tmp_path, "worker-1", partitions=[commands | {"bookkeeping": {"parked_reports": 2, "parked_actions": 1}}])
    say(tmp_path, "worker-2", at_ms=5, partitions=[commands | {"bookkeeping": {"parked_reports": 1}}, reports])
    answer = status(settings)
    assert answer["parked"] == {"reports": 6, "actions": 1}
    assert "6 reports and 1 act" in answer["problems"][-1]


def test_a_silent_kafka_costs_less_than_two_seconds(tmp_path: Path) -> None:
    """A port that takes connections and never answers, as a stopped process has."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        home = Home(tmp_path).make()
        urls = {"reporter": f"http://127.0.0.1:{port}/reporter"}
        home.write({"pid": ME, "born": born(ME), "kafka": f"127.0.0.1:{port}", "urls": urls, "processes": []})
        began = monotonic()
        answer = status(Settings(home=tmp_path))
        assert monotonic() - began < 2
    assert "gateway does not answer" in answer["problems"][0]


@pytest.mark.parametrize("servers", ["", "nonsense", "127.0.0.1:999999", "127.0.0.1", "[::1]:x,y"])
def test_a_process_of_its_own_says_what_is_wrong(tmp_path: Path, servers: str) -> None:
    """In a container there is no `up`: what the processes say of themselves, and whether Kafka answers."""
    settings = Settings(home=tmp_path, kafka=servers or "127.0.0.1:1")
    Home(tmp_path).make()
    say(tmp_path, "worker")
    answer = status(settings)
    assert [each["name"] for each in answer["processes"]] == ["worker"]
    assert "Kafka does not answer" in answer["problems"][0]


def test_containers_that_share_a_home_speak_for_themselves(tmp_path: Path) -> None:
    """Each has a process 1 of its own, so another container's ledger must not count as ours that ended."""
    home = Home(tmp_path).make()
    home.say("gateway", ME, address="http://127.0.0.1:1")
    home.status_file("ledger").write_text(json.dumps({"pid": ME, "born": "elsewhere", "state": "running"}))
    answer = status(Settings(home=tmp_path, kafka="127.0.0.1:1"))
    assert [each["name"] for each in answer["processes"]] == ["gateway"]
    assert answer["urls"] == {"gateway": "http://127.0.0.1:1"}
    assert any("gateway does not answer" in problem for problem in answer["problems"])


def test_whatever_a_worker_waits_for_has_its_words() -> None:
    """A worker keeps it in English, for programs; people read it in their language."""
    source = Path(worker.__file__).read_text(encoding="utf-8")
    waits = [
        node.value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith("waiting for ")
    ]
    assert len(waits) > 1
    assert [each for each in waits if not any(pattern.fullmatch(each) for pattern, _ in STATES)] == []
