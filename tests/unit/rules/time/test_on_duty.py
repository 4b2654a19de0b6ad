"""Who is on duty: by an open duty, or by a shift of their own organisation."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from rules.time.on_duty import DutyRota
from schemas.calendar import Hours, WorkCalendar
from schemas.directory import Directory
from schemas.duty import Duty, Weekday
from schemas.names import Name
from schemas.people import Person, Role
from schemas.region import Region
from tests.worlds.doors import region, rulebook

ZONE = ZoneInfo("Asia/Shanghai")
OFFICE = Hours(week=(("08:30-17:30",),) * 5 + ((),) * 2)
NIGHT_CREW = Hours(organisation="crew", week=(("22:00-06:00",),) * 7, on_holidays=True)
CALENDAR = WorkCalendar(
    zone="Asia/Shanghai", first=date(2025, 1, 1), last=date(2027, 12, 31), hours=OFFICE, organisations=(NIGHT_CREW,)
)


def at(hour: int, minute: int = 0) -> int:
    return round(datetime(2026, 11, 30, hour, minute, tzinfo=ZONE).timestamp() * 1000)


def person(id: str, role: Role = Role.EXECUTOR, department: str | None = None) -> Person:
    return Person(id=id, name=Name.same(id), roles=(role,), department=department)


def town() -> Region:
    """One grid with a head, a day worker and a worker of the night crew."""
    plain = region()
    (grid,) = plain.grids
    people = (person("head", Role.PATROLLER), person("day"), person("night", department="crew"), person("guard"))
    return plain.model_copy(
        update={
            "grids": (grid.model_copy(update={"head": "head", "workers": ("day", "night")}),),
            "persons": (*plain.persons, *people),
            "calendar": CALENDAR,
        }
    )


def roster(*duties: Duty) -> DutyRota:
    return DutyRota(Directory(town()), rulebook().model_copy(update={"duties": duties}))


def watch(id: str, who: str, window: str, **fields: Any) -> Duty:
    return Duty(id=id, name=Name.same(id), place="G01", weekdays=tuple(Weekday), window=window, person=who, **fields)


def test_a_shift_of_their_own_organisation_counts_and_the_hours_of_all_do_not() -> None:
    found = roster()
    assert [found.is_on_duty("night", at(hour)) for hour in (5, 6, 12, 21, 22)] == [True, False, False, False, True]
    assert not found.is_on_duty("day", at(10))
    assert not found.is_on_duty("nobody", at(23))


def test_a_duty_counts_while_its_window_is_open() -> None:
    found = roster(watch("early", "guard", "00:00-07:00"), watch("late", "guard", "22:00-24:00"))
    assert [found.is_on_duty("guard", at(h)) for h in (0, 6, 7, 21, 22, 23)] == [True, True, False, False, True, True]


def test_the_nearest_come_first() -> None:
    """A duty in the grid, a shift there; a duty elsewhere after both."""
    found = roster(watch("late", "guard", "22:00-24:00"))
    assert found.near("G01", at(23)) == (("guard",), ("night",), ("guard",))
    assert found.near("G02", at(23)) == (("guard",),)
    assert found.near("G01", at(12)) == ()
