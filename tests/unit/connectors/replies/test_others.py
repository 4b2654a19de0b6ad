"""Who is asked, called or above, by event."""

from typing import Any

import pytest

from connectors.replies.others import others
from schemas.directory import Directory
from schemas.people import Role
from tests.worlds.commanded_street import region, rulebook

GRID = region().grids[0].id
LADDER = Directory(region()).ladder_of(GRID)
CONCERNED = others(lambda: (Directory(region()), rulebook()))


def event(type: str, by: str = "crew-1", **facts: Any) -> dict[str, Any]:
    return {"type": type, "grid": GRID, "by": by, "facts": facts}


def test_a_request_goes_to_the_lowest_rung_above() -> None:
    assert list(CONCERNED(event("pause_requested"))) == [(LADDER[0], "decider")]
    assert list(CONCERNED(event("extension_requested", by=LADDER[-1]))) == []


def test_an_escalation_goes_to_whom_it_names() -> None:
    assert list(CONCERNED(event("escalated", to="boss"))) == [("boss", "superior")]


def test_a_whistle_goes_to_the_officers_of_the_departments() -> None:
    officer = next(each for each in region().persons if Role.DEPARTMENT_OFFICER in each.roles and each.department)
    assert (officer.id, "officer") in list(CONCERNED(event("whistled", departments=[officer.department])))


@pytest.mark.parametrize("type", ["opened", "dispatched", "resolved", "rulebook_activated"])
def test_most_events_concern_nobody_else(type: str) -> None:
    assert list(CONCERNED(event(type))) == []
