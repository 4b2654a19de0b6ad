"""What runs where, what is wrong, and how to go on: answered in two seconds, also with the broker away."""

import json
import socket
import urllib.request
from contextlib import suppress
from pathlib import Path
from typing import Any

from grid36.home import Home, is_alive
from grid36.settings import Settings

QUICK_S = 0.4


def status(settings: Settings) -> dict[str, Any]:
    """`processes`, `urls`, `kafka`, and what a person should know: `waiting`, `problems` with a remedy each.

    Reads files and asks each port once; never waits long and never fails.
    """
    home = Home(settings.home)
    state = home.read()
    if state is None or home.supervisor() is None:
        return _not_here(settings, state)
    processes = [_process(row, home) for row in state["processes"]]
    answer: dict[str, Any] = {"processes": processes, "urls": state["urls"], "kafka": state["kafka"]}
    problems = [p["problem"] for p in processes if p.get("problem")]
    if not _listens(state["kafka"]):
        problems.append("Kafka does not answer; it is started again by itself. Its log: logs/broker.log")
    elif _gateway(state) is None:
        problems.append("The gateway does not answer yet. Its log: logs/gateway.log")
    answer["problems"] = problems
    answer["waiting"] = problems[0] if problems else ""
    return answer


def is_ready(answer: dict[str, Any]) -> bool:
    """Whether every process runs and answers."""
    names = {p["name"].split("-")[0] for p in answer["processes"] if p["state"] == "running"}
    return {"worker", "gateway", "ledger"} <= names and not answer["waiting"]


def _not_here(settings: Settings, state: dict[str, Any] | None) -> dict[str, Any]:
    """Nothing is supervised here: a container of compose, a cluster, or a system that is down."""
    kafka = settings.kafka or (state or {}).get("kafka", "")
    away = bool(settings.kafka) and not _listens(kafka)
    hint = "Kafka does not answer." if away else "" if settings.kafka else "Nothing is up here. Start it: grid36 up"
    own = [_process(row, Home(settings.home)) for row in _own(settings)]
    return {"processes": own, "urls": {}, "kafka": kafka, "problems": [hint] if hint else [], "waiting": hint}


def _own(settings: Settings) -> list[dict[str, Any]]:
    """Processes that say themselves that they run here (`worker` of a container)."""
    rows = []
    for file in sorted((settings.home / "status").glob("*.json")):
        with suppress(OSError, ValueError):
            row = json.loads(file.read_text())
            rows.append({"name": file.stem, "pid": row.get("pid"), "state": "running"})
    return rows


def _process(row: dict[str, Any], home: Home) -> dict[str, Any]:
    """One process as people see it; what it says of itself is added."""
    name, pid, state = row["name"], row["pid"], row["state"]
    if state == "running" and not is_alive(pid):
        state = "ended"
    if state == "running" and _stands_still(pid):
        state = "stopped"
    shown: dict[str, Any] = {"name": name, "pid": pid if is_alive(pid) else None, "state": state}
    if row.get("restarts"):
        shown["restarts"] = row["restarts"]
    with suppress(OSError, ValueError):
        own = json.loads((home.folder / "status" / f"{name}.json").read_text())
        if own.get("alarms"):
            shown["alarms"] = own["alarms"]
        if own.get("partitions"):
            shown["partitions"] = sum(bool(one.get("ready")) for one in own["partitions"])
        if name.startswith("worker") and own.get("pid") == pid and own.get("state") not in {None, "running"}:
            shown["problem"] = f"{name}: {own['state']}"
    if state != "running":
        shown["problem"] = f"{name} is {state}. Its log: logs/{name}.log"
    return shown


def _stands_still(pid: int | None) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] in "Tt"
    except (OSError, IndexError):
        return False


def _listens(servers: str) -> bool:
    host, _, port = servers.split(",", maxsplit=1)[0].rpartition(":")
    try:
        with socket.create_connection((host, int(port)), QUICK_S):
            return True
    except (OSError, ValueError):
        return False


def _gateway(state: dict[str, Any]) -> dict[str, Any] | None:
    """What the gateway says of itself."""
    address = next(iter(state["urls"].values()), "").rsplit("/", 1)[0]
    try:
        with urllib.request.urlopen(f"{address}/health", timeout=QUICK_S) as answer:  # noqa: S310  # our own address
            said = json.loads(answer.read())
    except (OSError, ValueError):
        return None
    return said if isinstance(said, dict) else None
