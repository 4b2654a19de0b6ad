"""`python -m bench`: what the issues promised, measured in one run, as one table of figures and ratios.

`--quick` takes smaller numbers (two minutes), `--against TREE` measures this tree and another one in turns and gives
ratios instead, `--write` puts the table into `docs/measured.md`.
"""

import argparse
import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from bench import chats, clocks, engine, latency, ledger, locate, long, matchers, outbox, phones, rules, steps, worker
from bench.against.report import SECTION, ratios
from bench.lab import kafka, machine
from bench.table import Row, markdown

REPORT = Path(__file__).resolve().parent.parent / "docs" / "measured.md"


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much of everything."""

    cases: int = 2_000
    slow: int = 600
    trivial: int = 20_000
    reports: int = 1_000
    open_cases: int = 50_000
    behind: int = 1_000_000
    placed: int = 100_000
    seconds: float = 1.0
    ledger_cases: int = 10_000


QUICK = Sizes(
    cases=1_000,
    slow=300,
    trivial=8_000,
    reports=500,
    open_cases=5_000,
    behind=100_000,
    placed=50_000,
    seconds=0.5,
    ledger_cases=3_000,
)


async def everything(sizes: Sizes) -> AsyncIterator[tuple[str, list[Row]]]:
    """Title and rows of each part."""
    async with kafka() as (servers, home):
        parts: list[tuple[str, Callable[[], Awaitable[list[Row]]]]] = [
            ("The cost of being exact", lambda: worker.measure(servers, sizes.cases, sizes.slow)),
            ("The engine alone", lambda: engine.measure(servers, sizes.trivial, sizes.slow // 2)),
            ("Latency", lambda: latency.measure(servers, sizes.reports)),
            ("Takeover", lambda: long.takeover(servers, 2 * sizes.open_cases)),
            ("Memory", lambda: long.memory(servers, sizes.open_cases, sizes.behind)),
            ("Flat", lambda: long.flat(servers, sizes.cases, sizes.open_cases, sizes.behind)),
            ("Ledger", lambda: ledger.measure(servers, home, sizes.ledger_cases)),
            ("Accepting", lambda: outbox.measure(sizes.ledger_cases)),
            ("Chats", lambda: chats.measure(sizes.ledger_cases * 20)),
            ("Phone to phone", lambda: phones.measure(60, 10)),
            ("Rules engines", lambda: matchers.measure(sizes.seconds)),
        ]
        for title, rows in parts:
            yield title, await rows()
    yield "Finding places", locate.measure(sizes.placed)
    yield "A city's rules", rules.measure(sizes.placed // 20)
    yield "Working time", clocks.measure(sizes.placed)


async def run(sizes: Sizes) -> str:
    """The whole report."""
    began, load, every = time.monotonic(), os.getloadavg()[0], list[Row]()
    async for title, rows in everything(sizes):
        print(f"\n{title} ({time.monotonic() - began:.0f} s)\n{markdown(rows)}", flush=True)
        every += rows
    missed = [row for row in every if row.good is False]
    lines = [
        f"{sum(row.good is True for row in every)} targets met, {len(missed)} missed.",
        "",
        f"Machine: {machine()}. Load {load:.1f} at the start, {os.getloadavg()[0]:.1f} at the end (1 minute): "
        "with a load above the number of cores, compare ratios, not times.",
        "",
        markdown(every),
    ]
    if missed:
        top = await steps.profile(sizes.cases // 3)
        lines += [
            "",
            "Where the time of a command goes (steps `cases` and `measure`, no Kafka; own time, calls a command):",
            "",
            "```",
            *top,
            "```",
        ]
    return "\n".join(lines)


HEAD = """# What was measured

Written by `python -m bench --write` (`make bench` prints the same). All figures are of one run. CPU is that of the
whole process; a rate without "by the clock" is per second of CPU of one core. The worker is the product's, with Faust;
the bare loop is aiokafka alone, which commits the same bytes and checks nothing.

"""


def written(document: str, report: str, section: str) -> str:
    """The document with one of its two parts replaced: the figures above the section's title, the ratios below it."""
    figures, _, below = document.partition(SECTION)
    if section:
        return f"{figures.rstrip()}\n\n{section}\n"
    return f"{HEAD}{report}\n" + (f"\n{SECTION}{below}" if below else "")


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="smaller numbers, about two minutes")
    parser.add_argument("--against", metavar="TREE", help="ratios to another commit, or to a folder that is set up")
    parser.add_argument("--only", nargs="*", metavar="PROBE", help="with --against: only these of its measurements")
    parser.add_argument("--write", action="store_true", help="put the table into docs/measured.md")
    options = parser.parse_args()
    report, section = "", ""
    if options.against:
        section = asyncio.run(ratios(options.against, options.only, quick=options.quick))
    else:
        report = asyncio.run(run(QUICK if options.quick else Sizes()))
    print(f"\n{report or section}")
    if options.write:
        REPORT.write_text(written(REPORT.read_text(), report, section))
    sys.stdout.flush()


if __name__ == "__main__":
    main()
