"""Ask, answer, urge: words, and no clock of anybody else's moves."""

import pytest

from schemas.case import Case, State
from schemas.command import Act
from schemas.event import EventType as E
from schemas.place import PlaceGiven
from tests.unit.rules.acts.test_handle import code
from tests.unit.rules.states import in_state
from tests.worlds.street import PHOTO, T0, Street


def test_who_has_the_job_asks_and_the_reporter_answers() -> None:
    street = Street()
    case = street.act(street.report(), Act.ASK, "owner-1", note="哪个门?")
    case = street.act(case, Act.ANSWER, "patrol-1", note="东门", photos=(PHOTO,))
    assert [(ref.role, ref.by, ref.photos) for ref in case.texts] == [
        ("report", "patrol-1", 0),
        ("ask", "owner-1", 0),
        ("answer", "patrol-1", 1),
    ]
    assert case.state is State.DISPATCHED


@pytest.mark.parametrize(("act", "by"), [(Act.ASK, "owner-1"), (Act.ANSWER, "patrol-1")])
def test_it_takes_words(act: Act, by: str) -> None:
    street = Street()
    street.act(street.report(), act, by)
    assert code(street) == "words_needed"


@pytest.mark.parametrize("by", ["office", "patrol-1"])
@pytest.mark.parametrize("state", [State.DISPATCHED, State.SUSPENDED, State.RESOLVED, State.REWORK])
def test_to_urge_is_counted_and_moves_no_clock(state: State, by: str) -> None:
    street, case = in_state(state)
    after = street.act(case, Act.URGE, by, at=T0 + 2)
    assert (after.urged, after.deadlines, after.due_ms) == (1, case.deadlines, case.due_ms)


class TestWaiting:
    """What a waiting report lacked may come as an answer."""

    def test_words(self) -> None:
        street = Street()
        case = street.act(street.report(text=""), Act.ANSWER, "patrol-1", note="漏水")
        assert (case.state, case.category, case.assignee) == (State.DISPATCHED, "leak", "water-desk")

    def test_a_place(self) -> None:
        street = Street()
        case = street.act(street.report(None), Act.ANSWER, "patrol-1", place=PlaceGiven(code="S1"))
        street.settle()
        assert case.state is State.MOVED
        there = street.case_of("R1-G1", "r1")
        assert there is not None
        assert there.state is State.DISPATCHED

    def test_neither(self) -> None:
        street = Street()
        street.act(street.report(None), Act.ANSWER, "patrol-1")
        assert code(street) == "words_needed"

    def test_words_alone_do_not_place_it_and_it_is_asked_again(self) -> None:
        street = Street()
        case: Case = street.act(street.report(None), Act.ANSWER, "patrol-1", at=T0 + 5, note="在路口")
        assert case.state is State.NEEDS_INFORMATION
        assert street.types(case)[-2:] == [E.SUPPLIED, E.INFORMATION_NEEDED]
        assert case.acted_ms == T0 + 5
