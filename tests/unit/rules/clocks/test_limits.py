"""A row of the limits table for any category: it ends all steps of every category with the end that it sets."""

from typing import Any

from schemas.case import Deadline
from schemas.rulebook import Rulebook
from tests.worlds.street import HOUR, T0, Street, a_book, a_rulebook

STEPS = [
    {"id": "fence", "name": {"zh": "围挡"}, "limit": "1uh"},
    {"id": "restore", "name": {"zh": "恢复"}, "limit": "5d"},
]


def urgent_row(then: dict[str, Any]) -> Rulebook:
    """Leaks have two steps; the only row of the limits is for whatever is urgent."""
    told = a_rulebook(urgent_words=["受伤"]).model_dump(mode="json")
    told["categories"][2] |= {"limits": {"resolve": "5d"}, "milestones": STEPS}
    row = {"id": "now", "when": {"urgency": "urgent"}, "then": then}
    told["limits"] = {"name": "limits", "hit_policy": "F", "inputs": ["urgency"], "rows": [row]}
    return Rulebook.model_validate(told)


def dues(text: str, then: dict[str, Any]) -> tuple[int | None, list[int]]:
    """When the case is due and when its steps are, after its dispatch."""
    case = Street(a_book(rulebook=urgent_row(then))).report(text=text)
    assert case.deadlines[Deadline.RESOLVE] == case.due_ms
    return case.due_ms and case.due_ms - T0, [step.due_ms - T0 for step in case.milestones]


def test_a_shorter_end_for_everything_ends_the_steps_too() -> None:
    then = {"resolve": "4uh"}
    assert dues("漏水", then) == (120 * HOUR, [HOUR, 120 * HOUR])
    assert dues("漏水，有人受伤", then) == (4 * HOUR, [HOUR, 4 * HOUR])


def test_it_may_say_steps_as_well() -> None:
    assert dues("漏水，有人受伤", {"milestones": ["restore=2d"]}) == (120 * HOUR, [HOUR, 48 * HOUR])
