"""What events change is exactly what a case has: a field of one is a field of the other, of the same type."""

from typing import Any, get_type_hints

import pytest

from rules.decision.builder import DecisionBuilder
from schemas.case import Case
from schemas.case_change import CaseChange
from schemas.event import EventType
from tests.worlds.street import Street


def test_a_change_may_name_every_field_of_a_case_and_no_other() -> None:
    assert get_type_hints(CaseChange) == {
        name: kind
        for name, kind in get_type_hints(Case).items()
        if name in Case.model_fields and name not in {"number", "home"}
    }


def test_a_field_that_no_case_has_reaches_no_event() -> None:
    """Types see a slip in the code; what is put together at run time is held here."""
    slip: dict[str, Any] = {"asignee": "owner-1"}
    with pytest.raises(TypeError, match="a case has no asignee"):
        DecisionBuilder(Street(), "c1", "owner-1", "h").happen(None, EventType.OPENED, number="n", **slip)
