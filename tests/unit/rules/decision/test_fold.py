"""The fold: the only way a case changes."""

import pytest

from rules.decision.builder import MOST_ID, DecisionBuilder
from rules.decision.draft import Draft
from rules.decision.fold import IllegalTransitionError, fold
from schemas.case import TRANSITIONS, State
from schemas.event import EventType as E
from tests.worlds.street import T0, Street


def draft(command: str = "c1", **now: object) -> Draft:
    return Draft(E.URGED, "R1-G1", "G1", T0, command, "office", case="R1-G1-2611-00001", now=dict(now))


def test_an_event_counts_and_its_command_is_remembered_once() -> None:
    case = Street().report()
    after = fold(fold(case, draft(urged=1)), draft(urged=2))
    assert (after.urged, after.seq, after.acts) == (2, case.seq + 2, (*case.acts, "c1"))


def test_a_deadline_is_no_command_to_remember() -> None:
    case = Street().report()
    assert fold(case, draft("due:accept")).acts == case.acts


@pytest.mark.parametrize("before", State)
def test_only_what_the_table_allows(before: State) -> None:
    case = Street().report().after({"state": before})
    for after in State:
        if after == before or after in TRANSITIONS[before]:
            assert fold(case, draft(state=after)).state is after
        else:
            with pytest.raises(IllegalTransitionError, match=f"after: {after}"):
                fold(case, draft(state=after))


def test_a_case_begins_submitted() -> None:
    with pytest.raises(IllegalTransitionError):
        fold(None, draft(state=State.CLOSED, report="r"))


def test_what_is_changed_on_the_way_without_being_said_is_not_kept() -> None:
    """So that what a decision sees next is what a replay will see."""
    street = Street()
    case = street.report()
    builder = DecisionBuilder(street, "c", "office", case.home)
    after = builder.happen(case.after({"hops": 9}), E.URGED, urged=1)
    assert (after.hops, after.urged) == (0, 1)
    assert builder.happen(case, E.URGED, hops=2).urged == 1, "nor is what happened just now forgotten"


def test_ids_that_follow_are_stable_and_fit() -> None:
    builder = DecisionBuilder(Street(), "c", "office", "R1-G1")
    assert builder.follow_up("a", "b") == "a/b"
    long = builder.follow_up("x" * 90, "y" * 90)
    assert len(long) <= MOST_ID
    assert long == builder.follow_up("x" * 90, "y" * 90) != builder.follow_up("x" * 90, "z" * 90)
