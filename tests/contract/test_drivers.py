"""Both drivers keep the same promises: every record applied once, whatever the group does."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

import pytest

from streams.drivers.aiokafka import PlainDriver
from streams.drivers.driver import Driver
from streams.drivers.faust import FaustDriver
from streams.partition.assignment import Assignment
from streams.partition.errors import WrongPartitionsError
from streams.partition.fault_hooks import NoFaults
from streams.partition.worker_context import Shared
from tests.oracles.toy import toy_factory
from tests.processes.kafka_lab import Lab, lab, lag
from tests.processes.waiting import wait_until

pytestmark = pytest.mark.kafka

Make = Callable[[], Driver]


@pytest.fixture(params=[FaustDriver, PlainDriver])
def make(request: pytest.FixtureRequest) -> Make:
    chosen: Make = request.param
    return chosen


class DeafDriver(NoFaults):
    """Every ring is lost."""

    def lose_ring(self, topic: str, partition: int) -> bool:
        return bool(topic) and partition >= 0


@asynccontextmanager
async def worker(toy: Lab, driver: Driver, faults: NoFaults | None = None) -> AsyncIterator[Assignment]:
    assignment = Assignment({toy.topics["commands"]: toy_factory(toy.topics)}, Shared(toy.settings(), faults=faults))
    stop = asyncio.Event()
    running = asyncio.create_task(driver.run(assignment, stop))
    ready = asyncio.create_task(wait_until(lambda: assignment.ready, "all partitions owned"))
    try:
        await asyncio.wait({running, ready}, return_when=asyncio.FIRST_COMPLETED)
        yield assignment
    finally:
        ready.cancel()
        stop.set()
        await running


def additions(n: int) -> list[dict[str, object]]:
    return [{"do": "add", "key": f"k{i % 7}", "by": i} for i in range(n)]


async def test_every_record_is_applied_once(kafka: str, make: Make) -> None:
    """A worker applies every command once, those before its start and those after."""
    async with lab(kafka, partitions=4) as toy:
        await toy.feed(additions(200))
        async with worker(toy, make()) as assignment:
            await toy.feed(additions(200))
            await toy.settled()
            assert assignment.shared.counters["applied"] == 400
        await toy.assert_exact()


async def test_the_lag_of_the_group_reaches_zero(kafka: str) -> None:
    """Kafka's own tools show a lag of zero, also behind markers and an aborted transaction.

    Only the Faust driver: the plain one commits nothing to its group.
    """
    async with lab(kafka) as toy:
        async with worker(toy, FaustDriver()):
            await toy.feed_together(additions(10))
            await toy.feed_together(additions(3), commit=False)
            await toy.settled()

            async def nothing_left() -> bool:
                return await lag(kafka, toy.name) == 0

            await wait_until(nothing_left, "a lag of zero")
        await toy.feed_together(additions(3))
        async with worker(toy, FaustDriver()):
            await toy.settled()
        await toy.assert_exact()


async def test_a_second_worker_takes_its_share_and_gives_it_back(kafka: str, make: Make) -> None:
    """A second worker joins and leaves under load, and no command is lost or applied twice."""
    async with lab(kafka, partitions=4) as toy, worker(toy, make()) as first:
        feeding = asyncio.create_task(toy.feed_slowly(additions(400), per_s=100))
        async with worker(toy, make()) as second:
            await wait_until(lambda: len(owners(first)) == len(owners(second)) == 2, "two partitions each")
            await wait_until(lambda: second.shared.counters["applied"], "work of the second")
        await wait_until(lambda: len(owners(first)) == 4, "all partitions back")
        await feeding
        await toy.settled()
        await toy.assert_exact()


async def test_a_restart_goes_on_where_it_was(kafka: str, make: Make) -> None:
    """A restarted worker goes on at the first command that was not applied."""
    async with lab(kafka, partitions=2) as toy:
        for _ in range(2):
            async with worker(toy, make()):
                await toy.feed(additions(50))
                await toy.settled()
        await toy.feed(additions(50))
        async with worker(toy, make()) as assignment:
            await toy.settled()
            assert Counter(assignment.shared.counters)["applied"] == 50
        await toy.assert_exact()


async def test_topics_that_nobody_knew_at_first_are_found(kafka: str, make: Make) -> None:
    """Workers that started before their topics existed find them by themselves.

    A broker that comes back may name no topic to the leader of the group at first.
    """
    toy = Lab(kafka, partitions=2)
    assignment = Assignment({toy.topics["commands"]: toy_factory(toy.topics)}, Shared(toy.settings()))
    stop = asyncio.Event()
    running = asyncio.create_task(make().run(assignment, stop))
    try:
        with suppress(AssertionError):  # one driver is assigned nothing, the other waits with joining
            await wait_until(lambda: assignment.shared.counters["rebalances"], "a group without topics", 3)
        assert not assignment.ready_count
        await toy.create_all()
        await toy.feed(additions(20))
        await wait_until(lambda: assignment.shared.counters["applied"] == 20, "all 20 commands")
    finally:
        stop.set()
        await running
    await toy.assert_exact()


async def test_a_driver_that_never_rings_loses_nothing(kafka: str, make: Make) -> None:
    """Commands are applied even if the driver never announces them."""
    async with lab(kafka, partitions=2) as toy, worker(toy, make(), DeafDriver()) as assignment:
        await toy.feed(additions(60))
        await wait_until(lambda: assignment.shared.counters["applied"] == 60, "all 60 commands", 5)
        await toy.assert_exact()


async def test_a_clean_stop_is_quick(kafka: str, make: Make) -> None:
    """A worker that is asked to stop ends within 2 s."""
    async with lab(kafka, partitions=4) as toy:
        async with worker(toy, make()):
            stopping = time.monotonic()
        assert time.monotonic() - stopping < 2


async def test_another_number_of_partitions_ends_the_worker(kafka: str, make: Make) -> None:
    """A worker set to 4 partitions ends at once on a system that was created with 2."""
    async with lab(kafka, partitions=2) as toy:
        toy.partitions = 4
        with pytest.raises(WrongPartitionsError, match="expected: 4, found: 2"):
            async with worker(toy, make()):
                pass


def owners(assignment: Assignment) -> list[object]:
    partitions = assignment.status()["partitions"]
    assert isinstance(partitions, list)
    return [one for one in partitions if one["ready"]]
