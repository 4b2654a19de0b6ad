"""Deadlines: each fires once, at its due time; what was done in time takes the notices back."""

import pytest

from rules.book.compiled_rulebook import CompiledRulebook
from rules.decide import due
from rules.decision.draft import Decision
from schemas.case import Case, Deadline, State
from schemas.command import Act
from schemas.event import EventType as E
from tests.worlds.street import DAY, HOUR, IN_G2, ON_S1, PHOTO, T0, Street, a_book, a_region, a_rulebook

D = Deadline


def told(street: Street) -> list[tuple[int, str]]:
    """(hours after the start, who) of every escalation."""
    return [((d.t_ms - T0) // HOUR, str(d.facts["to"])) for d in street.drafts if d.type is E.ESCALATED]


def missed(street: Street) -> list[tuple[int, str]]:
    return [((d.t_ms - T0) // HOUR, str(d.facts["clock"])) for d in street.drafts if d.type is E.DEADLINE_MISSED]


def with_limits(**limits: str) -> CompiledRulebook:
    """The sample rulebook, with other limits of its first category."""
    rulebook = a_rulebook()
    category = rulebook.categories[0]
    changed = category.limits.model_copy(update=limits)
    categories = (category.model_copy(update={"limits": changed}), *rulebook.categories[1:])
    return a_book(rulebook=rulebook.model_copy(update={"categories": categories}))


class TestClocks:
    def test_three_clocks_start_at_dispatch(self) -> None:
        case = Street().report(at=T0)
        assert case.deadlines == {D.ACCEPT: T0 + HOUR, D.RESPOND: T0 + 2 * HOUR, D.RESOLVE: T0 + 4 * HOUR}
        assert case.due_ms == T0 + 4 * HOUR

    def test_every_missed_one_is_told_once_one_rung_higher(self) -> None:
        street = Street()
        case = street.report(at=T0)
        street.wait_until(T0 + 20 * DAY)
        assert missed(street) == [(1, "accept"), (2, "respond"), (4, "resolve")]
        assert told(street) == [(1, "steward"), (2, "lane-chief"), (4, "street-chief")]
        assert [d.facts["rung"] for d in street.drafts if d.type is E.ESCALATED] == [1, 2, 3]
        after = street.cases[case.number]
        assert (after.missed, after.rung) == ((D.ACCEPT, D.RESPOND, D.RESOLVE), 3)
        assert after.deadlines == {}, "at the top nobody is left to tell"

    def test_an_overdue_case_climbs_one_more_rung_after_each_step_until_the_top(self) -> None:
        street = Street()
        street.act(street.report(at=T0), Act.CONTACT, "owner-1")
        street.wait_until(T0 + 20 * DAY)
        assert told(street) == [(4, "steward"), (28, "lane-chief"), (52, "street-chief")]
        assert missed(street) == [(4, "resolve")]

    @pytest.mark.parametrize("limit", ["accept", "respond"])
    def test_what_falls_due_at_one_moment_climbs_one_rung(self, limit: str) -> None:
        """Both clocks are missed, one notice goes out; a missed resolution still climbs on after each step."""
        street = Street(with_limits(**{limit: "4h"}))
        street.report(at=T0)
        street.wait_until(T0 + 30 * HOUR)
        assert {(4, limit), (4, "resolve")} <= set(missed(street))
        assert [at for at, _ in told(street)].count(4) == 1
        assert told(street)[-1][0] == 28

    def test_a_notice_for_two_stays_while_one_of_them_is_missed(self) -> None:
        """Signed before both fell due, as it turns out later: only the first response was missed."""
        street = Street(with_limits(accept="2h"))
        case = street.report(at=T0)
        street.wait_until(T0 + 3 * HOUR)
        assert (street.cases[case.number].rung, street.cases[case.number].missed) == (1, (D.ACCEPT, D.RESPOND))
        case = street.act(street.cases[case.number], Act.ACKNOWLEDGE, "owner-1", occurred_ms=T0 + HOUR)
        assert (case.missed, case.rung, case.climbed) == ((D.RESPOND,), 1, {D.RESPOND: 1})
        case = street.act(case, Act.CONTACT, "owner-1", occurred_ms=T0 + HOUR)
        assert (case.missed, case.rung, case.climbed) == ((), 0, {})

    def test_who_is_away_is_not_told(self) -> None:
        """Their cover is, else whoever stands above them; the event says who was passed over."""
        street = Street()
        street.away("steward", "cleaner-1")
        street.away("lane-chief")
        street.report(at=T0)
        street.wait_until(T0 + 3 * HOUR)
        assert told(street) == [(1, "cleaner-1"), (2, "street-chief")]
        assert street.drafts[-1].facts == {"rung": 3, "to": "street-chief", "away": ["lane-chief"]}
        assert street.cases["R1-G1-2611-00001"].climbed == {D.ACCEPT: 1, D.RESPOND: 2}

    def test_where_all_are_away_the_next_one_is_told(self) -> None:
        """Somebody must be."""
        street = Street()
        for person in ("steward", "lane-chief", "street-chief"):
            street.away(person)
        street.report(at=T0)
        street.wait_until(T0 + 3 * HOUR)
        assert told(street) == [(1, "steward"), (2, "lane-chief")]

    def test_without_a_ladder_it_is_only_missed(self) -> None:
        region = a_region()
        grids = tuple(grid.model_copy(update={"ladder": ()}) for grid in region.grids)
        street = Street(a_book(region=region.model_copy(update={"grids": grids})))
        street.report(at=T0)
        street.wait_until(T0 + DAY)
        assert (len(missed(street)), told(street)) == (3, [])

    def test_a_ladder_that_became_shorter_ends_in_silence(self) -> None:
        street = Street()
        case = street.act(street.report(at=T0), Act.CONTACT, "owner-1")
        street.wait_until(T0 + 5 * HOUR)
        region = a_region()
        grids = tuple(grid.model_copy(update={"ladder": ("steward",)}) for grid in region.grids)
        street.book = a_book(region=region.model_copy(update={"grids": grids}))
        street.wait_until(T0 + 10 * DAY)
        assert street.drafts[-1].facts == {"clock": D.LADDER, "silent": True}
        assert street.cases[case.number].deadlines == {}
        assert told(street) == [(4, "steward")]

    @pytest.mark.parametrize("act", [Act.ASK, Act.URGE, Act.HAND_ON, Act.ACKNOWLEDGE, Act.ANSWER])
    def test_an_edit_never_moves_a_deadline(self, act: Act) -> None:
        """Only what ends a clock takes its deadline away; no act gives a later one."""
        street = Street()
        before = street.report(at=T0).deadlines
        by = {Act.URGE: "office", Act.ANSWER: "patrol-1"}.get(act, "owner-1")
        case = street.act("R1-G1-2611-00001", act, by, at=T0 + 30 * 60_000, note="话", to="cleaner-1")
        assert case.deadlines.items() <= before.items()
        assert case.deadlines[D.RESOLVE] == T0 + 4 * HOUR


class TestLateNews:
    """An act that was in time but reached the log after its deadline."""

    def test_a_signature_in_time_takes_the_notice_back(self) -> None:
        street = Street()
        case = street.report(at=T0)
        street.wait_until(T0 + HOUR + 1)
        case = street.act(case, Act.ACKNOWLEDGE, "owner-1", at=T0 + 90 * 60_000, occurred_ms=T0 + HOUR)
        assert (case.missed, case.rung, case.climbed) == ((), 0, {})
        taken_back = next(d for d in street.drafts if d.type is E.NOTICE_WITHDRAWN)
        assert (taken_back.facts, taken_back.by) == ({"clocks": [D.ACCEPT]}, "system")

    def test_a_late_signature_does_not(self) -> None:
        street = Street()
        case = street.report(at=T0)
        case = street.act(case, Act.ACKNOWLEDGE, "owner-1", at=T0 + 90 * 60_000, occurred_ms=T0 + HOUR + 1)
        assert (case.missed, case.rung) == ((D.ACCEPT,), 1)

    def test_a_fix_in_time_takes_all_notices_back(self) -> None:
        """Done after 36 minutes, known after two days: in time, no rung left, nobody late."""
        street = Street()
        case = street.report(at=T0)
        late = T0 + 2 * DAY
        case = street.act(case, Act.RESOLVE, "owner-1", at=late, occurred_ms=T0 + 36 * 60_000, photos=(PHOTO,))
        assert (case.on_time, case.missed, case.rung) == (True, (), 0)
        taken_back = next(d for d in street.drafts if d.type is E.NOTICE_WITHDRAWN)
        assert taken_back.facts == {"clocks": [D.ACCEPT, D.RESPOND, D.RESOLVE]}

    def test_every_rung_that_the_resolution_climbed_is_taken_back_and_no_other(self) -> None:
        """Contact was really late: its rung stays. The resolution climbed two, one of them a day later."""
        region = a_region()
        ladder = ("steward", "lane-chief", "street-chief", "office", "fallback")
        grids = tuple(grid.model_copy(update={"ladder": ladder}) for grid in region.grids)
        street = Street(a_book(region=region.model_copy(update={"grids": grids})))
        case = street.act(street.report(at=T0), Act.ACKNOWLEDGE, "owner-1")
        case = street.act(case, Act.CONTACT, "owner-1", at=T0 + 3 * HOUR)
        street.wait_until(T0 + 2 * DAY)
        assert (street.cases[case.number].rung, street.cases[case.number].missed) == (3, (D.RESPOND, D.RESOLVE))
        case = street.act(case, Act.RESOLVE, "owner-1", at=T0 + 2 * DAY, occurred_ms=T0 + 3 * HOUR + 1, photos=(PHOTO,))
        assert (case.rung, case.missed, case.climbed) == (1, (D.RESPOND,), {D.RESPOND: 1})

    def test_after_a_state_change_fired_it_is_judged_against_the_present_state(self) -> None:
        """The reporter's "not fixed" comes after the policy has closed the case: refused, and told what is possible."""
        street = Street()
        case = street.act(street.report(at=T0), Act.RESOLVE, "owner-1", at=T0 + HOUR, photos=(PHOTO,))
        case = street.act(case, Act.REJECT, "patrol-1", at=T0 + 5 * DAY, occurred_ms=T0 + 2 * HOUR)
        assert case.state is State.CLOSED
        why = street.drafts[-1].because
        assert why is not None
        assert (why.code, "reopen" in why.en) == ("wrong_state", True)


class TestWaiting:
    """A report without a place, to its honest end."""

    def test_it_is_asked_for_twice_more_then_refused_with_that_reason(self) -> None:
        street = Street()
        case = street.report(None, at=T0)
        street.wait_until(T0 + 4 * DAY)
        assert street.types(case) == [E.OPENED, E.INFORMATION_NEEDED, E.REMINDED, E.REMINDED, E.REFUSED]
        assert [d.t_ms - T0 for d in street.drafts[2:]] == [DAY, 2 * DAY, 3 * DAY]
        why = street.drafts[-1].because
        assert why is not None
        assert (why.code, "2" in why.en) == ("unanswered", True)
        street.wait_until(T0 + 11 * DAY)
        assert case.number not in street.cases

    def test_an_answer_that_does_not_help_starts_the_reminders_anew(self) -> None:
        street = Street()
        case = street.report(None, at=T0)
        street.act(case, Act.ANSWER, "patrol-1", at=T0 + 2 * DAY + 1, note="就在路口")
        street.wait_until(T0 + 4 * DAY)
        assert street.cases[case.number].state is State.NEEDS_INFORMATION
        assert street.cases[case.number].reminders == 1

    def test_as_often_as_the_policy_says(self) -> None:
        street = Street(a_book(rulebook=a_rulebook(reminders=0, remind_every="2h")))
        case = street.report(None, at=T0)
        street.wait_until(T0 + 2 * HOUR + 1)
        assert street.cases[case.number].state is State.REFUSED


def test_ten_thousand_overdue_cases_are_all_told_once_at_their_time() -> None:
    """No list of the newest hundred: every case has its own deadline, whatever else there is."""
    street, decisions = Street(), []
    first = street.report(ON_S1, at=T0)
    for n in range(10_000):
        case: Case = first.after({"number": f"R1-G1-2611-{n:05d}", "deadlines": {D.RESOLVE: T0 + n}})
        street.t_ms = T0 + n
        street.cases = {case.number: case}
        decisions.append(due(case, D.RESOLVE, street))
    assert {tuple(d.type for d in decision.drafts) for decision in decisions} == {(E.DEADLINE_MISSED, E.ESCALATED)}
    assert [decision.drafts[0].t_ms for decision in decisions] == [T0 + n for n in range(10_000)]
    assert len({decision.drafts[0].case for decision in decisions}) == 10_000


def test_a_deadline_says_what_it_was_in_its_command() -> None:
    street = Street()
    street.report(IN_G2, at=T0)
    street.wait_until(T0 + HOUR + 1)
    assert [d.command for d in street.drafts[-2:]] == ["due:accept", "due:accept"]
    assert "due:accept" not in street.cases["R1-G2-2611-00001"].acts


def test_decisions_are_values() -> None:
    assert Decision() == Decision((), (), (), ())
