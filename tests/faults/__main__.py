"""`python -m tests.faults [--faults 40] [--seed 36]`: breaks whole systems, prints what held; exit code 1: not all."""

import argparse
import asyncio
import logging
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Final

from tests.faults.laws import long_laws
from tests.faults.matchers import two_matchers
from tests.faults.replays import broken_replay
from tests.faults.run import broken_stage
from tests.faults.storm import storm
from tests.faults.verdict import Verdict

KILLS: Final = 3
"""Workers killed in the storm."""
SMALL: Final = frozenset({"lost ring", "failed send"})
"""Faults that come by the dozen, and are not counted among the others."""


def main() -> int:
    """All runs, one after the other; one table."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--faults", type=int, default=40, help="faults from outside, over all runs (default 40)")
    parser.add_argument("--seed", type=int, default=36, help="the same seed draws the same faults (default 36)")
    parser.add_argument("--reports", type=int, default=400, help="reports of the live run (default 400)")
    parser.add_argument("--rows", type=int, default=2_000, help="rows of each replay (default 2,000)")
    parser.add_argument("--deadlines", type=int, default=30_000, help="deadlines of the storm (default 30,000)")
    parser.add_argument("--decisions", type=int, default=1_000_000, help="by both matchers (default 1,000,000)")
    parser.add_argument("--law-times", type=int, default=100, help="examples of each law, times those of make test")
    parser.add_argument("--keep", type=Path, help="keep logs and data of all runs in this folder")
    given = parser.parse_args()
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # its clients tell of every broker that is away
    with tempfile.TemporaryDirectory(prefix="grid36-faults-") as own:
        return _all(given, given.keep or Path(own))


def _all(given: argparse.Namespace, folder: Path) -> int:
    began = time.monotonic()

    def say(what: str) -> None:
        print(f"  {time.monotonic() - began:6.1f} s  {what}", flush=True)

    quarter = max(1, given.faults // 4)
    total = wrong = 0

    def told(name: str, run: tuple[Counter[str], Verdict]) -> None:
        nonlocal total, wrong
        total += _show(name, *run)
        wrong += len(run[1].wrong)

    print("drawn rulebooks, decided by the engine and by the index")
    told("two matchers", two_matchers(given.decisions, given.seed, say))
    print("laws with many examples")
    told("laws", long_laws(given.law_times, say))
    print("a live street, broken from outside and inside")
    live = asyncio.run(
        broken_stage(
            folder / "street", faults=given.faults - 2 * quarter - KILLS, reports=given.reports,
            over_s=given.faults * 1.5, seed=given.seed, say=say,
        )
    )  # fmt: skip
    told("live street", (live.outside + Counter(live.inside), live.verdict))
    print("a storm of deadlines")
    stormy = storm(folder / "storm", number=given.deadlines, kills=KILLS, seed=given.seed, limit_s=900, say=say)
    told("storm", asyncio.run(stormy))
    for name, by_reports in (("replay as history", False), ("replay through reports", True)):
        print(name)
        place = folder / f"replay{by_reports:d}"
        told(name, broken_replay(place, rows=given.rows, faults=quarter, seed=given.seed, live=by_reports, say=say))
    print(f"\n{total} faults (besides lost bells and failed sends); {wrong} things are wrong")
    return int(wrong > 0)


def _show(name: str, counts: Counter[str], verdict: Verdict) -> int:
    """The table of one run; how many faults it saw."""
    print(f"\n{name}")
    for kind, count in sorted(counts.items()):
        print(f"  {count:6}  {kind}")
    for what, count, faults in verdict.lines:
        print(f"  {'ok' if not faults else 'WRONG':>6}  {what} ({count})")
        for fault in faults[:5]:
            print(f"          {fault}")
    print(flush=True)
    return sum(count for kind, count in counts.items() if kind not in SMALL)


if __name__ == "__main__":
    raise SystemExit(main())
