"""What a neighbour's server tells is taken over once, whatever happens in between."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing, suppress
from functools import partial
from pathlib import Path

import pytest
from aiohttp import ClientSession

from connectors.chat.options import read_options
from connectors.doors.contract import DoorSetup
from connectors.doors.neighbour.client import NeighbourClient
from connectors.doors.neighbour.door import OVERLAP_MS, NeighbourDoor, NeighbourQuestions
from connectors.doors.neighbour.errors import NeighbourAwayError, NeighbourRefusesError
from connectors.doors.neighbour.imports import FILE, Imports
from connectors.doors.neighbour.options import NeighbourOptions
from connectors.intake.accept import accept
from schemas.event import EventType
from schemas.report import INCOMING, AnyIncoming, Report, Supplement
from tests.processes.waiting import wait_until
from tests.worlds.doors import CASE, Doors, doors, event, opened
from tests.worlds.neighbour_city import KEY, NeighbourCity, neighbour_city
from texts.catalogue import say

HERE = {"lat": 24.05, "long": 118.05}


class Ours:
    """Our gateway with the door, and the other city."""

    def __init__(self, found: Doors, city: NeighbourCity, folder: Path) -> None:
        self.doors, self.city, self.folder = found, city, folder
        given = {"url": city.address, "key": KEY, "services": "77=litter", "since_days": "90", "poll_s": "0.02"}
        self.options = read_options(NeighbourOptions, "neighbour", given)

    async def asks(self) -> None:
        """Once, as a process that was started for it."""
        imports, accepting = Imports(self.folder), partial(accept, self.doors.gateway, ("neighbour",))
        async with ClientSession() as session:
            client = NeighbourClient(session, self.options)
            try:
                await NeighbourQuestions(client, imports, self.options, self.doors.gateway, accepting).once()
            finally:
                await imports.close()

    async def became(self, theirs: str) -> tuple[str | None, str, str, str]:
        """Report, state, why, and their status."""
        imports = Imports(self.folder)
        try:
            found = await imports.find(theirs)
        finally:
            await imports.close()
        assert found is not None
        return found.report, found.state, found.why, found.status

    def on_disk(self, theirs: str) -> tuple[object, ...]:
        """The row of a request."""
        with closing(sqlite3.connect(self.folder / FILE)) as db:
            row: tuple[object, ...] = db.execute("SELECT * FROM imports WHERE theirs = ?", (theirs,)).fetchone()
        return row

    def put_back(self, row: tuple[object, ...]) -> None:
        """It is as it was."""
        with closing(sqlite3.connect(self.folder / FILE)) as db, db:
            db.execute("INSERT OR REPLACE INTO imports VALUES (?, ?, ?, ?, ?, ?)", row)

    @property
    def reports(self) -> list[Report]:
        return [each for each in self._taken if isinstance(each, Report)]

    @property
    def notes(self) -> list[tuple[str, str]]:
        """What was added later: report and words."""
        return [(each.report, each.text) for each in self._taken if isinstance(each, Supplement)]

    @property
    def _taken(self) -> list[AnyIncoming]:
        return [INCOMING.validate_json(each.row.value) for each in self.doors.stored()]


@pytest.fixture
async def ours(tmp_path: Path) -> AsyncIterator[Ours]:
    async with doors(tmp_path / "home") as found, neighbour_city() as city:
        yield Ours(found, city, tmp_path / "door")


async def test_a_request_becomes_a_report(ours: Ours) -> None:
    ours.city.tells("H-1", description="pothole", service_code="77", media_url="https://example.org/a.jpg", **HERE)
    await ours.asks()
    (report,) = ours.reports
    assert (report.id, report.door, report.category) == ("neighbour-H-1", "neighbour", "litter")
    assert report.text == "pothole\nhttps://example.org/a.jpg"
    assert report.place.coordinates is not None
    assert (report.place.coordinates.lat, report.place.coordinates.lon) == (24.05, 118.05)
    assert await ours.became("H-1") == ("neighbour-H-1", "accepted", "", "open")


async def test_it_is_the_same_report_whatever_changes(ours: Ours) -> None:
    """Their words and their state; ours is told what theirs is now."""
    ours.city.tells("H-1", description="pothole", **HERE)
    await ours.asks()
    ours.city.tells("H-1", description="a large pothole", status="closed")
    ours.city.tells("H-2", description="lamp", **HERE)
    await ours.asks()
    assert [report.text for report in ours.reports] == ["pothole", "lamp"]
    assert await ours.became("H-1") == ("neighbour-H-1", "accepted", "", "closed")


async def test_what_happens_there_is_said_here_once_and_decides_nothing(ours: Ours) -> None:
    """Their end is a question to whoever verifies; each version of their words comes once, also after a kill."""
    report = "neighbour-H-1"
    ours.city.tells("H-1", description="pothole", **HERE)
    await ours.asks()
    assert ours.notes == []
    ours.city.tells("H-1", description="a large pothole")
    await ours.asks()
    known = ours.on_disk("H-1")
    ours.city.tells("H-1", status="CLOSED", status_notes="Filled")
    await ours.asks()
    (_, words), (_, end) = ours.notes
    assert ours.notes == [(report, words), (report, end)]
    assert "a large pothole" in words
    assert "Filled" in end
    assert say(ours.doors.gateway.language, "open311.closed_there", id="H-1", notes="Filled") == end
    ours.put_back(known)  # as if it was killed before it was written
    await ours.asks()
    assert ours.notes == [(report, words), (report, end)]
    ours.city.tells("H-1", status="open", status_notes="")
    ours.city.tells("H-1", service_name="Pothole")  # nothing that is passed on
    await ours.asks()
    assert [text for _, text in ours.notes][:2] == [words, end]
    assert len(ours.notes) == 3
    ours.city.tells("H-1", status="closed")
    await ours.asks()
    assert len(ours.notes) == 4


async def test_what_they_do_with_ours_is_said_in_our_case(ours: Ours) -> None:
    """By the number of the case or the id of the report; their words of it are ours."""
    ours.doors.ledger.take(opened(report="r1"))
    for id in (f"neighbour-{CASE}", "neighbour-T-G01-2511-00099"):
        ours.city.tells(id, description="as we told it", **HERE)
        ours.city.tells(id, description="in other words", status="closed")
    await ours.asks()
    await ours.asks()
    assert [report for report, _ in ours.notes] == ["r1"]
    assert ours.reports == []


async def test_nothing_is_added_to_what_is_over_here(ours: Ours) -> None:
    ours.city.tells("H-1", description="pothole", **HERE)
    await ours.asks()
    ours.doors.ledger.take(opened(report="neighbour-H-1"), event(1, EventType.CLOSED, now={"state": "closed"}))
    ours.city.tells("H-1", status="closed")
    await ours.asks()
    assert ours.notes == []
    assert (await ours.became("H-1"))[3] == "closed"


async def test_it_goes_on_where_it_was(ours: Ours) -> None:
    """A new process asks for a little more than what is new."""
    ours.city.tells("H-1", description="pothole", **HERE)
    await ours.asks()
    await ours.asks()
    first, second = (each["updated_after"] for each in ours.city.asked)
    newest = ours.city.rows[0]["updated_datetime"]
    assert first < second < newest
    assert OVERLAP_MS == 120_000


async def test_killed_before_it_was_written_here_it_is_one_report(ours: Ours) -> None:
    """Also when their words changed meanwhile, which are added then."""
    ours.city.tells("H-1", description="pothole", **HERE)
    await ours.asks()
    with closing(sqlite3.connect(ours.folder / FILE)) as db, db:
        db.execute("DELETE FROM imports")
    ours.city.tells("H-1", description="a large pothole")
    await ours.asks()
    assert [report.text for report in ours.reports] == ["pothole"]
    assert ["a large pothole" in text for _, text in ours.notes] == [True]
    assert await ours.became("H-1") == ("neighbour-H-1", "accepted", "", "open")


async def test_what_lies_elsewhere_or_came_from_us_is_left(ours: Ours) -> None:
    ours.city.tells("far", description="pothole", lat=31.2, long=121.5)
    ours.city.tells("neighbour-T-G01-2511-00001", description="ours", **HERE)
    await ours.asks()
    assert ours.reports == []
    assert [(await ours.became(row["service_request_id"]))[1] for row in ours.city.rows] == ["ours", "elsewhere"]


async def test_what_is_refused_is_tried_again_when_it_changes(ours: Ours) -> None:
    ours.city.tells("H-1")
    ours.city.rows.append({"description": "without an id"})
    ours.city.rows[-1]["updated_datetime"] = ours.city.rows[0]["updated_datetime"]
    await ours.asks()
    assert await ours.became("H-1") == (None, "refused", "nothing_said", "open")
    ours.city.tells("H-1", service_name="Pothole", **HERE)
    await ours.asks()
    assert [report.text for report in ours.reports] == ["Pothole"]


@pytest.mark.parametrize("has_pages", [True, False])
async def test_all_pages_are_asked_for(ours: Ours, *, has_pages: bool) -> None:
    """Also of a server that knows none and answers everything again."""
    ours.city.has_pages = has_pages
    for n in range(150):
        ours.city.tells(f"H-{n}", description="x", lat=31.2, long=121.5)
    await ours.asks()
    assert len(ours.city.asked) == 2
    assert (await ours.became("H-0"))[1] == "elsewhere"


async def test_a_server_that_is_away_is_asked_again_and_one_that_refuses_closes_the_door(ours: Ours) -> None:
    """Until then nothing is passed over."""
    ours.city.tells("H-1", description="pothole", **HERE)
    ours.city.status = 500
    with pytest.raises(NeighbourAwayError):
        await ours.asks()
    setup = DoorSetup("neighbour", ours.doors.gateway, ours.folder, {})
    running = asyncio.create_task(
        NeighbourDoor(setup, ours.options).run(partial(accept, ours.doors.gateway, ("neighbour",)), None)
    )
    await wait_until(lambda: len(ours.city.asked) > 2, "more questions")
    ours.city.status = 200
    await wait_until(lambda: ours.reports, "its report")
    ours.city.status = 403
    with pytest.raises(NeighbourRefusesError), suppress(asyncio.CancelledError):
        await asyncio.wait_for(running, 20)
