"""One supervised process: started, watched, started again with back-off, ended by its own id."""

import asyncio
import signal
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any

from grid36.machine.process_identity import born

FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 10.0
STEADY_S = 20.0
"""After this long a process counts as steady, and its next restart comes quickly again."""
MOST_LOG_BYTES = 10_000_000
USAGE = 2
"""Exit code of wrong use or input: starting again would not help, so the pause is the longest at once."""


@dataclass
class Supervised:
    """A process that shall run. `command` is an argument list; its output goes to `log`."""

    name: str
    command: Sequence[str]
    environment: dict[str, str]
    log: Path
    changed: Callable[[], None] = lambda: None
    pid: int | None = None
    state: str = "starting"
    code: int | None = None
    """How it ended last."""
    starts: int = 0
    _process: asyncio.subprocess.Process | None = None
    _ending: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def row(self) -> dict[str, Any]:
        """How it is, for the state of its home: with the id, when that process was born; with its reason not to run."""
        birth = None if self.pid is None else born(self.pid)
        restarts = max(0, self.starts - 1)
        row = {"name": self.name, "pid": self.pid, "born": birth, "state": self.state, "restarts": restarts}
        return row | ({"says": self.reason()} if self.pid is None and self.code == USAGE else {})

    def reason(self) -> str:
        """Why it does not run, as it said last itself."""
        return self.last_line().removeprefix("grid36: ")

    async def run(self) -> None:
        """Keep it running until `end` is called."""
        pause = FIRST_PAUSE_S
        while not self._ending.is_set():
            began = monotonic()
            try:
                process = await self._start()
                self.code = await process.wait()
                how = f"ended with {self.code}"
            except OSError as error:  # a full disk, no more processes: it may work again in a moment
                how = f"cannot be started ({error.strerror})"
            if self._ending.is_set():
                return
            pause = FIRST_PAUSE_S if monotonic() - began > STEADY_S else min(pause * 2, LONGEST_PAUSE_S)
            pause = LONGEST_PAUSE_S if self.code == USAGE else pause
            self._set(None, f"{how}, starts again in {pause:g} s")
            with suppress(TimeoutError):
                await asyncio.wait_for(self._ending.wait(), pause)

    async def _start(self) -> asyncio.subprocess.Process:
        if self.log.exists() and self.log.stat().st_size > MOST_LOG_BYTES:
            self.log.replace(self.log.with_suffix(".old.log"))
        with self.log.open("ab") as log:
            process = self._process = await asyncio.create_subprocess_exec(
                *self.command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self.environment,
                start_new_session=True,
            )
        self.starts += 1
        self._set(process.pid, "running")
        return process

    async def end(self, limit_s: float = 12.0) -> None:
        """Ask it to end (also when it stands still), then make it; it is not started again."""
        self._ending.set()
        process = self._process
        if process is not None and process.returncode is None:
            for number in (signal.SIGCONT, signal.SIGTERM):
                with suppress(ProcessLookupError):
                    process.send_signal(number)
            try:
                await asyncio.wait_for(process.wait(), limit_s)
            except TimeoutError:
                with suppress(ProcessLookupError):
                    process.kill()
                await process.wait()
        self._set(None, "ended")

    def last_line(self) -> str:
        """What it said last in its log."""
        try:
            with self.log.open("rb") as log:
                log.seek(max(0, self.log.stat().st_size - 4000))
                lines = log.read().decode(errors="replace").strip().splitlines()
        except OSError:
            return ""
        return lines[-1] if lines else ""

    def _set(self, pid: int | None, state: str) -> None:
        self.pid, self.state = pid, state
        self.changed()
