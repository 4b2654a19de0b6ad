"""A supervised process is started again with growing pauses, and ended by its own id."""

import asyncio
import os
import signal
import sys
from pathlib import Path

from grid36.machine.process_identity import is_alive
from grid36.machine.processes import LONGEST_PAUSE_S, Supervised
from tests.processes.waiting import wait_until


def supervised(folder: Path, code: str) -> Supervised:
    command = [sys.executable, "-S", "-c", code]
    return Supervised(name="one", command=command, environment=dict(os.environ), log=folder / "one.log")


async def started(process: Supervised, times: int) -> int:
    """The id of the process after so many starts."""
    await wait_until(lambda: process.starts == times and process.pid is not None, f"{times} starts")
    assert process.pid is not None
    return process.pid


async def test_what_is_killed_comes_back_and_is_ended_for_good(tmp_path: Path) -> None:
    process = supervised(tmp_path, "import time; print('here', flush=True); time.sleep(60)")
    watching = asyncio.create_task(process.run())
    first = await started(process, 1)
    os.kill(first, signal.SIGKILL)
    second = await started(process, 2)
    assert second != first
    assert process.row["state"] == "running"
    assert (process.row["pid"], process.row["restarts"]) == (second, 1)
    os.kill(second, signal.SIGSTOP)
    await process.end(5)
    await watching
    assert not is_alive(second)
    assert process.row == {"name": "one", "pid": None, "born": None, "state": "ended", "restarts": 1}


async def test_wrong_use_waits_longest(tmp_path: Path) -> None:
    """Exit code 2 will come again, whoever tries; its last words are what to tell the user."""
    process = supervised(tmp_path, "import sys; print('first'); print('grid36: no such region'); sys.exit(2)")
    watching = asyncio.create_task(process.run())
    await wait_until(lambda: process.code is not None, "an exit code")
    await wait_until(lambda: process.pid is None, "its end")
    assert process.state == f"ended with 2, starts again in {LONGEST_PAUSE_S:g} s"
    assert process.last_line() == "grid36: no such region"
    assert process.row["says"] == "no such region"
    await process.end()
    await watching
    assert process.starts == 1


async def test_what_cannot_be_started_is_tried_again(tmp_path: Path) -> None:
    process = Supervised(name="none", command=["/no/such/program"], environment={}, log=tmp_path / "none.log")
    watching = asyncio.create_task(process.run())
    await wait_until(lambda: "cannot be started" in process.state, "the reason")
    assert process.last_line() == ""
    await process.end()
    await watching


async def test_a_long_log_is_put_aside(tmp_path: Path) -> None:
    (tmp_path / "one.log").write_bytes(b"x" * 10_000_001)
    process = supervised(tmp_path, "print('new', flush=True); import time; time.sleep(60)")
    watching = asyncio.create_task(process.run())
    await started(process, 1)
    await wait_until(lambda: process.last_line() == "new", "the new line")
    assert (tmp_path / "one.old.log").stat().st_size == 10_000_001
    await process.end()
    await watching
