"""Runs checks and conversions in processes of their own, each for a limited time: the gateway goes on meanwhile."""

import asyncio
import contextlib
import logging
import shutil
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from tempfile import mkdtemp
from typing import Final

from connectors.lists.backtested import ListBacktest
from connectors.lists.checked import ListCheck
from connectors.lists.desk import CheckedWorkbook, UncheckedWorkbook
from connectors.lists.errors import CheckFailed, CheckTooLong, RowElsewhere, RowUnreadable
from grid36.files.dmn.faults import DmnUnreadable
from grid36.files.rulebook.layout import WORKBOOK, YAML
from grid36.lists.job_folder import (
    ANSWER,
    DRAFT,
    LINES,
    MOVED,
    PERIOD,
    QUESTION,
    REMARKED,
    RULEBOOK,
    UNCONVERTED,
    BacktestJob,
    CheckJob,
    Conversion,
    ExplainedLines,
    ExplainJob,
    Unconverted,
    lay_out,
    lay_out_conversion,
    lay_out_other,
)
from grid36.system.create import KnownSystem
from schemas.codec import decode

LIMIT_S: Final = 180.0
TOLD: Final = 2_000
"""Characters of what a failed process said that go into the log."""

MOST_CONVERTED: Final = 50_000_000
"""Bytes of what a conversion made: a name of 2 MB that thousands of rows have is short in DMN, and long in YAML."""

Run = Callable[[Path, float], Awaitable[None]]

log = logging.getLogger(__name__)


class ListChecks:
    """One check at a time, and beside it one rulebook that becomes a workbook: an edited row waits for no check.

    `folder` is for their files, which are gone after each, also of one that was killed.
    """

    def __init__(
        self, folder: Path, limit_s: float = LIMIT_S, run: Run | None = None, most_converted: int = MOST_CONVERTED
    ) -> None:
        """`run` does the job in a folder within so many seconds; by default in a process of its own."""
        self._folder, self._limit_s, self._run = folder, limit_s, run or run_apart
        self._most_converted = most_converted
        self._one, self._short = asyncio.Semaphore(1), asyncio.Semaphore(1)
        shutil.rmtree(folder, ignore_errors=True)

    async def check(self, job: CheckJob, known: KnownSystem, draft: tuple[bytes, str] | str) -> CheckedWorkbook:
        """The answer about a workbook or a rulebook. Raises `CheckTooLong`, `CheckFailed`."""
        async with self._one, self._room() as room:
            await asyncio.to_thread(lay_out, room, job, known, draft)
            await self._run(room, self._limit_s)
            return await asyncio.to_thread(_answer, room)

    async def explain(self, job: ExplainJob, known: KnownSystem, draft: str | None) -> tuple[str, ...]:
        """The answer to a question. Raises `CheckTooLong`, `CheckFailed`."""
        async with self._one, self._room() as room:
            await asyncio.to_thread(lay_out_other, room, QUESTION, job, known, draft)
            await self._run(room, self._limit_s)
            return decode(ExplainedLines, (room / LINES).read_bytes()).lines

    async def backtest(self, job: BacktestJob, known: KnownSystem, draft: str) -> ListBacktest:
        """The cases of a period by a draft. Raises `CheckTooLong`, `CheckFailed`."""
        async with self._one, self._room() as room:
            await asyncio.to_thread(lay_out_other, room, PERIOD, job, known, draft)
            await self._run(room, self._limit_s)
            return decode(ListBacktest, (room / MOVED).read_bytes())

    async def convert(self, job: Conversion, rulebook: str, tables: bytes | None = None) -> UncheckedWorkbook:
        """A workbook of a rulebook (JSON); `tables`: with those of a DMN file, which is as long as a check may be.

        Raises `DmnUnreadable`, `RowUnreadable`, `RowElsewhere`, `CheckTooLong`, `CheckFailed`.
        """
        async with self._short if tables is None else self._one, self._room() as room:
            await asyncio.to_thread(lay_out_conversion, room, job, rulebook, tables)
            await self._run(room, self._limit_s)
            return await asyncio.to_thread(_converted, room, self._most_converted)

    @contextlib.asynccontextmanager
    async def _room(self) -> AsyncIterator[Path]:
        self._folder.mkdir(parents=True, exist_ok=True)
        room = Path(mkdtemp(dir=self._folder))  # for its owner alone
        try:
            yield room
        finally:
            shutil.rmtree(room, ignore_errors=True)


async def run_apart(room: Path, limit_s: float) -> None:
    """Do the job in a process of its own, and end it when the time is over. Raises `CheckTooLong`, `CheckFailed`."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "grid36.lists.child", str(room), stderr=asyncio.subprocess.PIPE
    )
    try:
        async with asyncio.timeout(limit_s):
            _, errors = await process.communicate()
    except TimeoutError:
        raise CheckTooLong(seconds=int(limit_s)) from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        log.error("the check of a list ended with %s: %s", process.returncode, errors.decode()[-TOLD:])
        raise CheckFailed


def _answer(room: Path) -> CheckedWorkbook:
    check = decode(ListCheck, (room / ANSWER).read_bytes())
    rulebook, remarked = room / RULEBOOK, room / REMARKED
    return CheckedWorkbook(
        check,
        rulebook.read_text(encoding="utf-8") if check.rulebook else "",
        remarked.read_bytes() if remarked.exists() else b"",
    )


_FAULTS: Final = {each.__name__: each for each in (DmnUnreadable, RowUnreadable, RowElsewhere)}


def _converted(room: Path, most: int) -> UncheckedWorkbook:
    if (room / UNCONVERTED).exists():
        found = decode(Unconverted, (room / UNCONVERTED).read_bytes())
        raise _FAULTS[found.fault](found.text)
    workbook, yaml = room / DRAFT / WORKBOOK, room / DRAFT / YAML
    there = workbook.exists()  # not where no list has rows
    size = yaml.stat().st_size + (workbook.stat().st_size if there else 0)
    if size > most:
        log.error("a list that was converted has %s bytes", size)
        raise CheckFailed
    return UncheckedWorkbook(workbook.read_bytes() if there else b"", yaml.read_text(encoding="utf-8"))
