"""What rows of the limits table may say of milestones without a complaint, and for whom it is looked at."""

from typing import Any

import pytest

from rules.check.known import References
from rules.check.steps import steps
from tests.strategies.broken_books import broken

LATE = ["step_after_resolution"]


def found(*rows: dict[str, Any], inputs: str = "category", more: dict[str, Any] | None = None) -> list[str]:
    """Codes of what is said of the steps of a limits table with these rows."""
    table = {"name": "limits", "hit_policy": "F", "inputs": [inputs], "rows": list(rows)}
    patch = {"set": {"limits": table, **(more or {})}}
    return [problem.code for problem in steps(References(*broken(patch)))]


def row(then: dict[str, Any], **when: Any) -> dict[str, Any]:
    return {"id": "r", "when": when, "then": then}


@pytest.mark.parametrize(
    ("then", "codes"),
    [
        ({"milestones": ["fence=2uh", "repair=none"]}, []),
        ({"resolve": "1d", "milestones": ["restore=none"]}, []),
        ({"resolve": "10wd"}, []),
        ({"resolve": "soon"}, []),
        ({"resolve": "1d"}, LATE),
        ({"milestones": ["restore=6wd"]}, LATE),
        ({"milestones": ["fence=6ud", "ghost", "ghost=1h"]}, ["wrong_step", "unknown_step"]),
    ],
)
def test_a_row_for_burst_pipes(then: dict[str, Any], codes: list[str]) -> None:
    """Urgent and working time are not compared: what a day of work is, only a calendar knows."""
    assert found(row(then, category="burst-pipe")) == codes


def test_a_row_for_every_category() -> None:
    """It may name the steps of any, and end all of them sooner; only its own steps must not come after its end."""
    assert found(row({"milestones": ["fence=2uh", "stop=2wh"]}, hour=3), inputs="hour") == []
    assert found(row({"resolve": "1d"}, hour=3), inputs="hour") == []
    assert found(row({"resolve": "1d", "milestones": ["fence=2d"]}, hour=3), inputs="hour") == LATE


def test_the_items_that_routing_gives_count_too() -> None:
    """Those of the row's categories only, with the end that the item says."""
    permit = [{"id": "permit", "name": {"zh": "许可"}, "limit": "1wd"}]
    own: dict[str, Any] = {"items.P03.milestones": permit, "items.P03.limits": {"resolve": "2wd"}}
    given = {"routing.rows.parks.then": {"assign": "department", "department": "parks", "item": "P03"}, **own}
    assert found(row({"milestones": ["permit=2wd"]}, category="tree"), more=given) == []
    assert found(row({"milestones": ["permit=3wd"]}, category="tree"), more=given) == LATE
    assert found(row({"milestones": ["permit=2wd"]}, category="tree"), more=own) == ["step_elsewhere"]
    everywhere = {"routing.default": {"assign": "grid_head", "item": "P03"}, **own}
    assert found(row({"milestones": ["permit=2wd"]}, category="other"), more=everywhere) == []


def test_what_is_wrong_without_the_row_is_not_said_of_it() -> None:
    late = {"categories.burst-pipe.limits": {"resolve": "1d"}}
    assert found(row({"milestones": ["fence=2uh"]}, category="burst-pipe"), more=late) == []
