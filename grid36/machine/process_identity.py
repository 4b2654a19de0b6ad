"""Which processes live, and whether one is still the one that was meant: ids are given out again."""

import os
import signal
import subprocess
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep

PROC = Path("/proc")


def is_alive(pid: int | None) -> bool:
    """Whether a process of this id exists and is no zombie."""
    return pid is not None and _state(pid) not in {"", "Z", "X"}


def stands_still(pid: int | None) -> bool:
    """Whether it was stopped (SIGSTOP, Ctrl-Z, a debugger)."""
    return pid is not None and _state(pid) in {"T", "t"}


def born(pid: int) -> str | None:
    """When a process started, in the system's own words: with the id it names one process for ever. None: no such."""
    if PROC.joinpath("self").exists():
        return fields[19] if len(fields := _fields(pid)) > 19 else None
    return _ps("lstart", pid) or None


def is_same(pid: object, birth: object) -> bool:
    """Whether the process of this id lives and is the one that was born then."""
    return isinstance(pid, int) and is_alive(pid) and birth is not None and birth == born(pid)


def end(pid: int, birth: object, limit_s: float) -> None:
    """Ask one process to end (also when it stands still), after `limit_s` make it; never a stranger of the same id."""
    for number, wait_s in ((signal.SIGCONT, 0.0), (signal.SIGTERM, limit_s), (signal.SIGKILL, 5.0)):
        if not is_same(pid, birth):
            return
        with suppress(ProcessLookupError):
            os.kill(pid, number)
        until = monotonic() + wait_s
        while monotonic() < until and is_same(pid, birth):
            sleep(0.05)


def _state(pid: int) -> str:
    """The letter of its state as the system shows it; empty when there is none."""
    if PROC.joinpath("self").exists():
        return fields[0] if (fields := _fields(pid)) else ""
    return _ps("state", pid)[:1]


def _fields(pid: int) -> list[str]:
    """What stands behind the name in its stat file; the name itself may hold anything."""
    try:
        return (PROC / str(pid) / "stat").read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return []


def _ps(column: str, pid: int) -> str:
    shown = subprocess.run(["ps", "-o", f"{column}=", "-p", str(pid)], check=False, capture_output=True, text=True)
    return shown.stdout.strip()
