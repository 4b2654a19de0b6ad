"""State of a system that has worked for long: open cases, ended ones that only count, and remembered report ids.

A few cases are made by the rules; the others are the same under other numbers.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import cycle, islice

from aiokafka import AIOKafkaProducer

from bench.mix import Mix, State
from schemas.codec import encode
from schemas.topics import CASES, INTAKE, MEASURES, case_number, partition_of
from streams.cases.state_records import CASE, HOME, WORDS, HomeCount
from streams.cases.totals import Totals
from streams.locate.seen_record import SeenReport
from streams.partition.batches import pack
from streams.partition.bookkeeping import KEY, Bookkeeping
from streams.partition.contract import Output

EVENTS_EACH = 5
DIGEST = "0" * 32
CHUNK = 20_000


def state(partitions: int, open_cases: int, behind: int) -> tuple[list[State], int]:
    """The state of each partition with so many open cases, `behind` cases in all; and how many reports it took."""
    mix = Mix(partitions)
    made = len(list(mix.opens(1_000)))
    items: list[list[tuple[str, bytes]]] = [[] for _ in range(partitions)]
    held: dict[int, int] = defaultdict(int)
    counts: dict[str, tuple[str, int]] = {}
    for i, (partition, number, report, case, words) in enumerate(islice(cycle(_models(mix)), open_cases)):
        home, yymm, _ = number.rsplit("-", 2)
        counts[home] = yymm, counts.get(home, (yymm, 0))[1] + 1
        new = case_number(home, *counts[home])
        report_new = f"report-{90_000_000 + i}-on-the-example-street"
        for prefix, value in ((CASE, case), (WORDS, words)):
            renamed = value.replace(number.encode(), new.encode()).replace(report.encode(), report_new.encode())
            items[partition].append((prefix + new, renamed))
        held[partition] += 1
    for home, (yymm, count) in counts.items():
        items[partition_of(home, partitions)].append((HOME + home, encode(HomeCount(yymm=yymm, count=count))))
    share = behind // len(held)
    totals = [
        {
            **Totals(n=EVENTS_EACH * share if held[p] else 0, digest=DIGEST if held[p] else "", cases=held[p]).dump(),
            "counts": {"routed": share},
        }
        for p in range(partitions)
    ]
    return [State(*each) for each in zip(items, totals, strict=True)], made


def _models(mix: Mix) -> Iterator[tuple[int, str, str, bytes, bytes]]:
    for partition, step in enumerate(mix.steps):
        kept = dict(step.memory.items())
        for key, value in kept.items():
            if key.startswith(CASE):
                number = key.removeprefix(CASE)
                case = step.memory.case(number)
                assert case is not None
                yield partition, number, case.report, value, kept[WORDS + number]


async def load(servers: str, prefix: str, states: list[State], ids: int = 0) -> None:
    """Write all of it into the state topics of a system that has not begun."""
    producer = AIOKafkaProducer(bootstrap_servers=servers, max_batch_size=900_000, max_request_size=900_000)
    await producer.start()
    outputs = _outputs(prefix, states, ids)
    while some := list(islice(outputs, CHUNK)):
        for topic, partition, batch in pack(producer, some):
            await (await producer.send_batch(batch, topic, partition=partition))
    await producer.stop()


def _outputs(prefix: str, states: list[State], ids: int) -> Iterator[Output]:
    partitions = len(states)
    for number, (items, totals) in enumerate(states):
        for key, value in items:
            yield Output(prefix + CASES, number, key.encode(), value)
        kept = {name: totals[name] for name in ("n", "digest")}
        for topic, step in ((CASES, totals), (MEASURES, kept)):
            yield Output(prefix + topic, number, KEY.encode(), Bookkeeping(partitions, step=step).encode())
    yield from _remembered(prefix, range(ids), partitions)


def _remembered(prefix: str, ids: Iterable[int], partitions: int) -> Iterator[Output]:
    for i in ids:
        report = f"{i:08x}-0000-4000-8000-{i:012x}"  # as long as the ids that doors give
        known = SeenReport(home=f"350203006-G{i % 1000:03}", content=f"{i:016x}", minute=29_900_000)
        yield Output(prefix + INTAKE, partition_of(report, partitions), report.encode(), encode(known))
