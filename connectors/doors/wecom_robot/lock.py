"""One connection of a robot per machine: a second one would end the first, and be ended by it."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

FILE: Final = "connected.lock"


@contextmanager
def alone(folder: Path) -> Iterator[bool]:
    """Whether nobody else is inside, here or in another process of this machine."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / FILE).open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
            return
        try:
            yield True
        finally:
            fcntl.flock(file, fcntl.LOCK_UN)
