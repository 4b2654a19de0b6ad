"""From a report to a case: exactly one, with one accountable person, or an honest other answer."""

from typing import Any

import pytest

from schemas.case import Count, Deadline, State, share_of
from schemas.command import Open
from schemas.event import EventType as E
from schemas.names import Language
from schemas.people import Role
from schemas.report import Department, Reporter, SourceFacts
from tests.worlds.street import CLEAN, DAY, HOUR, IN_G2, ON_S1, ON_S2, PHOTO, T0, Street, a_book, a_report, a_rulebook

D = Deadline


def test_a_report_opens_one_case_with_all_that_cannot_be_recovered_later() -> None:
    street = Street()
    reporter = Reporter(id="rider-7", kind=Role.VOLUNTEER, team="riders-1", language=Language.EN)
    case = street.report(ON_S1, at=T0, reporter=reporter, links="R1-G1-2610-00009", photos=(PHOTO,))
    assert (case.number, case.home, case.report) == ("R1-G1-2611-00001", "R1-G1", "r1")
    assert (case.reporter, case.reporter_kind, case.team, case.language) == ("rider-7", "volunteer", "riders-1", "en")
    assert (case.place, case.category, case.item, case.links) == (ON_S1, "dirty", "I1", "R1-G1-2610-00009")
    assert (case.submitted_ms, case.dispatched_ms, case.door) == (T0, T0, "web")
    assert (case.department and case.department.code, case.rulebook) == ("street", street.book.version)
    assert [(ref.id, ref.role, ref.photos) for ref in case.texts] == [("r1", "report", 1)]
    assert street.types() == [E.OPENED, E.DISPATCHED]


@pytest.mark.parametrize(
    ("told", "words"),
    [({"text": "路面油污"}, ("油污",)), ({"text": "说不清"}, ()), ({"category": "other"}, None)],
)
def test_it_is_known_later_whether_words_gave_the_category(told: dict[str, Any], words: tuple[str, ...] | None) -> None:
    """Empty: no word was found, and the default category holds. None: somebody named it."""
    street = Street()
    street.report(**told)
    assert street.drafts[0].facts == {"words": words}


def test_the_same_report_opens_nothing_again() -> None:
    street = Street()
    street.report()
    street.report()
    assert street.types() == [E.OPENED, E.DISPATCHED]


def test_numbers_count_on_in_their_home() -> None:
    street = Street()
    numbers = [
        street.report(place, name=f"r{n}", text="坑").number for n, place in enumerate((ON_S1, ON_S2, IN_G2, None))
    ]
    assert numbers == ["R1-G1-2611-00001", "R1-G1-2611-00002", "R1-G2-2611-00001", "R1-U-2611-00001"]


def test_no_text_no_photo_address_and_no_contact_in_the_events() -> None:
    street = Street()
    street.report(text="油污，打 13800000000 找老王", photos=(PHOTO,))
    said = str([(d.now, d.facts, d.because) for d in street.drafts])
    assert "老王" not in said
    assert PHOTO.digest not in said


def test_the_decision_is_explained() -> None:
    street = Street()
    street.report()
    why = street.drafts[-1].because
    assert why is not None
    assert (why.code, why.row, why.row_number, why.version) == ("segment_owner", "R-dirty", 1, street.book.version)
    assert why.facts == {"category": "dirty", "segment": "S1"}
    assert "测试owner-1" in why.zh
    assert "Test owner-1" in why.en


def test_a_place_is_called_by_its_name_in_each_language() -> None:
    """The log holds the Chinese label; a sentence in English names the road as the region does."""
    street = Street()
    case = street.report(ON_S1)
    why = street.drafts[-1].because
    assert case.place is not None
    assert why is not None
    assert "“测试路12号”" in why.zh
    assert "“12 Test Road”" in why.en
    for label in ("", "长" * 3000):
        assert street.book.place_name(case.place.model_copy(update={"label": label})).zh


@pytest.mark.parametrize(
    ("text", "place", "assignee", "department", "gap"),
    [
        ("油污", ON_S1, "owner-1", "street", False),
        ("油污", IN_G2, "head-2", "street", False),
        ("漏水", IN_G2, "water-desk", "water", False),
        ("别的", ON_S1, "fallback", "street", True),
    ],
)
def test_who_gets_it(text: str, place: object, assignee: str, department: str, gap: bool) -> None:
    """The owner of the segment, else the head of the grid; a department's desk; where no rule speaks, the fallback."""
    case = Street().report(ON_S1 if place is ON_S1 else IN_G2, text=text)
    assert (case.assignee, case.department and case.department.code, case.gap) == (assignee, department, gap)
    assert (case.executor, case.hops) == (None, 0)


def test_off_the_list_it_is_refused_with_reason_and_where_to_go() -> None:
    street = Street()
    case = street.report(text="办证")
    assert (case.state, case.assignee, share_of(case)) == (State.REFUSED, None, Count.REFUSED)
    assert case.deadlines == {D.ARCHIVE: T0 + 7 * DAY}
    why = street.drafts[-1].because
    assert why is not None
    assert why.zh == "清单事项“办证”不予受理。请联系示例大厅（电话000）。"
    street.wait_until(T0 + 7 * DAY + 1)
    assert case.number not in street.cases


def item(verdict: str, **more: object) -> Street:
    """A street whose item for permits says this."""
    told = a_rulebook().model_dump(mode="json")
    told["items"][2] = {"id": "I3", "name": {"zh": "办证"}, "verdict": verdict, **more}
    return Street(a_book(rulebook=a_rulebook().model_validate(told)))


def test_an_item_that_another_department_of_the_region_owns_is_routed_there_with_the_item_cited() -> None:
    street = item("refuse", lead="water")
    case = street.report(text="办证")
    assert (case.state, case.assignee, case.item, case.gap) == (State.DISPATCHED, "water-desk", "I3", False)
    why = street.drafts[-1].because
    assert why is not None
    assert (why.code, "办证" in why.zh) == ("redirected", True)


def test_an_owner_without_a_desk_leaves_it_to_the_fallback_owner() -> None:
    case = item("refuse", lead="ghost").report(text="办证")
    assert (case.assignee, case.gap, case.department and case.department.code) == ("fallback", True, "ghost")


def test_a_refusal_without_an_address_has_whole_sentences() -> None:
    street = item("refuse")
    street.report(text="办证")
    why = street.drafts[-1].because
    assert why is not None
    assert why.en == "List item “办证” is not handled here."


class TestWaiting:
    def test_without_a_place_it_waits_in_the_street_s_own_home(self) -> None:
        street = Street()
        case = street.report(None)
        assert (case.home, case.state, share_of(case)) == ("R1-U", State.NEEDS_INFORMATION, Count.WAITING)
        assert case.deadlines == {D.REMIND: T0 + DAY}
        assert street.drafts[-1].grid == "U"

    def test_without_words_or_a_photo_it_waits_too(self) -> None:
        case = Street().report(text="")
        assert (case.state, case.place) == (State.NEEDS_INFORMATION, ON_S1)

    @pytest.mark.parametrize("told", [{"photos": (PHOTO,)}, {"category": "dirty"}])
    def test_a_photo_or_a_category_says_enough(self, told: dict[str, Any]) -> None:
        assert Street().report(text="", **told).state is State.DISPATCHED


class TestSelfHandled:
    def test_opened_and_closed_in_one_step_and_counted_apart(self) -> None:
        street = Street()
        case = street.report(fixed=True, photos=(PHOTO,), after_photos=(CLEAN,))
        assert (case.state, case.self_handled, case.outcome, case.on_time) == (State.CLOSED, True, "fixed", None)
        assert case.deadlines == {D.ARCHIVE: T0 + 7 * DAY}
        figures = street.drafts[-1].facts["figures"]
        assert (figures["self_handled"], figures["sign"], "resolution_ms" in figures) == (True, 1, False)
        assert [ref.id for ref in case.texts] == ["r1", "r1.after"]

    def test_with_only_one_photo_it_is_a_report_like_others_and_keeps_the_photo(self) -> None:
        case = Street().report(fixed=True, after_photos=(CLEAN,))
        assert (case.state, case.self_handled) == (State.DISPATCHED, False)
        assert [ref.role for ref in case.texts] == ["report", "after"]


class TestDuplicates:
    def test_a_dirty_road_is_one_case_along_its_segment(self) -> None:
        street = Street()
        master = street.report(name="first", by="patrol-2")
        case = street.report(ON_S1.model_copy(update={"lon": 118.0833}), name="r2")
        assert (case.state, case.master, share_of(case)) == (State.MERGED, master.number, Count.MERGED)
        followed = street.cases[master.number]
        assert [(f.case, f.reporter) for f in followed.followers] == [(case.number, "patrol-1")]
        why = next(d for d in street.drafts if d.type is E.MERGED).because
        assert why is not None
        assert (why.code, master.number in why.zh) == ("duplicate_segment", True)

    def test_two_potholes_on_one_segment_are_two_cases(self) -> None:
        street = Street()
        street.report(name="first", text="坑")
        assert street.report(ON_S1.model_copy(update={"lon": 118.0825}), name="r2", text="坑").master is None

    def test_one_pothole_reported_twice_is_one(self) -> None:
        street = Street()
        master = street.report(name="first", text="坑")
        case = street.report(ON_S1.model_copy(update={"lon": 118.0821}), name="r2", text="坑")
        assert case.master == master.number
        why = next(d for d in street.drafts if d.type is E.MERGED).because
        assert why is not None
        assert (why.code, "10 m" in why.en) == ("duplicate", True)


class TestImported:
    """Source facts of an importer are honoured: department, due date, and when it was really told."""

    def test_its_department_and_deadline_are_the_source_s(self) -> None:
        source = SourceFacts(occurred_ms=T0 - HOUR, due_ms=T0 + 9 * HOUR, department=Department(code="x", name="X"))
        case = Street().report(at=T0, door="replay", source=source)
        assert (case.submitted_ms, case.dispatched_ms, case.due_ms) == (T0 - HOUR, T0, T0 + 9 * HOUR)
        assert case.deadlines == {D.RESOLVE: T0 + 9 * HOUR}
        assert (case.department and case.department.code, case.assignee) == ("x", "owner-1")

    def test_without_a_due_date_it_has_no_deadlines(self) -> None:
        case = Street().report(at=T0, door="replay", source=SourceFacts())
        assert (case.deadlines, case.due_ms) == ({}, None)

    @pytest.mark.parametrize("due_ms", [T0, T0 - DAY])
    def test_a_due_date_already_past_is_recorded_as_missed_in_silence(self, due_ms: int) -> None:
        """Neither ladder nor messages: nobody here could have been in time."""
        street = Street()
        case = street.report(at=T0, door="replay", source=SourceFacts(due_ms=due_ms))
        assert (case.missed, case.fired, case.rung) == ((D.RESOLVE,), {D.RESOLVE: due_ms}, 0)
        assert street.drafts[-1].facts == {"clock": D.RESOLVE, "silent": True}
        street.wait_until(T0 + 30 * DAY)
        assert E.ESCALATED not in street.types()
        assert street.act(case, "resolve", "owner-1", photos=(PHOTO,)).on_time is False

    def test_nobody_tells_of_the_future(self) -> None:
        street = Street()
        command = Open(id="r1", home="R1-G1", report=a_report(at=T0 + DAY), place=ON_S1)
        street.apply(command, T0)
        assert street.cases["R1-G1-2611-00001"].submitted_ms == T0

    def test_a_category_of_its_own_needs_no_words(self) -> None:
        case = Street().report(text="", door="replay", source=SourceFacts(category="Street Condition"))
        assert (case.category, case.state, case.assignee) == ("Street Condition", State.DISPATCHED, "fallback")
