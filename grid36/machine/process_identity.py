"""Process identity: a pid with the time its process started, because pids are reused."""

import os
import signal
from contextlib import suppress
from time import monotonic, sleep

import psutil

ENDED = frozenset({psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD})
STOPPED = frozenset({psutil.STATUS_STOPPED, psutil.STATUS_TRACING_STOP})


def is_alive(pid: int | None) -> bool:
    """Whether a process of this id exists and is no zombie."""
    return (status := _status(pid)) is not None and status not in ENDED


def is_stopped(pid: int | None) -> bool:
    """Whether it was stopped (SIGSTOP, Ctrl-Z, a debugger)."""
    return _status(pid) in STOPPED


def born(pid: int) -> str | None:
    """When a process started, in 1/100 s: with the id it names one process for ever. None: no such process.

    On Linux it counts from the boot of the machine, because times of day move when its clock is set.
    """
    try:
        started_s = psutil.Process(pid).create_time()
    except (psutil.Error, ValueError):
        return None
    return str(round(100 * (started_s - psutil.boot_time() if psutil.LINUX else started_s)))


def is_same(pid: object, birth: object) -> bool:
    """Whether the process of this id lives and is the one that was born then."""
    return isinstance(pid, int) and is_alive(pid) and birth is not None and birth == born(pid)


def end(pid: int, birth: object, limit_s: float) -> None:
    """Ask one process to end (also when it is stopped), after `limit_s` make it; never a stranger of the same id."""
    for number, wait_s in ((signal.SIGCONT, 0.0), (signal.SIGTERM, limit_s), (signal.SIGKILL, 5.0)):
        if not is_same(pid, birth):
            return
        with suppress(ProcessLookupError):
            os.kill(pid, number)
        until = monotonic() + wait_s
        while monotonic() < until and is_same(pid, birth):
            sleep(0.05)


def _status(pid: int | None) -> str | None:
    if pid is None:
        return None
    try:
        return psutil.Process(pid).status()
    except (psutil.Error, ValueError):  # no such process, or no id of one
        return None
