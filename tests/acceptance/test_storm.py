"""A storm day: 30 × the mean of the street, nobody hears most of it, and everybody is told exactly in time.

What must be told, whom, and when was written down for each of 420 reports before anything ran.
"""

import asyncio
import os
import signal
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from connectors.ledger.queries.cases import Ledger
from grid36.kafka.topics import create_topics
from grid36.settings import Settings
from grid36.system.balance import balance, deep
from grid36.system.create import region_of, rulebook_of
from schemas.case import Case
from schemas.codec import decode, encode
from schemas.command import Tick
from schemas.event import Event, EventType
from schemas.system import Mode
from schemas.topics import COMMANDS, EVENTS, EVERYWHERE
from streams.rulebooks.topic import create, set_mode
from tests.generators.storm import QUIET, REPORTS, make_storm
from tests.generators.storm_clock import WITH_RESOLUTION, Notice
from tests.generators.storm_plan import AWAY, END, Storm
from tests.generators.storm_shifts import OFFICE
from tests.oracles.month_play import records
from tests.oracles.plain_run import PlainSystem, example_book, parked_count
from tests.processes.live_log import Counter as Seen
from tests.processes.live_log import Line, everything, producing, reading, write
from tests.processes.system import processes
from tests.processes.waiting import wait_until

N = 8
PREFIX = "stormy."
Notices = dict[str, list[Notice]]


def _ticks() -> Iterator[Line]:
    for number in range(N):
        yield COMMANDS, number, END, EVERYWHERE.encode(), encode(Tick(id=f"tick-{number}", home=EVERYWHERE))


def _notices(events: Iterable[Event]) -> Notices:
    """What was told, case by case, in the order of the log."""
    found: Notices = defaultdict(list)
    for event in events:
        facts, case = event.facts, str(event.case)
        if event.type is EventType.DEADLINE_MISSED:
            found[case].append(Notice(event.t_ms, "missed", facts.get("milestone", facts["clock"])))
        elif event.type is EventType.ESCALATED:
            found[case].append(Notice(event.t_ms, "told", str(facts["rung"]), facts["to"]))
        elif event.type is EventType.NOTICE_WITHDRAWN:
            found[case].append(Notice(event.t_ms, "withdrawn", " ".join(facts.get("milestones", facts["clocks"]))))
    return found


def _sorted(notices: Iterable[Notice]) -> list[Notice]:
    """In order; the milestone that is due together with the resolution may be noted before or after it."""
    return sorted(notices, key=lambda notice: (notice.t_ms, notice.of == WITH_RESOLUTION))


def _wrong(storm: Storm, found: Notices) -> list[str]:
    """How what was told differs from what was written down, case by case."""
    wrong = []
    for told in storm.told:
        ours, theirs = _sorted(told.notices), _sorted(found.get(told.number, []))
        if ours != theirs:
            wrong.append(f"{told.number} ({told.story}, {told.kind.category}):\n  {ours}\n  {theirs}")
    return wrong


def _fates(storm: Storm, cases: dict[str, Case | None]) -> list[str]:
    """How cases differ from what was written down."""
    wrong = []
    for told in storm.told:
        case, master = cases.get(told.report), next((one for one in storm.told if one.report == told.master), None)
        wanted = (told.number, told.state, master.number if master else None)
        now = (case.number, case.state.value, case.master) if case else None
        if now != wanted:
            wrong.append(f"{told.report} ({told.story}): {now}, expected {wanted}")
    return wrong


@pytest.mark.parametrize("seed", [36, 417])
def test_a_storm_is_told_as_planned_without_kafka(seed: int) -> None:
    """The rules alone notify everybody of the storm as it was written down before.

    The plan knows nothing of the rules; so either both are right, or both are wrong in the same way.
    """
    storm, system = make_storm(seed, N), PlainSystem(example_book(), N)
    for message in storm.day.messages:
        for line in records(message, N):
            system.send(*line)
    for topic, number, t_ms, key, value in _ticks():
        system.send(topic, number, t_ms or 0, key, value)
    events = [decode(Event, output.value or b"") for part in system.outputs(EVENTS) for output in part]
    assert _wrong(storm, _notices(events)) == []
    assert _fates(storm, {case.report: case for case in system.cases.values()}) == []
    assert parked_count(system) == 0


def test_the_plan_has_everything_in_it() -> None:
    """The plan has every kind of notification in it, so that following it proves something."""
    storm = make_storm(36, N)
    assert len(storm.told) == REPORTS == 420
    told = [notice for one in storm.told for notice in one.notices]
    counts = Counter(notice.what for notice in told)
    assert counts["told"] > 1000
    assert counts["withdrawn"] > 50
    rungs = Counter(notice.of for notice in told if notice.what == "told")
    assert set(rungs) == set("12345")
    assert min(rungs.values()) > 100
    assert AWAY not in {notice.who for notice in told}
    assert {"fence", "repair", "restore"} <= {notice.of for notice in told if notice.what == "missed"}
    assert sum("moved" in one.story for one in storm.told) > 15
    at_night = [n for one in storm.told for n in one.notices if n.what == "told" and not OFFICE.there(n.t_ms)]
    assert len(at_night) > 300


@dataclass(frozen=True)
class Stormed:
    """A storm that went over a real Kafka."""

    storm: Storm
    settings: Settings
    servers: str
    events: list[Event]


class _Workers:
    """One worker at a time: killed as a power cut does it, and started again."""

    def __init__(self, home: Path, servers: str, stack: ExitStack) -> None:
        self._home, self._servers, self._stack = home, servers, stack
        self._pid = 0

    def start(self) -> None:
        """Start the worker."""
        (self._pid,) = self._stack.enter_context(
            processes(self._home, self._servers, PREFIX, "worker --name w1", partitions=N)
        )

    def kill(self) -> None:
        """End it in the middle of whatever it does."""
        os.kill(self._pid, signal.SIGKILL)


async def _play(storm: Storm, servers: str, workers: _Workers) -> None:
    """The day, with an outage in its middle; then all that is left falls due, with a second one meanwhile."""
    waves, commands = list(storm.day.waves(N)), 0
    async with producing(servers) as producer, reading(servers, [PREFIX + COMMANDS], N) as consumer:
        counter = Seen(consumer)
        for number, wave in enumerate(waves):
            if number == len(waves) // 2:
                workers.kill()  # while it still works on the wave before; this one finds nobody
            await write(producer, PREFIX, (line for message in wave for line in records(message, N)))
            if number == len(waves) // 2:
                workers.start()
            commands += sum(message.commands for message in wave)
            await counter.reach(commands)
        async with reading(servers, [PREFIX + EVENTS], N) as watching:
            await watching.seek_to_end()
            for part in watching.assignment():
                await watching.position(part)  # where the end is, now
            await write(producer, PREFIX, _ticks())
            async with asyncio.timeout(40):
                while not await watching.getmany(timeout_ms=50):
                    pass
            workers.kill()
            workers.start()


async def _settled(settings: Settings, servers: str) -> bool:
    numbers = await balance(settings, servers)
    return not numbers["in_flight"] and not (await deep(settings, servers))["differences"]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stormed(kafka: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stormed]:
    storm, home = make_storm(36, N), tmp_path_factory.mktemp("storm")
    settings = Settings(home=home, kafka=kafka, topic_prefix=PREFIX, partitions=N)
    region = region_of(settings)
    await create_topics(kafka, N, [o.code for o in region.organisations], history=True, prefix=PREFIX)
    await create(kafka, region, rulebook_of(settings), N, prefix=PREFIX)
    await set_mode(kafka, Mode.HISTORY, prefix=PREFIX)
    with ExitStack() as stack:
        stack.enter_context(processes(home, kafka, PREFIX, "ledger run", partitions=N))
        workers = _Workers(home, kafka, stack)
        workers.start()
        await _play(storm, kafka, workers)
        await wait_until(lambda: _settled(settings, kafka), "the storm is over", 60, 0.5)
        log = await everything(kafka, PREFIX + EVENTS, N)
        yield Stormed(storm, settings, kafka, [decode(Event, record.value) for part in log for record in part])


@pytest.mark.kafka
@pytest.mark.slow
@pytest.mark.asyncio(loop_scope="module")
class TestTheStorm:
    """What must be so when it is over."""

    async def test_everybody_was_told_in_order_and_in_time(self, stormed: Stormed) -> None:
        """Each rung was notified once, at its moment and on duty, in spite of two outages."""
        assert _wrong(stormed.storm, _notices(stormed.events)) == []

    async def test_each_report_became_what_was_written_down(self, stormed: Stormed) -> None:
        """Every report of the storm became the case that was written down before, and the balance is exact."""
        ledger = Ledger(stormed.settings.ledger_file)
        cases = await asyncio.to_thread(lambda: {t.report: ledger.case_of_report(t.report) for t in stormed.storm.told})
        assert _fates(stormed.storm, cases) == []
        numbers = await balance(stormed.settings, stormed.servers)
        wanted = {"accepted": REPORTS, "parked": 0, "refused_actions": 0, "in_flight": 0, "balanced": True}
        assert numbers.items() >= wanted.items()

    async def test_nobody_was_disturbed_at_night_by_what_could_wait(self, stormed: Stormed) -> None:
        """The log shows no notification at night about a matter that is not urgent."""
        quiet = {told.number for told in stormed.storm.told if told.kind.category in QUIET}
        told = [event for event in stormed.events if event.type is EventType.ESCALATED and event.case in quiet]
        assert len(told) > 300
        assert [event.t_ms for event in told if not OFFICE.there(event.t_ms)] == []

    async def test_edits_moved_no_deadline(self, stormed: Stormed) -> None:
        """Correcting a case or handing it on changes no running deadline."""
        edits = [e for e in stormed.events if e.type in {EventType.CORRECTED, EventType.HANDED_ON}]
        assert len(edits) > 40
        resolve = [e.case for e in edits if "due_ms" in e.now or "clock" in e.now or "milestones" in e.now]
        assert resolve == []
