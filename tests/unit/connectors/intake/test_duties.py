"""Duties that begin are written to the outbox, once each, whatever happened since the last look."""

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from connectors.intake.duties import MOST_BACK_MS, DutyReports
from schemas.codec import decode_any
from schemas.duty import Duty
from schemas.people import Role
from schemas.report import INCOMING, Report
from schemas.system import Mode
from schemas.topics import REPORTS
from tests.worlds.doors import Doors, doors

RUN = Duty.model_validate(
    {"id": "school-run", "name": {"zh": "护学岗"}, "place": "G01", "window": "07:20-08:10", "person": "p1",
     "category": "litter"}
)  # fmt: skip
DAY = 86_400_000


def at(told: str) -> int:
    """`04 07:30` of March 2024 in Shanghai, ms UTC; the 4th is a Monday."""
    return int(datetime.fromisoformat(f"2024-03-{told}").replace(tzinfo=ZoneInfo("Asia/Shanghai")).timestamp() * 1000)


class Life:
    """A gateway at a moment, with its duties."""

    def __init__(self, door: Doors) -> None:
        self.door = door
        door.gateway.rulebook = door.gateway.rulebook.model_copy(update={"duties": (RUN,)})
        self.file = door.home / "duties.json"

    async def look(self, told: str | int) -> int:
        """A fresh process looks at this moment."""
        now = at(told) if isinstance(told, str) else told
        self.door.gateway.clock = lambda: now
        return await DutyReports(self.door.gateway, self.file).look()

    @property
    def reports(self) -> list[Report]:
        """What waits in the outbox."""
        found = []
        for stored in self.door.stored():
            assert stored.row.topic == REPORTS
            assert stored.row.report
            content = decode_any(INCOMING, stored.row.value)
            assert isinstance(content, Report)
            found.append(content)
        return found


@pytest.fixture
async def life(tmp_path: Path) -> AsyncIterator[Life]:
    async with doors(tmp_path) as running:
        yield Life(running)


async def test_a_window_that_begins_is_one_report(life: Life) -> None:
    assert await life.look("04 07:10") == 0
    assert await life.look("04 07:20") == 1
    assert await life.look("04 07:20") == 0
    assert await life.look("04 09:00") == 0
    (report,) = life.reports
    assert (report.id, report.duty, report.door) == ("duty/school-run/2024-03-04", "school-run", "duties")
    assert (report.received_ms, report.category, report.place.code) == (at("04 07:20"), "litter", "G01")
    assert (report.reporter.kind, report.text) == (Role.SYSTEM, "护学岗")


async def test_what_was_before_the_system_is_nobodys_duty(life: Life) -> None:
    assert await life.look("04 07:30") == 0
    assert await life.look("05 07:30") == 1


async def test_an_outage_is_made_up_for(life: Life) -> None:
    """From Monday noon to Monday morning: four weekdays and the new one, in order, each dated as it began."""
    await life.look("04 12:00")
    assert await life.look("11 07:45") == 5
    assert [report.received_ms for report in life.reports] == [
        at(f"{day} 07:20") for day in ("05", "06", "07", "08", "11")
    ]


async def test_an_outage_of_half_a_year_is_not(life: Life) -> None:
    await life.look("04 12:00")
    last = at("04 12:00") + 200 * DAY
    made = await life.look(last)
    assert 20 <= made <= 23
    assert min(report.received_ms for report in life.reports) > last - MOST_BACK_MS


async def test_killed_before_it_was_noted_makes_the_same_again(life: Life) -> None:
    """The outbox knows the id; also when the duty is somebody else's by then."""
    await life.look("04 07:10")
    before = life.file.read_bytes()
    assert await life.look("04 07:30") == 1
    life.file.write_bytes(before)
    assert await life.look("04 07:31") == 0
    life.file.write_bytes(before)
    other = RUN.model_copy(update={"category": "other"})
    life.door.gateway.rulebook = life.door.gateway.rulebook.model_copy(update={"duties": (other,)})
    assert await life.look("04 07:32") == 0
    assert len(life.reports) == 1


async def test_a_broken_note_begins_anew(life: Life) -> None:
    await life.look("04 07:10")
    life.file.write_text("nonsense")
    assert await life.look("05 07:10") == 0
    assert await life.look("05 07:20") == 1


async def test_a_clock_that_goes_back_makes_nothing_twice(life: Life) -> None:
    await life.look("04 07:30")
    assert await life.look("05 07:30") == 1
    assert await life.look("05 07:10") == 0
    assert await life.look("05 07:30") == 0
    assert await life.look("06 07:30") == 1


@pytest.mark.parametrize("mode", [Mode.NEW, Mode.HISTORY])
async def test_only_a_live_system_has_duties(life: Life, mode: Mode) -> None:
    """A duty must not make a new system a live one, because then no past could be replayed into it."""
    live = life.door.gateway.system
    life.door.gateway.system = live.model_copy(update={"mode": mode})
    await life.look("04 07:10")
    assert await life.look("04 07:30") == 0
    life.door.gateway.system = live
    await life.look("04 12:00")
    assert [report.id for report in life.reports] == []
    assert await life.look("05 07:20") == 1


async def test_the_gateway_looks_as_soon_as_it_lives(tmp_path: Path) -> None:
    async with doors(tmp_path, duties=tmp_path / "duties.json") as running:
        for _ in range(3):
            await running.client.get("/api/health")
    assert (tmp_path / "duties.json").exists()
