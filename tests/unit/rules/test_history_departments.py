"""Whose department a past case has: the source's, unless the replay asked our rules to decide."""

import pytest

from schemas.command import Record, RecordWhat
from schemas.report import Department, SourceFacts
from tests.worlds.street import ON_S1, T0, Street, a_book, a_report


@pytest.mark.parametrize("decides", [False, True])
def test_with_decide_the_department_is_ours(decides: bool) -> None:
    """Else a replay with `--decide` would compare the source with itself."""
    street = Street(a_book(decides_history=decides))
    theirs = Department(code="theirs", name="THEIRS")
    report = a_report(door="replay", source=SourceFacts(occurred_ms=T0, department=theirs))
    street.apply(Record(id="r1.opened", home="R1-G1", what=RecordWhat.OPENED, report=report, at_ms=T0, place=ON_S1), T0)
    case = street.case_of("R1-G1", "r1")
    assert case is not None
    assert case.department is not None
    assert (case.department == theirs) is not decides
    assert (case.row == "R-dirty") is decides
