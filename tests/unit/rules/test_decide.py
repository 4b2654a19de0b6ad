"""`decide` is total: every state with every act and command gives a legal transition, or a refusal with a reason."""

from itertools import product
from typing import Any

import pytest

from rules.deadlines import due
from rules.decide import decide, questions
from rules.decision.draft import Decision
from rules.decision.fold import fold
from schemas.case import TRANSITIONS, Case, Deadline, State
from schemas.command import (
    Act,
    Activate,
    AnyCommand,
    Cover,
    Do,
    Join,
    Joined,
    Leave,
    MasterEnded,
    Open,
    Outcome,
    Rating,
    Record,
    RecordWhat,
    ReturnReason,
    Supply,
    Tick,
)
from schemas.event import EventType
from schemas.place import PlaceGiven
from schemas.rights import RIGHTS, possible
from tests.unit.rules.states import LATER, in_state
from tests.worlds.street import ON_S1, ON_S2, PHOTO, Street, a_book, a_report

PEOPLE = ("patrol-1", "patrol-2", "owner-1", "cleaner-1", "water-desk", "office", "lane-chief", "inspector", "stranger")
FULL: dict[str, Any] = {
    "note": "说明",
    "photos": (PHOTO,),
    "cite": "I1",
    "reason": ReturnReason.WRONG_TRADE,
    "category": "leak",
    "place": PlaceGiven(code="S2"),
    "hours": 5,
    "rating": Rating.SATISFIED,
}
TO = {Act.MERGE: "R1-G1-2611-00001", Act.ERASE: None}
NEEDS_MORE = {
    Act.APPROVE,
    Act.DENY,
    Act.APPROVE_CHANGE,
    Act.DENY_CHANGE,
    Act.ACCEPT,
    Act.ADMIT,
    Act.TURN_AWAY,
    Act.WHISTLE,
    Act.SIGN,
    Act.ATTEND,
    Act.RATE_REPORT_IN,
}
"""Acts that need a request, or an item of the whistle list, before."""


def legal(before: Case | None, decision: Decision) -> Case | None:
    """The case after the decision; every change of state on the way is one the table has, each told with words."""
    case = before
    number = before.number if before else None
    for draft in decision.drafts:
        if draft.because is not None:
            assert draft.because.zh, draft.because.code
            assert draft.because.en, draft.because.code
            assert "{" not in draft.because.zh + draft.because.en
            assert "None" not in draft.because.zh + draft.because.en
        if draft.case != number or number is None:
            continue
        after = fold(case, draft)
        was = case.state if case else None
        assert after.state == was or after.state in TRANSITIONS[was]
        case = after
    return case


def refusals(decision: Decision) -> list[str]:
    return [str(d.facts["code"]) for d in decision.drafts if d.type is EventType.ACTION_REFUSED]


@pytest.mark.parametrize("state", State)
def test_every_state_with_every_act(state: State) -> None:
    """By everybody, with everything given and with nothing given. What the table allows, somebody can do."""
    street, case = in_state(state)
    street.t_ms = LATER
    done: set[Act] = set()
    for act, by, fields in product(Act, PEOPLE, (FULL, {})):
        to = TO.get(act, "owner-2")
        command = Do(id="new", home=case.home, case=case.number, act=act, by=by, to=to, **fields)
        decision = decide(case, command, street)
        legal(case, decision)
        if refusals(decision):
            assert len(decision.drafts) == 1
            assert (decision.written, decision.erased, decision.effects) == ((), (), ())
        else:
            assert state in RIGHTS[act].states
            assert decision.drafts
            done.add(act)
    if state not in {State.SUBMITTED, State.RETURNED, State.MOVED}:  # the first two are passed within a decision
        assert done >= set(possible(case)) - NEEDS_MORE


@pytest.mark.parametrize("state", [None, *State])
def test_every_state_with_every_other_command(state: State | None) -> None:
    street, case = in_state(state) if state else (Street(), None)
    street.t_ms = LATER
    home, number = (case.home, case.number) if case else ("R1-G1", "R1-G1-2611-00009")
    report = a_report("r1", at=LATER)
    commands: list[AnyCommand] = [
        Open(id="n", home=home, report=report, place=ON_S1),
        Tick(id="n", home="*"),
        Activate(id="n", home="*", rulebook="b", region="r", by="office", effective_ms=LATER),
        Cover(id="n", home="*", person="owner-1", cover="owner-2", by="owner-1", from_ms=1, until_ms=2),
        Leave(id="n", home=home, case=number, source="R1-G2-2611-00001", by="x"),
        Join(id="n", home=home, case=number, source="R1-G2-2611-00001", report="r9", reporter="x", by="x"),
        *(Supply(id="n", home=home, report="r1", by="patrol-1", text=t, place=p)
          for t, p in (("", None), ("x", None), ("x", ON_S2))),
        *(Joined(id="n", home=home, case=number, into="R1-G2-2611-00001", accepted=a, by="x") for a in (True, False)),
        *(MasterEnded(id="n", home=home, case=number, master=m, state=s)
          for m, s in product(("R1-G1-2611-00002", "x"), ("closed", "refused", "reopened", "?"))),
        *(Record(id="n", home=home, what=w, report=report, at_ms=at, into=into)
          for w, at, into in product(RecordWhat, (1, LATER), (None, "other"))),
    ]  # fmt: skip
    for command in commands:
        after = legal(case, decide(case, command, street))
        if isinstance(command, Tick | Activate | Cover):
            assert after == case


_RUN = (State.DISPATCHED, State.ACKNOWLEDGED, State.REWORK, State.REOPENED)
_FALL_DUE = [
    *product(_RUN, (Deadline.ACCEPT, Deadline.RESPOND, Deadline.RESOLVE, Deadline.LADDER, Deadline.REQUEST)),
    *product((State.CLOSED, State.REFUSED, State.MOVED), (Deadline.ARCHIVE,)),
    *product((State.SUSPENDED,), (Deadline.ACCEPT, Deadline.RESPOND, Deadline.RESUME)),
    (State.NEEDS_INFORMATION, Deadline.REMIND),
    (State.RESOLVED, Deadline.VERIFY),
]


@pytest.mark.parametrize(("state", "deadline"), _FALL_DUE)
def test_every_state_with_every_deadline_that_falls_due_in_it(state: State, deadline: Deadline) -> None:
    """Whatever falls due is over afterwards, also where no rule would set it."""
    street, case = in_state(state)
    street.t_ms = LATER
    case = case.after({"deadlines": {**case.deadlines, deadline: LATER}})
    street.cases[case.number] = case
    after = legal(case, due(case, deadline, street))
    assert after is not None
    assert after.deadlines.get(deadline, LATER + 1) > LATER


def test_an_act_on_an_unknown_case_is_refused_with_what_to_do() -> None:
    street = Street()
    command = Do(id="a", home="R1-G1", case="R1-G1-2611-00007", act=Act.VERIFY, by="patrol-1")
    decision = decide(None, command, street)
    assert refusals(decision) == ["unknown_case"]
    assert decision.drafts[0].case == "R1-G1-2611-00007", "if it is archived, its timeline answers who sent this"


def test_an_act_through_another_home_finds_no_case() -> None:
    """Also when both homes share a partition: else it would depend on the number of partitions."""
    street = Street()
    case = street.report()
    command = Do(id="a", home="R1-G2", case=case.number, act=Act.ACKNOWLEDGE, by="owner-1")
    decision = decide(case, command, street)
    assert refusals(decision) == ["unknown_case"]
    assert decision.drafts[0].case is None, "another partition tells that story"


def test_a_refused_act_is_remembered_and_not_refused_twice() -> None:
    street = Street()
    case = street.report()
    after = street.act(case, Act.VERIFY, "patrol-1", name="a")
    assert after.state is State.DISPATCHED
    assert street.types(case)[-1] is EventType.ACTION_REFUSED
    events = len(street.drafts)
    street.act(case, Act.VERIFY, "patrol-1", name="a")
    assert len(street.drafts) == events


def test_an_act_that_is_named_like_a_deadline_acts_once_too() -> None:
    street = Street()
    case = street.report()
    for _ in range(2):
        street.act(case, Act.URGE, "office", name="due:accept")
    assert street.cases[case.number].urged == 1


def test_an_act_says_who_did_it_and_when() -> None:
    street = Street()
    street.act(street.report(), Act.ACKNOWLEDGE, "owner-1", at=LATER, occurred_ms=LATER - 5)
    done = street.drafts[-1]
    assert done.because is not None
    assert (done.because.code, done.because.en) == ("act", "Done by Test owner-1.")
    assert (done.by, done.t_ms, done.occurred_ms) == ("owner-1", LATER, LATER - 5)


def test_a_refusal_says_what_is_possible_in_both_languages() -> None:
    street = Street()
    case = street.report()
    street.act(case, Act.VERIFY, "patrol-1")
    why = street.drafts[-1].because
    assert why is not None
    assert "已派遣" in why.zh
    assert "签收" in why.zh
    assert "acknowledge" in why.en


def test_who_may_not_is_told_who_may() -> None:
    street = Street()
    case = street.report()
    street.act(case, Act.ACKNOWLEDGE, "patrol-1")
    why = street.drafts[-1].because
    assert why is not None
    assert (why.code, "责任人" in why.zh, "the assignee" in why.en) == ("not_allowed", True, True)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"person": "nobody"}, "unknown_person"),
        ({"cover": "nobody"}, "unknown_person"),
        ({"by": "cleaner-1"}, "may_not_place"),
        ({"until_ms": 5}, "times_wrong"),
    ],
)
def test_a_cover_that_cannot_be(changes: dict[str, Any], code: str) -> None:
    told = {"person": "owner-1", "cover": "owner-2", "by": "owner-1", "from_ms": 5, "until_ms": 9, **changes}
    decision = decide(None, Cover(id="c", home="*", **told), Street())
    assert refusals(decision) == [code]


@pytest.mark.parametrize("by", ["owner-1", "office"])
def test_a_cover_is_registered_everywhere(by: str) -> None:
    """By the person, or by somebody above."""
    cover = Cover(id="c", home="*", person="owner-1", cover=None, by=by, from_ms=5, until_ms=9)
    (draft,) = decide(None, cover, Street()).drafts
    assert (draft.type, draft.case, draft.grid) == (EventType.COVER_SET, None, "*")
    assert draft.facts == {"person": "owner-1", "cover": None, "by": by, "from_ms": 5, "until_ms": 9}


def test_an_activation_says_what_is_active_from_when() -> None:
    command = Activate(id="c", home="*", rulebook="b", region="r", by="office", effective_ms=9)
    (draft,) = decide(None, command, Street()).drafts
    assert draft.type is EventType.RULEBOOK_ACTIVATED
    assert draft.facts == {"rulebook": "b", "region": "r", "effective_ms": 9}


def test_a_tick_is_nothing() -> None:
    assert decide(None, Tick(id="t", home="*"), Street()) == Decision()


def test_what_the_matcher_will_be_asked() -> None:
    """One question for a placed report; none for what routes nothing."""
    report = a_report()
    placed = Open(id="r1", home="R1-G1", report=report, place=ON_S1)
    past = Record(id="r1", home="R1-G1", what=RecordWhat.OPENED, report=report, at_ms=1, place=ON_S1)
    street, deciding = Street(), Street(a_book(decides_history=True))
    assert questions(placed, street) == [("routing", {"category": "dirty", "segment": "S1"})]
    assert questions(placed.model_copy(update={"place": None}), street) == []
    assert questions(past, street) == []
    assert questions(past, deciding) == questions(placed, street)
    assert questions(past.model_copy(update={"what": RecordWhat.CLOSED}), deciding) == []
    assert questions(Tick(id="t", home="*"), street) == []


def test_outcomes_that_only_reporters_choose() -> None:
    street, case = in_state(State.RESOLVED)
    street.act(case, Act.VERIFY, "patrol-1", outcome=Outcome.WITHDRAWN)
    assert street.drafts[-1].facts["code"] == "not_withdrawn"
