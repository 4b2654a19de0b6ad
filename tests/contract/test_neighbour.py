"""Two cities ask each other's Open311 server, and each problem is a case once."""

import asyncio
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

from aiohttp import ClientSession

from connectors.doors.neighbour.imports import FILE
from schemas.command import Act
from tests.processes.neighbour_process import CODE
from tests.processes.waiting import wait_until
from tests.worlds.open311_town import APP_KEY, CITY_KEY, KEYS, asking, open311_town
from tests.worlds.town_life import Life

FILED = {"service_code": "greasy-pavement", "description": "路面油污", "address_string": "湖滨南路12-8号"}


@asynccontextmanager
async def next_city(folder: Path, url: str) -> AsyncIterator[str]:
    """Another process; the address of its server."""
    command = [sys.executable, "-m", "tests.processes.neighbour_process", str(folder), url]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    try:
        assert process.stdout is not None
        yield (await asyncio.wait_for(process.stdout.readline(), 60)).decode().strip()
    finally:
        process.kill()
        await process.wait()


def state_of(folder: Path, id: str) -> str:
    """What a city's door says of a request that it was told."""
    with closing(sqlite3.connect(folder / "doors" / "neighbour" / FILE, timeout=10)) as db:
        return str((db.execute("SELECT state FROM imports WHERE theirs = ?", (id,)).fetchone() or ("",))[0])


async def listed(session: ClientSession, address: str) -> Any:
    """What a city lists for the other."""
    async with session.get(f"{address}/requests.json", params={"api_key": CITY_KEY}) as answer:
        return await answer.json()


async def test_what_is_filed_there_is_a_case_here_and_its_end_is_seen_from_there(tmp_path: Path) -> None:
    """Their request becomes one case of ours, our server tells what became of it, and it does not go back to them."""
    async with (
        open311_town(tmp_path / "ours", keys=KEYS, trusted="city") as ours,
        next_city(tmp_path / "theirs", ours.address) as theirs,
        asking(ours.town, theirs),
    ):
        async with ours.session.post(f"{theirs}/requests.json", data=FILED | {"api_key": APP_KEY}) as answer:
            theirs_id = (await answer.json())[0]["service_request_id"]
        id, ledger = f"neighbour-{theirs_id}", ours.town.gateway.ledger
        case = await wait_until(lambda: ledger.case_of_report(id), "our case")
        assert (case.number.startswith(CODE), case.category, case.place is not None) == (False, "greasy-pavement", True)

        life = Life(ours.town)
        life.numbers["theirs"] = case.number
        life.act("theirs", Act.RESOLVE, photos=(life.proof(3),))
        life.act("theirs", Act.VERIFY, "inspector-1", outcome="fixed")
        (row,) = await ours.found(f"requests/{id}", api_key=CITY_KEY)
        assert (row["status"], row["status_notes"]) == ("closed", "Closed: Fixed")
        await wait_until(lambda: state_of(tmp_path / "theirs", id) == "ours", "that they were told of their own")
        assert [row["service_request_id"] for row in await listed(ours.session, ours.address)] == [id]
        assert [row["service_request_id"] for row in await listed(ours.session, theirs)] == [theirs_id]
