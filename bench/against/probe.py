"""Measures one tree: `python -P probe.py NAME BROKER CASES`, with that tree on `PYTHONPATH`.

For every line on stdin it measures once and prints one JSON object {figure: number}. The same file runs in both trees,
so it may import only what both have under the same name: `bench.lab`, `bench.mix`, `bench.steps`, `bench.worker`.
"""

import asyncio
import json
import sys
import time
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import nullcontext
from functools import cache
from typing import ParamSpec, TypeVar
from unittest.mock import patch

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from bench import lab, steps, worker
from bench.mix import Mix, Sent, street
from bench.stopwatch import Rules

COMMANDS = "commands"
P = ParamSpec("P")
T = TypeVar("T")
Figures = Mapping[str, float]


@cache
def commands(cases: int) -> tuple[Mix, Sequence[Sent]]:
    """The commands of so many cases, made once for all turns: to make them costs more than to do them."""
    mix = Mix(lab.PARTITIONS)
    return mix, list(mix.lives(cases))


async def without_kafka(_: str, cases: int) -> Figures:
    """CPU of the steps `cases` and `measure`, in us a command."""
    mix, sent = commands(cases)
    replay = steps.Replay(mix, sent, Rules())
    plain = getattr(steps, "plain_attributes", nullcontext)  # newer than some trees
    with worker.kept_out_of_the_way(), steps.rarely_collected(), plain():  # type: ignore[attr-defined]  # at home elsewhere in each tree
        started = time.process_time()
        await replay.run()
        used_s = time.process_time() - started
    return {"steps_us": used_s * 1e6 / len(sent)}


class Unmeasured(Rules):
    """No stopwatch: reading the clock of a thread costs as much as a twentieth of a command."""

    def timed(self, work: Callable[P, T]) -> Callable[P, T]:
        """The same."""
        return work


async def until(true: Callable[[], bool]) -> None:
    """Wait, asking seldom: on a busy machine the asking would count."""
    while not true():  # noqa: ASYNC110  # counters have no event to wait for
        await asyncio.sleep(0.2)


async def in_a_burst(servers: str, cases: int) -> Figures:
    """CPU of a whole worker in ms per 1,000 commands that all wait for it, and what it then has put on the log."""
    prefix = await lab.system(servers, street()[0])
    _, sent = commands(cases)
    with (
        worker.kept_out_of_the_way(),
        patch.object(worker, "Rules", Unmeasured),
        patch.object(worker, "until", until),
    ):
        cost = await worker.in_a_burst(servers, prefix, sent)
    records, size = await _on_the_log(servers, prefix)
    return {"whole_ms": cost.whole_ms, "records": records / len(sent), "bytes": size / len(sent)}


async def decide_apart(servers: str, cases: int) -> Figures:
    """The same CPU in two parts: rules with fold and matcher, and everything else; the stopwatch is in both."""
    prefix = await lab.system(servers, street()[0])
    _, sent = commands(cases)
    with worker.kept_out_of_the_way():
        cost = await worker.in_a_burst(servers, prefix, sent)
    return {"decide_ms": cost.decide_ms, "engine_ms": cost.engine_ms}


async def _on_the_log(servers: str, prefix: str) -> tuple[int, int]:
    """Records, and bytes of their keys, values and headers, in all topics of a system but `commands`."""
    admin = AIOKafkaAdminClient(bootstrap_servers=servers)
    await admin.start()
    topics = [name for name in await admin.list_topics() if name.startswith(prefix) and name != prefix + COMMANDS]
    parts = [
        TopicPartition(topic["topic"], part["partition"])
        for topic in await admin.describe_topics(topics)
        for part in topic["partitions"]
    ]
    await admin.close()
    consumer = AIOKafkaConsumer(bootstrap_servers=servers, isolation_level="read_committed")
    await consumer.start()
    consumer.assign(parts)
    await consumer.seek_to_beginning()
    ends = await consumer.end_offsets(parts)
    records = size = 0
    while any([await consumer.position(part) < end for part, end in ends.items()]):
        for batch in (await consumer.getmany(timeout_ms=200)).values():
            records += len(batch)
            for record in batch:
                size += len(record.key or b"") + len(record.value or b"")
                size += sum(len(name) + len(value) for name, value in record.headers)
    await consumer.stop()
    return records, size


PROBES: dict[str, Callable[[str, int], Coroutine[None, None, Figures]]] = {
    "steps": without_kafka,
    "burst": in_a_burst,
    "decide": decide_apart,
}


def main(name: str, servers: str, cases: str) -> None:
    """Measure once for every line that comes in."""
    for _ in sys.stdin:
        print(json.dumps(asyncio.run(PROBES[name](servers, int(cases)))), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
