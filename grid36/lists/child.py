"""`python -m grid36.lists.child FOLDER`: one job, in a process of its own that takes no more than this."""

import asyncio
import os
import resource
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

from grid36.lists.job import do_job

MOST_BYTES: Final = 4 * 1024**3
"""Of memory: a workbook of 100 MB unpacked needs about a third of it."""
PATIENCE: Final = 10
"""How much less urgent than the gateway it is, for the machine."""


def main() -> None:
    """Do the job in the folder that the command line names."""
    os.nice(PATIENCE)
    with suppress(ValueError, OSError):  # the machine allows less, or knows no such limit
        resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
    asyncio.run(do_job(Path(sys.argv[1])))


if __name__ == "__main__":
    main()
