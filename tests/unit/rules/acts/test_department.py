"""What a department's program sends counts for that department's own orders only, whatever its people may do."""

import pytest

from schemas.case import Case
from schemas.command import Act, Do
from schemas.event import EventType
from schemas.order import ordered_from
from schemas.topics import home_of
from tests.unit.rules.acts.test_whistle import a_street
from tests.worlds.street import Street


def called() -> tuple[Street, Case]:
    """Water and drainage are called, housing is not."""
    street = a_street()
    return street, street.act(street.report(text="漏水"), Act.WHISTLE, "office", cite="W1")


def said(street: Street) -> tuple[EventType, str | None]:
    draft = street.drafts[-1]
    return draft.type, draft.because.code if draft.because is not None else None


@pytest.mark.parametrize("department", ["water", "drainage"])
def test_a_department_acts_on_its_own_order(department: str) -> None:
    street, case = called()
    assert department in ordered_from(case)
    street.act(case, Act.SIGN, f"{department}-desk", department=department)
    assert said(street)[0] is EventType.REPORTED_IN


@pytest.mark.parametrize("act", list(Act))
def test_no_department_acts_on_the_order_of_another(act: Act) -> None:
    """Also where its sender might, as somebody who reported it or stands above it."""
    street, case = called()
    assert "housing" not in ordered_from(case)
    for by in ("office", "housing-desk", case.reporter):
        before = len(street.drafts)
        street.act(case, act, by, department="housing", note="说明", cite="W1", to="water")
        assert len(street.drafts) == before + 1
        assert said(street) == (EventType.ACTION_REFUSED, "not_your_order")


def test_no_department_erases_what_is_archived() -> None:
    street = a_street()
    number = "R1-G1-2611-09999"
    do = Do(id="x", home=home_of(number), act=Act.ERASE, case=number, by="office", department="water")
    street.apply(do, street.t_ms)
    assert said(street) == (EventType.ACTION_REFUSED, "unknown_case")
