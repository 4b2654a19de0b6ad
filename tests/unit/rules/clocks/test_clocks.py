"""Clocks that respect work: limits, pauses, waits, extensions, notices and escalations within the shifts."""

from typing import Any

import pytest

from schemas.case import Case, Deadline, State
from schemas.clock import ShiftClock
from schemas.codec import decode, encode
from schemas.command import Act
from schemas.event import EventType as E
from tests.worlds.street import HOUR, ON_S2, PHOTO, Street, a_book
from tests.worlds.working_street import a_working_region, a_working_rulebook, a_working_street, at, said

D = Deadline


def dues(case: Case) -> dict[str, str]:
    """Deadlines as the wall shows them."""
    return {name.value: said(moment) for name, moment in case.deadlines.items()}


def told(street: Street) -> list[tuple[str, str]]:
    """(when, who) of every escalation."""
    return [(said(d.t_ms), str(d.facts["to"])) for d in street.drafts if d.type is E.ESCALATED]


def paused(street: Street, case: Case, when: str, hours: int) -> Case:
    case = street.act(case, Act.REQUEST_PAUSE, "owner-1", at=at(when), hours=hours, note="等材料")
    return street.act(case, Act.APPROVE, "office", at=at(when))


class TestLimits:
    def test_all_three_clocks_keep_to_the_shifts(self) -> None:
        case = a_working_street("03-05 11:00").report()
        assert dues(case) == {"accept": "03-05 12:00", "respond": "03-05 15:00", "resolve": "03-05 17:00"}
        assert said(case.due_ms) == "03-05 17:00"
        assert case.clock == ShiftClock(limit="4wh", organisation="street")

    def test_after_the_cut_off_it_counts_from_the_next_working_day(self) -> None:
        """Friday 17:00, before a Sunday that is worked to make up for the festival."""
        assert dues(a_working_street("02-02 17:00").report())["resolve"] == "02-04 14:30"

    def test_a_department_works_by_its_own_shifts(self) -> None:
        street = a_working_street("03-09 18:30")  # a Saturday
        street.book = a_book(
            a_working_region(), a_working_rulebook(leak={"limits": {"resolve": "2wh"}, "milestones": ()})
        )
        assert dues(street.report(text="漏水")) == {"resolve": "03-10 08:30"}

    def test_urgent_and_plain_limits_run_at_any_hour(self) -> None:
        limits = {"accept": "30m", "respond": "1uh", "resolve": "1ud"}
        case = a_working_street("03-09 23:00", {"limits": limits}).report()
        assert dues(case) == {"accept": "03-09 23:30", "respond": "03-10 00:00", "resolve": "03-10 23:00"}
        assert case.clock is None

    def test_the_same_day(self) -> None:
        assert dues(a_working_street("03-05 09:00", {"limits": {"resolve": "sd"}}).report()) == {
            "resolve": "03-05 17:30"
        }

    @pytest.mark.parametrize(
        ("limits", "due"),
        [
            (("1wh", "sd", "1wd"), ("17:30", "17:30", "03-06 17:30")),
            (("1h", "sd", "1wd"), ("17:30", "17:30", "03-06 17:30")),
            (("1wh", "2h", "sd"), ("17:30", "17:30", "03-05 17:30")),
            (("1wh", None, "sd"), ("17:30", None, "03-05 17:30")),
        ],
    )
    def test_who_responds_has_accepted(
        self, limits: tuple[str, str | None, str], due: tuple[str, str | None, str]
    ) -> None:
        """What is due on the same day ends with the shift, so it cannot be accepted on the next day."""
        told = dict(zip(("accept", "respond", "resolve"), limits, strict=True))
        accept, respond, resolve = due
        expected = {"accept": f"03-05 {accept}", "respond": f"03-05 {respond}", "resolve": resolve}
        case = a_working_street("03-05 16:45", {"limits": told}).report()
        assert dues(case) == {clock: at for clock, at in expected.items() if told[clock]}

    def test_where_nobody_keeps_shifts_a_working_hour_is_an_hour(self) -> None:
        street = Street(a_book(rulebook=a_working_rulebook()))
        street.t_ms = 0
        case = street.report(at=at("03-05 23:00"))
        assert dues(case) == {"accept": "03-06 00:00", "respond": "03-06 01:00", "resolve": "03-06 03:00"}
        assert case.clock is None

    def test_a_case_remembers_its_clock_on_the_log(self) -> None:
        case = a_working_street("03-05 11:00").report(text="漏水")
        assert decode(Case, encode(case)) == case


class TestStandingStill:
    def test_a_pause_keeps_what_is_left_as_working_time(self) -> None:
        """Three of four working hours are left on Tuesday noon; they go on on Thursday morning."""
        street = a_working_street("03-05 11:00")
        case = paused(street, street.report(), "03-05 12:00", 44)
        assert (case.left_ms, said(case.deadlines[D.RESUME])) == (3 * HOUR, "03-07 08:30")
        street.wait_until(at("03-07 08:30") + 1)
        case = street.cases[case.number]
        assert (case.state, said(case.due_ms)) == (State.DISPATCHED, "03-07 11:30")

    def test_a_pause_that_ends_at_night_ends_in_the_morning(self) -> None:
        """Whoever has it is told that it goes on; not at three o'clock."""
        street = a_working_street("03-05 11:00")
        case = paused(street, street.report(), "03-05 12:00", 15)
        assert said(case.deadlines[D.RESUME]) == "03-06 08:30"

    def test_somebody_takes_it_up_again_in_the_evening(self) -> None:
        street = a_working_street("03-05 11:00")
        case = paused(street, street.report(), "03-05 11:30", 100)
        case = street.act(case, Act.RESUME, "office", at=at("03-05 20:00"))
        assert dues(case)["resolve"] == "03-06 12:00"

    def test_the_wait_for_verification_takes_nothing(self) -> None:
        """Resolved with an hour left on Friday afternoon; rejected on Sunday; due on Monday after an hour."""
        street = a_working_street("03-08 10:30")
        case = street.report()
        assert said(case.due_ms) == "03-08 16:30"
        case = street.act(case, Act.RESOLVE, "owner-1", at=at("03-08 15:30"), photos=(PHOTO,))
        assert (case.left_ms, case.on_time) == (HOUR, True)
        case = street.act(case, Act.REJECT, "patrol-1", at=at("03-10 15:00"))
        assert dues(case) == {"resolve": "03-11 09:30"}
        late = street.act(case, Act.RESOLVE, "owner-1", at=at("03-11 09:45"), photos=(PHOTO,))
        assert (late.left_ms, late.on_time) == (-15 * 60_000, False)

    def test_what_is_late_already_stays_as_late(self) -> None:
        """Rejected on a Sunday, an hour of work too late: it is due an hour of work before."""
        street = a_working_street("03-08 10:30")
        case = street.act(street.report(), Act.CONTACT, "owner-1")
        case = street.act(case, Act.RESOLVE, "owner-1", at=at("03-08 17:30"), photos=(PHOTO,))
        case = street.act(case, Act.REJECT, "patrol-1", at=at("03-10 15:00"))
        assert (said(case.due_ms), case.missed) == ("03-08 16:30", (D.RESOLVE,))
        assert dues(case) == {"ladder": "03-11 15:00"}

    def test_an_extension_is_of_working_hours(self) -> None:
        street = a_working_street("03-05 11:00")
        case = street.act(street.report(), Act.REQUEST_EXTENSION, "owner-1", at=at("03-05 12:00"), hours=7, note="难")
        case = street.act(case, Act.APPROVE, "office", at=at("03-05 14:00"))
        assert dues(case)["resolve"] == "03-06 17:00"

    def test_an_extension_until_a_moment_is_the_work_until_then(self) -> None:
        """From Friday at eleven until Monday noon: an hour, an afternoon and a morning."""
        street = a_working_street("03-08 11:00")
        until = at("03-11 12:00")
        case = street.act(street.report(), Act.REQUEST_EXTENSION, "owner-1", until_ms=until, note="难")
        assert case.request is not None
        assert case.request.hours == 8
        case = street.act(case, Act.APPROVE, "office")
        assert (case.extensions, dues(case)["resolve"]) == (1, "03-12 09:00")

    def test_plain_limits_go_on_as_they_always_did(self) -> None:
        street = a_working_street("03-08 17:00", {"limits": {"resolve": "4h"}})
        case = paused(street, street.report(), "03-08 18:00", 10)
        street.wait_until(at("03-09 04:00") + 1)
        assert said(street.cases[case.number].due_ms) == "03-09 07:00"


class TestNotices:
    def test_the_ladder_climbs_within_the_shifts(self) -> None:
        """Missed on Friday at 16:30; a day later is a Saturday, so the next rung hears of it on Monday morning."""
        street = a_working_street("03-08 10:30", ladder_step="24h")
        street.act(street.report(), Act.CONTACT, "owner-1")
        street.wait_until(at("03-20 00:00"))
        assert told(street) == [
            ("03-08 16:30", "steward"),
            ("03-11 08:30", "lane-chief"),
            ("03-12 08:30", "street-chief"),
        ]

    def test_the_step_itself_can_be_working_time(self) -> None:
        street = a_working_street("03-08 10:30", ladder_step="4wh")
        street.act(street.report(), Act.CONTACT, "owner-1")
        street.wait_until(at("03-20 00:00"))
        assert told(street)[1:] == [("03-11 11:30", "lane-chief"), ("03-11 17:30", "street-chief")]

    def test_urgent_cases_are_told_at_night_to_those_on_duty(self) -> None:
        street = a_working_street("03-08 22:00", {"limits": {"resolve": "3uh"}}, ladder_step="2h")
        street.away("steward", "cleaner-1")
        street.away("lane-chief")
        street.report()
        street.wait_until(at("03-09 12:00"))
        assert told(street) == [("03-09 01:00", "cleaner-1"), ("03-09 03:00", "street-chief")]

    def test_nothing_else_is_told_at_night(self) -> None:
        """Requests that lapse, results that the policy confirms."""
        street = a_working_street("03-05 16:00", remind_every="10h", request_lapses="10h")
        case = street.act(street.report(), Act.REQUEST_PAUSE, "owner-1", hours=5, note="等")
        assert dues(case)["request"] == "03-06 08:30"
        case = street.act(case, Act.RESOLVE, "owner-1", at=at("03-05 16:30"), photos=(PHOTO,))
        assert dues(case) == {"verify": "03-08 16:30"}
        other = street.report(ON_S2, name="r2", at=at("03-05 18:00"))
        assert dues(street.act(other, Act.RESOLVE, "owner-2", at=at("03-06 20:00"), photos=(PHOTO,))) == {
            "verify": "03-11 08:30"
        }

    def test_reminders_keep_to_the_shifts_too(self) -> None:
        street = a_working_street("03-08 16:00", remind_every="10h")
        case = street.report(None)
        assert dues(case) == {"remind": "03-11 08:30"}
        street.wait_until(at("03-11 08:30") + 1)
        assert dues(street.cases[case.number]) == {"remind": "03-12 08:30"}

    def test_a_report_of_something_urgent_is_asked_back_at_any_hour(self) -> None:
        street = a_working_street("03-08 16:00", {"limits": {"resolve": "3uh"}}, remind_every="10h")
        assert dues(street.report(None)) == {"remind": "03-09 02:00"}

    @pytest.mark.parametrize("outage", ["03-08 12:00", "03-12 09:00", "03-30 00:00"])
    def test_after_an_outage_nothing_is_skipped_and_nothing_comes_twice(self, outage: str) -> None:
        """What fires depends on the log's time alone: in small steps, or all at once afterwards."""
        streets = [a_working_street("03-08 10:30") for _ in range(2)]
        for street in streets:
            street.report()
        for hour in range(1, 24 * 30):
            streets[0].wait_until(at("03-08 10:30") + hour * HOUR)
        streets[1].wait_until(at(outage))
        streets[1].wait_until(streets[0].t_ms)
        assert streets[0].drafts == streets[1].drafts
        assert len(told(streets[0])) == 3


class TestOtherLimits:
    @pytest.mark.parametrize("act", [Act.ASK, Act.URGE, Act.HAND_ON, Act.ACKNOWLEDGE, Act.ASSIGN, Act.RAISE])
    def test_an_edit_never_moves_a_deadline(self, act: Act) -> None:
        """Not even one that gives it to somebody else."""
        street = a_working_street("03-05 09:00")
        before = street.report()
        by = "owner-1" if act in {Act.ASK, Act.HAND_ON, Act.ACKNOWLEDGE} else "office"
        to = "owner-2" if act is Act.ASSIGN else "cleaner-1"
        case = street.act(before, act, by, at=at("03-05 09:20"), note="话", to=to)
        assert case.deadlines.items() <= before.deadlines.items()
        assert (case.due_ms, case.clock) == (before.due_ms, before.clock)

    def test_another_category_has_its_own_limits_from_dispatch_on(self) -> None:
        """With the shifts of the department that gets it, and what was given before in hours of work."""
        street = a_working_street("03-05 09:00")
        case = street.act(street.report(), Act.REQUEST_EXTENSION, "owner-1", hours=2, note="难")
        case = street.act(case, Act.APPROVE, "office")
        case = street.act(case, Act.CORRECT, "office", category="leak")
        assert case.clock == ShiftClock(limit="5wd", organisation="water")
        assert said(case.due_ms) == "03-11 09:00"  # the fifth day after ends at 19:00 on the 10th
        assert [step.id for step in case.milestones] == ["fence", "repair", "restore"]
        back = street.act(case, Act.CORRECT, "office", category="dirty")
        assert (said(back.due_ms), back.milestones) == ("03-05 17:00", ())

    def test_the_item_and_the_table_say_more_than_the_category(self) -> None:
        told: dict[str, Any] = a_working_rulebook().model_dump(mode="json")
        told["items"][0] |= {"limits": {"resolve": "1wd"}}
        told["limits"] = {
            "name": "limits",
            "hit_policy": "F",
            "inputs": [{"name": "segment", "kind": "text"}],
            "rows": [{"id": "L1", "when": {"segment": "S2"}, "then": {"accept": "2工作时", "respond": "soon"}}],
        }
        street = a_working_street("03-05 09:00")
        street.book = a_book(a_working_region(), type(street.book.rulebook).model_validate(told))
        first, second = street.report(name="a"), street.report(ON_S2, name="b")
        assert dues(first) == {"accept": "03-05 10:00", "respond": "03-05 11:00", "resolve": "03-06 17:30"}
        assert dues(second) == {"accept": "03-05 11:00", "respond": "03-05 11:00", "resolve": "03-06 17:30"}
