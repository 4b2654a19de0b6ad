"""30,000 deadlines fall due at one moment, in every partition, while workers are killed."""

import asyncio
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from random import Random
from typing import Final

from grid36.kafka.topics import create_topics, wait_for_kafka
from grid36.system.create import region_of, rulebook_of
from rules.book.compiled_rulebook import book_of
from rules.decide import decide
from schemas.codec import encode
from schemas.command import Open, Tick
from schemas.event import EventType
from schemas.items import Limits
from schemas.place import FoundBy, PlaceFound
from schemas.report import Report, Reporter
from schemas.system import Mode
from schemas.topics import COMMANDS, EVENTS, EVERYWHERE, partition_of
from streams.rulebooks.topic import create, set_mode
from tests.faults.slots import Slot, watch
from tests.faults.stage import Stage
from tests.faults.verdict import Verdict, caught_up, compare
from tests.generators.month_street import HOUR, REGION
from tests.processes.live_log import Counter as Seen
from tests.processes.live_log import Line, producing, reading, write

PREFIX: Final = "storm."
BEGIN: Final = 1_762_000_000_000
PER_BATCH: Final = 2_000


def opens(number: int, partitions: int) -> Iterator[Line]:
    """So many located reports, all within a second, spread over all grids; each has one deadline."""
    for n in range(number):
        grid = f"G{n % 10 + 1:03}"
        home = f"{REGION}-{grid}"
        report = Report(
            id=f"s{n:06}", text="请来看看", category="other", reporter=Reporter(id="resident-01"), door="web",
            received_ms=BEGIN,
        )  # fmt: skip
        place = PlaceFound(grid=grid, label=grid, by=FoundBy.CODE)
        command = Open(id=report.id, home=home, report=report, place=place)
        yield COMMANDS, partition_of(home, partitions), BEGIN + n // 100, home.encode(), encode(command)


async def storm(
    folder: Path, *, number: int, kills: int, seed: int, limit_s: float, say: Callable[[str], None] = lambda _: None
) -> tuple[Counter[str], Verdict]:
    """Open so many cases, let all their deadlines fall due with one tick per partition, and kill workers meanwhile."""
    stage = Stage(folder, seed, workers=2, flags="calm")
    region = region_of(stage.settings)
    own = rulebook_of(stage.settings)
    rulebook = own.model_copy(
        update={"categories": tuple(c.model_copy(update={"limits": Limits(accept="1h")}) for c in own.categories)}
    )
    counts: Counter[str] = Counter()
    verdict = Verdict()
    partitions = stage.partitions
    async with AsyncExitStack() as stack:
        stack.push_async_callback(asyncio.to_thread, stage.broker.end)
        stage.broker.start()
        await wait_for_kafka(stage.servers, 90)
        codes = [organisation.code for organisation in region.organisations]
        await create_topics(stage.servers, partitions, codes, history=True, prefix=PREFIX)
        await create(stage.servers, region, rulebook, partitions, prefix=PREFIX)
        await set_mode(stage.servers, Mode.HISTORY, prefix=PREFIX)
        for worker in stage.workers:
            worker.command = [word if word != "" else PREFIX for word in worker.command]
            stack.push_async_callback(asyncio.to_thread, worker.end)
            worker.start()
        watching = asyncio.create_task(watch(lambda: stage.workers))
        stack.callback(watching.cancel)
        producer = await stack.enter_async_context(producing(stage.servers))
        consumer = await stack.enter_async_context(reading(stage.servers, [PREFIX + EVENTS], partitions))
        seen, lines = Seen(consumer), list(opens(number, partitions))
        for start in range(0, number, PER_BATCH):
            await write(producer, PREFIX, lines[start : start + PER_BATCH])
        await seen.reach(2 * number, limit_s)
        say(f"{number} cases are open")
        tick = encode(Tick(id="tick-storm", home=EVERYWHERE))
        ticks: list[Line] = [(COMMANDS, p, BEGIN + 2 * HOUR, EVERYWHERE.encode(), tick) for p in range(partitions)]
        await write(producer, PREFIX, ticks)
        breaking = asyncio.create_task(_kill(stage.workers, kills, Random(seed), counts))
        await seen.reach(4 * number, limit_s)
        await breaking
        say("all deadlines have fired")
        await caught_up(stage.servers, partitions, prefix=PREFIX, limit_s=limit_s)  # were there more, they had come
        log, _ = await compare(
            verdict, stage.servers, partitions, book_of(region, rulebook), decide, history=True, prefix=PREFIX
        )
        missed = sum(
            f'"type":"{EventType.DEADLINE_MISSED}"'.encode() in record.value for part in log[EVENTS] for record in part
        )
        verdict.add("each deadline fired once", missed, [] if missed == number else [f"{missed} of {number}"])
    return counts, verdict


async def _kill(workers: list[Slot], kills: int, chance: Random, counts: Counter[str]) -> None:
    for _ in range(kills):
        await asyncio.sleep(chance.uniform(0.3, 2))
        chance.choice(workers).signal(signal.SIGKILL)
        counts["worker killed in the storm"] += 1
