"""CPU of the steps `cases` and `measure` without Kafka, in batches as a worker gets them.

`python -m bench.steps [CASES] [--profile]` prints CPU per command in us: reading, deciding (rules, fold), the rest of
`cases`, and `measure`; or the most expensive functions.
"""

import argparse
import asyncio
import cProfile
import os
import pstats
import re
import time
from collections import defaultdict
from collections.abc import Sequence

from bench.lab import PARTITIONS
from bench.mix import Mix, Sent, street
from bench.stopwatch import Rules
from rules.book.compiled_rulebook import book_of
from rules.decide import decide, questions
from schemas.models import plain_attributes
from schemas.topics import EVENTS
from streams.cases.case_cache import RecentlyUsed
from streams.cases.step import CasesStep
from streams.kafka.gc_tuning import rarely_collected
from streams.measure.step import MeasureStep
from streams.partition.apply import Pending
from streams.partition.contract import ConsumedRecord, Effects, Step, raw_of
from streams.rulebooks.cache import cache_of

BATCH = 500
TOP = 10


class Replay:
    """The commands of a mix, once more, in steps that know nothing yet."""

    def __init__(self, mix: Mix, sent: Sequence[Sent], rules: Rules) -> None:
        region, rulebook = street()
        cache, recent = cache_of(book_of(region, rulebook)), RecentlyUsed()
        self._steps = [
            CasesStep(
                number,
                PARTITIONS,
                cache,
                recent=recent,
                decide=rules.timed(decide),
                questions=rules.timed(questions),
            )
            for number in range(PARTITIONS)
        ]
        self._measures = [MeasureStep(number) for number in range(PARTITIONS)]
        self._records: dict[int, list[ConsumedRecord]] = defaultdict(list)
        for offset, one in enumerate(sent):
            self._records[one.partition].append(ConsumedRecord(offset, mix.t_ms, one.key, one.value))
        self.read_s = self.cases_s = self.measure_s = 0.0

    async def run(self) -> None:
        """Batch by batch, all partitions in turn."""
        for start in range(0, max(map(len, self._records.values())), BATCH):
            for number, records in self._records.items():
                await self._batch(number, records[start : start + BATCH])

    async def _batch(self, number: int, records: Sequence[ConsumedRecord]) -> None:
        began = time.process_time()
        await self._steps[number].prepare(records)
        read = time.process_time()
        effects = _applied(self._steps[number], records)
        applied = time.process_time()
        outputs = (output for each in effects for output in each.outputs if output.topic == EVENTS)
        _applied(self._measures[number], [ConsumedRecord(at, 0, out.key, out.value) for at, out in enumerate(outputs)])
        self.read_s += read - began
        self.cases_s += applied - read
        self.measure_s += time.process_time() - applied


def _applied(step: Step, records: Sequence[ConsumedRecord]) -> list[Effects]:
    """One transaction: state that changed and orders are encoded once."""
    effects = [step.apply(record, record.t_ms) for record in records]
    pending = Pending()
    for each in effects:
        pending.add(each)
    for state in pending.changes.values():
        raw_of(state)
    for latest in pending.latest.values():
        latest.outputs()
    return effects


async def profile(cases: int) -> list[str]:
    """The functions that take most time themselves: share of all, calls per command, name."""
    mix = Mix(PARTITIONS)
    sent = list(mix.lives(cases))
    replay = Replay(mix, sent, Rules())
    with rarely_collected(), plain_attributes(), cProfile.Profile() as seen:
        await replay.run()
    stats = pstats.Stats(seen).get_stats_profile()
    ordered = sorted(stats.func_profiles.items(), key=lambda each: each[1].tottime, reverse=True)
    found = pstats.Stats(seen)
    places = {name: file for (file, _, name) in found.stats}  # type: ignore[attr-defined]  # documented, not typed
    return [
        f"{each.tottime / stats.total_tt:5.1%}  {int(each.ncalls.split('/')[0]) / len(sent):6.2f} calls  "
        f"{_where(places.get(name, ''))}{name}"
        for name, each in ordered[:TOP]
    ]


def _where(file: str) -> str:
    """`folder/module.py:`, wherever that is installed."""
    return "" if file in {"", "~"} else re.sub(r".*?([^/]+/[^/]+)$", r"\1:", file.replace(os.sep, "/"))


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cases", nargs="?", type=int, default=2000)
    parser.add_argument("--profile", action="store_true", help="print the top of the profile instead")
    options = parser.parse_args()
    if options.profile:
        print("\n".join(asyncio.run(profile(options.cases))))
        return
    mix, rules = Mix(PARTITIONS), Rules()
    sent = list(mix.lives(options.cases))
    replay = Replay(mix, sent, rules)
    with rules.everywhere(), rarely_collected(), plain_attributes():
        asyncio.run(replay.run())
    each, decided_s = 1e6 / len(sent), rules.cpu_ns / 1e9
    print(
        f"{len(sent)} commands: read {replay.read_s * each:.0f} us, decide {decided_s * each:.0f} us, "
        f"rest of cases {(replay.cases_s - decided_s) * each:.0f} us, measure {replay.measure_s * each:.0f} us"
    )


if __name__ == "__main__":
    main()
