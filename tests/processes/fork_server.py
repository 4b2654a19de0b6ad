"""A process that has imported what ours need, and forks one for each command: `python -m ... FD`, a socket.

A command is a length of four bytes with the files of the process (stdin, stdout, stderr and where its end is told),
then JSON: `module`, `arguments`, `environment`, `folder`, `own_session`. Told are the id of the process and, once it
has ended, its exit code as `os.waitstatus_to_exitcode` has it, four bytes each.

`grid36 up` starts processes itself: it gets such a server of its own, which ends with it.
"""

import gc
import json
import os
import platform
import runpy
import signal
import socket
import sys
from importlib import import_module
from typing import Any

NEEDED = (
    "grid36.cli.figures", "grid36.cli.inspect.lost", "grid36.cli.people", "grid36.cli.person.group",
    "grid36.cli.processes", "grid36.cli.redact", "grid36.cli.replay", "grid36.cli.report", "grid36.cli.rules.group",
    "grid36.cli.system", "grid36.machine.detach", "grid36.machine.missing_topics", "grid36.machine.orphans",
    "grid36.machine.up", "streams.worker", "tests.faults.worker", "tests.processes.door_process",
    "tests.processes.night_process", "tests.processes.started_forked",
)  # fmt: skip
RUN = ("tests.faults.worker", "tests.processes.door_process", "tests.processes.night_process")
"""Run as programs: such a module is made anew in its process."""
NUMBER = 4
FORKS = platform.system() == "Linux" and "COVERAGE_PROCESS_CONFIG" not in os.environ
"""Elsewhere libraries do not bear it, and coverage is measured from the start of a process: there each starts anew."""


def receive(asked: socket.socket) -> tuple[dict[str, Any], list[int]] | None:
    """The next command and its files; None once nobody asks any more."""
    head, files, _, _ = socket.recv_fds(asked, NUMBER, NUMBER)
    if not head:
        return None
    left, content = int.from_bytes(head, "big"), b""
    while len(content) < left:
        content += asked.recv(left - len(content))
    return json.loads(content), list(files)


def become(command: dict[str, Any], files: list[int]) -> None:
    """Be what was asked for, with nothing of the server but what it imported."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for number, file in enumerate(files[:3]):
        os.dup2(file, number)
    for file in files:
        os.close(file)
    if command["own_session"]:
        os.setsid()
    os.chdir(command["folder"])
    if not FORKS:
        plain = [sys.executable, "-m", command["module"], *command["arguments"]]
        os.execve(plain[0], plain, command["environment"])  # noqa: S606 - an argument list, no shell, is what is wanted
    os.environ.clear()
    os.environ.update(command["environment"])
    sys.argv[1:] = command["arguments"]
    if command["module"] == "grid36" and "up" in command["arguments"]:
        serve_beside()
    runpy.run_module(command["module"], run_name="__main__", alter_sys=True)


def serve(asked: socket.socket) -> None:
    """Fork until nobody asks any more; beside each process stands one that tells its end."""
    while (received := receive(asked)) is not None:
        command, files = received
        if os.fork() == 0:
            asked.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            if (pid := os.fork()) == 0:
                become(command, files)
                return
            tell(pid, files)
        for file in files:
            os.close(file)


def serve_beside() -> None:
    """Another server, forked while this process has nothing of its own; what we start from now on, it forks."""
    from tests.processes.started_forked import forks_by

    ours, theirs = socket.socketpair()
    if os.fork() == 0:
        ours.close()
        for number in range(3):
            os.close(number)
            os.open(os.devnull, os.O_RDWR)
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        serve(theirs)
        sys.exit()
    theirs.close()
    forks_by(ours)


def tell(pid: int, files: list[int]) -> None:
    """Its id, and how it ended."""
    for file in files[:3]:
        os.close(file)
    os.write(files[3], pid.to_bytes(NUMBER, "big"))
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    try:
        os.write(files[3], code.to_bytes(NUMBER, "big", signed=True))
    finally:
        os._exit(0)


def main() -> None:
    """Import everything, then serve."""
    for name in NEEDED if FORKS else ():
        import_module(name)
    for name in RUN:
        sys.modules.pop(name, None)
    gc.freeze()  # a collection would copy the pages that the processes share
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    serve(socket.socket(fileno=int(sys.argv[1])))


if __name__ == "__main__":
    main()
