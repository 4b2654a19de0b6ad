"""Several works at once, of which one that fails ends all."""

import asyncio
import traceback
from collections.abc import Coroutine
from typing import Any


async def side_by_side(*works: Coroutine[Any, Any, None]) -> None:
    """Do all until cancelled, or until all are done. Raises what the first one raises, after the others have ended."""
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
        for task in done:
            task.result()
    finally:
        while pending := [task for task in tasks if not task.done()]:
            for task in pending:
                task.cancel()
            await asyncio.wait(pending, timeout=1)  # a client library may swallow the first cancellation


def where(fault: BaseException) -> str:
    """A fault for the log: its type and its place. Its text may hold a token of a platform, or somebody's words."""
    frames = traceback.extract_tb(fault.__traceback__)
    place = f" at {frames[-1].filename.rpartition('/')[2]}:{frames[-1].lineno}" if frames else ""
    return f"{type(fault).__name__}{place}"
