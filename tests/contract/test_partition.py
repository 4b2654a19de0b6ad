"""The transactional partition under attack, on a real Kafka: nothing lost, doubled, different, or half done."""

import asyncio
import itertools
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from streams.partition.apply import CLOCK_EVERY
from streams.partition.assignment import Assignment
from streams.partition.errors import Refusal, SourceChangedError, SourceCutError, SourceShorterError
from streams.partition.fault_hooks import FaultHooks, NoFaults
from streams.partition.worker_context import EnsureTopic, Shared
from tests.oracles.toy import Hook, toy_factory
from tests.processes.kafka_lab import Lab, lab
from tests.processes.waiting import wait_until

pytestmark = pytest.mark.kafka


class At(NoFaults):
    """Does something at one place of a transaction, each time a partition comes by."""

    def __init__(self, place: str, act: Callable[[], Awaitable[None]]) -> None:
        self._place, self._act = place, act

    async def before_transaction(self, topic: str, partition: int) -> None:
        await self._reach("before_transaction")

    async def before_commit(self, topic: str, partition: int) -> None:
        await self._reach("before_commit")

    async def after_commit(self, topic: str, partition: int) -> None:
        await self._reach("after_commit")

    async def _reach(self, place: str) -> None:
        if place == self._place:
            await self._act()


def failing(*times: int) -> Callable[[], Awaitable[None]]:
    """Fails at the given visits, counted from 1."""
    visits = itertools.count(1)

    async def act() -> None:
        if next(visits) in times:
            raise OSError("planted")

    return act


@asynccontextmanager
async def solo(
    toy: Lab,
    faults: FaultHooks | None = None,
    *,
    hook: Hook | None = None,
    ticks: bool = False,
    ensure_topic: EnsureTopic | None = None,
    **changes: object,
) -> AsyncIterator[Assignment]:
    """A worker that was given everything, without a driver: it finds its work by looking at the log."""
    shared = Shared(toy.settings(**changes), ensure_topic=ensure_topic, faults=faults)
    commands = toy.topics["commands"]
    assignment = Assignment({commands: toy_factory(toy.topics, hook, ticks)}, shared)
    assignment.assign((commands, number) for number in range(toy.partitions))
    watching = asyncio.create_task(assignment.watch())
    try:
        yield assignment
    finally:
        watching.cancel()
        await asyncio.wait({watching})
        await assignment.close()


def additions(n: int, **more: object) -> list[dict[str, object]]:
    return [{"do": "add", "key": f"k{i % 7}", "by": i, **more} for i in range(n)]


@pytest.mark.parametrize("place", ["before_transaction", "before_commit", "after_commit"])
async def test_a_failure_anywhere_in_a_transaction(kafka: str, place: str) -> None:
    """A failure before, inside or after a transaction neither loses nor doubles anything."""
    async with lab(kafka) as toy, solo(toy, At(place, failing(1, 3, 4)), records_per_transaction=40) as assignment:
        await toy.feed(additions(200))
        await toy.settled()
        assert assignment.shared.counters["resets"] == 3
        await toy.assert_exact()


async def test_records_that_are_announced_again(kafka: str) -> None:
    """Announcements of old offsets, or of offsets yet to come, change nothing."""
    async with lab(kafka) as toy, solo(toy) as assignment:
        for _ in range(3):
            await toy.feed(additions(20))
            for offset in (0, 5, 19, 70):
                assignment.ring(toy.topics["commands"], 0, offset)
            await toy.settled()
        assert assignment.shared.counters["applied"] == 60
        await toy.assert_exact()


@pytest.mark.parametrize("quiet_after_s", [60.0, 0.0])
async def test_a_partition_hears_by_itself(kafka: str, quiet_after_s: float) -> None:
    """A partition finds new records at once without a driver that announces them, also after a long quiet."""
    async with lab(kafka) as toy, solo(toy, tail_look_s=60.0, quiet_after_s=quiet_after_s) as assignment:
        await wait_until(lambda: assignment.ready, "the partition owned")
        for one in additions(3):
            await toy.feed([one])
            async with asyncio.timeout(3):
                await toy.settled()
        await toy.assert_exact()


async def test_records_that_nobody_waits_for_are_gathered(kafka: str) -> None:
    """Records that nobody waits for are gathered, a second's worth in each transaction."""
    async with lab(kafka, partitions=1) as toy:
        unhurried = frozenset({toy.topics["commands"]})
        await _gathered(toy, unhurried=unhurried, gather_s=1.0)


async def test_a_busy_worker_gathers_what_is_waited_for(kafka: str) -> None:
    """A busy worker gathers the commands of a short time in each transaction."""
    async with lab(kafka, partitions=1) as toy:
        await _gathered(toy, busy_records_per_s=0.0, busy_gather_s={toy.topics["commands"]: 1.0})


async def test_a_worker_at_rest_gathers_nothing(kafka: str) -> None:
    """A worker that is not busy works on each command at once."""
    async with lab(kafka, partitions=1) as toy:
        async with solo(toy, busy_records_per_s=1e9, busy_gather_s={toy.topics["commands"]: 60.0}) as assignment:
            for one in additions(3):
                await toy.feed([one])
                await toy.settled()
            assert assignment.shared.counters["transactions"] >= 3
        await toy.assert_exact()


async def _gathered(toy: Lab, **settings: Any) -> None:
    """Feed commands one by one: about one transaction a second, and nothing lost."""
    async with solo(toy, tail_look_s=0.02, **settings) as assignment:
        began = time.monotonic()
        for one in additions(12):
            await toy.feed([one])
        took_s = time.monotonic() - began
        await toy.settled()
    assert assignment.shared.counters["applied"] == 12
    assert assignment.shared.counters["transactions"] <= took_s + 2
    await toy.assert_exact()


async def test_a_send_that_fails_inside_a_transaction(kafka: str) -> None:
    """A batch that the broker refuses undoes its whole transaction, and its command is parked.

    Without waiting for every send, aiokafka commits the rest: the state moves on and the event is lost.
    """
    async with lab(kafka, max_message_bytes=3000) as toy, solo(toy) as assignment:
        too_large = {"do": "add", "key": "k1", "by": 1000, "bytes": 5000}
        await toy.feed([*additions(10), too_large, *additions(5)])
        await toy.settled()
        await toy.assert_exact(limit=3000)
        assert assignment.shared.counters["parked"] == 1


@pytest.mark.parametrize("place", ["before_transaction", "before_commit"])
async def test_a_zombie_is_fenced(kafka: str, place: str) -> None:
    """A worker that wakes up in a transaction after another took over writes nothing."""
    awake, asleep = asyncio.Event(), asyncio.Event()

    async def sleep() -> None:
        asleep.set()
        await awake.wait()

    async with lab(kafka) as toy, solo(toy, At(place, sleep), fenced_pause_s=60.0) as zombie:
        await toy.feed(additions(20))
        await asleep.wait()
        async with solo(toy) as owner:
            await toy.settled()
            awake.set()
            await wait_until(lambda: zombie.shared.counters["fenced"] == 1, "the zombie fenced")
            await toy.feed(additions(20))
            await toy.settled()
            assert owner.shared.counters["applied"] == 40
        assert zombie.shared.counters["applied"] == 0
        await toy.assert_exact()


async def test_commands_whose_own_code_fails_are_parked(kafka: str) -> None:
    """A command that always fails is parked, garbage too; one that fails once is not."""
    failures = iter([True])

    def flaky(what: str) -> None:
        if what == "flaky" and next(failures, False):
            raise OSError("only once")

    async with lab(kafka) as toy, solo(toy, hook=flaky) as assignment:
        await toy.feed([*additions(3), {"do": "poison"}, {"do": "flaky", "key": "k1", "by": 1}, *additions(3)])
        await toy.settled()
        assert assignment.shared.counters["parked"] == 1
        assert assignment.shared.counters["resets"] == 0
        await toy.assert_exact()


async def test_memory_and_recursion_errors_are_not_the_command_s_fault(kafka: str) -> None:
    """A command is not parked because the worker was short of memory or stack."""
    errors = iter([MemoryError(), RecursionError()])

    def short_of_memory(what: str) -> None:
        if what == "add" and (error := next(errors, None)):
            raise error

    async with lab(kafka) as toy, solo(toy, hook=short_of_memory) as assignment:
        await toy.feed(additions(5))
        await toy.settled()
        assert assignment.shared.counters["parked"] == 0
        assert assignment.shared.counters["resets"] == 2
        await toy.assert_exact()


async def test_an_alarm_that_raises_is_parked_and_removed(kafka: str) -> None:
    """A deadline that always fails is parked, and the others fire."""
    async with lab(kafka) as toy, solo(toy) as assignment:
        await toy.feed([{"do": "late", "key": "b", "by": 1, "alarm_ms": 20}, *additions(3, alarm_ms=10)])
        await asyncio.sleep(0.1)
        await toy.feed(additions(2))
        await toy.settled()
        assert assignment.shared.counters["parked"] == 1
        assert assignment.shared.counters["fired"] == 4
        await toy.assert_exact()


async def test_effects_too_large_to_write_park_their_command(kafka: str) -> None:
    """A command whose effects are too large to write is parked, and the others are applied."""
    async with lab(kafka) as toy, solo(toy) as assignment:
        large, huge = ({"do": do, "key": "k1", "by": 1, "bytes": 950_000} for do in ("add", "huge"))
        await toy.feed([*additions(5), large, *additions(5), huge, *additions(5)])
        await toy.settled()
        assert assignment.shared.counters["parked"] == 2
        await toy.assert_exact()


async def test_an_overdue_alarm_fires_in_the_quiet(kafka: str) -> None:
    """A deadline fires without any new command, by a single tick."""
    async with lab(kafka) as toy, solo(toy, ticks=True) as assignment:
        await toy.feed(additions(3, alarm_ms=300))
        await wait_until(lambda: assignment.shared.counters["fired"] == 3, "three deadlines fired", 5)
        await toy.settled()
        commands = await toy.read("commands")
        assert [record.value for record in commands[0][3:]] == [b'{"do":"tick"}'] * assignment.shared.counters["ticks"]
        assert assignment.shared.counters["ticks"] <= 3
        await toy.assert_exact()


@pytest.mark.slow
async def test_a_storm_of_deadlines_with_a_crash_in_it(kafka: str) -> None:
    """30,000 deadlines at once fire in many transactions, with turns for others, and a crash repeats none."""
    n, later_ms = 30_000, 1_800_000
    halfway: list[dict[str, Any]] = []

    async with lab(kafka, own_times=True) as toy:
        now_ms = int(time.time() * 1000)
        async with solo(toy):
            await toy.feed(
                [{"do": "add", "key": f"k{i}", "by": 1, "alarm_ms": later_ms} for i in range(n)], at_ms=now_ms
            )
            await toy.settled()

        visits = itertools.count(1)

        async def look_and_fail() -> None:
            visit = next(visits)
            if visit == 20:
                halfway.append((await toy.places())[0])
            if visit in (21, 40):
                raise OSError("planted")

        others = Others()
        faults = At("before_commit", look_and_fail)
        async with others.running(), solo(toy, faults, hook=others.wait_for, slice_s=0.0) as assignment:
            await toy.feed(additions(1), at_ms=now_ms + later_ms + 1)
            await toy.settled()
            assert 0 < others.most <= CLOCK_EVERY
            assert assignment.shared.counters["fired"] == n
            assert assignment.shared.counters["resets"] == 2
        assert halfway[0]["next"] == n
        assert halfway[0]["n"] > n
        await toy.assert_exact()


class Others:
    """Somebody else on the event loop, who counts the deadlines that fired while it waited for its turn."""

    def __init__(self) -> None:
        self.most = self._since = 0

    def wait_for(self, what: str) -> None:
        if what == "due":
            self._since += 1
            self.most = max(self.most, self._since)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        turns = asyncio.create_task(self._take_turns())
        try:
            yield
        finally:
            turns.cancel()
            await asyncio.wait({turns})

    async def _take_turns(self) -> None:
        while True:
            self._since = 0
            await asyncio.sleep(0)


async def test_a_topic_that_was_made_anew_is_refused(kafka: str) -> None:
    """A topic that was made anew is refused, whether shorter or with other records."""
    async with lab(kafka) as toy:
        async with solo(toy):
            await toy.feed(additions(10))
            await toy.settled()
        await toy.delete("commands")
        await toy.create("commands", **{"message.timestamp.type": "LogAppendTime"})
        await toy.feed(additions(5))
        assert isinstance(await refusal(toy), SourceShorterError)
        await toy.feed(additions(10))
        assert isinstance(await refusal(toy), SourceChangedError)


async def test_records_deleted_before_they_were_applied_are_missed(kafka: str) -> None:
    """Records deleted before they were applied stop the partition."""
    async with lab(kafka) as toy:
        await toy.feed(additions(10))
        await toy.cut("commands", before=4)
        assert isinstance(await refusal(toy), SourceCutError)


async def test_a_step_can_end_the_worker(kafka: str) -> None:
    """A step can end its worker with a refusal."""
    async with lab(kafka) as toy:
        await toy.feed([*additions(3), {"do": "refuse"}])
        assert type(await refusal(toy)) is Refusal


async def test_a_missing_topic_is_made_first(kafka: str) -> None:
    """A missing output topic is created once, before anything is written to it."""
    made: list[str] = []
    toy = Lab(kafka, 1)

    async def ensure(topic: str) -> None:
        made.append(topic)
        await toy.create("events")

    await toy.create("commands")
    await toy.create("state")
    async with solo(toy, ensure_topic=ensure):
        for _ in range(2):
            await toy.feed(additions(3))
            await toy.settled()
    assert made == [toy.topics["events"]]
    await toy.assert_exact()


async def refusal(toy: Lab) -> Refusal:
    async with solo(toy) as assignment, asyncio.timeout(10):
        with pytest.raises(Refusal) as raised:
            await assignment.watch()
        return raised.value
