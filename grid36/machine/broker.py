"""The embedded broker: a real Kafka of one node under a home folder, started, stopped and found again by its pid."""

import asyncio
import base64
import json
import os
import re
import shutil
import signal
import subprocess
import uuid
from pathlib import Path
from time import monotonic
from typing import Final, Never

import psutil

from grid36.machine.ports import free_port, is_free
from grid36.settings import CHECKOUT
from schemas.errors import ServiceAway, Stop

SETTINGS: Final = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller}
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
controller.listener.names=CONTROLLER
log.dirs={data}
auto.create.topics.enable=false
message.max.bytes=2097152
compression.type=uncompressed
replica.fetch.max.bytes=2097152
# one node: every internal topic has one copy, and small ones start faster
offsets.topic.replication.factor=1
offsets.topic.num.partitions=8
# as long as the departments' topics (180 days): who comes back from a holiday is not handed all of it again
offsets.retention.minutes=259200
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=8
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
# quick to take over: a member or a broker that was killed is noticed in seconds
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
broker.session.timeout.ms=3000
broker.heartbeat.interval.ms=1000
# small: one street on one machine
num.network.threads=2
num.io.threads=4
log.cleaner.dedupe.buffer.size=4194304
# the controller notes every half second that nothing has changed; its one follower is the same process
metadata.max.idle.interval.ms=5000
"""
MEMORY: Final = (
    *("-Xms32m", "-Xmx256m", "-XX:+UseSerialGC"),
    *("-XX:MinHeapFreeRatio=20", "-XX:MaxHeapFreeRatio=40", "-XX:-UsePerfData", "-XX:ReservedCodeCacheSize=48m"),
)
"""It starts small and grows with the load: an idle street needs little heap."""
COMPILER: Final = ("-XX:TieredStopAtLevel=1",)
"""Only Java's first compiler: the optimising one used a third of the broker's CPU for minutes, without benefit."""
ARCHIVE: Final = "classes.jsa"
"""Name of the archive of Kafka's classes, beside the folder of its jars: `grid36.machine.class_archive` makes it."""
LOGGING: Final = (
    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
    "-Dorg.slf4j.simpleLogger.showDateTime=true",
    "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSSXXX",
)


class JavaMissingError(Stop):
    """Java 17 or newer is missing, and the embedded Kafka needs it. Run `make setup`: it installs Java or says how."""


class JarsMissingError(Stop):
    """The Kafka jars are missing. Run `make setup`: it fetches them."""


class PortTakenError(Stop):
    """Another program listens on the port of the embedded Kafka. End it, or set another `GRID36_KAFKA_PORT`."""


class AlreadyRunsError(Stop):
    """The embedded Kafka of this home already runs. Use it, or stop it with `grid36 down`."""


class BrokerFailedError(ServiceAway):
    """The embedded Kafka ended while it started. The end of its log says why."""


class Broker:
    """One Kafka under `home`/kafka, on 127.0.0.1 only; several objects may represent the same home.

    Its ports are chosen once (or `port` is used) and stored, so clients find it again after a restart.
    """

    def __init__(self, home: Path, port: int | None = None, *, java: str = "java", jars: Path | None = None) -> None:
        self.folder = home.absolute() / "kafka"
        self.log_file = self.folder / "broker.log"
        self._wanted_port = port
        self._java = java
        self._jars = jars or CHECKOUT / ".kafka" / "libs"
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def servers(self) -> str:
        """`host:port` for clients; the same before and after any restart."""
        return f"127.0.0.1:{self._ports()['port']}"

    def pid(self) -> int | None:
        """The process id of the running broker of this home, whoever started it, or None."""
        if self._child is not None and self._child.poll() is not None:
            self._child = None
        try:
            pid = int((self.folder / "pid").read_text())
        except (OSError, ValueError):
            return None
        return pid if self._is_broker(pid) else None

    async def start(self, limit_s: float = 90.0) -> str:
        """Start it unless it runs, and return its servers when it answers.

        Raises `JavaMissingError`, `JarsMissingError`, `PortTakenError`; `BrokerFailedError` or `ServiceAway` when it
        is not ready within `limit_s`.
        """
        from grid36.kafka.topics import wait_for_kafka  # only here: `up` and `broker run` need no Kafka client

        if self.pid() is None:
            command = await asyncio.to_thread(self.prepare)
            with self.log_file.open("ab") as log:
                self._child = subprocess.Popen(  # noqa: ASYNC220 - a fork, and the child must outlive this loop
                    command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
                )
            await self._until_java(self._child)
            self._write_pid(self._child.pid)
        end = monotonic() + limit_s
        while True:
            if self.pid() is None:
                raise BrokerFailedError(log=str(self.log_file), says=self._last_words())
            try:
                await wait_for_kafka(self.servers, min(1.0, limit_s))
            except ServiceAway:
                if monotonic() >= end:
                    raise
            else:
                return self.servers

    async def stop(self, limit_s: float = 20.0) -> None:
        """Stop it (SIGTERM, after `limit_s` seconds SIGKILL); no error when it does not run."""
        await self._end(signal.SIGTERM, limit_s)
        await self._end(signal.SIGKILL, 10.0)

    async def kill(self) -> None:
        """Kill it like a crash (SIGKILL)."""
        await self._end(signal.SIGKILL, 10.0)

    async def restart(self, limit_s: float = 90.0) -> str:
        """Stop and start; the port stays the same."""
        await self.stop()
        return await self.start(limit_s)

    def run(self) -> Never:
        """Become the broker: this process is replaced by Java, keeps its pid, and logs to stderr.

        So a supervisor sees and signals Kafka itself. Raises as `start`, and `AlreadyRunsError`.
        """
        if (pid := self.pid()) is not None and pid != os.getpid():
            raise AlreadyRunsError(pid=pid)
        command = self.prepare()
        self._write_pid(os.getpid())
        os.execvp(command[0], command)  # noqa: S606 - an argument list, no shell, is what is wanted

    def prepare(self) -> list[str]:
        """Check Java, jars and port, write the settings, format new storage; returns the command to run."""
        java, classes = self._check_java(), self._check_jars()
        ports = self._ports()
        for port in ports.values():
            if not is_free(port):
                raise PortTakenError(port=port)
        data = self.folder / "data"
        settings = self.folder / "server.properties"
        settings.write_text(self.properties(), encoding="utf-8")
        run = [java, *MEMORY, *COMPILER, *self.class_options(), *LOGGING, "-cp", classes]
        if not (data / "meta.properties").exists():
            tool = [*run, "kafka.tools.StorageTool", "format", "--ignore-formatted"]
            tool += ["-t", self.cluster_id(), "-c", str(settings), *self.format_options()]
            done = subprocess.run(tool, check=False, capture_output=True, text=True)
            if done.returncode:
                raise BrokerFailedError(
                    "The storage of Kafka cannot be made.", says=(done.stderr or done.stdout)[-500:]
                )
        return [*run, "kafka.Kafka", str(settings)]

    def properties(self) -> str:
        """Its server.properties; of two lines for one setting the last counts."""
        data = str(self.folder / "data").replace("\\", "\\\\")  # a Java properties file: the backslash escapes
        return SETTINGS.format(**self._ports(), data=data)

    def class_options(self) -> list[str]:
        """How Java gets Kafka's classes: from the archive, if there is one that fits this Java, else from the jars."""
        archive = self._jars.with_name(ARCHIVE)
        return [f"-XX:SharedArchiveFile={archive}", "-Xlog:cds*=off"] if archive.exists() else []

    def format_options(self) -> list[str]:
        """Further arguments of the tool that makes new storage."""
        return []

    def cluster_id(self) -> str:
        """The id of the cluster in new storage: 22 characters, as Kafka wants."""
        # the first bit is 0 so that it never begins with a hyphen, like an option
        random_bytes = uuid.uuid4().bytes
        return base64.urlsafe_b64encode(bytes([random_bytes[0] & 0x7F]) + random_bytes[1:]).decode().rstrip("=")

    def _ports(self) -> dict[str, int]:
        file = self.folder / "ports.json"
        ports: dict[str, int] = json.loads(file.read_text()) if file.exists() else {}
        wanted = self._wanted_port
        if not ports or (wanted is not None and ports["port"] != wanted):
            port = wanted or free_port()
            ports = {"port": port, "controller": ports.get("controller") or free_port(port)}
            _write(file, json.dumps(ports))
        return ports

    def _check_java(self) -> str:
        java = shutil.which(self._java)
        if java is None:
            raise JavaMissingError
        output = subprocess.run([java, "-version"], check=False, capture_output=True, text=True).stderr
        version = re.search(r'version "(\d+)', output)
        if version is None or int(version[1]) < 17:
            raise JavaMissingError(found=output.splitlines()[0] if output else java)
        return java

    def _check_jars(self) -> str:
        if not any(self._jars.glob("kafka_*.jar")):
            raise JarsMissingError(folder=str(self._jars))
        return str(self._jars / "*")

    def _is_broker(self, pid: int) -> bool:
        return str(self.folder / "server.properties") in _command_line(pid)

    async def _until_java(self, child: subprocess.Popen[bytes]) -> None:
        while child.poll() is None:  # a fork needs a moment to become Java
            if self._is_broker(child.pid):
                return
            await asyncio.sleep(0.01)

    def _write_pid(self, pid: int) -> None:
        _write(self.folder / "pid", str(pid))

    async def _end(self, number: signal.Signals, limit_s: float) -> None:
        if (pid := self.pid()) is not None:
            os.kill(pid, number)
            await self._until_gone(pid, monotonic() + limit_s)
        if self._child is not None and not self._is_broker(self._child.pid):
            await asyncio.to_thread(self._child.wait)  # it is ending; take note, or it stays as a zombie
            self._child = None

    async def _until_gone(self, pid: int, end: float) -> None:
        while self.pid() == pid:
            if monotonic() >= end:
                return
            await asyncio.sleep(0.05)

    def _last_words(self) -> str:
        try:
            return self.log_file.read_text(encoding="utf-8", errors="replace")[-500:]
        except OSError:
            return ""


def _write(file: Path, text: str) -> None:
    # whole or not at all: the process may be killed here
    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_suffix(f".{os.getpid()}.new")
    new.write_text(text)
    new.replace(file)


def _command_line(pid: int) -> str:
    """The command line of the process; empty when there is none, or for a zombie."""
    try:
        return " ".join(psutil.Process(pid).cmdline())
    except (psutil.Error, ValueError):
        return ""
