"""Laws that hold for every life of a street, whatever people send and in whatever order time lets it happen."""

from collections import Counter
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from rules.decision.fold import fold
from rules.time.working import in_shift
from schemas.case import WITH_ORDER, WORKING, Case, Count, Deadline, State
from schemas.codec import decode, encode
from schemas.command import NOBODY_SAYS, AnyCommand, Do, Open, Outcome, Supply
from schemas.event import Event, EventType
from streams.cases.event_writer import event_value
from streams.cases.proof import draft_of
from streams.cases.unit_of_work import NOT_OF_A_CASE
from tests.unit.rules.life import STEPS, Step, one_street, step
from tests.worlds.street import DAY, Street

D = Deadline
RUNNING = frozenset({D.ACCEPT, D.RESPOND, D.RESOLVE, D.LADDER, D.REQUEST, D.REPORT_IN, D.MILESTONE})
TOLD = frozenset({D.RESOLVE, D.LADDER, D.VERIFY, D.REQUEST, D.RESUME})
MAY_BE_DUE: dict[State, frozenset[Deadline]] = {
    State.SUBMITTED: frozenset({D.ADMISSION, D.OFFER}),
    State.NEEDS_INFORMATION: frozenset({D.REMIND}),
    State.MERGED: frozenset(),
    State.MOVED: frozenset({D.ARCHIVE}),
    State.REFUSED: frozenset({D.ARCHIVE}),
    State.CLOSED: frozenset({D.ARCHIVE}),
    State.RESOLVED: frozenset({D.VERIFY}),
    State.SUSPENDED: frozenset({D.ACCEPT, D.RESPOND, D.RESUME, D.REPORT_IN}),
    **dict.fromkeys(WORKING, RUNNING),
}


def check(case: Case, street: Street) -> None:
    """What is true of every case at every moment."""
    assert set(case.deadlines) <= MAY_BE_DUE[case.state], (case.state, case.deadlines)
    assert (case.request is not None) == (D.REQUEST in case.deadlines)
    assert (case.suspended_ms is not None) == (case.state is State.SUSPENDED) == (case.suspended_from is not None)
    assert len(set(case.missed)) == len(case.missed)
    assert set(case.missed) <= set(case.fired)
    assert not set(case.missed) & set(case.deadlines), "what was missed is not due again"
    assert D.LADDER not in case.deadlines or D.RESOLVE in case.missed
    assert sum(case.climbed.values()) <= case.rung <= len(street.book.ladder(case.place))
    assert case.acted_ms >= case.submitted_ms
    if case.state in WORKING:
        steps = [at for each in case.assists for at in each.open_steps().values()]
        assert case.deadlines.get(D.REPORT_IN) == min(steps, default=None) or case.resolved_ms is not None
        assert case.left_ms is None
        assert case.assignee is not None
        assert D.ACCEPT not in case.deadlines or case.acknowledged_ms is None
        assert D.RESPOND not in case.deadlines or case.contacted_ms is None
        if case.due_ms is not None and D.RESOLVE not in case.missed:
            assert D.RESOLVE in case.deadlines, "a clock that runs can be missed"
    if case.state in WITH_ORDER:
        assert case.place is not None
        assert case.dispatched_ms is not None
    if case.state in {State.RESOLVED, State.CLOSED} and case.master is None and case.outcome not in NOBODY_SAYS:
        assert case.resolved_ms is not None
        assert case.resolved_ms >= case.submitted_ms
        assert (case.on_time is None) == (case.due_ms is None or case.self_handled)
        assert case.left_ms is None or (case.left_ms >= 0) == case.on_time


def check_shifts(case: Case, street: Street) -> None:
    """Whoever works by shifts is told nothing outside them: each deadline lies in a shift, or ends one."""
    calendar = street.book.region.calendar
    if case.clock is not None:
        for name in TOLD & set(case.deadlines):
            at = case.deadlines[name]
            assert in_shift(at - 1, calendar, case.clock.organisation) in {at - 1, at}, (name, at)


def check_followers(street: Street) -> None:
    """Both sides of every merge say the same, once all effects have arrived."""
    for case in street.cases.values():
        if case.state is State.MERGED:
            assert case.master is not None
            master = street.cases[case.master]
            assert master.state in WITH_ORDER
            assert case.number in {follower.case for follower in master.followers}
        for follower in case.followers:
            there = street.cases.get(follower.case)
            assert there is None or there.master == case.number
        assert not (case.followers and case.master)


laws = settings(max_examples=30)


@laws
@given(STEPS, st.booleans())
def test_every_case_is_sound_at_every_moment(steps: list[Step], at_work: bool) -> None:
    """No exception, no illegal transition (fold raises), no clock forgotten, nothing lost, no deadline fired twice."""
    street, life = one_street(at_work=at_work)
    for _ in life.play(steps):
        for case in street.cases.values():
            check(case, street)
            check_shifts(case, street)
        check_followers(street)
        check_counts(street)
    assert [key for key, times in Counter(street.fired).items() if times > 1] == []
    assert [at for _, _, at in street.fired] == sorted(at for _, _, at in street.fired)
    check_log(street)


def check_counts(street: Street) -> None:
    """Accepted = routed + refused + merged + waiting; and whoever moved out has moved in."""
    counts = Counter(street.counts())
    moved_in = sum(case.moved_from is not None for case in [*street.cases.values(), *street.archived])
    assert counts[Count.MOVED_OUT] == moved_in
    shares = (Count.ROUTED, Count.REFUSED, Count.MERGED, Count.WAITING)
    assert len(street.accepted) == sum(counts[share] for share in shares)


def check_log(street: Street) -> None:
    """Every draft, written as an event, read back and folded: equal to what the street holds, byte for byte."""
    cases: dict[str, Case] = {}
    for n, draft in enumerate(street.drafts):
        read = draft_of(decode(Event, event_value(draft, n, "")))
        if read.case is None or (read.case not in cases and read.type in NOT_OF_A_CASE):
            continue
        after = fold(cases.get(read.case), read)
        cases[read.case] = after
        if read.type is EventType.ARCHIVED:
            del cases[read.case]
    assert cases == street.cases
    assert {n: encode(case) for n, case in cases.items()} == {n: encode(case) for n, case in street.cases.items()}


@laws
@given(STEPS, st.booleans())
def test_every_case_ends(steps: list[Step], at_work: bool) -> None:
    """When people stop acting, deadlines bring everything that only waits for a word to its end."""
    street, life = one_street(at_work=at_work)
    for _ in life.play(steps):
        pass
    for _ in range(5):
        street.wait_until(street.t_ms + 365 * DAY)
        street.settle()
    waiting = [case.state for case in street.cases.values() if case.deadlines]
    assert waiting == []
    assert {case.state for case in street.cases.values()} <= WORKING | {State.MERGED}


@laws
@given(STEPS, st.booleans())
def test_a_command_that_comes_again_changes_nothing(steps: list[Step], at_work: bool) -> None:
    """At once, or after everything else has happened."""
    street, life = one_street(at_work=at_work)
    for command in life.play(steps):
        again(street, command)
    for command, _ in life.commands:
        again(street, command)


def again(street: Street, command: AnyCommand) -> None:
    """The same command once more."""
    known = isinstance(command, Do) and command.case in street.cases
    known |= isinstance(command, Open | Supply) and street.by_report(command) is not None
    if not known:
        return  # no case remembers it; the streams take each record of the log once
    before, drafts = dict(street.cases), len(street.drafts)
    street.apply(command, street.t_ms)
    street.settle()
    assert street.drafts[drafts:] == []
    assert street.cases == before


@laws
@given(STEPS)
def test_homes_that_share_a_partition_share_nothing_else(steps: list[Step]) -> None:
    """One street holding all homes, and one for each home that only hears of the others by commands: equal cases."""
    together, life = one_street()
    for _ in life.play(steps):
        pass
    apart = {home: Street(together.book) for home in ("R1-G1", "R1-G2", "R1-U")}
    for command, t_ms in life.commands:
        _apply_apart(apart, command, t_ms)
    assert together.cases == {number: case for street in apart.values() for number, case in street.cases.items()}


def _apply_apart(apart: dict[str, Street], command: AnyCommand, t_ms: int) -> None:
    for street in apart.values():
        street.wait_until(t_ms)
    for street in apart.values() if command.home == "*" else [apart[command.home]]:
        street.apply(command, t_ms)
    while sent := [(street, effect) for street in apart.values() for effect in street.effects]:
        for street, effect in sent:
            street.effects.remove(effect)
            apart[effect.home].apply(effect, t_ms)


def test_the_laws_are_tried_on_lives_worth_it() -> None:
    """The generator reaches every state and nearly every kind of event; else the laws above would say little."""
    types: set[EventType] = set()
    states: set[State] = set()
    random = Random(36)
    outcomes: set[Outcome | None] = set()
    for n in range(150):
        street, life = one_street(at_work=n % 2 == 1)
        for _ in life.play([step(random.randrange(10**8)) for _ in range(60)]):
            states |= {case.state for case in street.cases.values()}
            outcomes |= {case.outcome for case in street.cases.values()}
        types |= set(street.types())
    assert set(State) - states <= {State.RETURNED}, "it is passed within a decision"
    assert set(Outcome) <= outcomes
    of_no_life = {EventType.RULEBOOK_ACTIVATED, EventType.COMMAND_PARKED, EventType.TAKEN_OVER}
    of_no_life |= {EventType.PARKED_RETRIED, EventType.PARKED_DROPPED}
    assert set(EventType) - types <= of_no_life
