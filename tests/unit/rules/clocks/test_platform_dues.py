"""A due date of another platform: a milestone of its own, which neither our limits nor our pauses move."""

import pytest

from schemas.case import Alert, Case, Deadline, State
from schemas.command import Act, Open, Supply
from schemas.event import EventType
from schemas.names import Name
from schemas.place import FoundBy, PlaceFound
from schemas.platform_facts import PlatformFacts
from schemas.report import Report, Reporter
from tests.worlds.street import CLEAN, HOUR, T0, Street

STEP = "platform-hotline"


def facts(
    due_h: float | None = 3, *, theirs: str = "H1", withdrawn: bool = False, urgent: bool = False
) -> PlatformFacts:
    due_ms = None if due_h is None else T0 + round(due_h * HOUR)
    name = Name(zh="示例热线", en="Sample hotline")
    return PlatformFacts(
        platform="hotline", name=name, theirs=theirs, due_ms=due_ms, withdrawn=withdrawn, urgent=urgent
    )


def opened(street: Street, said: PlatformFacts, *, id: str = "hotline#H1", lon: float = 118.081) -> Case:
    """A greasy road that the hotline has, too."""
    reporter = Reporter(id=id.replace("#", ":"))
    report = Report(
        id=id, text="油污", reporter=reporter, door="platform-hotline", received_ms=street.t_ms, platforms=(said,)
    )
    place = PlaceFound(grid="G1", segment="S1", lon=lon, lat=24.461, by=FoundBy.ADDRESS, label="测试路1号")
    street.apply(Open(id=id, home="R1-G1", report=report, place=place), street.t_ms)
    return next(case for case in street.cases.values() if case.report == id)


def says(street: Street, case: Case, said: PlatformFacts, text: str = "") -> Case:
    id = f"s-{len(street.drafts)}"
    told = Supply(id=id, home=case.home, report=case.report, by=case.reporter, text=text, platform=said)
    street.apply(told, street.t_ms)
    return street.cases[case.number]


def step(case: Case) -> tuple[int, bool, bool]:
    """When it is due, in hours from the beginning, whether it was missed, and whether it is done."""
    (found,) = [each for each in case.milestones if each.id == STEP]
    return round((found.due_ms - T0) / HOUR), found.missed, found.done_ms is not None


@pytest.fixture
def street() -> Street:
    return Street()


def test_it_stands_beside_our_deadlines(street: Street) -> None:
    case = opened(street, facts(3))
    assert (step(case), case.due_ms) == ((3, False, False), T0 + 4 * HOUR)
    assert case.deadlines[Deadline.MILESTONE] == T0 + 3 * HOUR


def test_it_is_missed_and_climbs_as_a_clock_of_its_own(street: Street) -> None:
    case = opened(street, facts(3))
    street.wait_until(T0 + 3 * HOUR + 1)
    case = street.cases[case.number]
    assert step(case) == (3, True, False)
    assert Deadline.RESOLVE not in case.missed
    assert EventType.ESCALATED in [draft.type for draft in street.drafts]


def test_one_that_was_over_before_it_came_troubles_nobody(street: Street) -> None:
    assert step(opened(street, facts(-1))) == (-1, True, False)
    street.wait_until(T0 + HOUR // 2)
    assert EventType.ESCALATED not in [draft.type for draft in street.drafts]


def test_another_due_date_moves_it_and_none_ends_it(street: Street) -> None:
    case = says(street, opened(street, facts(3)), facts(30))
    assert (step(case), case.due_ms) == ((30, False, False), T0 + 4 * HOUR)
    case = says(street, case, facts(None))
    assert [each.id for each in case.milestones] == []
    before = len(street.drafts)
    says(street, case, facts(None))
    assert len(street.drafts) == before, "nothing new"


def test_withdrawn_there_ends_nothing_here(street: Street) -> None:
    case = says(street, opened(street, facts(3)), facts(3, withdrawn=True))
    assert (case.state, case.alerts) == (State.DISPATCHED, (Alert.WITHDRAWN_THERE,))
    assert says(street, case, facts(3)).alerts == ()


def test_urgent_there_is_shown_to_whoever_has_the_case(street: Street) -> None:
    case = opened(street, facts(3))
    told = says(street, case, facts(3, urgent=True))
    assert (told.alerts, told.urgent_by, told.due_ms) == ((Alert.URGENT_THERE,), (), case.due_ms)
    draft = street.drafts[-1]
    assert (draft.because and draft.because.code, draft.facts["to"]) == ("platform_urgent", case.assignee)
    before = len(street.drafts)
    says(street, told, facts(3, urgent=True))
    assert len(street.drafts) == before, "nothing new"
    assert says(street, told, facts(3)).alerts == ()


def test_urgent_there_reaches_who_has_the_case_into_which_it_was_merged(street: Street) -> None:
    master = opened(street, facts(3))
    follower = opened(street, facts(9, theirs="H2"), id="hotline#H2")
    says(street, follower, facts(9, theirs="H2", urgent=True))
    assert street.cases[master.number].alerts == (Alert.URGENT_THERE,)
    assert street.drafts[-1].facts["to"] == master.assignee


def test_the_earliest_due_date_of_merged_reports_counts_at_the_master(street: Street) -> None:
    master = opened(street, facts(3))
    follower = opened(street, facts(2, theirs="H2"), id="hotline#H2")
    assert (follower.state, follower.master) == (State.MERGED, master.number)
    assert step(street.cases[master.number]) == (2, False, False)
    says(street, follower, facts(1, theirs="H2"))
    assert step(street.cases[master.number]) == (1, False, False)


def test_it_is_done_with_the_work_and_open_again_without(street: Street) -> None:
    case = opened(street, facts(3))
    street.act(case.number, Act.RESOLVE, "owner-1", photos=(CLEAN,))
    assert step(street.cases[case.number]) == (3, False, True)
    street.act(case.number, Act.REJECT, case.reporter, note="还在")
    assert step(street.cases[case.number]) == (3, False, False)
