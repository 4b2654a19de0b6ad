"""Both replays by the real command, while whatever `grid36 status` names is killed or stopped, the replay included."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Final

from grid36.files.region.commands import Head, load_region, new_region
from grid36.system.create import rulebook_of
from rules.book.compiled_rulebook import book_of
from rules.decide import decide
from tests.accept.checks import check_balance, check_times
from tests.accept.expect import Expected
from tests.faults.verdict import Verdict, compare
from tests.generators.city_cases import CityFile, make_city
from tests.processes.system import System

TRIES: Final = 30
STOPPED_S: Final = (1.0, 9.0)


class Replaying:
    """`grid36 replay` again and again until it ends well; it may be killed as well."""

    def __init__(self, system: System, city: CityFile, more: tuple[str, ...]) -> None:
        words = ("replay", str(city.csv), "--mapping", str(city.mapping), "--region", str(system.region), *more)
        self._command = [sys.executable, "-m", "grid36", *words]
        self._environment = system.environment
        self._log = system.home / "replay.log"
        self._process: subprocess.Popen[bytes] | None = None
        self.starts = 0

    def done(self) -> bool:
        """Whether it has ended well; starts it where it is not running."""
        if self._process is not None and self._process.poll() is None:
            return False
        if self._process is not None and self._process.returncode == 0:
            return True
        assert self.starts < TRIES, f"the replay never ended: {self._log.read_text()[-600:]}"
        self.starts += 1
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(self._command, stdout=log, stderr=log, env=self._environment)
        return False

    def kill(self) -> bool:
        """As a crash."""
        if self._process is None or self._process.poll() is not None:
            return False
        self._process.kill()
        self._process.wait()
        return True

    def end(self) -> None:
        """For good."""
        self.kill()


def broken_replay(
    folder: Path, *, rows: int, faults: int, seed: int, live: bool, say: Callable[[str], None] = lambda _: None
) -> tuple[Counter[str], Verdict]:
    """Replay a generated file of so many rows, as history or through `reports`; the faults by kind, and the verdict."""
    city = make_city(folder / "file", rows=rows, seed=seed)
    new_region(folder / "region", city.areas, None, Head(code="kites", zone="America/New_York"))
    counts: Counter[str] = Counter()
    verdict = Verdict()
    with System(folder / "home", region=folder / "region", workers=2) as system:
        replaying = Replaying(system, city, ("--through", "reports") if live else ())
        try:
            _break(system, replaying, counts, faults, Random(seed), say)
        finally:
            replaying.end()
        expected = Expected(**city.balance(), seconds=city.seconds(), elsewhere=city.seconds("waiting"))
        expected = expected if live else expected.as_history
        verdict.add("balance, by the file", rows, _held(lambda: check_balance(system.settled_balance(), expected)))
        stats = system.answer("stats", "--by", "category")
        verdict.add("times to the second, by the file", rows, _held(lambda: check_times(stats, expected)))
        book = book_of(load_region(system.region), rulebook_of(system.settings))
        asyncio.run(compare(verdict, system.servers, 8, book, decide, history=not live))
    return counts, verdict


def _break(
    system: System,
    replaying: Replaying,
    counts: Counter[str],
    faults: int,
    chance: Random,
    say: Callable[[str], None],
) -> None:
    """Faults until there were enough and the replay is done; what was stopped goes on."""
    sleeping: list[tuple[float, int]] = []
    next_fault = time.monotonic() + 1
    try:
        while not (replaying.done() and sum(counts.values()) >= faults):
            _wake(sleeping, time.monotonic())
            if time.monotonic() >= next_fault and sum(counts.values()) < faults:
                kind = _one(system, replaying, chance, sleeping)
                if kind:
                    counts[kind] += 1
                    say(f"{sum(counts.values()):3} {kind}")
                next_fault = time.monotonic() + chance.uniform(0.5, 3)
            time.sleep(0.1)
    finally:
        _wake(sleeping, float("inf"))


def _wake(sleeping: list[tuple[float, int]], until: float) -> None:
    for row in [row for row in sleeping if row[0] <= until]:
        sleeping.remove(row)
        with suppress(ProcessLookupError):
            os.kill(row[1], signal.SIGCONT)


def _one(system: System, replaying: Replaying, chance: Random, sleeping: list[tuple[float, int]]) -> str:
    """Break one thing; what it was, or nothing."""
    pids = {name: pid for name, pid in system.pids().items() if pid not in {row[1] for row in sleeping}}
    name = chance.choice([*pids, "replay"])
    if name == "replay":
        return "replay killed" if replaying.kill() else ""
    stop = chance.random() < 0.3
    with suppress(ProcessLookupError):
        os.kill(pids[name], signal.SIGSTOP if stop else signal.SIGKILL)
        if stop:
            sleeping.append((time.monotonic() + chance.uniform(*STOPPED_S), pids[name]))
        return f"{name.split('-')[0]} {'stopped and continued' if stop else 'killed'}"
    return ""


def _held(check: Callable[[], object]) -> list[str]:
    try:
        check()
    except AssertionError as wrong:
        return [str(wrong)[:600]]
    return []
