"""Laws that `make test` tries with few examples, tried with a hundred times as many."""

import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Final

from tests.faults.verdict import Verdict
from tests.oracles.laws import TIMES

LAWS: Final = (
    "tests/unit/grid36/test_example_addresses.py",
    "tests/unit/rules/clocks/test_recounting.py",
    "tests/unit/rules/time/test_working.py",
)
"""Test files with laws in them; their `@law(n)` is what is multiplied."""
_ROOT: Final = Path(__file__).parents[2]


def long_laws(times: int, say: Callable[[str], None]) -> tuple[Counter[str], Verdict]:
    """Every law of every file; a failing one shows its smallest example."""
    verdict = Verdict()
    for file in LAWS:
        ran = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", file],
            cwd=_ROOT, env={**os.environ, TIMES: str(times)}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        passed = re.search(r"([0-9]+) passed", ran.stdout)
        wrong = [] if ran.returncode == 0 else ran.stdout.strip().splitlines()[-5:]
        verdict.add(f"{file} with {times} times as many examples", int(passed[1]) if passed else 0, wrong)
        say(f"{file}: {'held' if not wrong else 'WRONG'}")
    return Counter(), verdict
