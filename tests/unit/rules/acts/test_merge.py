"""Merge, follow, split: inside a home and across homes."""

from typing import Any

import pytest

from schemas.case import Case, Count, State, share_of
from schemas.command import Act, Join, Joined, Leave, MasterEnded, Outcome
from schemas.event import EventType as E
from schemas.joining import ways
from schemas.place import PlaceGiven
from tests.unit.rules.acts.test_handle import code
from tests.worlds.street import DAY, HOUR, IN_G2, ON_S1, ON_S2, PHOTO, T0, Street


def pair(street: Street, *, far: bool = False) -> tuple[Case, Case]:
    """A master, and a case that a person will join to it; `far`: from another home."""
    master = street.report(ON_S1, name="master", by="patrol-2")
    return master, street.report(IN_G2 if far else ON_S2, name="own", by="patrol-1")


def joined(street: Street, *, far: bool = False) -> tuple[str, str]:
    """The numbers of a master and of what follows it by a person's word."""
    master, own = pair(street, far=far)
    street.act(own, Act.MERGE, "office", to=master.number)
    street.settle()
    assert street.cases[own.number].state is State.MERGED
    return master.number, own.number


@pytest.fixture(params=[False, True], ids=["same home", "other home"])
def far(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


def end(street: Street, number: str, *, outcome: Outcome | None = None) -> Case:
    street.act(number, Act.RESOLVE, "owner-1", photos=(PHOTO,), outcome=outcome)
    case = street.act(number, Act.VERIFY, "patrol-2")
    street.settle()
    return case


def test_a_person_joins_two_cases(far: bool) -> None:
    street = Street()
    master, own = joined(street, far=far)
    assert [f.case for f in street.cases[master].followers] == [own]
    assert [f.reporter for f in street.cases[master].followers] == ["patrol-1"]
    follower = street.cases[own]
    assert (follower.master, follower.deadlines, share_of(follower)) == (master, {}, Count.MERGED)
    assert next(d for d in street.drafts if d.type is E.FOLLOWER_JOINED).facts == {"case": own}
    why = next(d for d in street.drafts if d.type is E.MERGED).because
    assert why is not None
    assert (why.code, "Test office" in why.en, master in why.en) == ("merged_by_person", True, True)
    assert street.counts() == {Count.ROUTED: 1, Count.MERGED: 1}


def test_until_the_other_home_answers_nothing_stops() -> None:
    street = Street()
    master, own = pair(street, far=True)
    asked = street.act(own, Act.MERGE, "office", to=master.number)
    assert (asked.state, asked.deadlines) == (own.state, own.deadlines)
    assert street.types(own)[-1] is E.MERGE_REQUESTED


def test_a_follower_goes_with_its_master_to_the_end(far: bool) -> None:
    street = Street()
    master, own = joined(street, far=far)
    end(street, master, outcome=Outcome.TEMPORARY_MEASURE)
    follower = street.cases[own]
    assert (follower.state, follower.outcome, follower.closed_ms) == (State.CLOSED, "temporary_measure", T0)
    assert share_of(follower) is Count.MERGED


def test_and_back_when_it_is_reopened_and_to_the_end_again(far: bool) -> None:
    street = Street()
    master, own = joined(street, far=far)
    end(street, master)
    street.act(master, Act.REOPEN, "patrol-1", note="没修好")  # the follower's reporter may dispute as well
    street.settle()
    follower = street.cases[own]
    assert (follower.state, follower.closed_ms, follower.deadlines) == (State.MERGED, None, {})
    end(street, master)
    assert street.cases[own].state is State.CLOSED


def test_closed_by_policy_twice_its_followers_end_twice() -> None:
    """Commands for other homes have ids of their own each time, also when deadlines cause them."""
    street = Street()
    master, own = joined(street, far=True)
    for _ in range(2):
        street.act(master, Act.RESOLVE, "owner-1", photos=(PHOTO,))
        street.wait_until(street.t_ms + 3 * DAY + 1)
        street.settle()
        assert street.cases[own].state is State.CLOSED
        street.act(master, Act.REOPEN, "patrol-2", note="没修好")
        street.settle()


def test_a_refused_master_refuses_its_followers_with_the_reason(far: bool) -> None:
    """Corrected to a category that the list refuses to this level."""
    street = Street()
    master, own = joined(street, far=far)
    street.act(master, Act.CORRECT, "office", category="permit")
    street.settle()
    assert street.cases[master].state is State.REFUSED
    follower = street.cases[own]
    assert (follower.state, share_of(follower)) == (State.REFUSED, Count.MERGED)
    why = next(d for d in street.drafts if d.case == own and d.type is E.REFUSED).because
    assert why is not None
    assert "Sample hall" in why.zh + why.en or "示例大厅" in why.zh


def test_split_it_goes_its_own_way(far: bool) -> None:
    street = Street()
    master, own = joined(street, far=far)
    street.t_ms = T0 + HOUR
    case = street.act(own, Act.SPLIT, "patrol-1", note="不是同一件")
    street.settle()
    assert street.cases[master].followers == ()
    assert (case.state, case.master, case.split_from) == (State.DISPATCHED, None, (master,))
    assert case.dispatched_ms == T0 + HOUR, "its clocks start anew"
    assert next(d for d in street.drafts if d.type is E.SPLIT).facts == {"master": master}
    assert next(d for d in street.drafts if d.type is E.FOLLOWER_LEFT).facts == {"case": own}
    end(street, master)
    assert street.cases[own].state is State.DISPATCHED


def test_split_after_work_had_begun_every_clock_is_new() -> None:
    street = Street()
    master, own = pair(street)
    street.act(own, Act.ACKNOWLEDGE, "owner-2")
    street.act(own, Act.CONTACT, "owner-2", at=T0 + 3 * HOUR)
    street.wait_until(T0 + 5 * HOUR)
    assert street.cases[own.number].missed
    street.act(own, Act.MERGE, "office", to=master.number)
    case = street.act(own, Act.SPLIT, "patrol-1")
    start = T0 + 5 * HOUR
    assert sorted(case.deadlines.values()) == [start + HOUR, start + 2 * HOUR, start + 4 * HOUR]
    assert (case.missed, case.rung, case.acknowledged_ms, case.contacted_ms) == ((), 0, None, None)


def test_it_is_never_joined_to_that_one_again() -> None:
    street = Street()
    master, own = joined(street)
    street.act(own, Act.SPLIT, "patrol-1")
    street.act(own, Act.MERGE, "office", to=master)
    assert code(street) == "was_split"


def test_a_follower_without_a_place_is_asked_for_it_when_it_is_split() -> None:
    street = Street()
    master = street.report(ON_S1, name="master", by="patrol-2")
    own = street.report(None, name="own")
    street.act(own, Act.MERGE, "office", to=master.number)
    street.settle()
    assert street.cases[own.number].state is State.MERGED
    case = street.act(own, Act.SPLIT, "patrol-1")
    assert (case.state, share_of(case)) == (State.NEEDS_INFORMATION, Count.WAITING)


def test_a_follower_that_was_withdrawn_is_left_alone(far: bool) -> None:
    street = Street()
    master, own = joined(street, far=far)
    street.act(own, Act.WITHDRAW, "patrol-1")
    street.settle()
    assert street.cases[master].followers == ()
    end(street, master)
    street.act(master, Act.REOPEN, "patrol-2", note="没修好")
    street.settle()
    assert street.cases[own].outcome is Outcome.WITHDRAWN


@pytest.mark.parametrize(("act", "words"), [(Act.REOPEN, {"note": "没修好"}), (Act.SPLIT, {})])
def test_a_follower_that_ended_with_its_master_can_still_go_its_own_way(
    far: bool, act: Act, words: dict[str, Any]
) -> None:
    """Who reported it disputes the end as they could have done alone; the master stays as it is."""
    street = Street()
    master, own = joined(street, far=far)
    end(street, master)
    street.t_ms = T0 + HOUR
    case = street.act(own, act, "patrol-1", **words)
    street.settle()
    assert (case.state, case.master, case.dispatched_ms) == (State.DISPATCHED, None, T0 + HOUR)
    assert (case.outcome, case.closed_ms, case.reopenings) == (None, None, int(act is Act.REOPEN))
    assert street.cases[master].state is State.CLOSED
    assert street.cases[master].followers == ()
    assert street.counts() == {Count.ROUTED: 2}


def test_a_follower_that_was_refused_with_its_master_can_go_its_own_way(far: bool) -> None:
    street = Street()
    master, own = joined(street, far=far)
    street.act(master, Act.CORRECT, "office", category="permit")
    street.settle()
    case = street.act(own, Act.SPLIT, "patrol-1")
    assert (case.state, case.category) == (State.DISPATCHED, "dirty")
    assert street.counts() == {Count.ROUTED: 1, Count.REFUSED: 1}


def test_only_within_the_window_and_only_what_followed() -> None:
    street = Street()
    master, own = joined(street)
    street.act(master, Act.SPLIT, "patrol-2")
    assert code(street) == "wrong_state"
    end(street, master)
    street.act(master, Act.SPLIT, "patrol-2")
    assert code(street) == "wrong_state"
    street.act(own, Act.REOPEN, "patrol-1")
    assert code(street) == "words_needed"
    street.wait_until(T0 + 8 * DAY)
    assert own not in street.cases, "archived when the window is over"


LOSSES: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    ({}, {"urgent": True}, "more urgent"),
    ({}, {"kind": "question"}, "another kind"),
    ({"kind": "suggestion"}, {}, "another kind"),
    ({"text": "别的"}, {}, "due earlier"),
]


@pytest.mark.parametrize(("into", "own", "why"), LOSSES)
def test_by_hand_nothing_is_lost_either(far: bool, into: dict[str, Any], own: dict[str, Any], why: str) -> None:
    """It is refused with what would be lost; where one is more, the other way round is possible."""
    street = Street()
    master = street.report(ON_S1, name="master", by="patrol-2", **into)
    case = street.report(IN_G2 if far else ON_S2, name="own", by="patrol-1", **own)
    street.act(case, Act.MERGE, "office", to=master.number)
    street.settle()
    assert code(street) == ("other_kind" if why == "another kind" else "would_lose")
    [told] = [d.because for d in street.drafts if d.type is E.ACTION_REFUSED]
    assert told is not None
    assert why in told.en
    assert street.cases[case.number].state is State.DISPATCHED
    street.act(master, Act.MERGE, "office", to=case.number)
    street.settle()
    other_way = street.cases[master.number].state is State.MERGED
    assert other_way is (why != "another kind")


def test_an_older_home_that_asks_without_claims_is_answered_as_before() -> None:
    """Commands of the time before claims are still in the log."""
    street = Street()
    master, own = pair(street, far=True)
    asked = Join(
        id="old", home=master.home, case=master.number, source=own.number, report="own", reporter="patrol-1", by="x"
    )
    street.apply(asked, T0)
    assert [follower.case for follower in street.cases[master.number].followers] == [own.number]


@pytest.mark.parametrize("act", [Act.WITHDRAW, Act.CORRECT, Act.ERASE])
def test_who_follows_has_no_say_in_the_report(act: Act) -> None:
    street = Street()
    master, _ = joined(street)
    street.act(master, act, "patrol-1", category="other")
    assert code(street) == "not_allowed"


@pytest.mark.parametrize(
    ("into", "why"),
    [
        (None, "whom_needed"),
        ("nonsense", "whom_needed"),
        ("R1-G1-2611-00077", "not_a_master"),
        ("self", "not_a_master"),
    ],
)
def test_into_what_it_can_be_joined(into: str | None, why: str) -> None:
    street = Street()
    case = street.report()
    street.act(case, Act.MERGE, "office", to=case.number if into == "self" else into)
    assert code(street) == why


def test_who_follows_a_case_goes_along_when_it_follows_another_one() -> None:
    """The younger one is urgent and cannot follow; the older one loses nothing, so it can, with its followers."""
    street = Street()
    older, follower = joined(street)
    younger = street.report(name="third", by="patrol-3", urgent=True)
    assert younger.master is None
    assert list(ways(street.cases[older], younger)) == [(street.cases[older], younger)]
    street.act(younger, Act.MERGE, "office", to=older)
    assert code(street) == "would_lose"
    street.act(older, Act.MERGE, "office", to=younger.number)
    cases = street.cases
    assert (cases[older].master, cases[older].followers) == (younger.number, ())
    assert cases[follower].master == younger.number
    assert [each.case for each in cases[younger.number].followers] == [older, follower]
    street.act(younger, Act.RESOLVE, "owner-1", photos=(PHOTO,))
    street.act(younger, Act.VERIFY, "patrol-3")
    assert {cases[each].state for each in (older, follower)} == {State.CLOSED}
    assert street.act(follower, Act.SPLIT, "patrol-1").master is None


def test_a_case_that_is_paused_can_follow() -> None:
    street = Street()
    older = street.report(by="patrol-2")
    older = street.act(older, Act.REQUEST_PAUSE, "owner-1", hours=48, note="等料")
    older = street.act(older, Act.APPROVE, "lane-chief")
    younger = street.report(name="second", urgent=True)
    assert list(ways(older, younger)) == [(older, younger)]
    assert street.act(older, Act.MERGE, "office", to=younger.number).master == younger.number


def test_a_case_that_one_was_split_from_takes_it_along_with_nobody() -> None:
    street = Street()
    older, follower = joined(street)
    younger = street.report(name="third", by="patrol-3", urgent=True)
    street.cases[follower] = street.cases[follower].after({"split_from": (younger.number,)})
    street.act(older, Act.MERGE, "office", to=younger.number)
    assert code(street) == "was_split"


def test_a_case_that_others_follow_is_joined_to_nothing_of_another_home() -> None:
    street = Street()
    master, _ = joined(street)
    third = street.report(IN_G2, name="third", by="patrol-3")
    street.act(master, Act.MERGE, "office", to=third.number)
    assert code(street) == "has_followers"


@pytest.mark.parametrize("ended", [False, True])
def test_another_home_that_cannot_take_it_says_so(ended: bool) -> None:
    street = Street()
    master, own = pair(street, far=True)
    number = master.number if ended else "R1-G1-2611-00099"
    if ended:
        end(street, number)
    street.act(own, Act.MERGE, "office", to=number)
    street.settle()
    assert code(street) == "not_a_master"
    assert street.cases[own.number].state is State.DISPATCHED


def test_what_ended_meanwhile_stays_and_the_other_home_is_told() -> None:
    """Between question and answer the case was closed: no follower of it may be left behind over there."""
    street = Street()
    master, own = pair(street, far=True)
    street.act(own, Act.MERGE, "office", to=master.number)
    street.act(own, Act.WITHDRAW, "patrol-1")
    street.settle()
    assert street.cases[own.number].state is State.CLOSED
    assert street.cases[master.number].followers == ()


def test_what_got_followers_meanwhile_stays_too() -> None:
    street = Street()
    master, own = pair(street, far=True)
    street.act(own, Act.MERGE, "office", to=master.number)
    assert street.report(IN_G2, name="third", by="patrol-3").master == own.number
    street.settle()
    refused = next(d for d in street.drafts if d.type is E.ACTION_REFUSED)
    assert (refused.case, refused.facts["code"]) == (own.number, "has_followers")
    assert street.cases[master.number].followers == ()
    assert len(street.cases[own.number].followers) == 1


def test_an_answer_for_a_case_that_is_archived_is_taken_back() -> None:
    street = Street()
    master, _ = joined(street)
    gone = "R1-G2-2611-00050"
    street.apply(Join(id="j", home="R1-G1", case=master, source=gone, report="x", reporter="y", by="office"), T0)
    assert len(street.cases[master].followers) == 2
    street.settle()
    assert len(street.cases[master].followers) == 1


def test_asked_twice_it_follows_once() -> None:
    street = Street()
    master, own = pair(street, far=True)
    street.act(own, Act.MERGE, "office", to=master.number)
    street.act(own, Act.MERGE, "lane-chief", to=master.number)
    street.settle()
    assert [f.case for f in street.cases[master.number].followers] == [own.number]
    assert street.cases[own.number].master == master.number


def test_commands_between_homes_act_once() -> None:
    street = Street()
    master, own = pair(street, far=True)
    join = Join(id="j", home="R1-G1", case=master.number, source=own.number, report="own", reporter="patrol-1", by="x")
    answer = Joined(id="k", home="R1-G2", case=own.number, into=master.number, accepted=True, by="x")
    over = MasterEnded(id="m", home="R1-G2", case=own.number, master=master.number, state="closed")
    leave = Leave(id="l", home="R1-G1", case=master.number, source=own.number, by="x")
    for command in (join, answer, over, leave):
        assert street.apply(command, T0).drafts
        street.effects.clear()
        assert street.apply(command, T0).drafts == ()
        assert street.effects == []


@pytest.mark.parametrize("kind", [Leave, MasterEnded])
def test_commands_for_archived_cases_are_nothing(kind: type[Leave | MasterEnded]) -> None:
    street = Street()
    gone = "R1-G1-2611-00050"
    command = (
        Leave(id="l", home="R1-G1", case=gone, source="x", by="x")
        if kind is Leave
        else MasterEnded(id="m", home="R1-G1", case=gone, master="x", state="closed")
    )
    assert street.apply(command, T0).drafts == ()


def test_a_follower_that_is_archived_already_is_no_obstacle() -> None:
    """Withdrawn long ago, or lost: its master ends all the same, and a split finds no master."""
    street = Street()
    master, own = joined(street)
    gone = street.cases.pop(own)
    assert end(street, master).state is State.CLOSED
    street = Street()
    master, own = joined(street)
    del street.cases[master]
    assert street.act(own, Act.SPLIT, "patrol-1").state is State.DISPATCHED
    assert gone.state is State.MERGED


def test_who_does_not_follow_leaves_nothing() -> None:
    street = Street()
    master, _ = joined(street)
    leave = Leave(id="l", home="R1-G1", case=master, source="R1-G2-2611-00050", by="x")
    assert street.apply(leave, T0).drafts == ()


def test_ids_of_commands_for_other_homes_fit_however_long_the_cause() -> None:
    street = Street()
    master, own = pair(street, far=True)
    street.act(own, Act.MERGE, "office", to=master.number, name="x" * 100)
    assert len(street.effects[0].id) <= 100
    street.settle()
    assert street.cases[own.number].state is State.MERGED


def test_a_waiting_report_follows_only_until_it_is_split_with_a_place() -> None:
    """Joined while it waited, split, then placed: it moves to its own home like any other."""
    street = Street()
    master = street.report(ON_S1, name="master", by="patrol-2")
    own = street.report(None, name="own")
    street.act(own, Act.MERGE, "office", to=master.number)
    street.settle()
    case = street.act(own, Act.SPLIT, "patrol-1")
    case = street.act(case, Act.ANSWER, "patrol-1", place=PlaceGiven(code="S2"))
    street.settle()
    assert case.state is State.MOVED
    assert street.counts() == {Count.ROUTED: 2, Count.MOVED_OUT: 1}
