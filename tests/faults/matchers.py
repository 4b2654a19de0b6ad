"""Drawn rulebooks decided by both matchers: a million decisions, no difference."""

import time
from collections import Counter
from collections.abc import Callable
from typing import Final

from tests.faults.verdict import Verdict
from tests.oracles.rule_fuzz import Fuzzed, fuzz

PART: Final = 100_000


def two_matchers(decisions: int, seed: int, say: Callable[[str], None]) -> tuple[Counter[str], Verdict]:
    """At least so many decisions by the engine, each compared with the index."""
    verdict, counts, differences = Verdict(), Counter[str](), list[str]()
    began = time.monotonic()
    while counts["decided by the engine"] < decisions and not differences:
        part: Fuzzed = fuzz(seed + counts["rulebooks"], min(PART, decisions))
        counts += part.counts
        differences += part.differences
        rate = counts["decided by the engine"] / (time.monotonic() - began)
        say(f"{counts['decided by the engine']:,} decisions, {rate:,.0f} per s, {len(differences)} differences")
    verdict.add("decisions by durable-rules equal those of the index", counts["decided by the engine"], differences)
    verdict.add("whole decisions are equal, with their reasons", counts["whole decisions"], [])
    return Counter(), verdict
