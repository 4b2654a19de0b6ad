"""A process that is asked to stop ends."""

import subprocess
import sys

CODE = """
import asyncio
from grid36.signals import leave

async def deaf():
    while True:
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            pass

async def main():
    left = asyncio.create_task({task}())
    await asyncio.sleep(0)
    print("all is stored")
    await leave(0.2)
    print("it came back")

asyncio.run(main())
"""


def said(task: str) -> tuple[int, str]:
    """Exit code and output of a process that has this task left."""
    done = subprocess.run([sys.executable, "-c", CODE.format(task=task)], capture_output=True, text=True, timeout=60)  # noqa: PLW1510 - the code is looked at
    return done.returncode, done.stdout


def test_a_process_ends_although_something_in_it_cannot_be_cancelled() -> None:
    """Else `asyncio.run` would wait for it without end."""
    assert said("deaf") == (0, "all is stored\n")


def test_a_process_with_nothing_of_the_kind_goes_on() -> None:
    assert said("asyncio.Event().wait") == (0, "all is stored\nit came back\n")
