"""Processes under test: started, watched, started again, and signalled by their own ids only."""

import asyncio
import os
import signal
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from tests.processes.forked import Forked


@dataclass
class Slot:
    """A place for one process: `command` is a module and its arguments. `wanted` False: it may stay away."""

    name: str
    command: Sequence[str]
    environment: dict[str, str]
    log: Path
    wanted: bool = True
    process: Forked | None = None
    stopped: bool = False
    not_before: float = 0.0
    exits: list[int] = field(default_factory=list)

    @property
    def alive(self) -> bool:
        """Whether there is a process."""
        return self.process is not None and self.process.poll() is None

    @property
    def pid(self) -> int:
        """Its id."""
        assert self.process is not None
        return self.process.pid

    def start(self) -> None:
        """Start it."""
        with self.log.open("ab") as log:
            self.process = Forked(*self.command, environment=self.environment, out=log, errors=log)
        self.stopped = False

    def signal(self, number: int) -> None:
        """Signal it, when it is there."""
        if self.alive:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self, away_s: float = 0.0) -> None:
        """As a crash; it stays away for a while."""
        self.not_before = time.monotonic() + away_s
        self.signal(signal.SIGKILL)

    def look(self) -> None:
        """Start it again where it ended."""
        ended = self.process is not None and self.process.poll() is not None
        if ended and self.wanted and time.monotonic() >= self.not_before:
            assert self.process is not None
            assert self.process.returncode is not None
            self.exits.append(self.process.returncode)
            self.start()

    def end(self, limit_s: float = 15.0) -> None:
        """For good."""
        self.wanted = False
        if self.process is None:
            return
        self.signal(signal.SIGCONT)
        self.signal(signal.SIGTERM)
        try:
            self.process.wait_for(limit_s)
        except TimeoutError:
            self.process.kill()
            self.process.wait_for(limit_s)

    def children(self) -> list[int]:
        """Ids of the processes that it started itself (the rules engine of a worker)."""
        with suppress(psutil.Error):
            return [child.pid for child in psutil.Process(self.pid).children()] if self.alive else []
        return []


async def watch(slots: Callable[[], Iterable[Slot]]) -> None:
    """Keep them all running until cancelled, those that are added later too."""
    while True:
        for slot in slots():
            slot.look()
        await asyncio.sleep(0.2)
