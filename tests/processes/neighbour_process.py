"""The next city as a process of its own: `python -m tests.processes.neighbour_process FOLDER URL`.

A town of another region with its Open311 server, whose address is printed. It asks the server at URL as ours asks it.
Each line of its input is the id of a report whose case is worked on and closed.
"""

import asyncio
import sys
from pathlib import Path

from grid36.files.region.commands import load_region
from schemas.command import Act, Outcome
from tests.processes.waiting import wait_until
from tests.worlds.open311_town import KEYS, asking, open311_town
from tests.worlds.small_town import EXAMPLE
from tests.worlds.town_life import Life

CODE = "350299"
"""Of its region: the same streets, as places near a border are known on both sides."""


async def main(folder: Path, url: str) -> None:
    """Until killed."""
    region = load_region(EXAMPLE).model_copy(update={"code": CODE})
    async with open311_town(folder, region, keys=KEYS, trusted="city") as other, asking(other.town, url):
        print(other.address, flush=True)  # noqa: T201 - the parent reads it
        while report := (await asyncio.to_thread(sys.stdin.readline)).strip():
            await _close(Life(other.town), report)


async def _close(life: Life, report: str) -> None:
    case = await wait_until(lambda: life.town.gateway.ledger.case_of_report(report), "its case")
    life.numbers["told"] = case.number
    life.act("told", Act.RESOLVE, photos=(life.proof(3),))
    life.act("told", Act.VERIFY, "inspector-1", outcome=Outcome.FIXED)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
