"""Python processes that need no second to import what they need: forked from one that has it, on Linux.

They run as `python -m MODULE ARGUMENTS...` does, with standard files, an environment and an end of their own. Two
servers take turns, so that a process and the one that follows it have sets in another order.
"""

import asyncio
import atexit
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from itertools import count
from pathlib import Path
from tempfile import TemporaryFile
from threading import Lock
from typing import IO, Final

from tests.processes.fork_server import NUMBER

ROOT: Final = Path(__file__).resolve().parents[2]
SERVERS: Final = 2


class ForkServer:
    """A process that forks others; ends when nobody can ask it any more."""

    def __init__(self, asking: socket.socket) -> None:
        self._asking = asking
        self._lock = Lock()

    def fork(self, command: Mapping[str, object], files: list[int]) -> None:
        """Ask for a process with these four files."""
        content = json.dumps(command).encode()
        with self._lock:
            socket.send_fds(self._asking, [len(content).to_bytes(NUMBER, "big")], files)
            self._asking.sendall(content)

    def close(self) -> None:
        """Its processes go on."""
        self._asking.close()


@cache
def server(number: int) -> ForkServer:
    """One of those of this process."""
    asking, theirs = socket.socketpair()
    environment = os.environ | {"PYTHONHASHSEED": str(1 + number), "OPENBLAS_NUM_THREADS": "1"}  # a fork has no threads
    with theirs:
        command = [sys.executable, "-m", "tests.processes.fork_server", str(theirs.fileno())]
        process = subprocess.Popen(command, cwd=ROOT, env=environment, pass_fds=[theirs.fileno()])
    started = ForkServer(asking)
    atexit.register(process.wait)
    atexit.register(started.close)
    return started


_turn = count()


class Forked:
    """`python -m module arguments...`, running."""

    def __init__(
        self,
        module: str,
        *arguments: str,
        environment: Mapping[str, str] | None = None,
        folder: Path = ROOT,
        out: IO[bytes] | None = None,
        errors: IO[bytes] | None = None,
        own_session: bool = False,
        by: ForkServer | None = None,
    ) -> None:
        """What it writes goes where ours goes, unless there are files for it."""
        environment = dict(os.environ if environment is None else environment)
        command = {
            "module": module, "arguments": arguments, "environment": environment, "folder": str(folder),
            "own_session": own_session,
        }  # fmt: skip
        self._told, theirs = socket.socketpair()
        with theirs, open(os.devnull, "rb") as nothing:
            files = [nothing.fileno(), out.fileno() if out else 1, errors.fileno() if errors else 2, theirs.fileno()]
            (by or server(next(_turn) % SERVERS)).fork(command, files)
        self.pid: int = number_in(self._told.recv(NUMBER))
        self.returncode: int | None = None

    async def wait(self) -> int:
        """The exit code; below zero the signal that ended it."""
        if self.returncode is None:
            self._told.setblocking(False)
            self._ended(await asyncio.get_running_loop().sock_recv(self._told, NUMBER))
        return self._code()

    def poll(self) -> int | None:
        """The exit code, if it has ended."""
        if self.returncode is None:
            self._told.setblocking(False)
            with suppress(BlockingIOError):
                self._ended(self._told.recv(NUMBER))
        return self.returncode

    def wait_for(self, limit_s: float) -> int:
        """The same without a loop. Raises `TimeoutError`."""
        if self.returncode is None:
            self._told.settimeout(limit_s)
            self._ended(self._told.recv(NUMBER))
        return self._code()

    def send_signal(self, number: int) -> None:
        """Raises `ProcessLookupError` when it has ended."""
        if self.returncode is not None:
            raise ProcessLookupError
        os.kill(self.pid, number)

    def kill(self) -> None:
        """By SIGKILL."""
        self.send_signal(signal.SIGKILL)

    def _ended(self, told: bytes) -> None:
        self.returncode = number_in(told)
        self._told.close()

    def _code(self) -> int:
        assert self.returncode is not None
        return self.returncode


def number_in(told: bytes) -> int:
    """What a server told; never 0 for an id that is not there, since a signal to 0 ends us."""
    assert len(told) == NUMBER, "the server of processes has ended; what it wrote last says why"
    return int.from_bytes(told, "big", signed=True)


def run_forked(
    module: str, *arguments: str, environment: Mapping[str, str], limit_s: float
) -> subprocess.CompletedProcess[str]:
    """As `subprocess.run` gives it, with what it wrote. Raises `subprocess.TimeoutExpired`."""
    with TemporaryFile() as out, TemporaryFile() as errors:
        process = Forked(module, *arguments, environment=environment, out=out, errors=errors)
        try:
            code = process.wait_for(limit_s)
        except BaseException as error:
            with suppress(ProcessLookupError):
                process.kill()
            process.wait_for(10)
            if isinstance(error, TimeoutError):
                raise subprocess.TimeoutExpired([module, *arguments], limit_s) from None
            raise
        said = []
        for file in (out, errors):
            file.seek(0)
            said.append(file.read().decode())
        return subprocess.CompletedProcess([module, *arguments], code, *said)
