"""Acts that set a case right: correct, assign by hand, erase."""

from typing import Any

import pytest

from schemas.case import Case, Count, Deadline, State, share_of
from schemas.command import Act
from schemas.event import EventType as E
from schemas.place import PlaceGiven
from schemas.report import Department, SourceFacts
from schemas.rulebook import Rulebook
from tests.unit.rules.acts.test_handle import code
from tests.worlds.street import DAY, HOUR, ON_S1, ON_S2, PHOTO, T0, Street, a_book, a_region, a_rulebook

D = Deadline


def with_limits(category: str, **limits: str) -> Rulebook:
    """The sample rulebook with other limits for one category."""
    told = a_rulebook().model_dump(mode="json")
    for each in told["categories"]:
        if each["id"] == category:
            each["limits"] = limits
    return Rulebook.model_validate(told)


def strict(**limits: str) -> tuple[Street, Case]:
    """A dirty road, limits 1, 2 and 4 hours; `pothole` has others."""
    street = Street(a_book(rulebook=with_limits("pothole", **limits)))
    return street, street.report(at=T0)


def test_another_category_is_decided_again() -> None:
    street = Street()
    case = street.act(street.report(), Act.CORRECT, "office", category="leak")
    assert (case.category, case.item, case.assignee, case.hops) == ("leak", "I2", "water-desk", 1)
    assert case.department is not None
    assert case.department.code == "water"
    assert street.types(case)[-2:] == [E.CORRECTED, E.DISPATCHED]


def test_another_place_is_decided_again_but_the_home_stays() -> None:
    street = Street()
    case = street.act(street.report(), Act.CORRECT, "patrol-1", place=PlaceGiven(code="G2"))
    assert case.place is not None
    assert (case.place.grid, case.home, case.assignee) == ("G2", "R1-G1", "head-2")
    assert street.drafts[-1].grid == "G2"


def test_who_has_it_already_goes_on_where_they_were() -> None:
    """No hop, no second signature, and whoever does the work goes on doing it."""
    street = Street()
    case = street.act(street.report(), Act.ACKNOWLEDGE, "owner-1")
    case = street.act(case, Act.HAND_ON, "owner-1", to="cleaner-1")
    case = street.act(case, Act.CORRECT, "owner-1", category="pothole")
    assert (case.state, case.assignee, case.executor, case.hops) == (State.ACKNOWLEDGED, "owner-1", "cleaner-1", 0)


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({}, "nothing_to_change"),
        ({"category": "dirty"}, "nothing_to_change"),
        ({"category": "ghost"}, "unknown_category"),
        ({"place": PlaceGiven(code="ghost")}, "no_place"),
        ({"place": PlaceGiven(address="路")}, "no_place"),
    ],
)
def test_what_cannot_be_corrected(told: dict[str, Any], why: str) -> None:
    street = Street()
    street.act(street.report(), Act.CORRECT, "office", **told)
    assert code(street) == why


def test_of_several_places_one_must_be_chosen() -> None:
    region = a_region()
    twin = region.segments[1].model_copy(update={"road": region.segments[0].road, "grid": "G2"})
    street = Street(a_book(region=region.model_copy(update={"segments": (region.segments[0], twin)})))
    street.act(street.report(), Act.CORRECT, "office", place=PlaceGiven(address="测试路"))
    assert code(street) == "needs_choice"
    why = street.drafts[-1].because
    assert why is not None
    assert "S1" in why.en


def test_a_new_place_moves_no_deadline() -> None:
    """Nor does it take back an extension."""
    street = Street()
    case = street.act(street.report(at=T0), Act.REQUEST_EXTENSION, "owner-1", hours=5, note="再久一点")
    case = street.act(case, Act.APPROVE, "office")
    before = (case.due_ms, case.deadlines)
    case = street.act(case, Act.CORRECT, "owner-1", at=T0 + HOUR, place=PlaceGiven(code="S2"))
    assert (case.due_ms, case.deadlines) == before == (T0 + 9 * HOUR, case.deadlines)


def test_another_category_has_other_limits_still_counted_from_dispatch() -> None:
    street, case = strict(accept="2h", resolve="3d")
    case = street.act(case, Act.CORRECT, "office", at=T0 + HOUR // 2, category="pothole")
    assert case.deadlines == {D.ACCEPT: T0 + 2 * HOUR, D.RESOLVE: T0 + 3 * DAY}
    assert case.due_ms == T0 + 3 * DAY


def test_the_time_it_stood_still_stays_its_own() -> None:
    street, case = strict(resolve="3d")
    street.act(case, Act.REQUEST_PAUSE, "owner-1", hours=5, note="下雨")
    street.act(case, Act.APPROVE, "office", at=T0)
    case = street.act(case, Act.RESUME, "office", at=T0 + 5 * HOUR)
    case = street.act(case, Act.CORRECT, "office", category="pothole")
    assert case.due_ms == T0 + 3 * DAY + 5 * HOUR


def test_what_was_met_or_missed_before_stays_so() -> None:
    street, case = strict(accept="2h", respond="5h", resolve="6h")
    street.wait_until(T0 + 3 * HOUR)
    assert street.cases[case.number].missed == (D.ACCEPT, D.RESPOND)
    case = street.act(case, Act.CORRECT, "office", category="pothole")
    assert (case.missed, case.deadlines) == ((D.ACCEPT, D.RESPOND), {D.RESOLVE: T0 + 6 * HOUR})


def test_a_missed_deadline_that_lies_ahead_now_is_not_missed() -> None:
    street, case = strict(resolve="3d")
    street.wait_until(T0 + 5 * HOUR)
    case = street.act(case, Act.CORRECT, "office", category="pothole")
    assert D.RESOLVE not in case.missed
    assert case.deadlines == {D.RESOLVE: T0 + 3 * DAY}
    street.wait_until(T0 + 4 * DAY)
    assert street.cases[case.number].missed.count(D.RESOLVE) == 1


def test_an_overdue_case_stays_overdue_and_goes_on_climbing() -> None:
    street, case = strict(resolve="2h")
    street.act(case, Act.CONTACT, "owner-1")
    street.wait_until(T0 + 5 * HOUR)
    ladder = street.cases[case.number].deadlines[D.LADDER]
    case = street.act(case, Act.CORRECT, "office", category="pothole")
    assert (case.missed[-1], case.deadlines) == (D.RESOLVE, {D.LADDER: ladder})


def test_a_limit_that_is_over_already_falls_due_at_once() -> None:
    """An edit cannot make a deadline disappear."""
    street, case = strict(resolve="1h")
    case = street.act(case, Act.CORRECT, "office", at=T0 + 2 * HOUR, category="pothole")
    assert (case.due_ms, case.deadlines[D.RESOLVE]) == (T0 + HOUR, T0 + 2 * HOUR)
    street.wait_until(T0 + 2 * HOUR + 1)
    assert D.RESOLVE in street.cases[case.number].missed


def test_a_category_without_limits_has_none() -> None:
    street, case = strict()
    case = street.act(case, Act.CORRECT, "office", category="pothole")
    assert (case.due_ms, case.deadlines) == (None, {})
    late = Street(a_book(rulebook=with_limits("pothole")))
    case = late.report(at=T0)
    late.wait_until(T0 + 5 * HOUR)
    case = late.act(case, Act.CORRECT, "office", category="pothole")
    assert D.RESOLVE not in case.missed


def test_another_systems_deadline_stays() -> None:
    street = Street()
    source = SourceFacts(due_ms=T0 + 9 * HOUR, department=Department(code="hotline", name="热线"))
    case = street.report(at=T0, door="replay", source=source)
    case = street.act(case, Act.CORRECT, "office", category="leak")
    assert (case.due_ms, case.deadlines) == (T0 + 9 * HOUR, {D.RESOLVE: T0 + 9 * HOUR})


def test_corrected_to_what_is_refused_here_it_is_refused() -> None:
    street = Street()
    case = street.act(street.report(), Act.REQUEST_PAUSE, "owner-1", hours=5, note="下雨")
    case = street.act(case, Act.CORRECT, "office", category="permit")
    assert (case.state, case.item, case.request, share_of(case)) == (State.REFUSED, "I3", None, Count.REFUSED)
    assert set(case.deadlines) == {D.ARCHIVE}


def test_a_request_stays_with_who_asked() -> None:
    street = Street()
    case = street.act(street.report(), Act.REQUEST_PAUSE, "owner-1", hours=5, note="下雨")
    same = street.act(case, Act.CORRECT, "office", category="pothole")
    assert (same.request == case.request, D.REQUEST in same.deadlines) == (True, True)
    other = street.act(case, Act.CORRECT, "office", category="leak")
    assert (other.request, D.REQUEST in other.deadlines) == (None, False)


class TestWaiting:
    def test_with_a_place_it_moves_home(self) -> None:
        street = Street()
        case = street.report(None)
        case = street.act(case, Act.CORRECT, "office", place=PlaceGiven(code="S1"), category="leak", note="电话核实")
        street.settle()
        assert (case.state, case.moved_to) == (State.MOVED, "R1-G1")
        there = street.case_of("R1-G1", "r1")
        assert there is not None
        assert (there.category, there.assignee) == ("leak", "water-desk")

    def test_without_one_it_goes_on_waiting(self) -> None:
        street = Street()
        street.act(street.report(None), Act.CORRECT, "office", category="leak")
        assert code(street) == "needs_place"

    def test_without_words_a_category_is_enough(self) -> None:
        street = Street()
        case = street.act(street.report(text=""), Act.CORRECT, "office", category="dirty")
        assert (case.state, case.assignee) == (State.DISPATCHED, "owner-1")

    def test_what_is_known_already_follows_it(self) -> None:
        street = Street()
        master = street.report(name="first", by="patrol-2")
        case = street.act(street.report(text=""), Act.CORRECT, "office", category="dirty")
        assert (case.state, case.master) == (State.MERGED, master.number)


class TestAssigning:
    def test_by_hand_is_a_hop_and_moves_no_clock(self) -> None:
        street = Street()
        case = street.act(street.report(at=T0), Act.ACKNOWLEDGE, "owner-1")
        case = street.act(case, Act.ASSIGN, "office", at=T0 + HOUR, to="owner-2", note="熟悉情况")
        assert (case.assignee, case.state, case.hops, case.due_ms) == ("owner-2", State.DISPATCHED, 1, T0 + 4 * HOUR)
        assert (case.acted_ms, case.gap, case.row) == (T0 + HOUR, False, None)

    def test_an_officer_brings_the_department(self) -> None:
        street = Street()
        case = street.act(street.report(), Act.ASSIGN, "office", to="water-desk")
        assert case.department is not None
        assert case.department.code == "water"

    def test_somebody_away_is_covered(self) -> None:
        street = Street()
        street.away("owner-2", "head-2")
        case = street.act(street.report(), Act.ASSIGN, "office", to="owner-2")
        assert (case.assignee, case.accountable) == ("head-2", "owner-2")

    def test_to_who_has_it_already_is_nothing(self) -> None:
        street = Street()
        street.act(street.report(), Act.ASSIGN, "office", to="owner-1")
        assert code(street) == "has_it_already"


class TestErasing:
    def written(self) -> tuple[Street, Case]:
        """A report, a note of the handler, and an after-photo."""
        street = Street()
        case = street.report(ON_S1, text="油污，联系老王")
        street.act(case, Act.CONTACT, "owner-1", note="见到了老王", name="met")
        return street, street.act(case, Act.RESOLVE, "owner-1", photos=(PHOTO,), name="done")

    def test_reporters_erase_what_they_wrote(self) -> None:
        street, case = self.written()
        case = street.act(case, Act.ERASE, "patrol-1")
        assert [ref.id for ref in case.texts] == ["met", "done"]
        assert street.drafts[-1].facts == {"texts": ["r1"]}
        assert [words.id for words in street.written(case.number)] == ["met", "done"]
        assert case.photos == (PHOTO,)
        street.act(case, Act.ERASE, "patrol-1")
        assert code(street) == "nothing_to_erase"

    def test_a_superior_erases_anything(self) -> None:
        street, case = self.written()
        case = street.act(case, Act.ERASE, "office")
        assert (case.texts, case.photos, street.written(case.number)) == ((), (), ())

    def test_or_one_of_them(self) -> None:
        street, case = self.written()
        case = street.act(case, Act.ERASE, "office", to="done")
        assert ([ref.id for ref in case.texts], case.photos) == (["r1", "met"], ())
        street.act(case, Act.ERASE, "office", to="ghost")
        assert code(street) == "nothing_to_erase"

    def test_also_of_a_closed_or_merged_case(self) -> None:
        street, case = self.written()
        case = street.act(case, Act.VERIFY, "patrol-1")
        assert street.act(case, Act.ERASE, "patrol-1").state is State.CLOSED
        street = Street()
        street.report(name="first", by="patrol-2")
        case = street.act(street.report(), Act.ERASE, "patrol-1")
        assert (case.state, case.texts) == (State.MERGED, ())

    def test_not_what_somebody_else_wrote(self) -> None:
        street, case = self.written()
        street.act(case, Act.ERASE, "patrol-1", to="met")
        assert code(street) == "nothing_to_erase"
        street.report(ON_S2, name="r2", by="patrol-2")
        street.act(case, Act.ERASE, "patrol-2")
        assert code(street) == "not_allowed"
