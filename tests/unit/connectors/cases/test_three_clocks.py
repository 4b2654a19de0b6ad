"""The three clocks as people read them, beside what the rules decided."""

from collections.abc import Callable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.cases.three_clocks import CLOCKS, ClockReading, Standing, three_clocks
from schemas.case import WITH_ORDER, WORKING, Case, Deadline, State
from schemas.codec import decode
from schemas.command import Act, Outcome
from schemas.event import Event
from streams.cases.event_writer import event_value
from tests.unit.rules.life import STEPS, Step, one_street
from tests.worlds.street import CLEAN, HOUR, PHOTO, T0, Street

MINUTE = HOUR // 60
RUNNING, MET, LATE, STILL = Standing


def events_of(street: Street, number: str) -> Iterator[Event]:
    """The events of a case as the log has them."""
    for n, draft in enumerate(street.drafts):
        if draft.case == number:
            yield decode(Event, event_value(draft, n, ""))


def read(street: Street, case: Case, now_ms: int | None = None) -> dict[Deadline, ClockReading]:
    """The clocks of a case as it is now, by their names."""
    now_ms = street.t_ms if now_ms is None else now_ms
    case = street.cases[case.number]
    return {each.clock: each for each in three_clocks(case, events_of(street, case.number), now_ms)}


def standings(street: Street, case: Case) -> list[Standing | None]:
    """How accept, first response and resolution stand."""
    return [each.standing for each in read(street, case).values()]


@pytest.fixture
def street() -> Street:
    return Street()


@pytest.fixture
def case(street: Street) -> Case:
    """Dispatched at T0: sign in 1 h, respond in 2 h, resolve in 4 h."""
    return street.report(photos=(PHOTO,))


def test_all_three_start_with_the_dispatch(street: Street, case: Case) -> None:
    clocks = read(street, case)
    assert tuple(clocks) == CLOCKS
    assert {each.started_ms for each in clocks.values()} == {T0}
    assert [clocks[each].due_ms for each in CLOCKS] == [T0 + n * HOUR for n in (1, 2, 4)]
    assert standings(street, case) == [RUNNING] * 3


def test_nothing_is_counted_before_the_dispatch(street: Street) -> None:
    assert read(street, street.report(None)) == {}


def test_each_act_ends_its_clock_and_the_deadline_stays_readable(street: Street, case: Case) -> None:
    street.act(case, Act.ACKNOWLEDGE, "owner-1", at=T0 + 10 * MINUTE)
    assert standings(street, case) == [MET, RUNNING, RUNNING]
    signed = read(street, case)[Deadline.ACCEPT]
    assert (signed.due_ms, signed.ended_ms) == (T0 + HOUR, T0 + 10 * MINUTE)
    street.act(case, Act.CONTACT, "owner-1", at=T0 + 3 * HOUR)
    assert standings(street, case) == [MET, LATE, RUNNING]
    assert read(street, case)[Deadline.RESPOND].due_ms == T0 + 2 * HOUR


def test_a_clock_is_late_the_moment_after_its_deadline(street: Street, case: Case) -> None:
    for minute, expected in ((60, RUNNING), (61, LATE)):
        now_ms = T0 + minute * MINUTE
        assert read(street, case, now_ms)[Deadline.ACCEPT].standing is expected, "whether or not a notice was sent"
    street.wait_until(T0 + 5 * HOUR)
    assert standings(street, case) == [LATE] * 3


def test_the_resolution_waits_for_the_verification_and_is_judged_at_the_after_photo(street: Street, case: Case) -> None:
    street.act(case, Act.RESOLVE, "owner-1", at=T0 + HOUR, photos=(CLEAN,))
    assert standings(street, case) == [MET, MET, STILL]
    assert read(street, case)[Deadline.RESOLVE].ended_ms == T0 + HOUR
    street.act(case, Act.VERIFY, "patrol-1", at=T0 + 9 * HOUR)
    assert standings(street, case) == [MET, MET, MET], "nobody is late because somebody else has not tapped yet"


def test_after_not_fixed_it_goes_on_with_what_is_left(street: Street, case: Case) -> None:
    street.act(case, Act.RESOLVE, "owner-1", at=T0 + HOUR, photos=(CLEAN,))
    street.act(case, Act.REJECT, "patrol-1", at=T0 + 3 * HOUR, note="还有")
    again = read(street, case)[Deadline.RESOLVE]
    assert (again.standing, again.due_ms, again.ended_ms) == (RUNNING, T0 + 6 * HOUR, None)
    street.act(case, Act.RESOLVE, "owner-1", at=T0 + 7 * HOUR, photos=(PHOTO,))
    assert standings(street, case)[2] is LATE


def test_a_pause_stops_the_resolution_alone(street: Street) -> None:
    case = street.report(photos=(PHOTO,))
    street.act(case, Act.REQUEST_PAUSE, "owner-1", at=T0 + HOUR, hours=24, note="等配件")
    assert standings(street, case) == [MET, RUNNING, RUNNING], "a request stops nothing"
    street.act(case, Act.APPROVE, "steward", at=T0 + HOUR)
    assert standings(street, case) == [MET, RUNNING, STILL]
    street.wait_until(T0 + 3 * HOUR)
    assert standings(street, case) == [MET, LATE, STILL]


def test_a_case_that_ends_without_the_work_was_never_late(street: Street, case: Case) -> None:
    street.act(case, Act.WITHDRAW, "patrol-1", at=T0 + MINUTE)
    assert street.cases[case.number].outcome is Outcome.WITHDRAWN
    street.wait_until(T0 + 30 * HOUR)
    assert standings(street, case) == [STILL] * 3


def test_without_a_limit_there_is_nothing_to_meet(street: Street) -> None:
    case = street.report(text="坑")
    assert standings(street, case) == [None] * 3
    street.act(case, Act.ACKNOWLEDGE, "owner-1", at=T0 + HOUR)
    assert read(street, case)[Deadline.ACCEPT].ended_ms == T0 + HOUR


@settings(max_examples=30)
@given(STEPS, st.booleans(), st.integers(0, 40 * HOUR))
def test_they_say_what_the_rules_decided(steps: list[Step], at_work: bool, later_ms: int) -> None:
    """In any life, at any moment: as the deadlines that may fire, the misses and the judgement have it."""
    street, life = one_street(at_work=at_work)
    for _ in life.play(steps):
        pass
    for case in street.cases.values():
        clocks = read(street, case)
        for clock, each in clocks.items():
            check(case, clock, each, street.t_ms)
            after = read(street, case, street.t_ms + later_ms)[clock].standing
            assert after is each.standing or (each.standing, after) == (RUNNING, LATE), "time alone makes late"


def check(case: Case, clock: Deadline, each: ClockReading, now_ms: int) -> None:
    """One clock of one case."""
    judge: Callable[[Case, ClockReading, int], None] = _resolution if clock is Deadline.RESOLVE else _plain
    assert (each.standing is None) == (each.due_ms is None)
    if each.due_ms is None:
        return
    if each.standing is RUNNING:
        assert case.state in WITH_ORDER
        assert now_ms <= each.due_ms
        assert clock in case.deadlines or case.state is State.RETURNED, "it may still be missed"
    if each.standing is MET:
        assert each.ended_ms is not None
        assert each.ended_ms <= each.due_ms
        assert clock not in case.missed
    judge(case, each, now_ms)


def _resolution(case: Case, each: ClockReading, now_ms: int) -> None:
    if case.state in WORKING:
        assert each.standing is (RUNNING if now_ms <= (case.due_ms or 0) else LATE)
    if case.state is State.CLOSED and case.on_time is not None:
        assert each.standing is (MET if case.on_time else LATE)
    if case.state in {State.SUSPENDED, State.RESOLVED}:
        assert each.standing in {STILL, LATE}


def _plain(case: Case, each: ClockReading, _: int) -> None:
    if each.clock in case.deadlines:
        assert each.due_ms == case.deadlines[each.clock]
        assert each.ended_ms is None
    if each.clock in case.missed:
        assert each.standing is LATE
    if each.standing is STILL:
        assert case.state not in WITH_ORDER
