"""The whole system on one machine: a real Kafka, workers, ledger and gateway, each watched and started again."""

import asyncio
import os
import sys
from collections.abc import Callable
from time import monotonic

from grid36.machine.home import Home, kept_port
from grid36.machine.orphans import end_orphans
from grid36.machine.process_identity import born
from grid36.machine.processes import USAGE, Supervised
from grid36.machine.status import coming_up, is_ready, kafka_away, status
from grid36.settings import Settings
from schemas.errors import ServiceAway, Stop
from schemas.names import Language, Name

ROLES = ("reporter", "handler", "supervisor")
COMING_UP_S = 180.0
KAFKA_AWAY_S = 60.0
LOGIN = ("GRID36_KAFKA_SASL_", "GRID36_KAFKA_SSL_", "GRID36_KAFKA_SECURITY_")
LOOK_S = 0.3
ALLOCATOR = {"MALLOC_ARENA_MAX": "1", "MALLOC_TRIM_THRESHOLD_": "131072"}
"""Glibc keeps a heap for each thread and gives little back; our processes have threads that work one at a time."""


class ComingUpFailedError(ServiceAway):
    """The system did not come up in time. Its logs say why."""


class WillNotRunError(Stop):
    """A process of the system refuses to run, and trying again would not help. Correct what it says, then `grid36
    up`.
    """


Echo = Callable[[str], None]


class OneMachine:
    """Starts and watches all processes until `stop` is set; `home`/state.json always says how they are."""

    def __init__(self, settings: Settings, echo: Echo = lambda _: None, *, kafka_away_s: float = KAFKA_AWAY_S) -> None:
        """Gives up when a Kafka that was named does not answer for `kafka_away_s`."""
        self.settings = settings
        self.home = Home(settings.home).make()
        self.echo = echo
        self._kafka_away_s = kafka_away_s
        self.language = Language(settings.lang)
        self._processes: list[Supervised] = []
        self._ports: dict[str, int] = {}

    async def run(self, stop: asyncio.Event, ready: Callable[[], None] = lambda: None) -> None:
        """Start everything at once (each waits for what it needs), call `ready` when all answer, then watch.

        Raises `AlreadyUpError`; `WillNotRunError` and `ComingUpFailedError` when it does not come up, with nothing
        left running.
        """
        with self.home.only_one():
            await asyncio.to_thread(end_orphans, self.home, self.echo, self.language)
            self._choose_ports()
            self._plan()
            self._write()
            watching = [asyncio.create_task(process.run()) for process in self._processes]
            try:
                if await self._until_ready(stop):
                    ready()
                await stop.wait()
            finally:
                await self._end()
                await asyncio.gather(*watching, return_exceptions=True)
                self._write(over=True)

    @property
    def servers(self) -> str:
        """Where Kafka is: the one that was named, or our own."""
        return self.settings.kafka or f"127.0.0.1:{self._ports['kafka']}"

    def _choose_ports(self) -> None:
        settings = self.settings
        self._ports["http"] = kept_port(settings, "http", settings.http_port)
        if settings.kafka is None:
            self._ports["kafka"] = kept_port(settings, "kafka", settings.kafka_port)

    def _plan(self) -> None:
        commands: list[tuple[str, ...]] = [("broker", "broker", "run")] if self.settings.kafka is None else []
        commands += [("gateway", "gateway"), ("ledger", "ledger", "run")]
        commands += [(name, "worker", "--name", name) for name in self._worker_names()]
        self._processes = [self._supervised(name, *words) for name, *words in commands]

    def _worker_names(self) -> list[str]:
        return [f"worker-{number}" for number in range(1, self.settings.workers + 1)]

    def _supervised(self, name: str, *arguments: str) -> Supervised:
        return Supervised(
            name=name,
            command=[sys.executable, "-m", "grid36", "--lang", self.language, *arguments],
            environment=self._environment() | self._metrics(name),
            log=self.home.logs / f"{name}.log",
            changed=self._write,
        )

    def _environment(self) -> dict[str, str]:
        """The environment of the processes: the settings chosen here override what they inherit."""
        ours: dict[str, object] = {
            "HOME": self.settings.home,
            "KAFKA": self.servers,
            "KAFKA_PORT": self._ports.get("kafka", ""),
            "HTTP_PORT": self._ports["http"],
            "REGION": self.settings.region or "",
        }
        theirs = () if self.settings.kafka else LOGIN  # our own Kafka asks nobody who they are
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(theirs)}
        return {**ALLOCATOR, **inherited, **{f"GRID36_{name}": str(value) for name, value in ours.items()}}

    def _metrics(self, name: str) -> dict[str, str]:
        """The port of each process, beginning with the gateway's; none for Kafka, which is not ours."""
        first = self.settings.metrics_port
        if first is None or name == "broker":
            return {"GRID36_METRICS_PORT": ""}
        order = ("gateway", "ledger", *self._worker_names())
        return {"GRID36_METRICS_PORT": str(first + order.index(name))}

    async def _until_ready(self, stop: asyncio.Event) -> bool:
        """True once every process answers; False if `stop` is set first."""
        said, began = "", monotonic()
        while not stop.is_set():
            for process in self._processes:
                if process.code == USAGE:
                    raise WillNotRunError(process.reason(), process=process.name)
            answer = await asyncio.to_thread(status, self.settings, self.language)
            if is_ready(answer):
                return True
            if monotonic() - began > self._patience_s(answer["waiting"]):
                raise self._failed(answer["waiting"])
            if (waiting := coming_up(answer, self.language)) != said:
                self.echo(waiting)
                said = waiting
            try:
                async with asyncio.timeout(LOOK_S):
                    await stop.wait()
            except TimeoutError:
                continue
        return False

    def _patience_s(self, waiting: str) -> float:
        """Our own Kafka may take long on a busy machine; another one is there, or it is not."""
        return (
            self._kafka_away_s
            if self.settings.kafka is not None and waiting == kafka_away(self.language)
            else COMING_UP_S
        )

    def _failed(self, waiting: str) -> ComingUpFailedError:
        logs = str(self.home.logs)
        if self.settings.kafka is not None and waiting == kafka_away(self.language):
            return ComingUpFailedError(Name.of("system.up.no_kafka"), servers=self.servers, logs=logs)
        return ComingUpFailedError(waiting=waiting, logs=logs)

    async def _end(self) -> None:
        """Everything else first, Kafka last, so that all can finish what they have begun."""
        broker = [process for process in self._processes if process.name == "broker"]
        await asyncio.gather(*(process.end() for process in self._processes if process not in broker))
        await asyncio.gather(*(process.end(25) for process in broker))

    def _write(self, over: bool = False) -> None:
        address = self.settings.address(self._ports["http"])
        self.home.write(
            {
                "pid": None if over else os.getpid(),
                "born": born(os.getpid()),
                "kafka": self.servers,
                "urls": {role: f"{address}/{role}" for role in ROLES},
                "processes": [process.row for process in self._processes],
            }
        )
