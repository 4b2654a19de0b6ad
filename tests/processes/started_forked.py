"""What `grid36 up` starts with Python is forked from a server instead: nothing has to be imported again."""

import asyncio
import socket
import subprocess
import sys
from collections.abc import Callable
from typing import Any

from tests.processes.forked import Forked, ForkServer

OURS = (sys.executable, "-m", "grid36")


def forks_by(asking: socket.socket) -> None:
    """From now on, in this process."""
    server, others = ForkServer(asking), asyncio.create_subprocess_exec

    async def create_subprocess_exec(*command: str, **options: Any) -> Any:
        if command[:3] != OURS:
            return await others(*command, **options)
        return Started(forked(server, command, **options))

    asyncio.create_subprocess_exec = create_subprocess_exec  # type: ignore[assignment]
    subprocess.Popen = popen(lambda *command, **options: forked(server, command, **options))  # type: ignore[misc, assignment]


def forked(server: ForkServer, command: tuple[str, ...], *, stdout: Any, stderr: Any, env: Any, **_: Any) -> Forked:
    """A process of `grid36`; like all that `up` starts, it reads nothing and has a session of its own."""
    return Forked(*command[2:], environment=env, out=stdout, errors=stderr, own_session=True, by=server)


class Started:
    """What `asyncio.create_subprocess_exec` gives: several may wait for its end."""

    def __init__(self, process: Forked) -> None:
        self._process, self.pid = process, process.pid
        self.send_signal, self.kill = process.send_signal, process.kill
        self._ended = asyncio.ensure_future(process.wait())

    @property
    def returncode(self) -> int | None:
        """Its exit code, if it has ended."""
        return self._process.returncode

    async def wait(self) -> int:
        """The exit code; below zero the signal that ended it."""
        return await asyncio.shield(self._ended)


def popen(fork: Callable[..., Forked]) -> type[subprocess.Popen[bytes]]:
    """`subprocess.Popen` that forks our own command."""

    class MaybeForked(subprocess.Popen[bytes]):
        def __init__(self, command: Any, **options: Any) -> None:
            self._fork = fork(*command, **options) if tuple(command[:3]) == OURS else None
            if self._fork is None:
                super().__init__(command, **options)
            else:
                self.pid, self.returncode = self._fork.pid, None

        def poll(self) -> int | None:
            if self._fork is not None:
                self.returncode = self._fork.poll()
                return self.returncode
            return super().poll()

    return MaybeForked
