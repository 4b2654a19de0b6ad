"""Decisions per second of both matchers, side by side: `python -m bench.matchers [SECONDS]`."""

import asyncio
import sys
import time
from random import Random
from typing import Any

from bench.table import Row, markdown
from rules.durable.matcher import DurableMatcher
from rules.tables.index import IndexMatcher
from rules.tables.matcher import Question
from schemas.table import Facts, Table

BATCH = 100  # as a worker decides commands
INPUTS = ["category", "road", "area_kind", "urgency", "hour", "repeats_in_segment_7d"]


def table(rows: int, categories: bool) -> Table:
    """A routing table like a street's: mostly by category and road, some by hour, some for all."""
    random = Random(rows)
    return Table.model_validate(
        {
            "name": "routing",
            "hit_policy": "P",
            "inputs": INPUTS if categories else INPUTS[1:],
            "rows": [
                {"id": f"r{i}", "priority": random.randint(1, 9), "when": _when(random, categories)}
                for i in range(rows)
            ],
        }
    )


def _when(random: Random, categories: bool) -> dict[str, Any]:
    when: dict[str, Any] = {"road": f"路{random.randrange(120)}"}
    if categories and random.random() < 0.95:
        when["category"] = f"类{random.randrange(30)}"
    if random.random() < 0.3:
        when["hour"] = {"ge": 7, "le": 19}
    if random.random() < 0.2:
        when["urgency"] = random.choice(["normal", "urgent"])
    if random.random() < 0.1:
        when["repeats_in_segment_7d"] = {"ge": random.randint(2, 9)}
    return when


def facts(random: Random) -> Facts:
    """All inputs known; no two questions are likely to be the same."""
    return {
        "category": f"类{random.randrange(30)}",
        "road": f"路{random.randrange(120)}",
        "area_kind": f"kind {random.random()}",
        "urgency": random.choice(["normal", "urgent"]),
        "hour": random.randrange(24),
        "repeats_in_segment_7d": random.randrange(12),
    }


async def rate(matcher: DurableMatcher | IndexMatcher, seconds: float) -> tuple[float, float]:
    """Decisions per second, each matched once after its batch was prepared, and rows per decision."""
    random, count, rows, spent = Random(1), 0, 0, 0.0
    while spent < seconds:
        batch: list[Question] = [("routing", facts(random)) for _ in range(BATCH)]
        began = time.perf_counter()
        await matcher.prepare(batch)
        rows += sum(len(matcher.matches(*question)) for question in batch)
        spent += time.perf_counter() - began
        count += BATCH
    return count / spent, rows / count


async def measure(seconds: float = 2.0) -> list[Row]:
    """Both matchers on tables of 500 and 1,000 rows, with and without a category column."""
    rows = []
    for count in (500, 1_000):
        for categories in (True, False):
            one = table(count, categories)
            index, _ = await rate(IndexMatcher([one]), seconds)
            durable = DurableMatcher([one])
            await durable.started()
            engine, _ = await rate(durable, seconds)
            share = durable.answered["engine"] / sum(durable.answered.values())
            durable.close()
            what = f"{count:,} rows, {'by category' if categories else 'no category'}"
            rows.append(Row.plain(f"decisions by index, {what}", index, "/s", 0))
            rows.append(Row.plain(f"decisions by durable, {what} ({share:.0%} by the engine)", engine, "/s", 0))
    return rows


if __name__ == "__main__":
    print(markdown(asyncio.run(measure(float(sys.argv[1]) if len(sys.argv) > 1 else 2.0))))
