"""The programs of `docs/connect/departments`, cut from their pages, built, and run as processes."""

import asyncio
import os
import re
import shutil
import signal
import subprocess
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from grid36.machine.broker import Broker
from grid36.settings import CHECKOUT

PAGES: Final = CHECKOUT / "docs" / "connect" / "departments"
CLIENTS: Final = CHECKOUT / ".clients"
"""Where `make setup` puts what the programs need, if there is something to run them."""
JARS: Final = CHECKOUT / ".kafka" / "libs"
BLOCK: Final = re.compile(r"^```\w+\n((?:#|//) (\S+)\n.*?)^```$", re.MULTILINE | re.DOTALL)
QUICK_JAVA: Final = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
"""It runs for a second: compiling what is hot would take longer than it saves."""
GO: Final = {"GOFLAGS": "-mod=vendor '-gcflags=all=-N -l'", "CGO_ENABLED": "0", "GOTOOLCHAIN": "local"}
"""As in `bin/setup`, where the packages are compiled: with other flags it would be done again."""
LIMIT_S: Final = 60.0
IN_THE_BACKGROUND: Final = ("sh", "-c", 'trap "" INT; exec "$@"', "sh")
"""As a script starts it with `&` or nohup does: it ignores Ctrl-C unless it asks for it, and SIGTERM has to end it."""

Command = list[str]


def programs_of_the_pages() -> dict[str, str]:
    """File name to program, of all pages. A program says in its first line how its file is called."""
    found = [block for page in sorted(PAGES.glob("*.md")) for block in BLOCK.findall(page.read_text(encoding="utf-8"))]
    return {name: text for text, name in found}


def _python(_: Path, file: Path) -> Command:
    return [sys.executable, file.name]


def _java(folder: Path, file: Path) -> Command:
    classes = f"{JARS}/*:{folder}"
    compiler = ["javac", *(f"-J{option}" for option in QUICK_JAVA), "-proc:none"]
    subprocess.run([*compiler, "-cp", classes, "-d", str(folder), str(file)], check=True, timeout=LIMIT_S)
    return ["java", *QUICK_JAVA, *Broker(folder).class_options(), "-cp", classes, file.stem]


def _node(folder: Path, file: Path) -> Command:
    (folder / "node_modules").symlink_to(CLIENTS / "node_modules")
    return ["node", file.name]


def _go(folder: Path, file: Path) -> Command:
    environment = os.environ | GO | {"GOCACHE": str(CLIENTS / "go-cache"), "GOPROXY": "off"}
    command = ["go", "build", "-o", str(folder / "orders"), str(file)]
    subprocess.run(command, cwd=CLIENTS / "go", env=environment, check=True, timeout=LIMIT_S)
    return ["./orders"]


@dataclass(frozen=True)
class Program:
    """How one of them is run."""

    file: str
    build: Callable[[Path, Path], Command]
    lag: int = 0
    """What its group has left when all is read: 1 where the client does not step over the end of a transaction."""
    status: int = 0
    """Its exit code after SIGTERM."""
    needs: tuple[str, Path] | None = None
    """What runs it and is not part of every machine, and what `make setup` makes of it."""

    @property
    def missing(self) -> str | None:
        """Why it cannot be run here."""
        if self.needs is None or (shutil.which(self.needs[0]) and self.needs[1].exists()):
            return None
        return f"{self.needs[0]} or its Kafka client is missing: make setup says more"


PROGRAMS: Final = (
    Program("orders.py", _python),
    Program("orders_confluent.py", _python),
    Program("Orders.java", _java, status=128 + signal.SIGTERM),
    Program("orders.mjs", _node, lag=1, needs=("node", CLIENTS / "node_modules" / "kafkajs")),
    Program("main.go", _go, needs=("go", CLIENTS / "go" / "vendor")),
)


def built(file: str, folder: Path) -> Command:
    """The program of this name, cut from its page and built in a folder of its own."""
    program = next(each for each in PROGRAMS if each.file == file)
    folder.mkdir()
    (folder / file).write_text(programs_of_the_pages()[file], encoding="utf-8")
    return program.build(folder, folder / file)


@dataclass
class Running:
    """One process that reads orders."""

    process: Process
    log: Path

    async def lines(self, until: str) -> list[str]:
        """What it prints, up to a line that begins like this."""
        assert self.process.stdout is not None
        got: list[str] = []
        try:
            async with asyncio.timeout(LIMIT_S):
                while not got or not got[-1].startswith(until):
                    line = await self.process.stdout.readline()
                    assert line, f"it ended after {got}: {self.log.read_text(errors='replace')}"
                    got.append(line.decode().strip())
        except TimeoutError:
            raise AssertionError(
                f"{until} did not come: {got}, {self.log.read_text(errors='replace')[-2000:]}"
            ) from None
        return got

    async def end(self) -> tuple[int, str]:
        """Its exit code after SIGTERM, and what it printed besides."""
        self.process.send_signal(signal.SIGTERM)
        rest, _ = await asyncio.wait_for(self.process.communicate(), LIMIT_S)
        return self.process.returncode or 0, rest.decode()


@asynccontextmanager
async def started(command: Command, folder: Path, *arguments: str, **variables: str) -> AsyncIterator[Running]:
    """Run it in this folder; killed if it is still there at the end."""
    log, environment = folder / "stderr.txt", os.environ | variables
    with log.open("wb") as errors:
        process = await asyncio.create_subprocess_exec(
            *IN_THE_BACKGROUND, *command, *arguments, cwd=folder, stdout=PIPE, stderr=errors, env=environment
        )
    try:
        yield Running(process, log)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
