"""Milestones: fence off, repair, restore; each falls due, is reached and escalates by itself."""

from typing import Any

import pytest

from schemas.case import Case, Deadline, State
from schemas.command import Act
from schemas.event import EventType as E
from schemas.rulebook import Rulebook
from tests.worlds.street import HOUR, PHOTO, Street, a_book
from tests.worlds.working_street import BURST, a_working_region, a_working_rulebook, a_working_street, at, said

D = Deadline
DESK = "water-desk"


def burst(start: str = "03-08 20:00") -> tuple[Street, Case]:
    """A pipe bursts on a Friday evening; the water company's desk has it."""
    street = a_working_street(start)
    case = street.report(text="漏水")
    assert case.assignee == DESK
    return street, case


def steps(case: Case) -> list[tuple[str, str, str]]:
    """(milestone, when due, how it stands)."""
    return [
        (s.id, said(s.due_ms), f"done {said(s.done_ms)}" if s.done_ms else "missed" if s.missed else "open")
        for s in case.milestones
    ]


def missed(street: Street) -> list[tuple[str, str]]:
    """(when, what) of every missed deadline."""
    events = [d for d in street.drafts if d.type is E.DEADLINE_MISSED]
    return [(said(d.t_ms), str(d.facts.get("milestone", d.facts["clock"]))) for d in events]


def reached(street: Street, case: Case, milestone: str | None, when: str, **fields: object) -> Case:
    return street.act(case, Act.MILESTONE, DESK, at=at(when), to=milestone, **fields)


def test_each_is_counted_from_dispatch_in_its_own_time() -> None:
    """Urgent hours at night, then working days of those who work on Sundays too."""
    _, case = burst()
    assert steps(case) == [
        ("fence", "03-08 23:00", "open"),
        ("repair", "03-09 04:00", "open"),
        ("restore", "03-14 19:00", "open"),
    ]
    assert {name.value: said(t) for name, t in case.deadlines.items()} == {
        "accept": "03-08 20:15",
        "resolve": "03-14 19:00",
        "milestone": "03-08 23:00",
    }


def test_the_way_it_should_go() -> None:
    """Each is reported when it is reached; the next one is due; resolving ends all that are left."""
    street, case = burst()
    case = reached(street, case, "fence", "03-08 20:10", note="已围挡", photos=(PHOTO,))
    assert (case.acknowledged_ms, case.contacted_ms) == (at("03-08 20:10"), at("03-08 20:10"))
    assert said(case.deadlines[D.MILESTONE]) == "03-09 04:00"
    assert (case.state, case.texts[-1].role) == (State.DISPATCHED, "milestone")
    event = street.drafts[-1]
    assert (event.type, event.facts) == (E.MILESTONE_REACHED, {"milestone": "fence"})
    assert event.because is not None
    assert event.because.zh.endswith("完成节点：围挡。")
    assert event.because.en.endswith(" reached the milestone “fence off”.")
    case = reached(street, case, "repair", "03-09 01:00")
    case = street.act(case, Act.RESOLVE, DESK, at=at("03-11 10:00"))
    assert steps(case) == [
        ("fence", "03-08 23:00", "done 03-08 20:10"),
        ("repair", "03-09 04:00", "done 03-09 01:00"),
        ("restore", "03-14 19:00", "done 03-11 10:00"),
    ]
    assert (set(case.deadlines), missed(street), case.on_time) == ({D.VERIFY}, [], True)


def test_every_missed_one_climbs_a_rung_and_the_last_one_with_the_resolution() -> None:
    """Restoring is due together with the resolution: it is told, and the resolution climbs."""
    street, case = burst()
    street.act(case, Act.CONTACT, DESK)
    street.wait_until(at("03-14 19:00") + 1)
    case = street.cases[case.number]
    assert missed(street) == [
        ("03-08 23:00", "fence"),
        ("03-09 04:00", "repair"),
        ("03-14 19:00", "resolve"),
        ("03-14 19:00", "restore"),
    ]
    told = [(said(d.t_ms), d.facts["rung"], d.facts.get("milestone")) for d in street.drafts if d.type is E.ESCALATED]
    assert told == [("03-08 23:00", 1, "fence"), ("03-09 04:00", 2, "repair"), ("03-14 19:00", 3, None)]
    assert [step.climbed for step in case.milestones] == [1, 1, 0]
    assert D.MILESTONE not in case.deadlines


def test_news_that_comes_late_of_what_was_in_time_takes_the_notice_back() -> None:
    street, case = burst()
    street.wait_until(at("03-08 23:30"))
    assert street.cases[case.number].rung == 2  # not signed, not fenced
    case = reached(street, case, "fence", "03-08 23:40", occurred_ms=at("03-08 22:00"))
    assert steps(case)[0] == ("fence", "03-08 23:00", "done 03-08 22:00")
    assert (case.rung, case.missed) == (1, (D.ACCEPT,))
    taken_back = next(d for d in street.drafts if d.type is E.NOTICE_WITHDRAWN)
    assert taken_back.facts == {"clocks": [D.MILESTONE], "milestones": ["fence"]}
    late = reached(street, case, "repair", "03-09 05:00", occurred_ms=at("03-09 04:30"))
    assert (late.rung, late.milestones[1].missed) == (2, True)


def test_resolving_in_time_takes_all_notices_back() -> None:
    street, case = burst()
    street.wait_until(at("03-09 05:00"))
    case = street.act(case, Act.RESOLVE, DESK, at=at("03-09 06:00"), occurred_ms=at("03-08 20:10"))
    assert (case.rung, case.missed, [step.missed for step in case.milestones]) == (0, (), [False] * 3)


def test_they_stand_still_while_it_is_paused() -> None:
    """Urgent ones keep hours of the clock, the others hours of work."""
    street, case = burst("03-08 18:00")
    case = street.act(case, Act.REQUEST_PAUSE, DESK, hours=24, note="等交警")
    case = street.act(case, Act.APPROVE, "office", at=at("03-08 18:05"))
    assert D.MILESTONE not in case.deadlines
    street.wait_until(at("03-09 18:05") + 1)
    case = street.cases[case.number]
    assert steps(case) == [
        ("fence", "03-09 21:00", "open"),
        ("repair", "03-10 02:00", "open"),
        ("restore", "03-14 19:00", "open"),
    ]
    assert said(case.deadlines[D.MILESTONE]) == "03-09 21:00"


def test_an_extension_moves_the_one_that_is_the_resolution() -> None:
    street, case = burst()
    case = street.act(case, Act.REQUEST_EXTENSION, DESK, hours=12, note="缺料")
    case = street.act(case, Act.APPROVE, "office")
    assert [said(step.due_ms) for step in case.milestones] == ["03-08 23:00", "03-09 04:00", "03-15 19:00"]
    assert said(case.due_ms) == "03-15 19:00"


def test_what_was_reached_stays_so_when_the_work_is_rejected() -> None:
    street, case = burst()
    case = street.act(case, Act.RESOLVE, DESK, at=at("03-09 02:00"))
    case = street.act(case, Act.REJECT, "patrol-1", at=at("03-09 10:00"))
    assert all(step.done_ms for step in case.milestones)
    assert set(case.deadlines) == {D.RESOLVE}


@pytest.mark.parametrize(
    ("told", "said_of"), [(None, "fence / repair / restore"), ("ghost", "fence / repair / restore")]
)
def test_a_milestone_that_is_none_is_refused_with_those_that_are(told: str | None, said_of: str) -> None:
    street, case = burst()
    reached(street, case, told, "03-08 20:10")
    refusal = street.drafts[-1]
    assert (refusal.type, refusal.facts["code"]) == (E.ACTION_REFUSED, "no_such_milestone")
    assert refusal.because is not None
    assert "fence / repair / restore" in refusal.because.en
    assert street.cases[case.number].acknowledged_ms is None


def test_none_is_reached_twice() -> None:
    street, case = burst()
    first = reached(street, case, "fence", "03-08 20:10")
    again = reached(street, first, "fence", "03-08 20:12")
    assert again.milestones == first.milestones
    assert street.drafts[-1].facts["code"] == "no_such_milestone"


def test_only_who_does_the_work_reports_them() -> None:
    street, case = burst()
    street.act(case, Act.MILESTONE, "patrol-1", to="fence")
    assert street.drafts[-1].facts["code"] == "not_allowed"


def test_nothing_fires_twice_and_nothing_is_skipped_after_an_outage() -> None:
    (small, _), (large, _) = burst(), burst()
    for hour in range(1, 24 * 20):
        small.wait_until(at("03-08 20:00") + hour * HOUR)
    large.wait_until(small.t_ms)
    assert small.drafts == large.drafts
    assert len({draft.facts.get("milestone") for draft in small.drafts if draft.type is E.DEADLINE_MISSED}) == 4


NIGHT = {
    "id": "night",
    "when": {"category": "leak", "hour": {"ge": 19}},
    "then": {"milestones": ["fence=2uh", "repair=无"]},
}
BY_DAY = ["fence 3uh", "repair 8uh", "restore 5wd"]


def night_street(*rows: dict[str, Any], start: str = "03-08 20:00", **more: Any) -> Street:
    """The street with a table of limits."""
    told = a_working_rulebook().model_dump(mode="json")
    told["items"][1] |= more.get("item", {})
    table = {"name": "limits", "hit_policy": "F", "inputs": ["category", "hour"], "rows": list(rows)}
    told["limits"] = {**table, "default": more.get("default")}
    street = Street(a_book(a_working_region(), Rulebook.model_validate(told)))
    street.t_ms = at(start)
    return street


def by_table(start: str, *rows: dict[str, Any], **more: Any) -> Case:
    """The same burst pipe, dispatched at a moment."""
    return night_street(*rows, start=start, **more).report(text="漏水")


class TestConditions:
    """The table of limits: one item, other conditions, other steps."""

    def test_a_row_that_matches_changes_the_steps_it_names(self) -> None:
        """At night it is fenced off sooner and not repaired in the dark; restoring stays as it is."""
        day, night = by_table("03-08 18:00", NIGHT), by_table("03-08 20:00", NIGHT)
        assert steps(day) == [
            ("fence", "03-08 21:00", "open"),
            ("repair", "03-09 02:00", "open"),
            ("restore", "03-13 19:00", "open"),
        ]
        assert steps(night) == [("fence", "03-08 22:00", "open"), ("restore", "03-14 19:00", "open")]
        assert [said(case.deadlines[D.MILESTONE]) for case in (day, night)] == ["03-08 21:00", "03-08 22:00"]
        assert [said(case.due_ms) for case in (day, night)] == ["03-13 19:00", "03-14 19:00"]

    @pytest.mark.parametrize(
        ("told", "limits"),
        [
            ({"resolve": "6wd"}, BY_DAY),
            ({"milestones": []}, BY_DAY),
            ({"milestones": ["repair=1ud"]}, ["fence 3uh", "repair 1ud", "restore 5wd"]),
            ({"milestones": ["repair = 10紧急工作时"]}, ["fence 3uh", "repair 10uh", "restore 5wd"]),
            ({"milestones": ["fence=none", "repair=不适用", "restore=无"]}, []),
            ({"milestones": ["photo=1h", "repair=soon", "repair"]}, BY_DAY),
        ],
    )
    def test_what_a_row_says(self, told: dict[str, Any], limits: list[str]) -> None:
        """What it cannot mean changes nothing: the rules check names it."""
        case = by_table("03-08 20:00", {"id": "L1", "when": {"category": "leak"}, "then": told})
        assert [f"{step.id} {step.limit}" for step in case.milestones] == limits
        assert (D.MILESTONE in case.deadlines) == bool(limits)

    def test_the_default_speaks_where_no_row_does(self) -> None:
        default = {"milestones": ["fence=1uh"]}
        fences = [by_table(start, NIGHT, default=default).milestones[0] for start in ("03-08 18:00", "03-08 20:00")]
        assert [step.limit for step in fences] == ["1uh", "2uh"]

    def test_it_changes_the_steps_of_the_item_too(self) -> None:
        own = {"limits": {"resolve": "3wd"}, "milestones": [{**BURST[0], "limit": "90m"}, BURST[2]]}
        case = by_table("03-08 20:00", NIGHT, item=own)
        assert [(step.id, step.limit) for step in case.milestones] == [("fence", "2uh"), ("restore", "5wd")]

    def test_a_correction_by_day_keeps_what_the_night_said(self) -> None:
        """Conditions are looked at as they were at dispatch."""
        street = night_street(NIGHT)
        before = street.report(text="漏水")
        case = street.act(before, Act.CORRECT, "office", at=at("03-09 09:00"), category="dirty")
        assert case.milestones == ()
        case = street.act(case, Act.CORRECT, "office", at=at("03-09 09:01"), category="leak")
        assert [(step.id, step.limit) for step in case.milestones] == [("fence", "2uh"), ("restore", "5wd")]
        assert case.due_ms == before.due_ms
