"""What reporters supply later, and the way of a waiting report to another home."""

from schemas.case import Count, Deadline, State
from schemas.command import Act, Open, Supply, Trouble
from schemas.event import EventType as E
from schemas.place import Candidate, PlaceFound
from schemas.report import Photo, Recording, ReportKind, SourceFacts
from tests.worlds.street import HOUR, IN_G2, ON_S1, ON_S2, PHOTO, T0, Street, a_book, a_report, a_rulebook


def supply(
    street: Street, text: str = "", place: PlaceFound | None = None, *, name: str = "s1", **more: object
) -> None:
    """For the report r1, wherever it waits."""
    home = next(c.home for c in street.cases.values() if c.report == "r1")
    told = {"id": name, "home": home, "report": "r1", "by": "patrol-1", "text": text, "place": place, **more}
    street.apply(Supply.model_validate(told), street.t_ms)
    street.settle()


def at(street: Street, home: str) -> State | None:
    case = street.case_of(home, "r1")
    return case.state if case else None


def test_with_its_place_it_moves_home_and_counts_once() -> None:
    street = Street()
    street.report(None, at=T0, team="riders", links="R1-G1-2610-00003")
    street.t_ms = T0 + HOUR
    supply(street, "门口", ON_S1)
    assert (at(street, "R1-U"), at(street, "R1-G1")) == (State.MOVED, State.DISPATCHED)
    there = street.case_of("R1-G1", "r1")
    assert there is not None
    assert (there.submitted_ms, there.dispatched_ms) == (T0, T0 + HOUR)
    assert (there.moved_from, there.links) == ("R1-U-2611-00001", "R1-G1-2610-00003")
    assert street.counts() == {Count.MOVED_OUT: 1, Count.ROUTED: 1}
    assert [words.text for words in street.written(there.number)] == ["路面油污\n门口"]


def test_no_word_of_it_is_left_where_nobody_looks() -> None:
    street = Street()
    case = street.report(None, at=T0)
    supply(street, "门口", ON_S1)
    assert street.written(case.number) == ()
    moved = next(d for d in street.drafts if d.type is E.MOVED)
    assert moved.facts == {"texts": ["r1", "s1"]}
    assert street.cases[case.number].texts == ()
    there = street.case_of("R1-G1", "r1")
    assert there is not None
    assert not {ref.id for ref in there.texts} & {"r1", "s1"}, "a tombstone read late must not hit the new words"


def test_what_comes_after_the_move_is_sent_on() -> None:
    street = Street()
    street.report(None, at=T0)
    supply(street, "", ON_S1)
    supply(street, "还有玻璃", name="s2")
    there = street.case_of("R1-G1", "r1")
    assert there is not None
    assert [words.text for words in street.written(there.number)] == ["路面油污", "还有玻璃"]
    supply(street, "还有玻璃", name="s2")
    assert len(street.written(there.number)) == 2


def test_acts_on_what_moved_name_the_new_home() -> None:
    street = Street()
    case = street.report(None, at=T0)
    supply(street, "", ON_S1)
    street.act(case, Act.WITHDRAW, "patrol-1")
    why = street.drafts[-1].because
    assert why is not None
    assert (why.code, "R1-G1" in why.en) == ("moved_away", True)


def test_it_comes_to_a_case_that_is_open_already() -> None:
    street = Street()
    master = street.report(ON_S1, name="first", at=T0, by="patrol-2")
    street.report(None, at=T0)
    supply(street, "", ON_S1)
    there = street.case_of("R1-G1", "r1")
    assert there is not None
    assert (there.state, there.master) == (State.MERGED, master.number)


def test_the_words_that_come_later_choose_the_category() -> None:
    street = Street()
    street.report(None, at=T0, text="快来看看")
    supply(street, "漏水", IN_G2)
    there = street.case_of("R1-G2", "r1")
    assert there is not None
    assert (there.category, there.assignee) == ("leak", "water-desk")


def test_a_category_that_was_named_stays() -> None:
    street = Street()
    street.report(None, at=T0, text="路面油污", category="pothole", kind=ReportKind.COMPLAINT)
    supply(street, "漏水", ON_S1)
    there = street.case_of("R1-G1", "r1")
    assert there is not None
    assert (there.category, there.kind) == ("pothole", "complaint")


def test_attributes_that_were_named_go_along_in_the_order_of_the_rulebook() -> None:
    """The same bytes whenever it is decided again: the order of a set would be another one in each process."""
    names = [f"a{number}" for number in range(12)]
    told = [{"id": name, "name": {"zh": name}, "values": [{"id": "yes", "name": {"zh": "是"}}]} for name in names]
    rulebook = a_rulebook().model_validate({**a_rulebook().model_dump(mode="json"), "attributes": told})
    street = Street(a_book(rulebook=rulebook))
    street.report(None, at=T0, attributes=dict.fromkeys(names, "yes"))
    again = {"id": "s1", "home": "R1-U", "report": "r1", "by": "patrol-1", "place": ON_S1}
    sent = street.apply(Supply.model_validate(again), street.t_ms).effects[0]
    assert isinstance(sent, Open)
    assert list(sent.report.attributes) == names


def test_another_systems_category_stays() -> None:
    street = Street()
    street.report(None, at=T0, door="replay", source=SourceFacts(category="Street Condition"))
    supply(street, "", ON_S1)
    there = street.case_of("R1-G1", "r1")
    assert there is not None
    assert there.category == "Street Condition"


def test_handled_on_the_spot_it_stays_so_on_the_way() -> None:
    street = Street()
    clean = Photo(digest="cd" * 32)
    case = street.report(None, at=T0, fixed=True, photos=(PHOTO,), after_photos=(clean,))
    assert [ref.role for ref in case.texts] == ["report", "after"]
    supply(street, "", ON_S1)
    there = street.case_of("R1-G1", "r1")
    assert there is not None
    assert (there.state, there.self_handled, there.photos) == (State.CLOSED, True, (clean,))


def test_a_place_without_words_moves_it_to_be_asked_there() -> None:
    """The place is not lost because something else is missing."""
    street = Street()
    street.report(None, at=T0, text="")
    supply(street, "", ON_S1)
    assert (at(street, "R1-U"), at(street, "R1-G1")) == (State.MOVED, State.NEEDS_INFORMATION)
    assert street.counts() == {Count.MOVED_OUT: 1, Count.WAITING: 1}
    supply(street, "漏水", home="R1-G1")
    there = street.case_of("R1-G1", "r1")
    assert there is not None
    assert (there.state, there.category) == (State.DISPATCHED, "leak")


def test_words_for_a_placed_report_are_decided_like_new_ones() -> None:
    street = Street()
    master = street.report(ON_S1, name="first", at=T0, by="patrol-2")
    case = street.report(ON_S1, at=T0, text="")
    assert case.state is State.NEEDS_INFORMATION
    supply(street, "路面油污")
    case = street.cases[case.number]
    assert (case.state, case.category, case.master) == (State.MERGED, "dirty", master.number)
    assert street.types(case) == [E.OPENED, E.INFORMATION_NEEDED, E.SUPPLIED, E.CORRECTED, E.MERGED]


def test_nothing_new_leaves_it_waiting() -> None:
    street = Street()
    case = street.report(ON_S1, at=T0, text="")
    supply(street)
    case = street.cases[case.number]
    assert case.state is State.NEEDS_INFORMATION
    assert Deadline.REMIND in case.deadlines


def test_one_candidate_is_asked_about_as_one() -> None:
    street = Street()
    one = Trouble(reason="ambiguous", candidates=(Candidate(code="S1", label="测试路12号"),))
    street.apply(Open(id="r1", home="R1-U", report=a_report(), trouble=one), T0)
    asked = street.drafts[-1].because
    assert asked is not None
    assert (asked.code, asked.en) == ("needs_yes", "Please confirm that it is here: 12 Test Road")


def test_candidates_are_kept_and_asked_again() -> None:
    street = Street()
    two = Trouble(
        reason="ambiguous", candidates=(Candidate(code="S1", label="测试路"), Candidate(code="S2", label="样例路"))
    )
    street.apply(Open(id="r1", home="R1-U", report=a_report(), trouble=two), T0)
    asked = street.drafts[-1]
    assert asked.because is not None
    assert asked.because.code == "needs_choice"
    assert [c["code"] for c in asked.facts["candidates"]] == ["S1", "S2"]
    supply(street, "是头一个")
    assert street.drafts[-1].facts == asked.facts
    other = Trouble(reason="unknown_address")
    supply(street, "不知道", name="s2", trouble=other)
    assert street.drafts[-1].facts == {"reason": "unknown_address", "candidates": []}


def test_a_house_number_alone_answers_the_question_which_segment_of_a_road() -> None:
    """Also one of those that were not named."""
    trouble = Trouble(reason="ambiguous", candidates=(Candidate(code="S1", label="测试路 1–40"),), more=7)
    for name, text, address in (("a", "44号", None), ("b", "", "44号门口"), ("c", "1号", None), ("d", "", "1")):
        street = Street()
        street.apply(Open(id="r1", home="R1-U", report=a_report(), trouble=trouble), T0)
        asked = street.drafts[-1]
        assert asked.because is not None
        assert asked.because.code == "needs_choice_of_more"
        assert "7" in asked.because.zh
        assert asked.facts["more"] == 7
        unknown = Trouble(reason="unknown_address" if address else "no_place")
        supply(street, text, name=name, trouble=unknown, address=address)
        (waited,) = (case for case in street.cases.values() if case.home == "R1-U")
        assert waited.state is State.MOVED


def test_a_small_number_may_be_a_choice_and_other_words_are_no_house() -> None:
    trouble = Trouble(reason="ambiguous", candidates=(Candidate(code="S1", label="a"), Candidate(code="S2", label="b")))
    for name, text in (("a", "2"), ("b", "２"), ("c", "2处油污"), ("d", "12号发现的"), ("e", "不知道")):
        street = Street()
        street.apply(Open(id="r1", home="R1-U", report=a_report(), trouble=trouble), T0)
        supply(street, text, name=name)
        assert at(street, "R1-U") is State.NEEDS_INFORMATION


def test_words_for_an_open_case_are_added_to_it() -> None:
    street = Street()
    case = street.report(ON_S1, at=T0)
    supply(street, "还有玻璃", ON_S2)
    case = street.cases[case.number]
    assert ([ref.role for ref in case.texts], case.place, case.state) == (
        ["report", "supplement"],
        ON_S1,
        State.DISPATCHED,
    )


def test_too_late_it_is_refused_with_what_to_do() -> None:
    street = Street()
    case = street.report(ON_S1, at=T0, text="办证")
    supply(street, "还有")
    assert street.drafts[-1].facts == {"act": "supply", "code": "too_late"}
    assert street.cases[case.number].texts == case.texts
    street.apply(Supply(id="x", home="R1-G1", report="ghost", by="patrol-1"), T0)
    assert street.drafts[-1].facts["code"] == "unknown_case"


SPOKEN = Recording(digest="5e" * 32, format="amr", seconds=9)


def test_a_report_of_voice_and_place_alone_is_dispatched() -> None:
    """Somebody will listen; where nobody has to wait for words, nobody waits."""
    street = Street()
    case = street.report(text="", recordings=(SPOKEN,))
    assert case.state is State.DISPATCHED
    assert [words.recordings for words in street.written(case.number)] == [(SPOKEN,)]


def test_what_was_said_moves_along_with_the_place() -> None:
    street = Street()
    street.report(None, at=T0)
    supply(street, "", ON_S1, recordings=(SPOKEN,))
    there = street.case_of("R1-G1", "r1")
    assert there is not None
    assert [words.recordings for words in street.written(there.number)] == [(SPOKEN,)]
