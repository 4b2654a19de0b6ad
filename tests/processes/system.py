"""Whole systems for acceptance tests: by the real command, or single processes on a Kafka that is there already."""

import asyncio
import json
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

from grid36.machine.home import Home
from grid36.settings import Settings, data_folder
from schemas.topics import EVENTS
from tests.accept.running import Running, read_values
from tests.processes.brokers import with_storage
from tests.processes.forked import Forked, run_forked

EXAMPLE = data_folder("regions") / "example"


class System(Running):
    """`grid36 up --detach` in a home of its own; every process it started is ended by its own id.

    Its Kafka is one of its own or, for stories that do nothing to it, `kafka`, which it shares with others.
    """

    def __init__(
        self,
        home: Path,
        *,
        kafka: str | None = None,
        region: Path = EXAMPLE,
        workers: int = 1,
        partitions: int = 2,
        demo: bool = True,
        forked: bool = True,
        metrics_port: int | None = None,
    ) -> None:
        """With `demo`, browsers may be anybody; without it they sign in. Not `forked`, all starts as users start it.

        `metrics_port` and the two after it are those of gateway, ledger and the one worker.
        """
        super().__init__(home, region, workers=workers, partitions=partitions, say=lambda _: None)
        self._environment["GRID36_DEMO"] = "true" if demo else "false"
        self._partitions, self._kafka, self._forked = partitions, kafka, forked
        self.metrics_port = metrics_port
        if metrics_port is not None:
            self._environment["GRID36_METRICS_PORT"] = str(metrics_port)
        self.prefix = f"t{uuid4().hex[:10]}." if kafka else ""
        if kafka:
            self._environment |= {"GRID36_KAFKA": kafka, "GRID36_TOPIC_PREFIX": self.prefix}

    def _call(self, *words: str, limit_s: float) -> subprocess.CompletedProcess[str]:
        if not self._forked:
            return super()._call(*words, limit_s=limit_s)
        if "up" in words and not self._kafka:
            with_storage(self.home)
        return run_forked("grid36", *words, environment=self._environment, limit_s=limit_s)

    @property
    def settings(self) -> Settings:
        """What the commands of this system go by."""
        return Settings(
            home=self.home, region=self.region, partitions=self._partitions, kafka=self._kafka, topic_prefix=self.prefix
        )

    @property
    def environment(self) -> dict[str, str]:
        """Variables for any other command on this system."""
        return self._environment

    def events(self) -> list[list[bytes]]:
        """The value of every committed event, by partition."""
        return asyncio.run(read_values(self.servers, self.prefix + EVENTS))

    def status(self) -> dict[str, Any]:
        """`grid36 status --json`, also when something is wrong."""
        return self.ask("status")

    def ask(self, *words: str, limit_s: float = 120) -> dict[str, Any]:
        """What a read command answers as JSON, whatever its exit code."""
        done = self._call(*words, "--json", limit_s=limit_s)
        answer: dict[str, Any] = json.loads(done.stdout or "{}")
        return answer

    def logged(self, *names: str) -> list[dict[str, str]]:
        """Every line of these processes, or of all of ours; what is no JSON is a traceback or worse."""
        logs = {file.stem: file for file in (self.home / "logs").glob("*.log")}
        files = [logs[name] for name in names or logs.keys() - {"up", "broker"}]
        return [json.loads(line) for file in files for line in file.read_text().splitlines()]

    @property
    def servers(self) -> str:
        """`host:port` of its Kafka."""
        return str(self._known()["kafka"])

    @property
    def address(self) -> str:
        """Where the gateway listens, without a path."""
        return str(next(iter(self._known()["urls"].values()))).rsplit("/", 1)[0]

    def pids(self) -> dict[str, int]:
        """Process ids by name, of those that live."""
        return {row["name"]: row["pid"] for row in Home(self.home).living()}

    def _known(self) -> dict[str, Any]:
        """What `up` wrote down, read without the cost of a command."""
        return Home(self.home).read()

    def signal(self, name: str, number: int) -> bool:
        """Send a signal to one process by its id; False when it is not there."""
        pid = self.pids().get(name)
        if pid is None:
            return False
        with suppress(ProcessLookupError):
            os.kill(pid, number)
            return True
        return False


@contextmanager
def processes(home: Path, servers: str, prefix: str, *commands: str, partitions: int = 8) -> Iterator[list[int]]:
    """Processes such as `worker --name w1` on a Kafka that is there; gives their ids, ends them afterwards."""
    home.mkdir(parents=True, exist_ok=True)
    told = {"HOME": str(home), "KAFKA": servers, "TOPIC_PREFIX": prefix, "PARTITIONS": str(partitions)}
    environment = {**os.environ, **{f"GRID36_{name}": value for name, value in told.items()}}
    running = []
    try:
        for command in commands:
            with (home / f"{command.split()[0]}.log").open("ab") as log:
                running.append(Forked("grid36", *command.split(), environment=environment, out=log, errors=log))
        yield [process.pid for process in running]
    finally:
        for process in running:
            for number in (signal.SIGCONT, signal.SIGTERM):
                with suppress(ProcessLookupError):
                    process.send_signal(number)
        for process in running:
            try:
                process.wait_for(20)
            except TimeoutError:
                process.kill()
                process.wait_for(20)
