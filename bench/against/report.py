"""Runs all comparisons and writes the section of `docs/measured.md`."""

import os
import time
from collections.abc import Container

from bench.against.ratios import Ratio, markdown
from bench.against.trees import HERE, commit, tree
from bench.against.turns import MEASURES, compare
from bench.lab import kafka, machine

SECTION = "## Beside another commit\n"


async def ratios(against: str, only: Container[str] | None = None, *, quick: bool = False) -> str:
    """Measure this tree and `against` in turns; the section as Markdown. `only`: names of probes, else all."""
    began, load, found = time.monotonic(), os.getloadavg()[0], list[Ratio]()
    with tree(against) as other:
        async with kafka() as (servers, _):
            for measure in MEASURES:
                if only is None or measure.probe in only:
                    part = await compare(measure.quick() if quick else measure, HERE, other, servers)
                    print(f"\n{measure.probe} ({time.monotonic() - began:.0f} s)\n{markdown(part)}", flush=True)
                    found += part
        commits = commit(HERE), commit(other)
    return "\n".join(
        [
            SECTION,
            f"`python -m bench --against {commits[1]}`, now: {commits[0]}. Both trees are measured in turns, a process "
            "each, the first round thrown away; a ratio is the median of those of all rounds, with the least and the "
            "greatest.",
            "",
            f"Machine: {machine()}. Load {load:.1f} at the start, {os.getloadavg()[0]:.1f} at the end (1 minute).",
            "",
            markdown(found),
        ]
    )
