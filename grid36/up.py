"""The whole system on one machine: a real Kafka, workers, ledger and gateway, each watched and started again."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable
from time import monotonic, sleep

from grid36.create import create_system, region_folder
from grid36.home import Home, kept_port, start_token
from grid36.kafka import wait_for_kafka
from grid36.processes import Supervised
from grid36.settings import Settings
from grid36.status import is_ready, status
from schemas.errors import ServiceAway, Stop

ROLES = ("reporter", "handler", "supervisor")


class AlreadyUpError(Stop):
    """This system is up already. `grid36 status` shows it, `grid36 down` stops it; another GRID36_HOME has its own."""


class ComingUpFailedError(ServiceAway):
    """The system did not come up. The log says why; `grid36 status` shows what runs."""


Tell = Callable[[str], None]


class OneMachine:
    """Starts and watches all processes until `stop` is set; `home`/state.json always says how they are."""

    def __init__(self, settings: Settings, tell: Tell = lambda _: None) -> None:
        self.settings = settings
        self.home = Home(settings.home).make()
        self.tell = tell
        self.http_port = kept_port(settings, "http", settings.http_port)
        self.kafka_port = kept_port(settings, "kafka", settings.kafka_port)
        self.servers = settings.kafka or f"127.0.0.1:{self.kafka_port}"
        self._processes: list[Supervised] = []

    async def run(self, stop: asyncio.Event) -> None:
        """Start everything in the order it is needed, then watch."""
        if (other := self.home.supervisor()) not in {None, os.getpid()}:
            raise AlreadyUpError(pid=other)
        tasks = []
        try:
            if self.settings.kafka is None:
                self.tell("starting Kafka")
                tasks.append(self._supervise("broker", "broker", "run"))
            waited = asyncio.ensure_future(wait_for_kafka(self.servers, 120))
            stopped = asyncio.ensure_future(stop.wait())
            await asyncio.wait({waited, stopped}, return_when=asyncio.FIRST_COMPLETED)
            stopped.cancel()
            if stop.is_set():
                waited.cancel()
                return
            await waited
            self.tell("creating topics")
            await create_system(self.settings, self.servers)
            self.tell("starting ledger, workers and gateway")
            tasks.append(self._supervise("ledger", "ledger", "run"))
            tasks.append(self._supervise("gateway", "gateway"))
            tasks.extend(
                self._supervise(f"worker-{n}", "worker", "--name", f"worker-{n}")
                for n in range(1, self.settings.workers + 1)
            )
            await stop.wait()
        finally:
            await self._end(tasks)

    async def _end(self, tasks: list[asyncio.Task[None]]) -> None:
        """Everything else first, Kafka last, so that all can finish what they have begun."""
        broker = [p for p in self._processes if p.name == "broker"]
        await asyncio.gather(*(p.end() for p in self._processes if p not in broker))
        await asyncio.gather(*(p.end(25) for p in broker))
        await asyncio.gather(*tasks, return_exceptions=True)
        self._write("down")

    def _supervise(self, name: str, *arguments: str) -> asyncio.Task[None]:
        process = Supervised(
            name=name,
            command=[sys.executable, "-m", "grid36", *arguments],
            environment=self._environment(),
            log=self.home.logs / f"{name}.log",
            changed=self._write,
        )
        self._processes.append(process)
        return asyncio.ensure_future(process.run())

    def _environment(self) -> dict[str, str]:
        settings = self.settings
        told = {
            "GRID36_HOME": str(settings.home),
            "GRID36_KAFKA": self.servers,
            "GRID36_KAFKA_PORT": str(self.kafka_port),
            "GRID36_HTTP_PORT": str(self.http_port),
            "GRID36_PARTITIONS": str(settings.partitions),
            "GRID36_WORKERS": str(settings.workers),
            "GRID36_LANG": settings.lang,
        }
        if settings.region is not None:
            told["GRID36_REGION"] = str(settings.region)
        return {**os.environ, **told}

    def _write(self, state: str = "up") -> None:
        address = f"http://{self.settings.bind}:{self.http_port}"
        self.home.write(
            {
                "pid": os.getpid(),
                "token": start_token(os.getpid()),
                "state": state,
                "kafka": self.servers,
                "region": str(region_folder(self.settings)),
                "urls": {role: f"{address}/{role}" for role in ROLES},
                "processes": [
                    {"name": p.name, "pid": p.pid, "state": p.state, "restarts": max(0, p.restarts), "since": p.since}
                    for p in self._processes
                ],
            }
        )


def detach(settings: Settings, tell: Tell, limit_s: float = 150.0) -> None:
    """Start `up` in the background and return when the system answers. Raises `ComingUpFailedError`."""
    home = Home(settings.home).make()
    if (pid := home.supervisor()) is not None:
        raise AlreadyUpError(pid=pid)
    environment = {**os.environ, **_flags(settings)}
    with (home.logs / "up.log").open("ab") as log:
        child = subprocess.Popen(
            [sys.executable, "-m", "grid36", "up"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=environment,
            start_new_session=True,
        )
    wait_until_ready(settings, tell, limit_s, child)


def wait_until_ready(
    settings: Settings, tell: Tell, limit_s: float = 150.0, child: subprocess.Popen[bytes] | None = None
) -> None:
    """Return when every process of the system answers."""
    end, said = monotonic() + limit_s, ""
    while monotonic() < end:
        if child is not None and child.poll() is not None:
            raise ComingUpFailedError(log=str(settings.home / "logs" / "up.log"), says=_last_line(settings))
        answer = status(settings)
        if is_ready(answer):
            return
        if (waiting := str(answer.get("waiting", "")) or "starting") != said:
            tell(waiting)
            said = waiting
        sleep(0.2)
    raise ComingUpFailedError(log=str(settings.home / "logs"), after_s=round(limit_s))


def _flags(settings: Settings) -> dict[str, str]:
    """The settings that came as flags, for the process in the background."""
    told = {"GRID36_HOME": str(settings.home), "GRID36_WORKERS": str(settings.workers)}
    if settings.region is not None:
        told["GRID36_REGION"] = str(settings.region)
    return told


def _last_line(settings: Settings) -> str:
    try:
        lines = (settings.home / "logs" / "up.log").read_text(errors="replace").strip().splitlines()
    except OSError:
        return ""
    return lines[-1] if lines else ""
