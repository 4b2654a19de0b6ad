"""The compose file is held against the program: its commands, its options, its variables."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from grid36.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
OURS: dict[str, dict[str, Any]] = {name: what for name, what in COMPOSE["services"].items() if "build" in what}


def commands() -> list[tuple[str, ...]]:
    """Every call of `grid36` in the file: what a service runs, and what its health check runs."""
    called = [tuple(service["command"]) for service in OURS.values()]
    checks = [service["healthcheck"]["test"] for service in OURS.values()]
    return sorted({*called, *(tuple(check[2:]) for check in checks if check[:2] == ["CMD", "grid36"])})


def test_the_processes_of_the_design_are_there() -> None:
    assert set(OURS) == {"worker", "ledger", "gateway"}
    assert all("healthcheck" in service for service in COMPOSE["services"].values())


@pytest.mark.parametrize("command", commands(), ids=" ".join)
def test_each_command_exists_with_its_options(command: tuple[str, ...]) -> None:
    words = [word for word in command if not word.startswith("-")]
    grid36 = Path(sys.executable).parent / "grid36"
    told = subprocess.run([grid36, *words, "--help"], check=False, capture_output=True, text=True)
    assert told.returncode == 0, told.stderr
    assert [option for option in command if option.startswith("-") and option not in told.stdout] == []


def test_each_variable_is_a_setting() -> None:
    named = set(re.findall(r"\bGRID36_([A-Z_]+)", (ROOT / "docker-compose.yml").read_text(encoding="utf-8")))
    named |= set(re.findall(r"\bGRID36_([A-Z_]+)=", (ROOT / "Dockerfile").read_text(encoding="utf-8")))
    assert {name.lower() for name in named} - set(Settings.model_fields) == set()


def test_nothing_listens_beyond_this_machine() -> None:
    """There is no log-in yet, so every published port is bound to loopback."""
    ports = [port for service in COMPOSE["services"].values() for port in service.get("ports", [])]
    assert ports != []
    assert all(str(port).startswith("127.0.0.1:") for port in ports)


def test_workers_share_no_folder() -> None:
    """Two workers of one home would write each other's status."""
    assert OURS["worker"]["volumes"] == []


def test_the_image_copies_every_package() -> None:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert all(
        f"COPY {name} {name}\n" in text
        for name in ("texts", "schemas", "rules", "streams", "connectors", "grid36", "regions")
    )
