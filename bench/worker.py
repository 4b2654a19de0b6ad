"""The cost of being exact: CPU per command of a whole worker, beside a bare aiokafka loop that commits the same bytes.

The worker is the product's: Faust, `cases` and `measure`, `durable` in its child. The bare loop reads the same
commands, then the same events, appends to batches what the worker would write, and commits; it keeps nothing and
checks nothing. `python -m bench.worker [CASES] [--profile]`.
"""

import argparse
import asyncio
import cProfile
import gc
import pstats
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field

import psutil
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from bench.lab import PARTITIONS, burst, kafka, steady, system, until
from bench.mix import Mix, Sent, size, street
from bench.stopwatch import Rules
from bench.table import Row
from rules.book.compiled_rulebook import book_of
from rules.decide import decide, due, questions
from rules.durable.matcher import DurableMatcher
from schemas.models import plain_attributes
from schemas.topics import CASES, COMMANDS, EVENTS, MEASURES, PARKED
from streams.cases.case_cache import RecentlyUsed
from streams.cases.step import CasesStep
from streams.drivers.faust import FaustDriver
from streams.kafka.gc_tuning import rarely_collected
from streams.kafka.settings import EngineSettings
from streams.measure.step import MeasureStep
from streams.partition.assignment import Assignment
from streams.partition.batches import pack
from streams.partition.bookkeeping import KEY, Bookkeeping
from streams.partition.contract import Effects, Output, State, raw_of
from streams.partition.worker_context import Shared
from streams.rulebooks.cache import cache_of

ENGINE_RATIO = 3.0
ENGINE_MS = 80.0
COMMANDS_PER_S = 2_000


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU and time for so many commands; `child_s` is the CPU of the matcher's process."""

    commands: int
    cpu_s: float
    rules_s: float
    child_s: float
    wall_s: float
    transactions: int

    def ms(self, cpu_s: float) -> float:
        """CPU in ms per 1,000 commands."""
        return cpu_s * 1e6 / self.commands

    @property
    def decide_ms(self) -> float:
        """Rules, fold and matcher."""
        return self.ms(self.rules_s + self.child_s)

    @property
    def engine_ms(self) -> float:
        """Everything else, codec included."""
        return self.ms(self.cpu_s - self.rules_s)

    @property
    def whole_ms(self) -> float:
        """Both."""
        return self.decide_ms + self.engine_ms


@dataclass
class Worker:
    """A running worker and its meters."""

    shared: Shared
    rules: Rules
    child: psutil.Process
    running: "asyncio.Task[None]"
    started: tuple[float, int, float, float, int] = field(default=(0.0, 0, 0.0, 0.0, 0))

    def applied(self) -> int:
        """Commands and events so far."""
        assert not self.running.done(), self.running.exception()
        return self.shared.counters["applied"]

    def _meters(self) -> tuple[float, int, float, float, int]:
        child = self.child.cpu_times()
        used_s, transactions = child.user + child.system, self.shared.counters["transactions"]
        return time.process_time(), self.rules.cpu_ns, used_s, time.monotonic(), transactions

    def start(self) -> None:
        """Set the meters to nothing."""
        self.started = self._meters()

    def cost(self, commands: int) -> Cost:
        """What was used since."""
        cpu_s, rules_ns, child_s, wall_s, transactions = (
            now - then for now, then in zip(self._meters(), self.started, strict=True)
        )
        return Cost(commands, cpu_s, rules_ns / 1e9, child_s, wall_s, int(transactions))


@asynccontextmanager
async def working(servers: str, prefix: str) -> AsyncIterator[Worker]:
    """A whole worker in this process, all partitions taken over."""
    rules, (region, rulebook) = Rules(), street()
    matcher = DurableMatcher(rulebook.tables)
    await matcher.started()
    assert matcher.pid is not None
    cache, recent = cache_of(book_of(region, rulebook, matcher)), RecentlyUsed()
    settings = EngineSettings(servers, prefix, PARTITIONS, unhurried=frozenset({prefix + EVENTS}))
    shared = Shared(settings)

    def cases(number: int) -> CasesStep:
        return CasesStep(
            number,
            PARTITIONS,
            cache,
            prefix=prefix,
            recent=recent,
            decide=rules.timed(decide),
            due=rules.timed(due),
            questions=rules.timed(questions),
        )

    assignment = Assignment(
        {prefix + COMMANDS: cases, prefix + EVENTS: lambda number: MeasureStep(number, prefix=prefix)},
        shared,
    )
    stop = asyncio.Event()
    with rules.everywhere(), rarely_collected(), plain_attributes():
        running = asyncio.create_task(FaustDriver().run(assignment, stop))
        try:
            await until(lambda: assignment.ready or running.done())
            yield Worker(shared, rules, psutil.Process(matcher.pid), running)
        finally:
            stop.set()
            await running
            matcher.close()


@contextmanager
def kept_out_of_the_way() -> Iterator[None]:
    """What the bench itself keeps is not to be searched for garbage again and again."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


async def in_a_burst(servers: str, prefix: str, sent: Sequence[Sent]) -> Cost:
    """All commands are there at once."""
    work = len(sent) + sum(len(one.counted) for one in sent)
    items = [(one.partition, one.key, one.value) for one in sent]
    async with working(servers, prefix) as worker:
        before = worker.applied()
        async with burst(servers, prefix + COMMANDS, items):
            worker.start()
            await until(lambda: worker.applied() - before >= work)
            return worker.cost(len(sent))


async def at_a_rate(servers: str, prefix: str, sent: Sequence[Sent], per_s: float) -> tuple[Cost, float]:
    """Commands one by one; also the CPU (ms per 1,000) of sending them, which the cost has and the worker has not."""
    work = len(sent) + sum(len(one.counted) for one in sent)
    items = [(one.partition, one.key, one.value) for one in sent]
    async with working(servers, prefix) as worker:
        before = worker.applied()
        worker.start()
        await steady(servers, prefix + COMMANDS, items, per_s)
        await until(lambda: worker.applied() - before >= work)
        cost = worker.cost(len(sent))
    began = time.process_time()
    await steady(servers, prefix + PARKED, items, per_s)
    return cost, cost.ms(time.process_time() - began)


class Bare:
    """A loop that reads, appends the same bytes to batches, and commits."""

    def __init__(self, servers: str, prefix: str) -> None:
        self._servers = servers
        self._prefix = prefix
        self._producer = AIOKafkaProducer(
            bootstrap_servers=servers, transactional_id=f"{prefix}bare", linger_ms=0, max_batch_size=900_000
        )
        self.transactions = 0

    async def run(self, sent: Sequence[Sent]) -> Cost:
        """Both hops."""
        events: dict[int, list[Effects]] = defaultdict(list)
        commands: dict[int, list[Effects]] = defaultdict(list)
        for one in sent:
            commands[one.partition].append(one.effects)
            events[one.partition].extend(one.counted)
        items = [(one.partition, one.key, one.value) for one in sent]
        await self._producer.start()
        async with burst(self._servers, self._prefix + COMMANDS, items):
            cpu, wall = time.process_time(), time.monotonic()
            await self._hop(COMMANDS, CASES, commands)
            await self._hop(EVENTS, MEASURES, events)
            cost = Cost(len(sent), time.process_time() - cpu, 0.0, 0.0, time.monotonic() - wall, self.transactions)
        await self._producer.stop()
        return cost

    async def _hop(self, source: str, state: str, effects: dict[int, list[Effects]]) -> None:
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self._servers,
            isolation_level="read_committed",
            auto_offset_reset="earliest",
            max_partition_fetch_bytes=4 << 20,
        )
        await consumer.start()
        consumer.assign([TopicPartition(self._prefix + source, number) for number in effects])
        done: dict[int, int] = defaultdict(int)
        while sum(done.values()) < sum(map(len, effects.values())):
            for tp, records in (await consumer.getmany(timeout_ms=200, max_records=1000)).items():
                first = done[tp.partition]
                done[tp.partition] += len(records)
                await self._commit(state, tp.partition, effects[tp.partition][first : first + len(records)])
        await consumer.stop()

    async def _commit(self, state: str, number: int, effects: Sequence[Effects]) -> None:
        topic = self._prefix + state
        states: dict[str, State] = {KEY: Bookkeeping(1, 1).encode()}
        outputs: list[Output] = []
        for each in effects:
            outputs += each.outputs
            states |= each.changes
        outputs += [Output(topic, number, key.encode(), raw_of(value)) for key, value in states.items()]
        await self._producer.begin_transaction()
        batches = pack(self._producer, outputs)
        sends = [await self._producer.send_batch(batch, topic, partition=at) for topic, at, batch in batches]
        await asyncio.gather(*sends)
        await self._producer.commit_transaction()
        self.transactions += 1


async def measure(servers: str, cases: int, slow: int) -> list[Row]:
    """The rows of the table: bare loop, worker in a burst, worker at 100 commands per second (`slow` of them)."""
    region, _ = street()
    prefixes = [await system(servers, region) for _ in range(4)]
    sent = [list(Mix(PARTITIONS, prefix=prefix).lives(cases)) for prefix in prefixes[:3]]
    few = list(Mix(PARTITIONS, prefix=prefixes[3]).lives(slow // 4))
    records, written = size(sent[0])
    with kept_out_of_the_way():
        before = await Bare(servers, prefixes[0]).run(sent[0])
        whole = await in_a_burst(servers, prefixes[1], sent[1])
        after = await Bare(servers, prefixes[2]).run(sent[2])
        rate, sending = await at_a_rate(servers, prefixes[3], few, 100)
    bare_ms = (before.whole_ms + after.whole_ms) / 2  # on both sides: the machine may have become busier
    return [
        Row.plain(f"one command writes, in {records:.1f} records", written, "bytes", 0),
        Row.plain(f"bare loop, CPU per 1,000 commands ({before.transactions} transactions)", bare_ms, "ms"),
        Row.at_most("engine in a burst, CPU per 1,000", whole.engine_ms, ENGINE_MS, "ms"),
        Row.at_most("engine in a burst / bare loop", whole.engine_ms / bare_ms, ENGINE_RATIO, "×", 2),
        Row.plain(f"decide in a burst, CPU per 1,000 ({whole.transactions} transactions)", whole.decide_ms, "ms"),
        Row.at_least("whole worker, commands per second of CPU", 1e6 / whole.whole_ms, COMMANDS_PER_S, "/s"),
        Row.plain("whole worker, commands per second by the clock", whole.commands / whole.wall_s, "/s", 0),
        Row.plain("at 100 per s: engine, CPU per 1,000", rate.engine_ms - sending, "ms"),
        Row.plain("at 100 per s: decide, CPU per 1,000", rate.decide_ms, "ms"),
    ]


async def main(cases: int, slow: int) -> None:
    """Print the rows."""
    async with kafka() as (servers, _):
        for row in await measure(servers, cases, slow):
            print(f"{row.what:<70}{row.found:>16}   {row.target:<12}{row.verdict}")


async def profile(cases: int) -> None:
    """Print the profile of the worker's own thread in a burst."""
    async with kafka() as (servers, _):
        prefix = await system(servers, street()[0])
        sent = list(Mix(PARTITIONS, prefix=prefix).lives(cases))
        with cProfile.Profile() as seen:
            await in_a_burst(servers, prefix, sent)
        pstats.Stats(seen).sort_stats("tottime").print_stats(45)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cases", nargs="?", type=int, default=2500)
    parser.add_argument("--slow", type=int, default=400, help="commands at 100 per second")
    parser.add_argument("--profile", action="store_true", help="print the top of the profile instead")
    options = parser.parse_args()
    asyncio.run(profile(options.cases) if options.profile else main(options.cases, options.slow))
