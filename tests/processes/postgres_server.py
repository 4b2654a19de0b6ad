"""A real PostgreSQL for tests, on 127.0.0.1 only, from the programs in `.postgres`.

Its order of texts is that of a language, so a query that wants the order of bytes has to say so.
"""

import os
import pwd
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copytree, rmtree
from time import monotonic, sleep
from typing import Any, Final
from uuid import uuid4

import psycopg

from grid36.machine.ports import free_port
from grid36.settings import CHECKOUT

PROGRAMS: Final = CHECKOUT / ".postgres"
NOBODY: Final = "nobody"
START_S: Final = 60.0
SETTINGS: Final = {"fsync": "off", "shared_buffers": "64MB", "max_connections": "60", "unix_socket_directories": ""}
"""What is killed loses nothing without `fsync`; only a machine that loses its power would."""


class PostgresServer:
    """One server; it has the same address and databases after it was killed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.port = free_port()
        self._child: subprocess.Popen[bytes] | None = None
        self._as: dict[str, Any] = {}
        self._programs = PROGRAMS
        if os.geteuid() == 0:  # which PostgreSQL refuses to run as
            account = pwd.getpwnam(NOBODY)
            self._as = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
            for parent in (folder, folder.parent):
                parent.chmod(parent.stat().st_mode | 0o011)
            os.chown(folder, account.pw_uid, account.pw_gid)
            if not self._may_run():
                self._programs = folder / "programs"
                copytree(PROGRAMS, self._programs)
        data, locale = str(folder / "data"), ("--no-locale", "--locale-provider=icu", "--icu-locale=zh")
        self._run("initdb", "-D", data, "-U", "grid36", "-A", "trust", "-N", "-E", "UTF8", *locale)

    def start(self) -> None:
        """Until it answers; nothing if it runs."""
        if self._child is not None and self._child.poll() is None:
            return
        options = [f"-c{name}={value}" for name, value in SETTINGS.items()]
        with (self._folder / "out.txt").open("ab") as out:
            self._child = subprocess.Popen(
                [self._programs / "bin" / "postgres", "-D", self._folder / "data", "-p", str(self.port), *options,
                 "-clisten_addresses=127.0.0.1"],
                stdout=out, stderr=out, cwd=self._folder, **self._as,
            )  # fmt: skip
        end = monotonic() + START_S
        while not self._answers():
            assert self._child.poll() is None, (self._folder / "out.txt").read_text()[-3000:]
            assert monotonic() < end, "no answer of PostgreSQL"
            sleep(0.05)  # it says nothing when it is ready

    def kill(self) -> None:
        """As a machine that stops does: no client is told, nothing is tidied up."""
        if self._child is not None:
            self._child.send_signal(signal.SIGQUIT)
            self._child.wait()

    def url(self, database: str) -> str:
        """What `GRID36_LEDGER` says."""
        return f"postgresql://grid36@127.0.0.1:{self.port}/{database}"

    def database(self) -> str:
        """The address of a new, empty database."""
        name = f"t{uuid4().hex}"
        self.tell(f"CREATE DATABASE {name}")
        return self.url(name)

    def tell(self, command: str) -> None:
        """Run a command of an administrator."""
        self.tell_at(self.url("postgres"), command)

    def tell_at(self, address: str, command: str) -> None:
        """The same in a database."""
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(command.encode())

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url("postgres"), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def _may_run(self) -> bool:
        try:
            self._run("postgres", "--version")
        except PermissionError:
            return False
        return True

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._programs / "bin" / program), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, cwd=self._folder, check=False, **self._as)
        assert done.returncode == 0, done.stdout + done.stderr


@contextmanager
def running_postgres() -> Iterator[PostgresServer]:
    """Start it, and end it by force afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="postgres-"))
    server = PostgresServer(folder)
    try:
        server.start()
        yield server
    finally:
        server.kill()
        rmtree(folder, ignore_errors=True)
