"""`python -m tests.cluster`: kills brokers and replaces workers under load, and prints how long orders paused."""

import argparse
import asyncio
import logging
import os
import tempfile
from pathlib import Path

from bench.table import markdown
from tests.cluster.story import settle


def main() -> int:
    """0 when everything came back, was counted once, and no upgrade paused for longer than promised."""
    asked = argparse.ArgumentParser(prog="python -m tests.cluster", description=__doc__)
    asked.add_argument("--rounds", type=int, default=1, help="how often everything happens")
    asked.add_argument("--rate", type=float, default=5.0, help="reports a second")
    asked.add_argument("--limit", type=float, default=1200.0, help="seconds after which it gives up")
    given = asked.parse_args()
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # its clients tell of every broker that is away
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="grid36-cluster-") as folder:
        told = settle(Path(folder), print, rounds=given.rounds, per_s=given.rate, limit_s=given.limit)
        rows = asyncio.run(told)
    loads = f"load {load:.1f} at the start, {os.getloadavg()[0]:.1f} at the end"
    print(f"\nThe longest time without an order, and what became of all reports; {given.rate:g} a second; {loads}\n")
    print(markdown(rows))
    return 0 if all(row.good is not False for row in rows) else 1


if __name__ == "__main__":
    raise SystemExit(main())
