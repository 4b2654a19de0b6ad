"""The cost of being exact: CPU of the engine with a trivial step, against a bare aiokafka loop that commits the same.

Run by `python -m bench`, or alone: `python -m bench.engine HOST:PORT`. CPU is that of the whole process, all threads.
"""

import asyncio
import json
import sys
import time
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from bench.table import Row, markdown
from streams.drivers.aiokafka import PlainDriver
from streams.drivers.driver import Driver
from streams.drivers.faust import FaustDriver
from streams.kafka.settings import EngineSettings
from streams.partition.assignment import Assignment
from streams.partition.batches import pack
from streams.partition.bookkeeping import KEY, Bookkeeping
from streams.partition.contract import ConsumedRecord, Effects, Output
from streams.partition.worker_context import Shared

VALUE = json.dumps({"type": "report", "text": "x" * 300}).encode()
EVENT = json.dumps({"type": "opened", "because": "x" * 600}).encode()
STATE = json.dumps({"state": "open", "history": "x" * 400}).encode()
HEADERS = tuple((f"ce_{name}", b"0" * 12) for name in ("id", "source", "type", "specversion", "time"))


@dataclass(frozen=True, slots=True)
class Topics:
    """Topics of one run."""

    source: str
    state: str
    events: str


@dataclass(frozen=True, slots=True)
class Cost:
    """What one way of working took for `records`."""

    name: str
    records: int
    cpu_s: float
    wall_s: float
    transactions: int

    @property
    def cpu_ms_per_1000(self) -> float:
        """The figure to compare."""
        return self.cpu_s * 1e6 / self.records


class TrivialStep:
    """One event with headers and one changed state per record: the bytes of a real step without its thoughts."""

    def __init__(self, partition: int, topics: Topics) -> None:
        self.source, self.state, self._events, self._partition = topics.source, topics.state, topics.events, partition

    def restore(self, items: Iterable[tuple[str, bytes]]) -> None:
        """Keep nothing."""

    def resume(self, bookkeeping: Mapping[str, object]) -> None:
        """Nothing to go on with."""

    async def prepare(self, records: Sequence[ConsumedRecord]) -> None:
        """Nothing to ask."""

    def next_due(self) -> int | None:
        """No deadlines."""
        return None

    def due(self, t_ms: int) -> Effects | None:
        """No deadlines."""
        raise NotImplementedError(t_ms)

    def apply(self, record: ConsumedRecord, t_ms: int) -> Effects:
        """One event, one state."""
        key = f"case/{record.offset % 5000}"
        event = Output(self._events, self._partition, key.encode(), EVENT, HEADERS)
        return Effects((event,), {key: STATE}) if t_ms else Effects()

    def park(self, record: ConsumedRecord, error: Exception, t_ms: int) -> Effects:
        """Never."""
        raise NotImplementedError from error

    def park_due(self, error: Exception, t_ms: int) -> Effects:
        """Never."""
        raise NotImplementedError from error

    def bookkeeping(self) -> Mapping[str, object]:
        """Like a real one."""
        return {"n": 1, "digest": "0" * 32}

    def tick(self) -> Output | None:
        """Never."""
        return None


async def prepare(servers: str, partitions: int) -> Topics:
    """Fresh topics."""
    name = f"bench-{uuid.uuid4().hex[:8]}"
    topics = Topics(f"{name}.source", f"{name}.state", f"{name}.events")
    admin = AIOKafkaAdminClient(bootstrap_servers=servers)
    await admin.start()
    stamped, compacted = {"message.timestamp.type": "LogAppendTime"}, {"cleanup.policy": "compact"}
    await admin.create_topics(
        [
            NewTopic(topics.source, partitions, 1, topic_configs=stamped),
            NewTopic(topics.state, partitions, 1, topic_configs=compacted),
            NewTopic(topics.events, partitions, 1),
        ]
    )
    await admin.close()
    return topics


async def feed(servers: str, topic: str, partitions: int, records: int, per_s: int) -> None:
    """Append commands at a steady rate, or all at once (0)."""
    producer = AIOKafkaProducer(bootstrap_servers=servers, linger_ms=0 if per_s else 10, max_batch_size=200_000)
    await producer.start()
    started = time.monotonic()
    sent = []
    for i in range(records):
        sent.append(await producer.send(topic, VALUE, key=b"home", partition=i % partitions))
        if per_s:
            await asyncio.sleep(max(0.0, started + i / per_s - time.monotonic()))
    await asyncio.gather(*sent)
    await producer.stop()


async def fed_apart(servers: str, topic: str, *numbers: int) -> asyncio.subprocess.Process:
    """The same in a process of its own, so that its cost is not counted."""
    arguments = ("feed", servers, topic, *(str(number) for number in numbers))
    return await asyncio.create_subprocess_exec(sys.executable, "-m", "bench.engine", *arguments)


async def engine(
    servers: str, make: Callable[[], Driver], name: str, *, records: int, per_s: int = 0, partitions: int = 4
) -> Cost:
    """The product's engine, from the moment it is ready; in a burst, or at a steady rate."""
    topics = await prepare(servers, partitions)
    shared = Shared(EngineSettings(servers, topics.source, partitions))
    assignment = Assignment({topics.source: lambda number: TrivialStep(number, topics)}, shared)
    stop = asyncio.Event()
    running = asyncio.create_task(make().run(assignment, stop))
    await _until(lambda: assignment.ready or running.done())
    cpu, wall = time.process_time(), time.monotonic()
    feeder = await fed_apart(servers, topics.source, partitions, records, per_s)
    await _until(lambda: shared.counters["applied"] >= records or running.done())
    cost = Cost(name, records, time.process_time() - cpu, time.monotonic() - wall, shared.counters["transactions"])
    await feeder.wait()
    stop.set()
    await running
    return cost


async def _until(true: Callable[[], bool]) -> None:
    while not true():  # noqa: ASYNC110  # counters have no event to wait for
        await asyncio.sleep(0.02)


async def bare(servers: str, records: int, partitions: int = 4) -> Cost:
    """A loop that reads, appends the same bytes to batches, and commits; it keeps nothing and checks nothing."""
    topics = await prepare(servers, partitions)
    await feed(servers, topics.source, partitions, records, 0)
    producer = AIOKafkaProducer(
        bootstrap_servers=servers, transactional_id=topics.source, linger_ms=0, max_batch_size=900_000
    )
    consumer = AIOKafkaConsumer(
        bootstrap_servers=servers,
        isolation_level="read_committed",
        auto_offset_reset="earliest",
        max_partition_fetch_bytes=4 << 20,
    )
    await producer.start()
    await consumer.start()
    cpu, wall = time.process_time(), time.monotonic()
    consumer.assign([TopicPartition(topics.source, number) for number in range(partitions)])
    done = transactions = 0
    while done < records:
        for tp, consumed in (await consumer.getmany(timeout_ms=200, max_records=1000)).items():
            await _commit(producer, topics, tp.partition, [one.offset for one in consumed])
            done += len(consumed)
            transactions += 1
    cost = Cost("trivial step, bare loop", records, time.process_time() - cpu, time.monotonic() - wall, transactions)
    await consumer.stop()
    await producer.stop()
    return cost


async def _commit(producer: AIOKafkaProducer, topics: Topics, number: int, offsets: Sequence[int]) -> None:
    keys = [b"case/%d" % (offset % 5000) for offset in offsets]
    states = dict.fromkeys(keys, STATE) | {KEY.encode(): Bookkeeping(1, offsets[-1] + 1).encode()}
    outputs = [Output(topics.events, number, key, EVENT, HEADERS) for key in keys]
    outputs += [Output(topics.state, number, key, value) for key, value in states.items()]
    await producer.begin_transaction()
    batches = pack(producer, outputs)
    await asyncio.gather(*[await producer.send_batch(batch, topic, partition=place) for topic, place, batch in batches])
    await producer.commit_transaction()


async def measure(servers: str, records: int = 20_000, slow: int = 400) -> list[Row]:
    """The floor, then the engine with a step that does nothing, in a burst and at 100 records per second."""
    await bare(servers, records // 10)
    least = await bare(servers, records)
    plain = await engine(servers, PlainDriver, "trivial step, plain driver", records=records)
    faust = await engine(servers, FaustDriver, "trivial step, Faust", records=records)
    calm = await engine(servers, FaustDriver, "trivial step, Faust, 100 per s", records=slow, per_s=100)
    return [
        *(
            Row.plain(
                f"{cost.name}, CPU per 1,000 ({cost.transactions} transactions)",
                cost.cpu_ms_per_1000,
                "ms",
            )
            for cost in (least, plain, faust, calm)
        ),
        Row.at_most("trivial step, Faust / bare loop", faust.cpu_ms_per_1000 / least.cpu_ms_per_1000, 3.0, "×", 2),
    ]


def main() -> None:
    """Print the table, or feed for it."""
    match sys.argv[1:]:
        case ["feed", servers, topic, partitions, records, per_s]:
            asyncio.run(feed(servers, topic, int(partitions), int(records), int(per_s)))
        case [servers]:
            print(markdown(asyncio.run(measure(servers))))
        case _:
            sys.exit("python -m bench.engine HOST:PORT")


if __name__ == "__main__":
    main()
