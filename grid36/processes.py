"""One supervised process: started, watched, started again with back-off, ended by its own id."""

import asyncio
import signal
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, time

FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 10.0
STEADY_S = 20.0
"""After this long a process counts as steady, and its next restart comes quickly again."""
USAGE = 2
"""Exit code of wrong use or input: starting again would not help, so the pause is the longest at once."""


@dataclass
class Supervised:
    """A process that shall run. `command` is an argument list; its output goes to `log`, kept below 10 MB."""

    name: str
    command: Sequence[str]
    environment: dict[str, str]
    log: Path
    changed: Callable[[], None] = lambda: None
    pid: int | None = None
    state: str = "starting"
    restarts: int = -1
    since: float = field(default_factory=time)
    _process: asyncio.subprocess.Process | None = None
    _ending: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """Keep it running until `end` is called."""
        pause = FIRST_PAUSE_S
        while not self._ending.is_set():
            began = monotonic()
            process = await self._start()
            code = await process.wait()
            if self._ending.is_set():
                return
            pause = FIRST_PAUSE_S if monotonic() - began > STEADY_S else min(pause * 2, LONGEST_PAUSE_S)
            pause = LONGEST_PAUSE_S if code == USAGE else pause
            self._set(None, f"ended with {code}, starts again in {pause:.1f} s")
            with suppress(TimeoutError):
                await asyncio.wait_for(self._ending.wait(), pause)

    async def _start(self) -> asyncio.subprocess.Process:
        if self.log.exists() and self.log.stat().st_size > 10_000_000:
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
        self.restarts += 1
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

    def _set(self, pid: int | None, state: str) -> None:
        self.pid, self.state, self.since = pid, state, time()
        self.changed()
