"""Two cities ask each other's Open311 server, and each problem is a case once."""

import asyncio
import sqlite3
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import ClientSession

from connectors.doors.neighbour.imports import FILE
from connectors.ledger.queries.cases import Ledger
from schemas.command import Act
from tests.processes.neighbour_process import CODE
from tests.processes.waiting import wait_until
from tests.worlds.open311_town import APP_KEY, CITY_KEY, KEYS, asking, open311_town
from tests.worlds.town_life import Life

FILED = {"service_code": "greasy-pavement", "description": "路面油污", "address_string": "湖滨南路12-8号"}


@dataclass(frozen=True)
class NextCity:
    """Another process."""

    address: str
    folder: Path
    process: Process

    def closes(self, report: str) -> None:
        """Somebody there does the work."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{report}\n".encode())

    def import_of(self, theirs: str) -> tuple[str, str]:
        """What its door knows of one of our requests: whose it is, and our status."""
        return state_of(self.folder, theirs)

    def notes_on(self, report: str) -> list[str]:
        """What was added to one of its cases."""
        with closing(Ledger(self.folder / "ledger.sqlite")) as ledger:
            return notes_on(ledger, report)


@asynccontextmanager
async def next_city(folder: Path, url: str) -> AsyncIterator[NextCity]:
    """It runs meanwhile."""
    command = [sys.executable, "-m", "tests.processes.neighbour_process", str(folder), url]
    process = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE)
    try:
        assert process.stdout is not None
        yield NextCity((await asyncio.wait_for(process.stdout.readline(), 60)).decode().strip(), folder, process)
    finally:
        process.kill()
        await process.wait()


def state_of(folder: Path, id: str) -> tuple[str, str]:
    """What a city's door says of a request that it was told: whose it is, and its status there."""
    with closing(sqlite3.connect(folder / "doors" / "neighbour" / FILE, timeout=10)) as db:
        return db.execute("SELECT state, status FROM imports WHERE theirs = ?", (id,)).fetchone() or ("", "")


def notes_on(ledger: Ledger, report: str) -> list[str]:
    """What was added to a case later."""
    case = ledger.case_of_report(report)
    assert case is not None
    return [text.text for text in ledger.texts(case.number) if text.role == "supplement"]


async def listed(session: ClientSession, address: str) -> Any:
    """What a city lists for the other."""
    async with session.get(f"{address}/requests.json", params={"api_key": CITY_KEY}) as answer:
        return await answer.json()


async def filed(session: ClientSession, address: str, **fields: str) -> str:
    """The id of a request that somebody filed in a city."""
    async with session.post(f"{address}/requests.json", data=FILED | fields | {"api_key": APP_KEY}) as answer:
        return str((await answer.json())[0]["service_request_id"])


async def test_what_is_filed_in_one_city_is_a_case_in_both_and_each_hears_of_the_end_of_the_other(
    tmp_path: Path,
) -> None:
    """A request is one case in each of two cities, its end comes back as a question, and nothing goes in circles."""
    async with (
        open311_town(tmp_path / "ours", keys=KEYS, trusted="city") as ours,
        next_city(tmp_path / "theirs", ours.address) as theirs,
        asking(ours.town, theirs.address),
    ):
        theirs_id = await filed(ours.session, theirs.address)
        ours_id = await filed(ours.session, ours.address, address_string="云帆路5号")
        id, ledger = f"neighbour-{theirs_id}", ours.town.gateway.ledger
        case = await wait_until(lambda: ledger.case_of_report(id), "our case")
        assert (case.number.startswith(CODE), case.category, case.place is not None) == (False, "greasy-pavement", True)

        life = Life(ours.town)
        life.numbers["theirs"] = case.number
        life.act("theirs", Act.RESOLVE, photos=(life.proof(3),))
        life.act("theirs", Act.VERIFY, "inspector-1", outcome="fixed")
        (row,) = await ours.found(f"requests/{id}", api_key=CITY_KEY)
        assert (row["status"], row["status_notes"]) == ("closed", "Closed: Fixed")
        await wait_until(lambda: theirs.import_of(id) == ("ours", "closed"), "that they were told of the end of theirs")
        (note,) = await wait_until(lambda: theirs.notes_on(theirs_id), "a question in their case")
        assert (id in note, "未据此结案" in note) == (True, True)

        await wait_until(lambda: theirs.import_of(ours_id) == ("accepted", "open"), "that they took ours over")
        theirs.closes(f"neighbour-{ours_id}")
        (note,) = await wait_until(lambda: notes_on(ledger, ours_id), "a question in our case")
        assert (ours_id in note, "未据此结案" in note) == (True, True)
        assert (await ours.found(f"requests/{ours_id}", api_key=APP_KEY))[0]["status"] == "open"

        await wait_until(lambda: state_of(ours.town.folder, f"neighbour-{ours_id}") == ("ours", "closed"), "the end")
        for address in (ours.address, theirs.address):
            assert len(await listed(ours.session, address)) == 2
        assert (len(theirs.notes_on(theirs_id)), len(notes_on(ledger, ours_id))) == (1, 1)
