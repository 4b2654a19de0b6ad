"""The next city as a process of its own: `python -m tests.processes.neighbour_process FOLDER URL`.

A town of another region with its Open311 server, whose address is printed. It asks the server at URL as ours asks it.
"""

import asyncio
import sys
from pathlib import Path

from grid36.files.region.commands import load_region
from tests.worlds.open311_town import KEYS, asking, open311_town
from tests.worlds.small_town import EXAMPLE

CODE = "350299"
"""Of its region: the same streets, as places near a border are known on both sides."""


async def main(folder: Path, url: str) -> None:
    """Until killed."""
    region = load_region(EXAMPLE).model_copy(update={"code": CODE})
    async with open311_town(folder, region, keys=KEYS, trusted="city") as other, asking(other.town, url):
        print(other.address, flush=True)  # noqa: T201 - the parent reads it
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
