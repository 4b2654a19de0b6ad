"""A worker: runs the three steps on the partitions that its group assigns to it, until it is stopped."""

import asyncio
import json
import logging
import os
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

from aiokafka.errors import KafkaError

from schemas.errors import ServiceAway
from schemas.models import plain_attributes
from schemas.system import Mode, System
from schemas.topics import COMMANDS, DEPARTMENT_PREFIX, EVENTS, REPORTS
from streams.cases.case_cache import RecentlyUsed
from streams.cases.step import CasesStep
from streams.drivers.driver import Driver
from streams.drivers.faust import FaustDriver
from streams.kafka.gc_tuning import rarely_collected
from streams.kafka.settings import EngineSettings
from streams.locate.step import KEEP_MS, LocateStep
from streams.measure.step import MeasureStep
from streams.partition.assignment import Assignment
from streams.partition.contract import StepFactory
from streams.partition.fault_hooks import FaultHooks
from streams.partition.worker_context import Shared
from streams.rulebooks.cache import RulebookCache
from streams.rulebooks.loader import RulebookLoader
from streams.rulebooks.topic import read_rulebooks, system_in, system_name

EnsureDepartment = Callable[[str, int, bool], Awaitable[None]]
"""Makes the topic of a department: its code, the number of partitions, whether it is a history's."""

LOOK_S = 1.0
STATUS_S = 1.0
"""How often a worker checks whether its status has changed."""
STATUS_AGAIN_S = 5.0
"""How often it writes an unchanged status, so that others see it is alive."""
LATEST_ALARMS = 20
REPORTS_GATHER_S = 0.01
COMMANDS_GATHER_S = 0.03
"""How long a partition of a busy worker lets reports, and commands, come together. An order to a department waits for
both: on average half of each, and the first after a pause for none."""

log = logging.getLogger(__name__)


class Status:
    """What `grid36 status` reads of a worker: a small JSON file, always whole."""

    def __init__(self, file: Path | None, again_s: float = STATUS_AGAIN_S) -> None:
        """`again_s`: how long an unchanged status is not written again."""
        self._file = file
        self._again_s = again_s
        self._alarms: deque[str] = deque(maxlen=LATEST_ALARMS)
        self._wrote_s, self._written = 0.0, dict[str, object]()
        self.state = "starting"
        self.assignment: Assignment | None = None

    def alarm(self, text: str) -> None:
        """Add something that a person should see."""
        self._alarms.append(text)

    def say(self, state: str) -> None:
        """What the worker does or waits for now; logged when it is something new."""
        if state != self.state:
            log.info("%s", state)
        self.state = state
        self.write()

    def write(self) -> None:
        """Write the file when the status is new or was written a while ago."""
        if self._file is None:
            return
        assignment = self.assignment.status() if self.assignment else {"partitions": [], "counters": {}}
        content = {"pid": os.getpid(), "state": self.state, **assignment, "alarms": list(self._alarms)}
        now_s = time.monotonic()
        if content == self._written and now_s - self._wrote_s < self._again_s:
            return
        self._written, self._wrote_s = content, now_s
        aside = self._file.with_suffix(".new")
        aside.write_text(json.dumps(content | {"at_ms": time.time_ns() // 1_000_000}, ensure_ascii=False))
        aside.replace(self._file)

    async def keep(self) -> None:
        """Keep writing the status while the partitions work."""
        while True:
            if self.assignment is not None:
                self.state = "running" if self.assignment.ready else "waiting for partitions"
            self.write()
            await asyncio.sleep(STATUS_S)


async def run_worker(
    servers: str,
    stop: asyncio.Event,
    *,
    status_file: Path | None = None,
    prefix: str = "",
    ensure_department: EnsureDepartment | None = None,
    driver: Driver | None = None,
    faults: FaultHooks | None = None,
    settings: EngineSettings | None = None,
    keep_ms: int = KEEP_MS,
    assigned: Callable[[Assignment], None] = lambda _: None,
) -> None:
    """Work until `stop` is set. Waits for the system to be created, and says so in its status file.

    Servers, name and partitions in `settings` are ignored. `assigned` is told what it works on.

    Raises `ServiceAway` when Kafka is not there at the start, a `Refusal` when a partition must not be worked on,
    `StalledError` when one makes no progress.
    """
    status = Status(status_file)
    system = await _system(servers, stop, prefix, status)
    if system is None:
        return
    library = RulebookLoader(servers, prefix, status.alarm)
    try:
        own = replace(
            settings or EngineSettings(servers, "", 1),
            servers=servers,
            system=system_name(prefix),
            partitions=system.partitions,
            unhurried=frozenset({prefix + EVENTS}),
            busy_gather_s={prefix + REPORTS: REPORTS_GATHER_S, prefix + COMMANDS: COMMANDS_GATHER_S},
        )
        cache = library.cache(system)
        await cache.plan(cache.first)
        shared = Shared(own, ensure_topic=_ensure(system, prefix, ensure_department), faults=faults)
        assignment = Assignment(steps(system, cache, prefix=prefix, keep_ms=keep_ms), shared)
        status.assignment = assignment
        assigned(assignment)
        with rarely_collected(), plain_attributes():
            await _drive(driver or FaustDriver(), assignment, stop, status)
    finally:
        library.close()
        status.assignment = None
        status.say("stopped")


def steps(system: System, cache: RulebookCache, *, prefix: str = "", keep_ms: int = KEEP_MS) -> dict[str, StepFactory]:
    """The three steps of a system, by the topic that each reads."""
    partitions, history, recent = system.partitions, system.mode is Mode.HISTORY, RecentlyUsed()
    return {
        prefix + REPORTS: lambda number: LocateStep(number, partitions, cache, prefix=prefix, keep_ms=keep_ms),
        prefix + COMMANDS: lambda number: CasesStep(
            number, partitions, cache, prefix=prefix, history=history, recent=recent
        ),
        prefix + EVENTS: lambda number: MeasureStep(number, prefix=prefix),
    }


async def _drive(driver: Driver, assignment: Assignment, stop: asyncio.Event, status: Status) -> None:
    keeping = asyncio.create_task(status.keep())
    try:
        await driver.run(assignment, stop)
    finally:
        keeping.cancel()
        await asyncio.wait({keeping})


async def _system(servers: str, stop: asyncio.Event, prefix: str, status: Status) -> System | None:
    """Wait until somebody has created the system; None when `stop` comes first."""
    while not stop.is_set():
        try:
            system = system_in(await read_rulebooks(servers, prefix=prefix))
        except (KafkaError, OSError, TimeoutError) as error:
            raise ServiceAway(servers=servers) from error
        if system is not None:
            return system
        status.say("waiting for the system to be created: `grid36 up` or the gateway does it")
        try:
            async with asyncio.timeout(LOOK_S):
                await stop.wait()
        except TimeoutError:
            continue
    return None


def _ensure(
    system: System, prefix: str, ensure_department: EnsureDepartment | None
) -> Callable[[str], Awaitable[None]] | None:
    """Creates a department's topic for its first order; all other topics exist from the start."""
    if ensure_department is None:
        return None
    departments = prefix + DEPARTMENT_PREFIX

    async def ensure(topic: str) -> None:
        if topic.startswith(departments):
            code = topic.removeprefix(departments)
            await ensure_department(code, system.partitions, system.mode is Mode.HISTORY)

    return ensure
