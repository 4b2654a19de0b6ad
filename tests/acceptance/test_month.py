"""417 cases in a month on one street: every outcome was written down before anything ran."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from aiokafka.structs import ConsumerRecord

from connectors.ledger.queries.cases import Ledger
from grid36.kafka.topics import create_topics
from grid36.settings import Settings
from grid36.system.balance import balance, deep
from grid36.system.create import region_of, rulebook_of
from schemas.codec import decode
from schemas.measure import Measure
from schemas.system import Mode
from schemas.topics import CASES, COMMANDS, EVENTS, MEASURES, RULEBOOKS, TEXTS
from streams.rulebooks.topic import create, set_mode
from tests.generators.month import REPORTS, make_month
from tests.generators.month_messages import Month
from tests.oracles.month_play import compared, last_ticks, records, resolutions, shares
from tests.oracles.plain_run import PlainSystem, example_book, parked_count, totals
from tests.processes.live_log import Counter, everything, producing, reading, write
from tests.processes.system import processes
from tests.processes.waiting import wait_until

N = 8
PROVEN = {EVENTS: N, CASES: N, MEASURES: N, TEXTS: N, RULEBOOKS: 1}
"""What `balance --deep` reads, and in how many partitions."""


@pytest.mark.parametrize("seed", [417, 36])
def test_a_month_goes_as_planned_without_kafka(seed: int) -> None:
    """The rules alone bring every case of the month to the end that was written down before.

    The plan knows nothing of the rules; so either both are right, or both are wrong in the same way.
    """
    month, system = make_month(seed, N), PlainSystem(example_book(), N)
    for message in month.messages:
        for line in records(message, N):
            system.send(*line)
    for line in last_ticks(N):
        system.send(*line)
    now = {case.report: case for case in system.cases.values() if case.state != "moved"}
    differences = compared(month, now.get, system.cases.get)
    assert differences == []
    assert len(month.expected) == REPORTS
    assert parked_count(system) == 0
    assert totals(system.steps[COMMANDS]).items() >= {s: n for s, n in shares(month).items() if n}.items()


@dataclass(frozen=True)
class Played:
    """A month that went through a real Kafka."""

    month: Month
    settings: Settings
    servers: str
    ledger: Ledger


@asynccontextmanager
async def _system(servers: str, prefix: str, home: Path) -> AsyncIterator[Settings]:
    """A history system: its topics, two workers and a ledger."""
    settings = Settings(home=home, kafka=servers, topic_prefix=prefix, partitions=N)
    region = region_of(settings)
    await create_topics(servers, N, [o.code for o in region.organisations], history=True, prefix=prefix)
    await create(servers, region, rulebook_of(settings), N, prefix=prefix)
    await set_mode(servers, Mode.HISTORY, prefix=prefix)
    with processes(home, servers, prefix, "worker --name w1", "worker --name w2", "ledger run", partitions=N):
        yield settings


async def _play(month: Month, servers: str, prefix: str) -> None:
    """Wave by wave: what was sent before has reached `commands` before the next way is used."""
    commands = 0
    async with producing(servers) as producer, reading(servers, [prefix + COMMANDS], N) as consumer:
        counter = Counter(consumer)
        for wave in month.waves(N):
            await write(producer, prefix, (line for message in wave for line in records(message, N)))
            commands += sum(message.commands for message in wave)
            await counter.reach(commands)
        await write(producer, prefix, last_ticks(N))


async def _settled(settings: Settings, servers: str) -> bool:
    """Whether the ledger and the measures have come to the end of the events."""
    numbers = await balance(settings, servers)
    if numbers["in_flight"]:
        return False
    proof = await deep(settings, servers)
    return not proof["differences"]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def played(kafka: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Played]:
    month, home, prefix = make_month(417, N), tmp_path_factory.mktemp("month"), "month."
    async with _system(kafka, prefix, home) as settings:
        await _play(month, kafka, prefix)
        await wait_until(lambda: _settled(settings, kafka), "the month is settled", 40, 0.5)
        yield Played(month, settings, kafka, Ledger(settings.ledger_file))


@pytest.mark.kafka
@pytest.mark.slow
@pytest.mark.asyncio(loop_scope="module")
class TestTheMonth:
    """What must be so when the month is over."""

    async def test_each_outcome_is_the_one_written_down_before(self, played: Played) -> None:
        """On a whole system, too, every case of the month ends as it was written down before."""
        differences = compared(played.month, played.ledger.case_of_report, played.ledger.case)
        assert differences == []

    async def test_the_balance_is_exact(self, played: Played) -> None:
        """Every report of the month is in exactly one column of the balance, as planned."""
        numbers = await balance(played.settings, played.servers)
        wanted = {"accepted": REPORTS, "parked": 0, "parked_actions": 0, "in_flight": 0, "balanced": True}
        wanted |= shares(played.month) | {"refused_actions": played.month.refused_actions}
        assert numbers.items() >= wanted.items()

    async def test_the_measures_are_the_planned_times(self, played: Played) -> None:
        """The times that `measures` adds up are the planned ones, to the millisecond."""
        latest: dict[bytes, bytes] = {}
        for part in await everything(played.servers, "month." + MEASURES, N):
            latest |= {record.key: record.value for record in part}
        figures = [decode(Measure, value) for key, value in latest.items() if key.endswith(b"/resolution/all")]
        times = resolutions(played.month)
        assert sum(figure.count for figure in figures) == len(times)
        assert sum(figure.sum_ms for figure in figures) == sum(times)

    async def test_a_planted_change_is_found(self, played: Played, tmp_path: Path) -> None:
        """One changed byte in a copy of the log, in its middle or in its last event, is found."""
        copied = {topic: await everything(played.servers, "month." + topic, count) for topic, count in PROVEN.items()}
        busiest = max(range(N), key=lambda number: len(copied[EVENTS][number]))
        last = len(copied[EVENTS][busiest]) - 1
        for name, wanted in (("none", None), ("middle", last // 2), ("last", last)):
            prefix = f"copy-{name}."
            await _copy(played, copied, prefix, (busiest, wanted) if wanted is not None else None)
            settings = Settings(
                home=tmp_path, kafka=played.servers, topic_prefix=prefix, partitions=N, ledger=played.ledger.path
            )
            differences = (await deep(settings, played.servers))["differences"]
            own = [each for each in differences if not each.startswith("ledger")]
            assert bool(own) == (wanted is not None), (name, differences)
        assert (await deep(played.settings, played.servers))["differences"] == []


async def _copy(
    played: Played, copied: dict[str, list[list[object]]], prefix: str, change: tuple[int, int] | None
) -> None:
    """What the proof reads, again under another prefix; one digit of one event's time is another one."""
    await create_topics(played.servers, N, history=True, prefix=prefix)
    async with producing(played.servers) as producer:
        for topic, parts in copied.items():
            for number, part in enumerate(parts):
                await write(producer, prefix, _lines(topic, number, part, change))


def _lines(
    topic: str, number: int, part: list[ConsumerRecord], change: tuple[int, int] | None
) -> Iterator[tuple[str, int, int, bytes | None, bytes | None]]:
    for n, record in enumerate(part):
        value = record.value
        if topic == EVENTS and change == (number, n):
            value = value.replace(b'"t_ms":17', b'"t_ms":27')
            assert value != record.value
        yield topic, number, record.timestamp, record.key, value
