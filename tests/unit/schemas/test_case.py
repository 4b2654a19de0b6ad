"""The table of states, and in which share of the accepted reports a case counts."""

import pytest

from schemas.case import TRANSITIONS, WAITING, WITH_ORDER, WORKING, Case, Count, State, share_of

S = State


def case(state: State, **more: object) -> Case:
    return Case(number="n", home="h", report="r", state=state).after(dict(more))


def test_every_state_is_in_the_table_and_can_be_reached() -> None:
    assert set(TRANSITIONS) == {None, *State}
    reached: set[State] = set()
    ahead = list(TRANSITIONS[None])
    while ahead:
        state = ahead.pop()
        if state not in reached:
            reached.add(state)
            ahead += TRANSITIONS[state]
    assert reached == set(State)


def test_only_what_moved_is_over_for_good() -> None:
    """What was refused with its master can go its own way."""
    assert {state for state, after in TRANSITIONS.items() if not after} == {S.MOVED}
    assert TRANSITIONS[S.REFUSED] == {S.REOPENED}


def test_nothing_closes_without_the_word_of_somebody() -> None:
    """A worked case closes from `resolved`; elsewhere only because its reporter or its master says so."""
    assert S.CLOSED in TRANSITIONS[S.RESOLVED]
    assert S.RESOLVED not in TRANSITIONS[S.CLOSED]
    assert S.REOPENED in TRANSITIONS[S.CLOSED]
    assert not {S.DISPATCHED, S.ACKNOWLEDGED} & TRANSITIONS[S.RESOLVED]


def test_the_groups() -> None:
    assert WORKING < WITH_ORDER
    assert not WITH_ORDER & WAITING
    assert S.MERGED not in WITH_ORDER


@pytest.mark.parametrize(
    ("known", "share"),
    [
        (case(S.SUBMITTED), Count.WAITING),
        (case(S.NEEDS_INFORMATION), Count.WAITING),
        (case(S.MOVED), Count.MOVED_OUT),
        (case(S.REFUSED), Count.REFUSED),
        (case(S.REFUSED, dispatched_ms=1), Count.REFUSED),
        (case(S.MERGED, master="m"), Count.MERGED),
        (case(S.CLOSED, master="m", dispatched_ms=1), Count.MERGED),
        (case(S.REFUSED, master="m"), Count.MERGED),
        (case(S.CLOSED), Count.REFUSED),
        (case(S.CLOSED, self_handled=True), Count.ROUTED),
        *((case(state, dispatched_ms=1), Count.ROUTED) for state in [*WITH_ORDER, S.CLOSED]),
    ],
)
def test_the_share_of_a_case(known: Case, share: Count) -> None:
    """Withdrawn before anybody had it counts as refused; a follower stays merged when its master ends."""
    assert share_of(known) is share


def test_a_case_is_a_value() -> None:
    first = case(S.DISPATCHED)
    assert first.after({"hops": 1}).hops == 1
    assert first.hops == 0


def test_a_case_after_a_change_is_as_the_model_copies_it() -> None:
    """By hand, as that is done with every event; nothing of the case before is changed."""
    before = Case(number="n", home="h", report="r", state=S.SUBMITTED, seq=1)
    now = {"state": S.DISPATCHED, "hops": 2}

    after = before.after(now)

    assert after == before.model_copy(update=now)
    assert after.model_fields_set == before.model_copy(update=now).model_fields_set
    assert after.model_dump_json() == before.model_copy(update=now).model_dump_json()
    assert (before.state, before.hops) == (S.SUBMITTED, 0)
