"""Checks of lists without the cost of a process for each."""

import asyncio
from pathlib import Path

from grid36.lists.job import do_job


async def check_here(room: Path, _: float) -> None:
    """The same job in a thread."""
    await asyncio.to_thread(lambda: asyncio.run(do_job(room)))
