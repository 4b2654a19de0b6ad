"""Where tests have their files: in memory, if there is plenty. Waiting for a disk took half the time of the quick ones.

What is killed keeps its files there as well; only a machine that loses its power would not.
"""

import os
import shutil
import tempfile
from pathlib import Path
from typing import Final

import psutil

MEMORY: Final = Path("/dev/shm")  # noqa: S108 - each run makes a folder of its own there
ENOUGH: Final = 8 << 30
"""Bytes that a whole run may need; as many again stay for its processes."""
NAME: Final = "grid36-tests-"


def memory_folder() -> None:
    """Let this process and what it starts use it as their folder for temporary files, and clear up behind runs."""
    if not MEMORY.is_dir() or "PYTEST_XDIST_WORKER" in os.environ or "TMPDIR" in os.environ:
        return
    for folder in MEMORY.glob(f"{NAME}*"):
        pid = int(folder.name.removeprefix(NAME))
        if pid == os.getpid() or not psutil.pid_exists(pid):  # ids come again
            shutil.rmtree(folder, ignore_errors=True)
    if min(shutil.disk_usage(MEMORY).free, psutil.virtual_memory().available // 2) > ENOUGH:
        folder = MEMORY / f"{NAME}{os.getpid()}"
        folder.mkdir(mode=0o700)
        os.environ["TMPDIR"] = str(folder)
        tempfile.tempdir = None  # perhaps it was asked for already
